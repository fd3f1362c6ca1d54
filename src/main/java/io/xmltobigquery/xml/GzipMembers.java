package io.xmltobigquery.xml;

import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What the members of a gzip file hold, one after the other. Behind the last there may be zeros, as
 * whatever writes whole blocks leaves them, and as gzip itself takes them.
 */
final class GzipMembers extends InputStream {

  private final InputStream in;
  private @Nullable InputStream member;

  /**
   * Opens a file.
   *
   * @param in can be marked
   */
  GzipMembers(InputStream in) throws IOException {
    this.in = in;
    this.member = new GzipCompressorInputStream(in, false);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (member != null) {
      int count = member.read(target, offset, length);
      if (count >= 0) {
        return count;
      }
      member = next();
    }
    return -1;
  }

  private @Nullable InputStream next() throws IOException {
    in.mark(1);
    int first = in.read();
    if (first == 0) {
      skipZeros();
    }
    if (first <= 0) {
      return null;
    }
    in.reset();
    return new GzipCompressorInputStream(in, false);
  }

  private void skipZeros() throws IOException {
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next != 0) {
        throw new IOException("something stands behind the zeros at its end");
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (member != null) {
      member.close();
    }
    in.close();
  }
}
