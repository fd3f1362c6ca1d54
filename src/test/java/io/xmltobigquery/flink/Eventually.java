package io.xmltobigquery.flink;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what another process does, by asking again and again. */
public final class Eventually {

  private static final Duration PAUSE = Duration.ofMillis(200);

  /**
   * What takes long to find out is asked seldom: the job that is waited for needs the processor.
   */
  private static final int PAUSE_TO_ANSWER = 3;

  private Eventually() {}

  /**
   * Waits until something is so.
   *
   * @param what it is, for the message if it isn't so within the limit
   */
  public static void await(String what, Duration limit, Callable<Boolean> condition)
      throws Exception {
    long start = System.nanoTime();
    long asked = start;
    while (!condition.call()) {
      Duration answer = Duration.ofNanos(System.nanoTime() - asked);
      if (System.nanoTime() - start > limit.toNanos()) {
        throw new AssertionError("not within " + limit.toSeconds() + " s: " + what);
      }
      Thread.sleep(Math.max(PAUSE.toMillis(), PAUSE_TO_ANSWER * answer.toMillis()));
      asked = System.nanoTime();
    }
  }
}
