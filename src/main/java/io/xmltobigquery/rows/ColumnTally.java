package io.xmltobigquery.rows;

import io.xmltobigquery.mapping.Mode;
import java.util.BitSet;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of the sources of a table's columns, over all records that a reader reads, invalid
 * ones included. Rows note it themselves as they are filled, so that it costs a store for a value.
 */
public final class ColumnTally {

  /** By the column's number; arrays, since each value of each row writes there. */
  private final boolean[] filled;

  private final long[] markup;
  private final long[] leftOut;
  private long parentInvalid;

  public ColumnTally(TableColumns table) {
    filled = new boolean[table.columnCount()];
    markup = new long[table.columnCount()];
    leftOut = new long[table.columnCount()];
  }

  /** The column's source had a value. */
  void filled(Column column) {
    int id = column.id();
    // Those of parts that are read at the same time may lie side by side.
    if (!filled[id]) {
      filled[id] = true;
    }
  }

  /** The column took text out of elements inside its own, without the mapping asking for that. */
  public void markup(Column column) {
    markup[column.id()]++;
  }

  /** The column's source was there and is no value: of an array that leaves no trace. */
  public void noValue(Column column) {
    if (column.mode() == Mode.REPEATED) {
      leftOut[column.id()]++;
    }
  }

  /**
   * Elements are rows of the table, or would be, and are left out with an invalid row around them.
   */
  public void parentInvalid(long rows) {
    parentInvalid += rows;
  }

  /** All of it, with what was skipped of the table's records. */
  public Coverage.OfTable with(Coverage.Skipped skipped) {
    BitSet columns = new BitSet();
    for (int i = 0; i < filled.length; i++) {
      columns.set(i, filled[i]);
    }
    return new Coverage.OfTable(columns, counts(markup), counts(leftOut), parentInvalid, skipped);
  }

  private static SortedMap<Integer, Long> counts(long[] byColumn) {
    SortedMap<Integer, Long> counts = new TreeMap<>();
    for (int i = 0; i < byColumn.length; i++) {
      if (byColumn[i] > 0) {
        counts.put(i, byColumn[i]);
      }
    }
    return counts;
  }
}
