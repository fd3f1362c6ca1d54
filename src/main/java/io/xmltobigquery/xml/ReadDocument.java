package io.xmltobigquery.xml;

import java.util.List;

/**
 * A good document that was read to its end.
 *
 * @param rows the rows that each table gets, by the table's number in the mapping
 * @param invalidRecords the records of each table that are left out
 * @param parts in the order of the document
 */
public record ReadDocument<H>(List<Long> rows, List<Long> invalidRecords, List<Part<H>> parts) {

  public ReadDocument {
    rows = List.copyOf(rows);
    invalidRecords = List.copyOf(invalidRecords);
    parts = List.copyOf(parts);
  }

  /**
   * A part of it.
   *
   * @param held what the part's {@link RecordSink} has left
   * @param recordsBefore how many records stand before it, valid or not
   * @param start where it begins
   */
  public record Part<H>(H held, long recordsBefore, Position start) {}
}
