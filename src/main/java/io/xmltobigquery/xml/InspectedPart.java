package io.xmltobigquery.xml;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a document from one place on, up to its end or to where another part begins.
 * Positions and record numbers count from where the part begins.
 *
 * @param found rows, invalid records and chunks
 * @param records how many there are, valid or not
 * @param next the part that begins where this one ends, or null at the document's end
 * @param end where this part ends
 */
record InspectedPart(Inspection found, long records, @Nullable PartStart next, Position end) {

  /**
   * Reads a part.
   *
   * @param openElements those where the reader starts
   * @param chunkBytes see {@link Inspector}
   * @param allowInvalidRecords see {@link Inspector}
   * @param others where other parts may begin, ascending
   */
  static InspectedPart read(
      RecordReader reader,
      List<OpenElement> openElements,
      int tables,
      long chunkBytes,
      boolean allowInvalidRecords,
      List<PartStart> others)
      throws IOException, RejectedException {
    RecordCounts counts = new RecordCounts(tables, allowInvalidRecords);
    ChunkCutter cutter = new ChunkCutter(reader, openElements, chunkBytes);
    int other = 0;
    while (reader.next()) {
      counts.add(reader);
      // The exact place costs something, so it is asked for near a wanted place only.
      while (other < others.size() && reader.bytesRead() >= others.get(other).byteOffset()) {
        PartStart start = others.get(other);
        Position end = reader.recordEnd();
        if (end.byteOffset() < start.byteOffset()) {
          break;
        }
        if (end.byteOffset() == start.byteOffset()
            && reader.openElements().equals(start.openElements())) {
          long records = reader.recordNumber();
          Inspection found = inspection(counts, cutter.endAt(end.byteOffset()));
          return new InspectedPart(found, records, start, end);
        }
        other++;
      }
      cutter.afterRecord();
    }
    Inspection found = inspection(counts, cutter.endAt(reader.bytesRead()));
    return new InspectedPart(
        found, reader.recordNumber(), null, new Position(1, 1, reader.bytesRead()));
  }

  private static Inspection inspection(RecordCounts counts, List<Chunk> chunks) {
    return new Inspection(counts.rows(), counts.invalidRecords(), chunks);
  }

  private static final class ChunkCutter {
    private final RecordReader reader;
    private final long chunkBytes;
    private final boolean canCut;
    private final List<Chunk> chunks = new ArrayList<>();
    private Position start;
    private List<OpenElement> openElements;
    private long firstRecord = 1;

    ChunkCutter(RecordReader reader, List<OpenElement> openElements, long chunkBytes) {
      this.reader = reader;
      this.chunkBytes = chunkBytes;
      this.canCut = reader.encoding().canBeEntered();
      this.start = reader.start();
      this.openElements = openElements;
    }

    void afterRecord() {
      if (canCut && reader.bytesRead() - start.byteOffset() >= chunkBytes) {
        Position end = reader.recordEnd();
        add(end.byteOffset());
        start = end;
        openElements = reader.openElements();
        firstRecord = reader.recordNumber() + 1;
      }
    }

    List<Chunk> endAt(long end) {
      if (firstRecord <= reader.recordNumber()) {
        add(end);
      }
      return chunks;
    }

    private void add(long end) {
      long records = reader.recordNumber() - firstRecord + 1;
      chunks.add(new Chunk(reader.encoding(), start, end, firstRecord, records, openElements));
    }
  }
}
