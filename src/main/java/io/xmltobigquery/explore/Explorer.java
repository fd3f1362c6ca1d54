package io.xmltobigquery.explore;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.UnreadableFileException;
import io.xmltobigquery.flow.read.Progress;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.profile.DocumentProfile;
import io.xmltobigquery.profile.Profiler;
import io.xmltobigquery.xml.ContentReader;
import io.xmltobigquery.xml.GzipSource;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.Position;
import io.xmltobigquery.xml.ReadAhead;
import io.xmltobigquery.xml.RejectedException;
import io.xmltobigquery.xml.RejectionReason;
import io.xmltobigquery.xml.XmlSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads files for their profile, as many at a time as there are processors. A file that is bad, or
 * that can't be opened, is left out as a whole.
 */
public final class Explorer {

  /** Up to this size, in bytes, a file is read into memory at once. */
  private static final int MAX_SMALL_BYTES = 512 * 1024;

  private final FileStore store;
  private final ContentReader reader =
      new ContentReader(new Limits(Limits.DEFAULT_MAX_RECORD_BYTES));
  private final Profiler profiler = new Profiler();
  private final Iterator<FileVersion> files;
  private final TreeMap<String, LeftOut> leftOut = new TreeMap<>();
  private long leftOutFiles;
  private long bytes;

  private Explorer(List<FileVersion> files, FileStore store) {
    this.files = files.iterator();
    this.store = store;
  }

  /**
   * Reads files.
   *
   * @throws IOException if one can't be read, which says nothing of what is in it
   */
  public static Exploration explore(List<FileVersion> files, FileStore store) throws IOException {
    int processors = Runtime.getRuntime().availableProcessors();
    Explorer explorer = new Explorer(files, store);
    explorer.readAll(Math.max(1, Math.min(processors, files.size())));
    return new Exploration(
        explorer.profiler.profile(),
        explorer.bytes,
        List.copyOf(explorer.leftOut.values()),
        explorer.leftOutFiles);
  }

  private void readAll(int threads) throws IOException {
    ExecutorService readers = Executors.newFixedThreadPool(threads, Explorer::daemon);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        ends.add(
            readers.submit(
                () -> {
                  readNextOnes();
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
      readers.shutdownNow();
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "explore");
    thread.setDaemon(true);
    return thread;
  }

  private void readNextOnes() throws IOException {
    DocumentProfile document = profiler.newDocumentProfile();
    for (FileVersion file = nextFile(); file != null; file = nextFile()) {
      try {
        read(file, document);
      } catch (UnreadableFileException e) {
        leaveOut(
            file,
            RejectionReason.UNREADABLE.name(),
            e.getMessage() + "; get the right to read it, or leave it out",
            null);
      } catch (FileGoneException e) {
        leaveOut(
            file,
            (e.isSuperseded() ? Outcome.SUPERSEDED : Outcome.MISSING).name(),
            e.getMessage() + "; explore again",
            null);
      }
    }
  }

  private synchronized @Nullable FileVersion nextFile() {
    return files.hasNext() ? files.next() : null;
  }

  private void read(FileVersion file, DocumentProfile document) throws IOException {
    boolean isSmall = file.size() <= MAX_SMALL_BYTES;
    XmlSource stored = isSmall ? inMemory(file) : offset -> store.open(file, offset);
    boolean isGzip = isGzip(stored);
    XmlSource plain = isGzip ? new GzipSource(stored) : stored;
    XmlSource xml = isGzip && !isSmall ? ReadAhead.of(plain) : plain;
    document.begin();
    RejectedException rejection = null;
    try {
      reader.read(Progress.reading(xml), document);
    } catch (RejectedException e) {
      rejection = e;
    }
    if (!isSmall) {
      // What looks broken, or good, may be a mixture of two versions.
      store.verify(file);
    }
    if (rejection != null) {
      leaveOut(file, rejection.reason().name(), rejection.getMessage(), rejection.position());
    } else {
      profiler.add(document);
      count(file);
    }
  }

  private synchronized void count(FileVersion file) {
    bytes += file.size();
  }

  private XmlSource inMemory(FileVersion file) throws IOException {
    byte[] content;
    try (InputStream in = store.open(file, 0)) {
      content = in.readNBytes(MAX_SMALL_BYTES);
    }
    store.verify(file);
    return offset -> {
      int start = Math.toIntExact(offset);
      return new ByteArrayInputStream(content, start, content.length - start);
    };
  }

  private static boolean isGzip(XmlSource source) throws IOException {
    try (InputStream in = source.open(0)) {
      return GzipSource.isGzip(in.readNBytes(2));
    }
  }

  private synchronized void leaveOut(
      FileVersion file, String reason, String message, @Nullable Position position) {
    leftOutFiles++;
    leftOut.put(file.uri(), new LeftOut(file.uri(), reason, message, position));
    if (leftOut.size() > Exploration.MOST_LEFT_OUT) {
      leftOut.pollLastEntry();
    }
  }
}
