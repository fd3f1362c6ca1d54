package io.xmltobigquery.xml;

import java.io.IOException;
import java.util.List;

/**
 * The first pass over a file: reads all of it with the code that also makes the rows, to learn
 * whether it is good, how many rows each table gets, and where it can be cut into chunks.
 *
 * <p>A large file is read by several threads. Nobody can tell from bytes in the middle of a
 * document what they are: a tag, or a part of a comment that looks like one. So places between
 * records are {@linkplain PartStart guessed}, and a thread reads on from each. The first part
 * begins where the document does, and nothing is guessed there. When it comes, between two records,
 * to exactly the guessed byte with exactly the guessed elements open, then the guess was right, and
 * what was read from there on is what the first thread would have read itself. That part, in turn,
 * proves the next one. A part that nobody comes to is thrown away, whatever it seems to have found,
 * and the one before it has read on over it.
 */
public final class Inspector {

  /** A thread's work on fewer bytes isn't worth starting it. */
  private static final long MIN_PART_BYTES = 16_000_000;

  private final RecordReaderFactory readers;
  private final long chunkBytes;
  private final boolean allowInvalidRecords;

  /**
   * Makes an inspector, which may be used for one file after the other.
   *
   * @param chunkBytes the length of a chunk in bytes, 1 for one record per chunk; a chunk is at
   *     most 64 KiB shorter, but for the last of a part, and at most one record longer
   * @param allowInvalidRecords whether invalid records are counted, or else reject the file
   */
  public Inspector(RecordReaderFactory readers, long chunkBytes, boolean allowInvalidRecords) {
    this.readers = readers;
    this.chunkBytes = chunkBytes;
    this.allowInvalidRecords = allowInvalidRecords;
  }

  /**
   * Inspects a file in one thread.
   *
   * @throws RejectedException if the file is bad
   * @throws IOException if the file can't be read
   */
  public Inspection inspect(XmlSource source) throws IOException, RejectedException {
    return inspect(source, List.of());
  }

  /**
   * Inspects a file that can be entered anywhere, in as many threads as there are processors if it
   * is large. The source is opened by all of them.
   *
   * @param size in bytes
   * @throws RejectedException if the file is bad
   * @throws IOException if the file can't be read
   */
  public Inspection inspect(XmlSource source, long size) throws IOException, RejectedException {
    int parts = (int) Math.min(Runtime.getRuntime().availableProcessors(), size / MIN_PART_BYTES);
    if (parts < 2) {
      return inspect(source);
    }
    long[] wanted = new long[parts - 1];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = size / parts * (i + 1);
    }
    return inspect(source, PartStart.guess(readers, source, wanted));
  }

  /**
   * Inspects a file in one thread more than there are guesses.
   *
   * @param starts ascending
   */
  Inspection inspect(XmlSource source, List<PartStart> starts)
      throws IOException, RejectedException {
    try (PartThreads threads = new PartThreads(source)) {
      InspectedPart part;
      // Closed before others are waited for, since they may wait for what it holds: LargeRecords.
      try (RecordReader reader = readers.open(source)) {
        Encoding encoding = reader.encoding();
        for (int i = 0; i < starts.size(); i++) {
          PartStart start = starts.get(i);
          List<PartStart> behind = starts.subList(i + 1, starts.size());
          threads.start(start, pinned -> part(pinned, encoding, start, behind));
        }
        part = part(reader, List.of(), starts);
      }
      JoinedParts joined = new JoinedParts(readers.mapping().tables().size());
      joined.add(part);
      for (PartStart next = part.next(); next != null; next = part.next()) {
        try {
          part = threads.await(next);
        } catch (RejectedException e) {
          throw joined.inDocument(e);
        }
        joined.add(part);
      }
      return joined.inspection();
    }
  }

  private InspectedPart part(
      XmlSource source, Encoding encoding, PartStart start, List<PartStart> behind)
      throws IOException, RejectedException {
    try (RecordReader reader = readers.open(source, encoding, start)) {
      return part(reader, start.openElements(), behind);
    }
  }

  private InspectedPart part(
      RecordReader reader, List<OpenElement> openElements, List<PartStart> behind)
      throws IOException, RejectedException {
    int tables = readers.mapping().tables().size();
    return InspectedPart.read(
        reader, openElements, tables, chunkBytes, allowInvalidRecords, behind);
  }
}
