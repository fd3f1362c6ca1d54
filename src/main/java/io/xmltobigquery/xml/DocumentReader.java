package io.xmltobigquery.xml;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;

/**
 * Reads a document once, from its start to its end, and hands its records to sinks.
 *
 * <p>A large document is read by several threads. Nobody can tell from bytes in the middle of a
 * document what they are: a tag, or a part of a comment that looks like one. So places between
 * records are {@linkplain PartStart guessed}, and a thread reads on from each. The first part
 * begins where the document does, and nothing is guessed there. When it comes, between two records,
 * to exactly the guessed byte with exactly the guessed elements open, then the guess was right, and
 * what was read from there on is what the first thread would have read itself. That part, in turn,
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
      long[] wanted = new long[threads];
      for (int i = 0; i < threads; i++) {
        wanted[i] = size / (threads + 1) * (i + 1);
      }
      return threads == 0
          ? read(source, sinks)
          : read(source, PartStart.guess(readers, source, wanted), sinks);
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
      DocumentPart<H> part;
      // Closed before others are waited for, since they may wait for what it has: LargeRecords.
      try (RecordReader reader = readers.open(source)) {
        Encoding encoding = reader.encoding();
        for (int i = 0; i < starts.size(); i++) {
          PartStart start = starts.get(i);
          List<PartStart> behind = starts.subList(i + 1, starts.size());
          threads.start(
              start,
              pinned -> {
                try (RecordReader from = readers.open(pinned, encoding, start)) {
                  return part(from, behind, sinks);
                }
              });
        }
        part = part(reader, starts, sinks);
      }
      JoinedParts<H> joined = new JoinedParts<>(readers.mapping().tables().size());
      joined.add(part);
      for (PartStart next = part.next(); next != null; next = part.next()) {
        try {
          part = threads.await(next);
        } catch (RejectedException e) {
          throw joined.inDocument(e);
        }
        joined.add(part);
      }
      return joined.document();
    }
  }

  private <H> DocumentPart<H> part(
      RecordReader reader, List<PartStart> others, RecordSink.Factory<H> sinks)
      throws IOException, RejectedException {
    RecordCounts counts = new RecordCounts(readers.mapping().tables().size(), allowInvalidRecords);
    return DocumentPart.read(reader, counts, others, sinks);
  }
}
