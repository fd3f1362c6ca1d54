package io.xmltobigquery.xml;

import io.xmltobigquery.rows.Coverage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Parts of a document, one behind the other: counts in the part become such in the document. */
final class JoinedParts<H> {

  private final List<Long> rows;
  private final List<Long> invalidRecords;
  private Coverage coverage;
  private final List<ReadDocument.Part<H>> parts = new ArrayList<>();

  /** Where the next part begins. */
  private Position start = Position.START;

  private long recordsBefore;

  JoinedParts(int tables) {
    rows = new ArrayList<>(Collections.nCopies(tables, 0L));
    invalidRecords = new ArrayList<>(rows);
    coverage = Coverage.none(tables);
  }

  void add(DocumentPart<H> part) {
    for (int i = 0; i < rows.size(); i++) {
      rows.set(i, rows.get(i) + part.rows().get(i));
      invalidRecords.set(i, invalidRecords.get(i) + part.invalidRecords().get(i));
    }
    coverage = coverage.join(part.coverage());
    parts.add(new ReadDocument.Part<>(part.held(), recordsBefore, start));
    recordsBefore += part.records();
    start = part.end().from(start);
  }

  /** What is wrong with the part that comes next, as a fault of the document. */
  RejectedException inDocument(RejectedException inPart) {
    RejectedException inDocument =
        new RejectedException(
            inPart.reason(),
            inPart.getMessage(),
            inPart.position() == null ? null : inPart.position().from(start),
            inPart.recordNumber() == 0 ? 0 : recordsBefore + inPart.recordNumber());
    inDocument.initCause(inPart);
    return inDocument;
  }

  ReadDocument<H> document() {
    return new ReadDocument<>(rows, invalidRecords, coverage, parts);
  }
}
