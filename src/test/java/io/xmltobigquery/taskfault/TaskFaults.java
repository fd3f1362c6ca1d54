package io.xmltobigquery.taskfault;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets tasks of this process fail at points that they pass, known by name. One point is armed at a
 * time, and only the first that passes it fails.
 */
public final class TaskFaults {

  /** How a task fails. */
  public enum Kind {
    /** As where memory ends: an error, which no step expects. */
    ERROR,
    EXCEPTION
  }

  private record Armed(String point, Kind kind, CountDownLatch hit) {}

  private static final AtomicReference<@Nullable Armed> ARMED = new AtomicReference<>();
  private static final Set<String> POINTS = new ConcurrentSkipListSet<>();

  private TaskFaults() {}

  static void add(String point) {
    POINTS.add(point);
  }

  /** All points that there are in the job. */
  public static List<String> points() {
    return List.copyOf(POINTS);
  }

  static void pass(String point) {
    Armed armed = ARMED.get();
    if (armed == null || !armed.point.equals(point) || !ARMED.compareAndSet(armed, null)) {
      return;
    }
    armed.hit.countDown();
    String message = "made by a test, " + point;
    if (armed.kind == Kind.ERROR) {
      throw new OutOfMemoryError(message);
    }
    throw new IllegalStateException(message);
  }

  /** Whether the next to pass the point will fail. */
  static boolean isArmed(String point) {
    Armed armed = ARMED.get();
    return armed != null && armed.point.equals(point);
  }

  /**
   * Lets the next that passes a point fail, and waits for it.
   *
   * @return whether any has passed it in that time
   */
  public static boolean failAt(String point, Kind kind, long millis) throws InterruptedException {
    Armed armed = new Armed(point, kind, new CountDownLatch(1));
    ARMED.set(armed);
    return armed.hit.await(millis, TimeUnit.MILLISECONDS) || !ARMED.compareAndSet(armed, null);
  }
}
