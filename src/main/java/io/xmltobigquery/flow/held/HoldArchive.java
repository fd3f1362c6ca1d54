package io.xmltobigquery.flow.held;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.xml.ReadDocument;
import io.xmltobigquery.xml.RecordSink;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds the rows of the documents of one archive, all in one place, until all of the archive was
 * read: ten thousand small documents would otherwise be as many files, or take too much memory.
 */
public final class HoldArchive implements Closeable {

  private final RowEncoding encoding;
  private final int tables;
  private final FileVersion archive;
  private final HeldFile held;
  private final List<Document> documents = new ArrayList<>();

  private record Document(FileVersion file, int number, List<ReadDocument.Part<HeldPart>> parts) {}

  /**
   * Begins to hold.
   *
   * @param tables how many there are
   * @param prefix how the name of a held file begins, for this archive alone
   */
  public HoldArchive(
      RowEncoding encoding, int tables, FileVersion archive, FileStore files, String prefix) {
    this.encoding = encoding;
    this.tables = tables;
    this.archive = archive;
    this.held = new HeldFile(files, prefix, HoldRows.MAX_IN_MEMORY);
  }

  /** What takes the rows of the next document. */
  public RecordSink.Factory<HeldPart> sinks(FileVersion document) {
    return () -> new HoldRows(encoding, tables, document, held);
  }

  /**
   * Keeps what was held of a document, which was found good.
   *
   * @param number the document's among all that is in the archive, from 1
   */
  public void add(FileVersion document, int number, List<ReadDocument.Part<HeldPart>> parts) {
    documents.add(new Document(document, number, parts));
  }

  /**
   * Groups what was kept, when all of the archive was read.
   *
   * @param maxReleased as {@link HeldRanges#of} takes it
   */
  public List<HeldRange> ranges(long maxReleased) throws HeldRowsException {
    held.complete();
    byte[] memory = held.uri() == null ? held.memory() : new byte[0];
    List<HeldRange> ranges = new ArrayList<>();
    for (Document document : documents) {
      List<ReadDocument.Part<HeldPart>> parts =
          document.parts().stream()
              .map(
                  part ->
                      new ReadDocument.Part<>(
                          new HeldPart(
                              held.uri(), memory, part.held().pieces(), part.held().dropped()),
                          part.recordsBefore(),
                          part.start()))
              .toList();
      HeldRanges.of(document.file(), parts, maxReleased)
          .forEach(range -> ranges.add(range.in(archive.id(), document.number())));
    }
    return ranges;
  }

  /** Drops what is held, unless it was grouped. */
  @Override
  public void close() throws IOException {
    held.close();
  }
}
