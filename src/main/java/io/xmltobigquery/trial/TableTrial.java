package io.xmltobigquery.trial;

import java.util.List;

/**
 * What came into a table.
 *
 * @param table its name
 * @param record the path of its records, as the mapping has it
 * @param read rows that were read, also of files that wouldn't be loaded
 * @param rows of these, those that would be
 * @param files that would be loaded and have rows of it
 * @param invalid records that it can't take, of all files
 * @param columns of the rows that were read, in the order of the mapping, those of a RECORD behind
 *     it
 */
public record TableTrial(
    String table,
    String record,
    long read,
    long rows,
    long files,
    long invalid,
    List<ColumnFill> columns) {

  public TableTrial {
    columns = List.copyOf(columns);
  }
}
