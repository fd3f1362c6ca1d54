package io.xmltobigquery.xml;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads a document once, from its start to its end, and hands its records to sinks.
 *
 * <p>A large document is read by several threads, or workers. Nobody can tell from bytes in the
 * middle of a document what they are: a tag, or a part of a comment that looks like one. So places
 * between records are {@linkplain PartStart guessed}, and one of them reads on from each. The first
 * part begins where the document does, and nothing is guessed there. When its reader comes, between
 * two records, to exactly the guessed byte with exactly the guessed elements open, then the guess
 * was right, and what was read from there on is what it would have read itself. That part, in turn,
 * proves the next one. A part that nobody comes to is thrown away, whatever it seems to have found,
 * and the one before it has read on over it.
 */
public final class DocumentReader {

  /** A thread's work on fewer bytes isn't worth starting it. */
  private static final long MIN_PART_BYTES = 16_000_000;

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /**
   * Those that read parts beside the callers' own. Each has a parser and rows that it holds, so all
   * files in work share as many as there are processors.
   */
  private static final Semaphore THREADS = new Semaphore(PROCESSORS);

  private final RecordReaderFactory readers;
  private final boolean allowInvalidRecords;

  /**
   * Makes a reader, which may be used for one document after the other.
   *
   * @param allowInvalidRecords whether invalid records are handed on, or else reject the document
   */
  public DocumentReader(RecordReaderFactory readers, boolean allowInvalidRecords) {
    this.readers = readers;
    this.allowInvalidRecords = allowInvalidRecords;
  }

  /**
   * The same for a file.
   *
   * @param fileVersion what no other version of any file has: keys of rows begin with it
   */
  public DocumentReader of(String fileVersion) {
    return new DocumentReader(readers.of(fileVersion), allowInvalidRecords);
  }

  /**
   * Reads a document in one thread.
   *
   * @throws RejectedException if the document is bad
   * @throws IOException if the document can't be read, or a sink fails
   */
  public <H> ReadDocument<H> read(XmlSource source, RecordSink.Factory<H> sinks)
      throws IOException, RejectedException {
    return read(source, List.of(), sinks);
  }

  /**
   * Reads a document that can be entered anywhere, in as many threads as there are processors if it
   * is large and no other document takes them. The source is opened by all of them.
   *
   * @param size in bytes
   * @throws RejectedException if the document is bad
   * @throws IOException if the document can't be read, or a sink fails
   */
  public <H> ReadDocument<H> read(XmlSource source, long size, RecordSink.Factory<H> sinks)
      throws IOException, RejectedException {
    int threads = takeThreads(Math.min(PROCESSORS, size / MIN_PART_BYTES) - 1);
    try {
      return threads == 0
          ? read(source, sinks)
          : read(source, guess(source, size, size / (threads + 1)), sinks);
    } finally {
      THREADS.release(threads);
    }
  }

  private static int takeThreads(long wanted) {
    int taken = 0;
    while (taken < wanted && THREADS.tryAcquire()) {
      taken++;
    }
    return taken;
  }

  /**
   * Reads a document in one thread more than there are guesses.
   *
   * @param starts ascending
   */
  <H> ReadDocument<H> read(XmlSource source, List<PartStart> starts, RecordSink.Factory<H> sinks)
      throws IOException, RejectedException {
    try (PartThreads<H> threads = new PartThreads<>(source)) {
      for (PartStart start : starts) {
        List<PartStart> behind = behind(start, starts);
        threads.start(start, pinned -> readPart(pinned, start, behind, true, sinks));
      }
      return join(source, starts, threads::await, sinks);
    }
  }

  /**
   * Guesses where parts of a document may begin.
   *
   * @param size of the document in bytes
   * @param partBytes about how long a part is to be, in bytes
   * @return ascending; empty if it can't be read in parts
   */
  public List<PartStart> guess(XmlSource source, long size, long partBytes) throws IOException {
    int parts = Math.toIntExact(size / partBytes);
    long[] wanted = new long[Math.max(0, parts - 1)];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = size / parts * (i + 1);
    }
    return PartStart.guess(readers, source, wanted);
  }

  /**
   * Reads a document from one place on.
   *
   * @param start a guess, or {@link PartStart#OF_DOCUMENT}
   * @param others where it may end, ascending
   * @param readsOn whether it reads on if it passes all of these, or else ends there
   * @throws RejectedException if what is read is bad, be it because the guess is wrong
   * @throws IOException if the document can't be read, or a sink fails
   */
  public <H> DocumentPart<H> readPart(
      XmlSource source,
      PartStart start,
      List<PartStart> others,
      boolean readsOn,
      RecordSink.Factory<H> sinks)
      throws IOException, RejectedException {
    try (RecordReader reader = readers.open(source, start)) {
      RecordCounts counts =
          new RecordCounts(readers.mapping().tables().size(), allowInvalidRecords);
      return DocumentPart.read(reader, counts, others, readsOn, sinks);
    }
  }

  /** The parts of a document that were read from guessed places. */
  @FunctionalInterface
  public interface Parts<H> {
    /**
     * The part that begins at a place.
     *
     * @return null if nobody has read from there
     * @throws RejectedException if it is bad
     */
    @Nullable DocumentPart<H> from(PartStart start) throws IOException, RejectedException;
  }

  /**
   * Joins the parts of a document, from its start to its end. Where one ends and no other begins it
   * reads itself, up to the next one that begins where it comes.
   *
   * @param starts of the parts, ascending
   * @throws RejectedException if the document is bad
   * @throws IOException if the document can't be read, or a sink fails
   */
  public <H> ReadDocument<H> join(
      XmlSource source, List<PartStart> starts, Parts<H> parts, RecordSink.Factory<H> sinks)
      throws IOException, RejectedException {
    JoinedParts<H> joined = new JoinedParts<>(readers.mapping().tables().size());
    PartStart next = PartStart.OF_DOCUMENT;
    try {
      while (next != null) {
        DocumentPart<H> part = parts.from(next);
        if (part == null) {
          part = readPart(source, next, behind(next, starts), true, sinks);
        }
        joined.add(part);
        next = part.behind();
      }
    } catch (RejectedException e) {
      throw joined.inDocument(e);
    }
    return joined.document();
  }

  private static List<PartStart> behind(PartStart place, List<PartStart> starts) {
    return starts.stream().filter(start -> start.byteOffset() > place.byteOffset()).toList();
  }
}
