package io.xmltobigquery.xml;

import java.io.IOException;
import java.io.InputStream;

/**
 * Unpacked bytes, block by block. A library that meets bad data keeps to itself what it has already
 * made of the good data before; blocks at fixed places make that the same bytes each time, so that
 * a fault that was found once can be located by reading again.
 */
abstract class BlockStream extends InputStream {

  private final byte[] block = new byte[8 * 1024];
  private int position;
  private int limit;

  /**
   * Reads the next block.
   *
   * @return how many bytes: all of the block's, but at the end, and 0 behind it
   */
  abstract int readBlock(byte[] block) throws IOException;

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (position == limit) {
      position = 0;
      limit = 0;
      limit = readBlock(block);
      if (limit == 0) {
        return -1;
      }
    }
    int count = Math.min(length, limit - position);
    System.arraycopy(block, position, target, offset, count);
    position += count;
    return count;
  }
}
