package io.xmltobigquery.xml;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was read of a document from one place on, up to its end or to where another part begins.
 * Positions and record numbers count from where the part begins.
 *
 * @param next the part that begins where this one ends, or null at the document's end
 * @param end where this part ends
 */
record DocumentPart<H>(RecordCounts counts, H held, @Nullable PartStart next, Position end) {

  /**
   * How often the reader is asked for its place, in bytes: where a fault is found by reading again
   * from the last one.
   */
  private static final long PLACE_BYTES = 8_000_000;

  /**
   * Reads a part.
   *
   * @param counts none yet
   * @param others where other parts may begin, ascending
   */
  static <H> DocumentPart<H> read(
      RecordReader reader, RecordCounts counts, List<PartStart> others, RecordSink.Factory<H> sinks)
      throws IOException, RejectedException {
    try (RecordSink<H> sink = sinks.open()) {
      int other = 0;
      long nextPlace = reader.bytesRead() + PLACE_BYTES;
      while (reader.next()) {
        if (counts.add(reader)) {
          sink.row(reader.row(), reader.recordNumber());
        } else {
          sink.invalid(reader.invalidRecord());
        }
        // The exact place costs something, so it is asked for near a wanted place only.
        while (other < others.size() && reader.bytesRead() >= others.get(other).byteOffset()) {
          PartStart start = others.get(other);
          Position end = reader.recordEnd();
          if (end.byteOffset() < start.byteOffset()) {
            break;
          }
          if (end.byteOffset() == start.byteOffset()
              && reader.openElements().equals(start.openElements())) {
            return new DocumentPart<>(counts, sink.finish(), start, end);
          }
          other++;
        }
        if (reader.bytesRead() >= nextPlace) {
          var unused = reader.recordEnd();
          nextPlace = reader.bytesRead() + PLACE_BYTES;
        }
      }
      return new DocumentPart<>(
          counts, sink.finish(), null, new Position(1, 1, reader.bytesRead()));
    }
  }
}
