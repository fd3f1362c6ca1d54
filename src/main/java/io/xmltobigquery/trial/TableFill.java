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
  public void bytes(Column column, char[] text, int start, int end) {
    string(column, text, start, end);
  }

  @Override
  public void decimal(Column column, char[] text, int start, int end) {
    example(value(column), Values.canonicalDecimal(text, start, end));
  }

  @Override
  public void int64(Column column, long value) {
    Count count = value(column);
    if (count.examples.wants(DistinctValues.hash(value))) {
      example(count, value, Long.toString(value));
    }
  }

  @Override
  public void float64(Column column, double value) {
    Count count = value(column);
    long bits = Double.doubleToLongBits(value);
    if (count.examples.wants(DistinctValues.hash(bits))) {
      example(count, bits, Double.toString(value));
    }
  }

  @Override
  public void bool(Column column, boolean value) {
    example(value(column), value ? 1 : 0, Boolean.toString(value));
  }

  @Override
  public void date(Column column, long epochDay) {
    Count count = value(column);
    if (count.examples.wants(DistinctValues.hash(epochDay))) {
      example(count, epochDay, Values.formatDate(epochDay));
    }
  }

  @Override
  public void dateTime(Column column, long micros) {
    Count count = value(column);
    if (count.examples.wants(DistinctValues.hash(micros))) {
      example(count, micros, Values.formatDateTime(micros));
    }
  }

  @Override
  public void time(Column column, long micros) {
    Count count = value(column);
    if (count.examples.wants(DistinctValues.hash(micros))) {
      example(count, micros, Values.formatTime(micros));
    }
  }

  @Override
  public void timestamp(Column column, long micros) {
    Count count = value(column);
    if (count.examples.wants(DistinctValues.hash(micros))) {
      example(count, micros, Values.formatTimestamp(micros));
    }
  }

  private static void example(Count count, long value, String text) {
    char[] chars = text.toCharArray();
    count.examples.add(DistinctValues.hash(value), chars, 0, chars.length, false);
  }

  private static void example(Count count, String text) {
    char[] chars = text.toCharArray();
    count.examples.add(
        DistinctValues.hash(chars, 0, chars.length, 0), chars, 0, chars.length, false);
  }
}
