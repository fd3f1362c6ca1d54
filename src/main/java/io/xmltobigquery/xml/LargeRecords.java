package io.xmltobigquery.xml;

import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;

/**
 * Lets only so many readers at a time be in a large record as the process has memory for, and the
 * others wait. Most files have no such records; but some may, on purpose, in all threads at once,
 * and out of memory the whole job would fail.
 *
 * <p>A reader takes all the room that its record may need before it reads on, and waits for nothing
 * but its source while it has it. So each of them comes to its end.
 */
final class LargeRecords {

  /** A record up to here may be read at any time. */
  static final int SMALL_BYTES = 1 << 20;

  /**
   * Heap for each byte of a record: two for a character that takes one byte in the file, and when
   * an array of them becomes too small, a larger one beside it.
   */
  private static final int HEAP_PER_BYTE = 5;

  /** What the rest of the process needs. */
  private static final int OTHER_MEGABYTES = 64;

  private static final int MEGABYTES =
      (int) Math.max(1, (Runtime.getRuntime().maxMemory() >> 20) - OTHER_MEGABYTES);

  /** Heap is the whole process's, and so is this. Fair, so that nobody waits for ever. */
  private static final Semaphore ROOM = new Semaphore(MEGABYTES, true);

  private int taken;

  /**
   * Waits for room, unless this reader has it already.
   *
   * @param maxBytes how long the record may become
   */
  void enter(long maxBytes) throws InterruptedIOException {
    if (taken > 0) {
      return;
    }
    int wanted = (int) Math.min(MEGABYTES, 1 + HEAP_PER_BYTE * (maxBytes >> 20));
    try {
      ROOM.acquire(wanted);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while others read large records");
    }
    taken = wanted;
  }

  /** Gives the room back, if there is any. */
  void leave() {
    if (taken > 0) {
      ROOM.release(taken);
      taken = 0;
    }
  }
}
