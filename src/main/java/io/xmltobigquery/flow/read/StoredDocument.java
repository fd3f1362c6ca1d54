package io.xmltobigquery.flow.read;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.xml.ArchiveReader;
import io.xmltobigquery.xml.DecompressedSource;
import io.xmltobigquery.xml.DocumentReader;
import io.xmltobigquery.xml.Packing;
import io.xmltobigquery.xml.ReadAhead;
import io.xmltobigquery.xml.ReadDocument;
import io.xmltobigquery.xml.RecordSink;
import io.xmltobigquery.xml.RejectedException;
import io.xmltobigquery.xml.XmlSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file version as a document, or as an archive of some: decompressed if it is compressed, and in
 * memory if it is small.
 */
public final class StoredDocument {

  /**
   * Up to this size, in bytes, a file is read into memory at once. A worker has a few dozen files
   * in work at a time.
   */
  private static final int MAX_SMALL_BYTES = 512 * 1024;

  private final FileVersion file;
  private final FileStore files;
  private final XmlSource stored;

  /** What the stored file is, or null if it may be XML. */
  private final @Nullable Packing packing;

  /** What it is once it is decompressed, if it is compressed. */
  private final @Nullable Packing unpacked;

  /**
   * Opens a file version.
   *
   * @throws IOException if it can't be read, or is gone
   */
  public StoredDocument(FileVersion file, FileStore files) throws IOException {
    this(file, files, isSmall(file) ? content(file, files) : null);
  }

  /**
   * Opens a file version whose content may be there already.
   *
   * @param content what {@link #content} has read, or null if it isn't small
   * @throws IOException if it can't be read, or is gone
   */
  StoredDocument(FileVersion file, FileStore files, byte @Nullable [] content) throws IOException {
    this.file = file;
    this.files = files;
    stored = content == null ? offset -> files.open(file, offset) : inMemory(content);
    // Bytes tell what is packed, and how.
    packing = Packing.of(stored);
    unpacked = isCompressed() ? Packing.of(decompressed()) : null;
  }

  private boolean isCompressed() {
    return packing != null && packing.compression() != null;
  }

  private XmlSource decompressed() {
    return new DecompressedSource(packing.compression(), stored);
  }

  static boolean isSmall(FileVersion file) {
    return file.size() <= MAX_SMALL_BYTES;
  }

  /**
   * Reads a small file.
   *
   * @throws IOException if it can't be read, or is gone
   */
  static byte[] content(FileVersion file, FileStore files) throws IOException {
    byte[] bytes;
    try (InputStream in = files.open(file, 0)) {
      bytes = in.readNBytes(MAX_SMALL_BYTES);
    }
    files.verify(file);
    return bytes;
  }

  private static XmlSource inMemory(byte[] bytes) {
    return offset -> {
      int start = Math.toIntExact(offset);
      return new ByteArrayInputStream(bytes, start, bytes.length - start);
    };
  }

  /** Whether it is one document and stored as it is, so that it can be read from any byte on. */
  boolean isPlain() {
    return !isCompressed() && (packing == null || !packing.isArchive());
  }

  /**
   * Reads its documents, if it is an archive, compressed or not.
   *
   * @param mayTakeThread whether a large one may be decompressed in a thread of its own
   * @return null if it is one document
   */
  public @Nullable ArchiveReader archive(boolean mayTakeThread) {
    if (packing != null && packing.isArchive()) {
      return new ArchiveReader(packing, stored, file.size());
    }
    // Nobody compresses a zip archive, and its end can't be looked at before the rest.
    return unpacked == Packing.TAR
        ? new ArchiveReader(unpacked, decompressed(mayTakeThread), 0)
        : null;
  }

  /**
   * Its bytes, if it is one document.
   *
   * @param mayTakeThread whether a large one may be decompressed in a thread of its own
   */
  public XmlSource xml(boolean mayTakeThread) {
    return Progress.reading(isCompressed() ? decompressed(mayTakeThread) : stored);
  }

  private XmlSource decompressed(boolean mayTakeThread) {
    return mayTakeThread && !isSmall(file) ? ReadAhead.of(decompressed()) : decompressed();
  }

  /**
   * Reads it, in several threads if it is large and can be entered anywhere.
   *
   * @throws RejectedException if it is bad
   * @throws IOException if it can't be read, or a sink fails
   */
  public <H> ReadDocument<H> read(DocumentReader reader, RecordSink.Factory<H> sinks)
      throws IOException, RejectedException {
    // A compressed file can be read from its start only.
    return isPlain() ? reader.read(xml(true), file.size(), sinks) : reader.read(xml(true), sinks);
  }

  /**
   * Makes sure that all that was read is of this version. What looks broken, or good, may be a
   * mixture of two.
   *
   * @throws IOException if the version is gone, or nobody can tell
   */
  public void verify() throws IOException {
    verify(file, files);
  }

  static void verify(FileVersion file, FileStore files) throws IOException {
    // What is in memory can't change any more.
    if (!isSmall(file)) {
      files.verify(file);
    }
  }
}
