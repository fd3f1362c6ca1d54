package io.xmltobigquery.replay;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Does many small pieces of work that mostly wait for answers. The first failure ends it: what is
 * begun is finished, and nothing else is begun.
 */
final class Workers implements AutoCloseable {

  /** Each has a part of an upload in memory, of 1 MiB. */
  private static final int THREADS = 32;

  /** What may fail. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final Semaphore free = new Semaphore(THREADS);
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /**
   * Begins a piece of work, and waits until there is a thread for it.
   *
   * @throws IOException if a piece before it has failed
   */
  void run(Work work) throws IOException {
    acquire(1);
    checkFailure();
    threads.execute(
        () -> {
          try {
            work.run();
          } catch (IOException | RuntimeException e) {
            failure.compareAndSet(null, e);
          } finally {
            free.release();
          }
        });
  }

  /**
   * Waits for the end of all that is begun.
   *
   * @throws IOException if a piece has failed
   */
  void await() throws IOException {
    acquire(THREADS);
    free.release(THREADS);
    checkFailure();
  }

  private void acquire(int count) throws InterruptedIOException {
    try {
      free.acquire(count);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private void checkFailure() throws IOException {
    Exception failed = failure.get();
    if (failed instanceof IOException e) {
      throw e;
    } else if (failed instanceof RuntimeException e) {
      throw e;
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
