package io.xmltobigquery.rows;

import java.io.IOException;

/**
 * Takes the values of one row, in the order of the table's columns. Columns without a value aren't
 * visited. Text is handed over as a range of an array that is valid during the call only. Every
 * method throws what writing the value throws.
 */
public interface RowVisitor {

  /** Values of the RECORD's columns follow, until {@link #endRecord}. */
  void startRecord(Column column) throws IOException;

  void endRecord(Column column) throws IOException;

  /** All values of the REPEATED column follow, at least one, until {@link #endRepeated}. */
  void startRepeated(Column column) throws IOException;

  void endRepeated(Column column) throws IOException;

  void string(Column column, char[] text, int start, int end) throws IOException;

  /** A JSON value, written out. */
  void json(Column column, char[] text, int start, int end) throws IOException;

  /** Base64 without white space. */
  void bytes(Column column, char[] text, int start, int end) throws IOException;

  void int64(Column column, long value) throws IOException;

  void float64(Column column, double value) throws IOException;

  /** Of NUMERIC and BIGNUMERIC: an {@code xs:decimal} that the column can hold exactly. */
  void decimal(Column column, char[] text, int start, int end) throws IOException;

  void bool(Column column, boolean value) throws IOException;

  /**
   * Takes a DATE.
   *
   * @param epochDay days since 1970-01-01
   */
  void date(Column column, long epochDay) throws IOException;

  /**
   * Takes a DATETIME.
   *
   * @param micros microseconds since 1970-01-01T00:00:00, without a time zone
   */
  void dateTime(Column column, long micros) throws IOException;

  /**
   * Takes a TIME.
   *
   * @param micros microseconds since midnight
   */
  void time(Column column, long micros) throws IOException;

  /**
   * Takes a TIMESTAMP.
   *
   * @param micros microseconds since 1970-01-01T00:00:00Z
   */
  void timestamp(Column column, long micros) throws IOException;
}
