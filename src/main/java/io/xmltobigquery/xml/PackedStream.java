package io.xmltobigquery.xml;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a packed file, as a library takes them: counts and bounds them, and remembers that
 * reading failed, which tells a broken connection from broken data.
 */
final class PackedStream extends FilterInputStream {

  private static final byte[] NO_TAIL = {};

  private boolean failed;
  private long taken;
  private long takenAtMark;
  private long allowedUntil = Long.MAX_VALUE;
  private String tooMuch = "";

  private final byte[] tail;
  private boolean tailGiven;

  PackedStream(InputStream in) {
    this(in, NO_TAIL);
  }

  /** With some bytes that come behind all others, in a read of their own. */
  PackedStream(InputStream in, byte[] tail) {
    super(new BufferedInputStream(in, 64 * 1024));
    this.tail = tail;
  }

  /** Whether an exception comes from reading, and not from what was read. */
  boolean hasFailed() {
    return failed;
  }

  /** How many bytes were taken. */
  long taken() {
    return taken;
  }

  /**
   * Lets the library take some bytes more, and no others.
   *
   * @param tooMuch what is wrong if it wants more
   */
  void allow(long bytes, String tooMuch) {
    allowedUntil = bytes == Long.MAX_VALUE ? bytes : taken + bytes;
    this.tooMuch = tooMuch;
  }

  @Override
  public int read() throws IOException {
    failed = true;
    int read = in.read();
    failed = false;
    if (read >= 0) {
      take(1);
    }
    return read;
  }

  /** Reads as much as is wanted, so that the counts don't depend on how the bytes arrive. */
  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    failed = true;
    int read = in.readNBytes(target, offset, length);
    failed = false;
    take(read);
    return read == 0 && length > 0 ? readTail(target, offset, length) : read;
  }

  private int readTail(byte[] target, int offset, int length) {
    if (tailGiven || tail.length == 0 || length < tail.length) {
      return -1;
    }
    tailGiven = true;
    System.arraycopy(tail, 0, target, offset, tail.length);
    return tail.length;
  }

  /** By reading, so that it counts. */
  @Override
  public long skip(long count) throws IOException {
    long skipped = 0;
    while (skipped < count) {
      int read = read(new byte[1024], 0, (int) Math.min(1024, count - skipped));
      if (read < 0) {
        break;
      }
      skipped += read;
    }
    return skipped;
  }

  private void take(int count) throws BadInputException {
    taken += count;
    if (taken > allowedUntil) {
      throw new BadInputException(RejectionReason.LIMIT_EXCEEDED, tooMuch);
    }
  }

  /** Some libraries read ahead, and come back to where something has ended. */
  @Override
  public synchronized void mark(int limit) {
    super.mark(limit);
    takenAtMark = taken;
  }

  @Override
  public synchronized void reset() throws IOException {
    super.reset();
    taken = takenAtMark;
  }
}
