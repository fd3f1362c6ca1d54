package io.xmltobigquery.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.util.function.Supplier;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Finds, reads, writes, copies and deletes files. Names are exact: none is taken for a pattern.
 * Safe for use by several threads.
 */
public interface FileStore {

  /**
   * All files that a job can reach: local ones, and those on Cloud Storage. Make it where it is
   * used, on the worker.
   *
   * @param options how to reach Cloud Storage, as {@code GcsOptions} says; they are looked at when
   *     the first {@code gs://} name comes
   */
  static FileStore of(PipelineOptions options) {
    return of(() -> options);
  }

  /**
   * The same, where options may not be wanted, and making them takes its time.
   *
   * @param options asked for when the first {@code gs://} name comes
   */
  static FileStore of(Supplier<? extends PipelineOptions> options) {
    return new RoutingFileStore(options);
  }

  /** Writes a file's content. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * The version that a file has now.
   *
   * @throws FileGoneException if there is no such file
   * @throws UnreadableFileException if asking for it isn't allowed, while its bucket answers
   */
  FileVersion find(String uri) throws IOException;

  /**
   * A version that a file has or had.
   *
   * @throws FileGoneException if the version isn't there any more
   * @throws UnreadableFileException if asking for it isn't allowed
   */
  FileVersion find(VersionId version) throws IOException;

  /** Whether there is a file of that name. */
  default boolean exists(String uri) throws IOException {
    try {
      return find(uri) != null;
    } catch (FileGoneException e) {
      return false;
    }
  }

  /**
   * Opens a file version. What is wrong may show when the first byte is read.
   *
   * <p>While a whole bucket refuses to be read, a streaming job waits for it, a quarter of an hour
   * at most, here and where it finds files.
   *
   * @param offset of the first byte to read
   * @throws FileGoneException if the version isn't there any more
   * @throws UnreadableFileException if it is a directory, or reading isn't allowed
   */
  InputStream open(FileVersion file, long offset) throws IOException;

  /**
   * Checks that all that was read from a file version is of that version, and no mixture.
   *
   * @throws FileGoneException if it may be one
   */
  void verify(FileVersion file) throws IOException;

  /** A file that is being written, and that nobody sees before it is complete. */
  interface PendingFile extends Closeable {

    OutputStream stream();

    /** Makes the file appear. */
    void complete() throws IOException;

    /** Drops what was written, unless the file is complete. */
    @Override
    void close() throws IOException;
  }

  /** What becomes of a file that is there already. */
  enum Existing {
    /**
     * It stays, and all is well: for names that tell what is in the file. A file may be held where
     * it is, and a step that is repeated would then fail for ever.
     */
    KEEP,
    REPLACE,
    /** It stays, and the new one fails: for names that are somebody else's as well. */
    REFUSE
  }

  /**
   * Begins to write a file.
   *
   * @throws NoPermissionException here or later, if it isn't allowed
   * @throws FileAlreadyExistsException here or later, if it is there already and {@link
   *     Existing#REFUSE} says so. It may have been written by the same request, whose answer got
   *     lost
   */
  PendingFile create(String target, Existing existing) throws IOException;

  /**
   * Writes a file, unless it is there already. It appears complete, or not at all if writing fails.
   *
   * @param target a name that tells what is in the file
   * @throws NoPermissionException if it isn't allowed
   */
  default void write(String target, Content content) throws IOException {
    write(target, Existing.KEEP, content);
  }

  /** Writes a file, in place of one that is there already; otherwise the same. */
  default void replace(String target, Content content) throws IOException {
    write(target, Existing.REPLACE, content);
  }

  /**
   * Writes a file. It appears complete, or not at all if writing fails.
   *
   * @throws NoPermissionException if it isn't allowed
   * @throws FileAlreadyExistsException as {@link #create} does
   */
  default void write(String target, Existing existing, Content content) throws IOException {
    try (PendingFile file = create(target, existing)) {
      content.writeTo(file.stream());
      file.complete();
    }
  }

  /**
   * Begins to write a file that only this job reads, under a name that nobody has used.
   *
   * @throws NoPermissionException here or later, if it isn't allowed
   */
  default PendingFile createTemporary(String target) throws IOException {
    return create(target, Existing.KEEP);
  }

  /**
   * Copies a file version, unless the target is there already. It appears complete or not at all.
   *
   * @param target a name that tells the version
   * @throws FileGoneException if the version isn't there any more
   * @throws UnreadableFileException if it is a directory, or reading isn't allowed
   */
  default void copy(FileVersion file, String target) throws IOException {
    copy(file, target, Existing.KEEP);
  }

  /**
   * The same, by what becomes of a target that is there already.
   *
   * @param existing not {@link Existing#REPLACE}
   * @throws FileAlreadyExistsException as {@link #create} does
   */
  default void copy(FileVersion file, String target, Existing existing) throws IOException {
    try (InputStream in = open(file, 0)) {
      write(
          target,
          existing,
          out -> {
            in.transferTo(out);
            verify(file);
          });
    }
  }

  /**
   * Deletes a file version.
   *
   * @return false if the version isn't there any more; then nothing was deleted
   * @throws NoPermissionException if deleting it isn't allowed
   */
  boolean delete(FileVersion file) throws IOException;

  /**
   * Visits all files in a directory and the directories in it, in any order, with the time when
   * each was written as {@linkplain FileVersion#created its own}. What appears or is deleted
   * meanwhile may be visited or not. Nothing happens if there is no such directory.
   *
   * @param directory with a slash at the end
   * @throws UnreadableFileException if listing isn't allowed
   */
  void visit(String directory, Visitor visitor) throws IOException;

  /** Sees one file after the other. */
  @FunctionalInterface
  interface Visitor {
    void visit(FileVersion file) throws IOException;
  }

  /**
   * Deletes all files of a directory whose names begin in the same way. What appears meanwhile may
   * stay.
   *
   * @param prefix the directory, and how the names in it begin
   * @throws NoPermissionException if deleting one isn't allowed
   * @throws UnreadableFileException if listing them isn't allowed
   */
  void deleteAll(String prefix) throws IOException;
}
