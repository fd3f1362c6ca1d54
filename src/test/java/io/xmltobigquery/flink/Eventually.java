package io.xmltobigquery.flink;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what another process does, by asking again and again. */
public final class Eventually {

  private static final Duration PAUSE = Duration.ofMillis(200);

  private Eventually() {}

  /**
   * Waits until something is so.
   *
   * @param what it is, for the message if it isn't so within the limit
   */
  public static void await(String what, Duration limit, Callable<Boolean> condition)
      throws Exception {
    long start = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - start > limit.toNanos()) {
        throw new AssertionError("not within " + limit.toSeconds() + " s: " + what);
      }
      Thread.sleep(PAUSE.toMillis());
    }
  }
}
