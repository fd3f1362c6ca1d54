package io.xmltobigquery.flow.held;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A stream into memory whose bytes can be read without a copy. */
public final class BytesStream extends ByteArrayOutputStream implements HeldBytes {

  private static final int FIRST_LENGTH = 4 * 1024;

  /** Begins with an array for a few rows. */
  public BytesStream() {
    super(FIRST_LENGTH);
  }

  @Override
  public ByteBuffer view() {
    return ByteBuffer.wrap(buf, 0, count);
  }

  @Override
  public void clear(int maxKept) {
    if (buf.length > maxKept) {
      buf = new byte[FIRST_LENGTH];
    }
    reset();
  }
}
