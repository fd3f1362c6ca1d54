package io.xmltobigquery.flow.read;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.xml.XmlSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Where the uncompressed bytes of a file version can be read, from any place on. */
public sealed interface FileContent {

  /** The bytes. */
  XmlSource from(FileStore files);

  /**
   * Checks that all bytes that were read are those of the one version.
   *
   * @throws io.xmltobigquery.files.FileGoneException if they may not be
   */
  void verify(FileStore files) throws IOException;

  /** The file itself. */
  record Stored(FileVersion file) implements FileContent {
    @Override
    public XmlSource from(FileStore files) {
      return offset -> files.open(file, offset);
    }

    @Override
    public void verify(FileStore files) throws IOException {
      files.verify(file);
    }
  }

  /** A copy under the job's temporary directory, of which nobody but this job knows. */
  record Staged(String uri) implements FileContent {
    @Override
    public XmlSource from(FileStore files) {
      // Not at one version: an attempt that comes late may put the same bytes there once more.
      return offset -> files.open(files.find(uri), offset);
    }

    @Override
    public void verify(FileStore files) {
      // Every version of the copy has the same bytes.
    }
  }

  /** A small file's bytes, which travel with its chunk: it is read once. */
  @SuppressWarnings("ArrayRecordComponent") // It is only read, and never compared.
  record Inline(byte[] bytes) implements FileContent {
    @Override
    public XmlSource from(FileStore files) {
      return offset -> {
        int start = Math.toIntExact(offset);
        return new ByteArrayInputStream(bytes, start, bytes.length - start);
      };
    }

    @Override
    public void verify(FileStore files) {
      // The bytes can't change any more.
    }
  }
}
