package io.xmltobigquery.xml;

import io.xmltobigquery.rows.Coverage;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was read of a document from one place on. Positions and record numbers count from where the
 * part begins.
 *
 * @param rows how many there are of each table, by the table's number in the mapping
 * @param invalidRecords the records of each table that are left out
 * @param coverage how far the mapping covers it
 * @param held what the part's {@link RecordSink} has left
 * @param end where it ends
 * @param behind the same place, where another part begins, or null at the document's end
 */
public record DocumentPart<H>(
    List<Long> rows,
    List<Long> invalidRecords,
    Coverage coverage,
    H held,
    Position end,
    @Nullable PartStart behind) {

  /**
   * How often the reader is asked for its place, in bytes: where a fault is found by reading again
   * from the last one.
   */
  private static final long PLACE_BYTES = 8_000_000;

  public DocumentPart {
    rows = List.copyOf(rows);
    invalidRecords = List.copyOf(invalidRecords);
  }

  /** Of all tables, invalid ones included. */
  long records() {
    return sum(rows) + sum(invalidRecords);
  }

  private static long sum(List<Long> counts) {
    return counts.stream().mapToLong(count -> count).sum();
  }

  /**
   * Reads a part, up to where another one begins, or to the document's end.
   *
   * @param counts none yet
   * @param others where other parts may begin, ascending
   * @param readsOn whether it reads on if none of the others begins between records, or else ends
   *     behind the last of them
   */
  static <H> DocumentPart<H> read(
      RecordReader reader,
      RecordCounts counts,
      List<PartStart> others,
      boolean readsOn,
      RecordSink.Factory<H> sinks)
      throws IOException, RejectedException {
    try (RecordSink<H> sink = sinks.open()) {
      int other = 0;
      long nextPlace = reader.bytesRead() + PLACE_BYTES;
      while (reader.next()) {
        if (counts.add(reader)) {
          sink.row(reader.row(), reader.recordNumber());
        } else {
          if (reader.rowsInside() != null) {
            sink.drop(reader.recordNumber());
          }
          sink.invalid(reader.invalidRecord());
        }
        // The exact place costs something, so it is asked for near a wanted place only.
        while (other < others.size() && reader.bytesRead() >= others.get(other).byteOffset()) {
          PartStart start = others.get(other);
          Position end = reader.recordEnd();
          if (end.byteOffset() < start.byteOffset()) {
            break;
          }
          other++;
          PartStart behind = new PartStart(end.byteOffset(), reader.openElements());
          if (behind.equals(start) || (other == others.size() && !readsOn)) {
            return part(reader, counts, sink, end, behind);
          }
        }
        if (reader.bytesRead() >= nextPlace) {
          var unused = reader.recordEnd();
          nextPlace = reader.bytesRead() + PLACE_BYTES;
        }
      }
      return part(reader, counts, sink, new Position(1, 1, reader.bytesRead()), null);
    }
  }

  private static <H> DocumentPart<H> part(
      RecordReader reader,
      RecordCounts counts,
      RecordSink<H> sink,
      Position end,
      @Nullable PartStart behind)
      throws IOException {
    return new DocumentPart<>(
        counts.rows(), counts.invalidRecords(), reader.coverage(), sink.finish(), end, behind);
  }
}
