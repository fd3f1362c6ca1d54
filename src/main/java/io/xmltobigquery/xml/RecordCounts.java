package io.xmltobigquery.xml;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** How many records of each table were read. */
final class RecordCounts {

  /** Records of one part that rows had been taken of: each is remembered until the part's end. */
  private static final int MOST_DROPS = 10_000;

  private final boolean allowInvalidRecords;
  private final long[] rows;
  private final long[] invalidRecords;
  private int drops;

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
   * @throws RejectedException if it is invalid and those aren't allowed, or if rows in it that were
   *     counted can't be left out any more
   */
  boolean add(RecordReader reader) throws IOException, RejectedException {
    int table = reader.table().id();
    if (!reader.isInvalid()) {
      rows[table]++;
      return true;
    }
    if (!allowInvalidRecords) {
      throw reader.invalidRecordRejection();
    }
    RowsInside inside = reader.rowsInside();
    if (inside != null) {
      if (++drops > MOST_DROPS || reader.isLongerThanRecord()) {
        throw reader.invalidRecordRejection();
      }
      inside.subtractFrom(rows, invalidRecords);
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
