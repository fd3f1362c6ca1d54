package io.xmltobigquery.xml;

import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets only so many readers at a time be in a large record as the process has memory for, and the
 * others wait. Most files have no such records; but some may, in all threads at once, and out of
 * memory the whole job would fail.
 *
 * <p>A reader takes all the room that its record may need before it reads on, and has it until the
 * record was handed on. Whoever takes the record may wait for others, and they for the room: on
 * Flink, a write that has had one task's checkpoint barrier waits for that of another. So nobody
 * waits for ever, but reads on after some time, room or not.
 */
public final class LargeRecords {

  /** A record up to here may be read at any time. */
  public static final int SMALL_BYTES = 1 << 20;

  /**
   * Heap for each byte of a record: two for a character that takes one byte in the file, and when
   * an array of them becomes too small, a larger one beside it.
   */
  private static final int HEAP_PER_BYTE = 5;

  /**
   * Half of the heap. The other half is for the rest of the process, and for rows that were handed
   * on: an idle streaming job has 120 MB, and BigQueryIO a row of 10 MB half a dozen times.
   */
  private static final int MEGABYTES =
      (int) Math.max(1, (Runtime.getRuntime().maxMemory() >> 20) / 2);

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  /** Heap is the whole process's, and so is this. Fair, so that nobody is passed over. */
  private static final Semaphore ROOM = new Semaphore(MEGABYTES, true);

  private final Duration longestWait;
  private boolean entered;
  private int taken;

  /** Of one reader of records or of held rows. */
  public LargeRecords() {
    this(LONGEST_WAIT);
  }

  /** With another time to wait, for tests. */
  LargeRecords(Duration longestWait) {
    this.longestWait = longestWait;
  }

  /**
   * Waits for room, unless this reader has done so for this record.
   *
   * @param maxBytes how long the record may become
   */
  public void enter(long maxBytes) throws InterruptedIOException {
    if (!entered) {
      enterHeap(HEAP_PER_BYTE * maxBytes);
    }
  }

  /**
   * Waits for room for something else than a record.
   *
   * @param bytes of heap
   */
  void enterHeap(long bytes) throws InterruptedIOException {
    int wanted = (int) Math.min(MEGABYTES, 1 + (bytes >> 20));
    try {
      if (ROOM.tryAcquire(wanted, longestWait.toMillis(), TimeUnit.MILLISECONDS)) {
        taken = wanted;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while others read large records");
    }
    entered = true;
  }

  /** Gives the room back, if there is any. */
  public void leave() {
    entered = false;
    if (taken > 0) {
      ROOM.release(taken);
      taken = 0;
    }
  }
}
