package io.xmltobigquery.xml;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.util.Arrays;

/** Some bytes, and then a broken connection. */
final class FailingStream extends FilterInputStream {

  static final String MESSAGE = "connection reset";

  private FailingStream(byte[] bytes) {
    super(new ByteArrayInputStream(bytes));
  }

  /** A source whose first bytes can be read, and no more. */
  static XmlSource source(byte[] document, int good) {
    return offset -> {
      FailingStream stream = new FailingStream(Arrays.copyOf(document, good));
      stream.skipNBytes(offset);
      return stream;
    };
  }

  @Override
  public int read() throws IOException {
    return orFail(super.read());
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    return orFail(super.read(target, offset, length));
  }

  private static int orFail(int read) throws IOException {
    if (read < 0) {
      throw new IOException(MESSAGE);
    }
    return read;
  }
}
