package io.xmltobigquery.xml;

import java.util.List;

/**
 * What the first pass over a good file has found.
 *
 * @param rows the rows that each table gets, by the table's number in the mapping
 * @param invalidRecords the records of each table that are left out
 * @param chunks in the order of the file; none if the file has no records
 */
public record Inspection(List<Long> rows, List<Long> invalidRecords, List<Chunk> chunks) {

  public Inspection {
    rows = List.copyOf(rows);
    invalidRecords = List.copyOf(invalidRecords);
    chunks = List.copyOf(chunks);
  }
}
