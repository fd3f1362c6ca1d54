package io.xmltobigquery.trial;

import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.xml.InvalidRecord;
import io.xmltobigquery.xml.RecordSink;
import java.io.IOException;
import java.util.List;

/** Counts what is in rows, and holds none of them. */
final class CountRows implements RecordSink<CountRows.Counted> {

  /**
   * What was counted.
   *
   * @param fills by table; empty if values weren't to be counted
   * @param faults of invalid records
   */
  record Counted(List<TableFill> fills, Faults faults) {}

  private final Counted counted;

  CountRows(List<TableColumns> tables, boolean values) {
    counted =
        new Counted(
            values ? tables.stream().map(TableFill::new).toList() : List.of(), new Faults());
  }

  @Override
  public void row(Row row, long record) throws IOException {
    if (!counted.fills().isEmpty()) {
      counted.fills().get(row.table().id()).add(row);
    }
  }

  @Override
  public void invalid(InvalidRecord record) {
    counted.faults().add(record);
  }

  @Override
  public void drop(long record) {
    // Values and faults that were in the files are counted, also of rows that are left out then.
  }

  @Override
  public Counted finish() {
    return counted;
  }

  @Override
  public void close() {}
}
