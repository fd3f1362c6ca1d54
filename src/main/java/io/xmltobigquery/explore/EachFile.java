package io.xmltobigquery.explore;

import io.xmltobigquery.files.FileVersion;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads files, as many at a time as there are processors. */
public final class EachFile {

  /** Reads one file after the other, in one thread. */
  @FunctionalInterface
  public interface Reader {
    void read(FileVersion file) throws IOException;
  }

  private final Iterator<FileVersion> files;

  private EachFile(List<FileVersion> files) {
    this.files = files.iterator();
  }

  /**
   * Reads all files.
   *
   * @param readers makes one for each thread
   * @throws IOException if one throws it; the others then stop after the file that they are at
   */
  public static void read(List<FileVersion> files, Supplier<Reader> readers) throws IOException {
    int processors = Runtime.getRuntime().availableProcessors();
    new EachFile(files).read(Math.max(1, Math.min(processors, files.size())), readers);
  }

  private void read(int threads, Supplier<Reader> readers) throws IOException {
    ExecutorService pool = Executors.newFixedThreadPool(threads, EachFile::daemon);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Reader reader = readers.get();
        ends.add(
            pool.submit(
                () -> {
                  for (FileVersion file = next(); file != null; file = next()) {
                    reader.read(file);
                  }
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while files are read");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("a thread that read files has failed", e.getCause());
    } finally {
      stop();
      pool.shutdownNow();
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "read-files");
    thread.setDaemon(true);
    return thread;
  }

  private synchronized @Nullable FileVersion next() {
    return files.hasNext() ? files.next() : null;
  }

  private synchronized void stop() {
    while (files.hasNext()) {
      files.next();
    }
  }
}
