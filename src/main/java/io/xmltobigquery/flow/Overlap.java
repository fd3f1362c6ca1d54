package io.xmltobigquery.flow;

import io.xmltobigquery.options.Runner;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.joda.time.Instant;

/**
 * Requests for the elements of a bundle, of which several are under way at once. An answer from
 * Cloud Storage takes some 30 ms, and a step that waits for each would take no more than 30
 * elements a second and thread.
 *
 * <p>For one thread, as a {@code DoFn} is: it adds a request for each element, and calls {@link
 * #takeAll} where its bundle ends. What it makes of answers is done in its own thread, one after
 * the other, in the order of the elements. What comes alone, after a pause, is answered at once and
 * waits for no bundle's end.
 *
 * @param <A> an answer
 */
public final class Overlap<A> implements AutoCloseable {

  /** Asks for something, in any thread. */
  @FunctionalInterface
  public interface Request<A> {
    A make() throws IOException;
  }

  /** Takes an answer, with the timestamp of the element that it is for. */
  @FunctionalInterface
  public interface Taker<A> {
    void take(A answer, Instant time) throws IOException;
  }

  /** By all threads of a process that work side by side. An answer may be half a megabyte. */
  private static final int TOGETHER = 32;

  /** Elements that wait for a step come faster one after the other, in nanoseconds. */
  private static final long PAUSE = Duration.ofMillis(1).toNanos();

  private static final Duration IDLE = Duration.ofSeconds(10);

  private record Asked<A>(Future<A> answer, Instant time) {}

  private final int most;
  private final LongSupplier nanoTime;
  private final ExecutorService threads;
  private final Queue<Asked<A>> asked = new ArrayDeque<>();
  private long lastEnd;

  /**
   * @param most how many requests may be under way, or answered and not taken
   * @param nanoTime the clock, in nanoseconds
   */
  Overlap(int most, LongSupplier nanoTime) {
    this.most = most;
    this.nanoTime = nanoTime;
    lastEnd = nanoTime.getAsLong() - 2 * PAUSE;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            Overlap::daemon);
    pool.allowCoreThreadTimeOut(true);
    threads = pool;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "request");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * For a step of a bounded or unbounded collection. On Dataflow, a streaming job has some hundred
   * threads for each step, and each of them may wait for its answers.
   */
  public static <A> Overlap<A> of(IsBounded bounded, PipelineOptions options) {
    boolean hasManyThreads =
        bounded == IsBounded.UNBOUNDED && Runner.of(options) == Runner.DATAFLOW;
    int most = hasManyThreads ? 1 : TOGETHER / Runtime.getRuntime().availableProcessors();
    return new Overlap<>(Math.max(1, most), System::nanoTime);
  }

  /** Forgets what a bundle has left that failed. */
  public void begin() {
    asked.forEach(left -> left.answer().cancel(true));
    asked.clear();
  }

  /**
   * Makes a request, now or soon, and takes the answers that have come.
   *
   * @param isRemote whether an answer takes its time; if it doesn't, it is waited for
   * @throws IOException if this request or one before it has failed
   */
  public void add(boolean isRemote, Request<A> request, Instant time, Taker<A> taker)
      throws IOException {
    boolean isAlone = asked.isEmpty() && nanoTime.getAsLong() - lastEnd > PAUSE;
    while (asked.size() >= most || (!asked.isEmpty() && asked.peek().answer().isDone())) {
      takeFirst(taker);
    }
    if (most == 1 || !isRemote || isAlone) {
      taker.take(request.make(), time);
    } else {
      asked.add(new Asked<>(threads.submit(request::make), time));
    }
    lastEnd = nanoTime.getAsLong();
  }

  /**
   * Waits for all answers and takes them.
   *
   * @throws IOException if a request has failed
   */
  public void takeAll(Taker<A> taker) throws IOException {
    while (!asked.isEmpty()) {
      takeFirst(taker);
    }
  }

  private void takeFirst(Taker<A> taker) throws IOException {
    Asked<A> first = asked.remove();
    taker.take(answer(first.answer()), first.time());
  }

  private static <A> A answer(Future<A> answer) throws IOException {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for an answer");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException bug) {
        throw bug;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Gives up all requests. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
