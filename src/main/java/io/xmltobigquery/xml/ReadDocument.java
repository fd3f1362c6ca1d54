package io.xmltobigquery.xml;

import io.xmltobigquery.rows.Coverage;
import java.util.ArrayList;
import java.util.List;

/**
 * A good document that was read to its end.
 *
 * @param rows the rows that each table gets, by the table's number in the mapping
 * @param invalidRecords the records of each table that are left out
 * @param coverage how far the mapping and the document cover each other
 * @param parts in the order of the document
 */
public record ReadDocument<H>(
    List<Long> rows, List<Long> invalidRecords, Coverage coverage, List<Part<H>> parts) {

  public ReadDocument {
    rows = List.copyOf(rows);
    invalidRecords = List.copyOf(invalidRecords);
    parts = List.copyOf(parts);
  }

  /** The records of each table, by its number in the mapping: rows, and those that are left out. */
  public List<Long> records() {
    List<Long> records = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      records.add(rows.get(i) + invalidRecords.get(i));
    }
    return records;
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
