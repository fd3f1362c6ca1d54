package io.xmltobigquery.xml;

/** How many rows and invalid records were handed out of what lies in one row, by table. */
final class RowsInside {

  private final long[] rows;
  private final long[] invalidRecords;

  RowsInside(int tables) {
    rows = new long[tables];
    invalidRecords = new long[tables];
  }

  void addRow(int table) {
    rows[table]++;
  }

  void addInvalid(int table) {
    invalidRecords[table]++;
  }

  void add(RowsInside more) {
    for (int i = 0; i < rows.length; i++) {
      rows[i] += more.rows[i];
      invalidRecords[i] += more.invalidRecords[i];
    }
  }

  /** Of a table, rows and invalid records. */
  long of(int table) {
    return rows[table] + invalidRecords[table];
  }

  void subtractFrom(long[] allRows, long[] allInvalidRecords) {
    for (int i = 0; i < rows.length; i++) {
      allRows[i] -= rows[i];
      allInvalidRecords[i] -= invalidRecords[i];
    }
  }
}
