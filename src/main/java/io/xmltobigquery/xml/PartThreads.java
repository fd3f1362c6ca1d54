package io.xmltobigquery.xml;

import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The threads that read parts of one document. Closing stops them. */
final class PartThreads implements Closeable {

  /** Reads a part. */
  @FunctionalInterface
  interface PartReading {
    InspectedPart read(XmlSource source) throws IOException, RejectedException;
  }

  private final XmlSource source;
  private final ExecutorService threads = Executors.newCachedThreadPool(PartThreads::daemon);
  private final Map<PartStart, Future<InspectedPart>> parts = new HashMap<>();
  private volatile boolean closed;

  PartThreads(XmlSource source) {
    this.source = source;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "inspect-part");
    thread.setDaemon(true);
    return thread;
  }

  void start(PartStart start, PartReading reading) {
    XmlSource untilClosed = offset -> new StreamUntilClosed(source.open(offset));
    parts.put(start, threads.submit(() -> reading.read(untilClosed)));
  }

  /**
   * What was found from a place on that is now known to be right.
   *
   * @throws RejectedException if the part is bad
   * @throws IOException if the part can't be read
   */
  InspectedPart await(PartStart start) throws IOException, RejectedException {
    try {
      return parts.get(start).get();
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

  /** Tells threads to stop, which they do when they read the next bytes. */
  @Override
  public void close() {
    closed = true;
    threads.shutdown();
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
