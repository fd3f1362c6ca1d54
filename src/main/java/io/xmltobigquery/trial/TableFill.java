package io.xmltobigquery.trial;

import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.profile.DistinctValues;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.RowVisitor;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.values.Values;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Counts the values of a table's rows, column by column. */
final class TableFill implements RowVisitor {

  private static final class Count {
    private long filled;
    private long values;
    private final DistinctValues examples = new DistinctValues();

    void add(Count other) {
      filled += other.filled;
      values += other.values;
      examples.add(other.examples);
    }
  }

  private long rows;

  /** By column; null as long as it has no value. */
  private final @Nullable Count[] counts;

  TableFill(TableColumns table) {
    counts = new @Nullable Count[table.columnCount()];
  }

  /** Counts a row. */
  void add(Row row) throws IOException {
    rows++;
    row.accept(this);
  }

  void add(TableFill other) {
    rows += other.rows;
    for (int i = 0; i < counts.length; i++) {
      Count added = other.counts[i];
      if (added != null) {
        count(i).add(added);
      }
    }
  }

  private Count count(int column) {
    Count count = counts[column];
    if (count == null) {
      count = new Count();
      counts[column] = count;
    }
    return count;
  }

  long rows() {
    return rows;
  }

  List<ColumnFill> columns(TableColumns table) {
    List<ColumnFill> columns = new ArrayList<>();
    addColumns(table.columns(), 0, rows, columns);
    return columns;
  }

  private void addColumns(List<Column> columns, int depth, long around, List<ColumnFill> all) {
    for (Column column : columns) {
      Count count = counts[column.id()];
      long values = count == null ? 0 : count.values;
      all.add(
          new ColumnFill(
              column,
              depth,
              count == null ? 0 : count.filled,
              around,
              values,
              count == null ? List.of() : count.examples.examples()));
      addColumns(column.columns(), depth + 1, values, all);
    }
  }

  private Count value(Column column) {
    Count count = count(column.id());
    count.values++;
    if (column.mode() != Mode.REPEATED) {
      count.filled++;
    }
    return count;
  }

  @Override
  public void startRepeated(Column column) {
    count(column.id()).filled++;
  }

  @Override
  public void endRepeated(Column column) {}

  @Override
  public void startRecord(Column column) {
    value(column);
  }

  @Override
  public void endRecord(Column column) {}

  @Override
  public void string(Column column, char[] text, int start, int end) {
    DistinctValues examples = value(column).examples;
    if (start < end) {
      examples.add(DistinctValues.hash(text, start, end, 0), text, start, end, false);
    }
  }

  @Override
  public void json(Column column, char[] text, int start, int end) {
    string(column, text, start, end);
  }

  @Override
  public void bytes(Column column, char[] text, int start, int end) {
    string(column, text, start, end);
  }

  @Override
  public void decimal(Column column, char[] text, int start, int end) {
    char[] chars = Values.canonicalDecimal(text, start, end).toCharArray();
    string(column, chars, 0, chars.length);
  }

  @Override
  public void int64(Column column, long value) {
    value(column, value, Long::toString);
  }

  @Override
  public void float64(Column column, double value) {
    value(
        column,
        Double.doubleToLongBits(value),
        bits -> Double.toString(Double.longBitsToDouble(bits)));
  }

  @Override
  public void bool(Column column, boolean value) {
    value(column, value ? 1 : 0, bit -> Boolean.toString(bit == 1));
  }

  @Override
  public void date(Column column, long epochDay) {
    value(column, epochDay, Values::formatDate);
  }

  @Override
  public void dateTime(Column column, long micros) {
    value(column, micros, Values::formatDateTime);
  }

  @Override
  public void time(Column column, long micros) {
    value(column, micros, Values::formatTime);
  }

  @Override
  public void timestamp(Column column, long micros) {
    value(column, micros, Values::formatTimestamp);
  }

  /** Counts a value, whose text is made only if it may become an example. */
  private void value(Column column, long value, LongFunction<String> text) {
    DistinctValues examples = value(column).examples;
    long hash = DistinctValues.hash(value);
    if (examples.wants(hash)) {
      char[] chars = text.apply(value).toCharArray();
      examples.add(hash, chars, 0, chars.length, false);
    }
  }
}
