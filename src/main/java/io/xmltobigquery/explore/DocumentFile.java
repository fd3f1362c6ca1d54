package io.xmltobigquery.explore;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.read.Progress;
import io.xmltobigquery.xml.GzipSource;
import io.xmltobigquery.xml.ReadAhead;
import io.xmltobigquery.xml.XmlSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A file's document, gunzipped if it is a gzip file. */
public final class DocumentFile {

  /** Up to this size, in bytes, a file is read into memory at once. */
  private static final int MAX_SMALL_BYTES = 512 * 1024;

  private final FileVersion file;
  private final FileStore store;
  private final boolean isSmall;
  private final XmlSource xml;

  private DocumentFile(FileVersion file, FileStore store) throws IOException {
    this.file = file;
    this.store = store;
    this.isSmall = file.size() <= MAX_SMALL_BYTES;
    XmlSource stored = isSmall ? inMemory() : offset -> store.open(file, offset);
    XmlSource plain = isGzip(stored) ? gunzipped(stored) : stored;
    this.xml = Progress.reading(plain);
  }

  /**
   * Opens a file.
   *
   * @throws IOException if it can't be read
   */
  public static DocumentFile open(FileVersion file, FileStore store) throws IOException {
    return new DocumentFile(file, store);
  }

  /** The document's bytes. */
  public XmlSource xml() {
    return xml;
  }

  /**
   * Checks that all that was read is of one version: what looks broken, or good, may be a mixture.
   */
  public void verify() throws IOException {
    // What is in memory can't change any more.
    if (!isSmall) {
      store.verify(file);
    }
  }

  private XmlSource gunzipped(XmlSource stored) {
    XmlSource gunzipped = new GzipSource(stored);
    return isSmall ? gunzipped : ReadAhead.of(gunzipped);
  }

  private XmlSource inMemory() throws IOException {
    byte[] content;
    try (InputStream in = store.open(file, 0)) {
      content = in.readNBytes(MAX_SMALL_BYTES);
    }
    store.verify(file);
    return offset -> {
      int start = Math.toIntExact(offset);
      return new ByteArrayInputStream(content, start, content.length - start);
    };
  }

  private static boolean isGzip(XmlSource source) throws IOException {
    try (InputStream in = source.open(0)) {
      return GzipSource.isGzip(in.readNBytes(2));
    }
  }
}
