package io.xmltobigquery.xml;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The threads that read parts of one document. Closing stops them. */
final class PartThreads<H> implements Closeable {

  /** Reads a part. */
  @FunctionalInterface
  interface PartReading<H> {
    DocumentPart<H> read(XmlSource source) throws IOException, RejectedException;
  }

  private static final Duration LONGEST_END = Duration.ofMinutes(2);

  private final XmlSource source;
  private final ExecutorService threads = Executors.newCachedThreadPool(PartThreads::daemon);
  private final Map<PartStart, Future<DocumentPart<H>>> parts = new HashMap<>();
  private volatile boolean closed;

  PartThreads(XmlSource source) {
    this.source = source;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "read-part");
    thread.setDaemon(true);
    return thread;
  }

  void start(PartStart start, PartReading<H> reading) {
    XmlSource untilClosed = offset -> new StreamUntilClosed(source.open(offset));
    parts.put(start, threads.submit(() -> reading.read(untilClosed)));
  }

  /**
   * What was read from a place on that is now known to be right.
   *
   * @return null if no thread has begun there
   * @throws RejectedException if the part is bad
   * @throws IOException if the part can't be read
   */
  @Nullable DocumentPart<H> await(PartStart start) throws IOException, RejectedException {
    Future<DocumentPart<H>> part = parts.get(start);
    if (part == null) {
      return null;
    }
    try {
      return part.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while other threads read the file");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RejectedException rejected) {
        throw rejected;
      }
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("a thread that read the file has failed", e.getCause());
    }
  }

  /**
   * Stops the threads and waits for them, so that nothing is held of a document any more whose
   * outcome is known. They notice when they read the next bytes.
   */
  @Override
  public void close() throws IOException {
    closed = true;
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(LONGEST_END.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("a thread that reads a part of the file doesn't stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while other threads stop reading the file");
    }
  }

  private final class StreamUntilClosed extends FilterInputStream {
    StreamUntilClosed(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (closed) {
        throw new InterruptedIOException("nobody wants this part");
      }
      return super.read(target, offset, length);
    }
  }
}
