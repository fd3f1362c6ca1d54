package io.xmltobigquery.trial;

import java.util.List;

/**
 * What came into a table.
 *
 * @param table its name
 * @param record the path of its records, as the mapping has it
 * @param rows of files that would load
 * @param files that would load and have rows of it
 * @param invalid records that it can't take, of all files
 * @param columns in the order of the mapping, those of a RECORD behind it
 */
public record TableTrial(
    String table, String record, long rows, long files, long invalid, List<ColumnFill> columns) {

  public TableTrial {
    columns = List.copyOf(columns);
  }
}
