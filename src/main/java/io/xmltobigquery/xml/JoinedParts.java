package io.xmltobigquery.xml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Parts of a document, one behind the other: counts in the part become such in the document. */
final class JoinedParts {

  private final List<Long> rows;
  private final List<Long> invalidRecords;
  private final List<Chunk> chunks = new ArrayList<>();

  /** Where the next part begins. */
  private Position start = Position.START;

  private long recordsBefore;

  JoinedParts(int tables) {
    rows = new ArrayList<>(Collections.nCopies(tables, 0L));
    invalidRecords = new ArrayList<>(rows);
  }

  void add(InspectedPart part) {
    Inspection found = part.found();
    for (int i = 0; i < rows.size(); i++) {
      rows.set(i, rows.get(i) + found.rows().get(i));
      invalidRecords.set(i, invalidRecords.get(i) + found.invalidRecords().get(i));
    }
    for (Chunk chunk : found.chunks()) {
      chunks.add(
          new Chunk(
              chunk.encoding(),
              inDocument(chunk.start()),
              chunk.end(),
              recordsBefore + chunk.firstRecord(),
              chunk.records(),
              chunk.openElements()));
    }
    recordsBefore += part.records();
    start = inDocument(part.end());
  }

  private Position inDocument(Position inPart) {
    return new Position(
        start.line() + inPart.line() - 1,
        inPart.line() == 1 ? start.column() + inPart.column() - 1 : inPart.column(),
        inPart.byteOffset());
  }

  /** What is wrong with the part that comes next, as a fault of the document. */
  RejectedException inDocument(RejectedException inPart) {
    RejectedException inDocument =
        new RejectedException(
            inPart.reason(),
            inPart.getMessage(),
            inPart.position() == null ? null : inDocument(inPart.position()),
            inPart.recordNumber() == 0 ? 0 : recordsBefore + inPart.recordNumber());
    inDocument.initCause(inPart);
    return inDocument;
  }

  Inspection inspection() {
    return new Inspection(rows, invalidRecords, chunks);
  }
}
