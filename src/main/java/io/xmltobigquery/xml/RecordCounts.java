package io.xmltobigquery.xml;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** How many records of each table were read. */
final class RecordCounts {

  private final boolean allowInvalidRecords;
  private final long[] rows;
  private final long[] invalidRecords;

  /**
   * Counts of nothing yet.
   *
   * @param allowInvalidRecords whether an invalid record is counted, and doesn't end the reading
   */
  RecordCounts(int tables, boolean allowInvalidRecords) {
    this.allowInvalidRecords = allowInvalidRecords;
    this.rows = new long[tables];
    this.invalidRecords = new long[tables];
  }

  /**
   * Counts the record that was just read.
   *
   * @return whether it is a row, and no invalid record
   * @throws RejectedException if it is invalid and those aren't allowed
   */
  boolean add(RecordReader reader) throws IOException, RejectedException {
    int table = reader.table().id();
    if (!reader.isInvalid()) {
      rows[table]++;
      return true;
    }
    if (!allowInvalidRecords || reader.hasGivenRowsInside()) {
      throw reader.invalidRecordRejection();
    }
    invalidRecords[table]++;
    return false;
  }

  /** By table. */
  List<Long> rows() {
    return Arrays.stream(rows).boxed().toList();
  }

  /** By table. */
  List<Long> invalidRecords() {
    return Arrays.stream(invalidRecords).boxed().toList();
  }
}
