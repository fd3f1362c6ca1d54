package io.xmltobigquery.storage;

import java.io.IOException;
import java.io.InputStream;

/** Finds, reads, copies and deletes file versions on one kind of file system. */
public interface FileStore {

  /** The store for a file name or pattern. */
  static FileStore of(String uri) {
    return LocalFileStore.isLocal(uri) ? new LocalFileStore() : new BeamFileStore();
  }

  /**
   * The version that a file has now.
   *
   * @throws FileGoneException if there is no such file
   */
  FileVersion find(String uri) throws IOException;

  /** Whether there is a file of that name. */
  default boolean exists(String uri) throws IOException {
    try {
      return find(uri) != null;
    } catch (FileGoneException e) {
      return false;
    }
  }

  /**
   * Opens a file version.
   *
   * @param offset of the first byte to read
   * @throws FileGoneException if the version isn't there any more
   * @throws UnreadableFileException if it is a directory, or reading isn't allowed
   */
  InputStream open(FileVersion file, long offset) throws IOException;

  /**
   * Checks that a file version is still there, and so that what was read from it since is no
   * mixture.
   *
   * @throws FileGoneException if it isn't
   */
  default void verify(FileVersion file) throws IOException {
    FileVersion now = find(file.uri());
    if (!now.generation().equals(file.generation())) {
      throw FileGoneException.superseded(file);
    }
  }

  /**
   * Copies a file version. The target appears complete or not at all; one that is there already is
   * replaced.
   *
   * @throws FileGoneException if the version isn't there any more
   */
  void copy(FileVersion file, String target) throws IOException;

  /**
   * Deletes a file version.
   *
   * @return false if the version isn't there any more; then nothing was deleted
   * @throws NoPermissionException if deleting it isn't allowed
   */
  boolean delete(FileVersion file) throws IOException;
}
