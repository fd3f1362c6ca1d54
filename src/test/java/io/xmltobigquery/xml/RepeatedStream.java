package io.xmltobigquery.xml;

import java.io.InputStream;

/** The same bytes over and over, which take no memory however many there are. */
final class RepeatedStream extends InputStream {
  private final byte[] repeated;
  private long left;
  private int position;

  /**
   * @param skipped how many bytes are left out at the start
   * @param length of all that follow
   */
  RepeatedStream(byte[] repeated, long skipped, long length) {
    this.repeated = repeated;
    this.left = length;
    this.position = (int) (skipped % repeated.length);
  }

  RepeatedStream(byte[] repeated, long length) {
    this(repeated, 0, length);
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (left == 0) {
      return -1;
    }
    int count = (int) Math.min(left, Math.min(length, repeated.length - position));
    System.arraycopy(repeated, position, target, offset, count);
    position = (position + count) % repeated.length;
    left -= count;
    return count;
  }
}
