package io.xmltobigquery.xml;

import io.xmltobigquery.rows.Row;

/** Counts a part's records, and holds nothing of them. */
final class CountingSink implements RecordSink<Long> {

  private long records;

  @Override
  public void row(Row row, long record) {
    records++;
  }

  @Override
  public void invalid(InvalidRecord record) {
    records++;
  }

  @Override
  public void drop(long record) {
    // They are counted as read.
  }

  @Override
  public Long finish() {
    return records;
  }

  @Override
  public void close() {
    // There is nothing to let go of.
  }
}
