package io.xmltobigquery.rows;

import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.values.Binary;
import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.Conversion;
import io.xmltobigquery.values.InvalidValueException;
import io.xmltobigquery.values.NumberFormat;
import io.xmltobigquery.values.Syntax;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The values of one record, in flat arrays that are used again for the next record: reading a file
 * allocates next to nothing for each row.
 *
 * <p>A <em>group</em> is the row itself or one RECORD value. It has a place for each of its
 * columns, with the first and the last of the column's <em>cells</em>, and the cells of one column
 * are linked. A cell is a range of the text, a long whose meaning depends on the column's type, and
 * for a RECORD the group. Of a thousand columns a row may fill a few: which places are in use is a
 * set of bits, so that those without a value cost next to nothing.
 *
 * <p>The long is the value of INT64, the raw bits of FLOAT64, 0 or 1 for BOOL, days for DATE,
 * microseconds for DATETIME, TIME and TIMESTAMP, the end of the compacted text for BYTES and unused
 * otherwise.
 */
public final class Row {

  /** What became of a text that was to be a column's value. */
  public enum Added {
    VALUE,
    /** It stands for no value: nothing was added. */
    NO_VALUE,
    /** It is a piece of a value, which {@link Row#complete} makes. */
    PIECE,
    /** The column has a value already and isn't REPEATED: nothing was added. */
    REPEATED
  }

  /** Values and columns of one row, present or not, beyond which nobody has a use for it. */
  public static final int MAX_SIZE = 1_000_000;

  private static final int NONE = -1;

  /** Arrays up to this length are kept for the next record; larger ones are given back. */
  private static final int MAX_KEPT_LENGTH = 1 << 20;

  private final TableColumns table;
  private final ColumnTally tally;

  private char[] text = new char[1024];
  private int textEnd;

  private BitSet used = new BitSet();
  private int[] firstCell = new int[64];
  private int[] lastCell = new int[64];
  private int places;

  private int[] cellStart = new int[64];
  private int[] cellEnd = new int[64];
  private long[] cellValue = new long[64];
  private int[] cellNext = new int[64];
  private int cells;
  private boolean deletion;

  public Row(TableColumns table) {
    this(table, new ColumnTally(table));
  }

  /**
   * A row for one record after the other.
   *
   * @param tally takes note of the columns that get values
   */
  public Row(TableColumns table, ColumnTally tally) {
    this.table = table;
    this.tally = tally;
    clear();
  }

  public TableColumns table() {
    return table;
  }

  /** Forgets all values. Group 0, which is the row itself, is open afterwards. */
  public void clear() {
    if (text.length > MAX_KEPT_LENGTH) {
      text = new char[1024];
    }
    if (firstCell.length > MAX_KEPT_LENGTH / 2) {
      resizePlaces(64);
      used = new BitSet();
    }
    if (cellStart.length > MAX_KEPT_LENGTH) {
      resizeCells(64);
    }
    textEnd = 0;
    used.clear();
    places = 0;
    cells = 0;
    deletion = false;
    openGroup(table.columns().size());
  }

  /** Tells that it deletes the row that has its key, instead of replacing it. */
  public void markAsDeletion() {
    deletion = true;
  }

  public boolean isDeletion() {
    return deletion;
  }

  /**
   * What the values take, whatever their texts: the number of values, and of columns of the row and
   * its RECORDs.
   */
  public int size() {
    return cells + places;
  }

  /** The text's end, where the next {@link #append} goes: remember it as the start of a value. */
  public int textEnd() {
    return textEnd;
  }

  /** Appends to the text of the value that is being read. */
  public void append(char[] source, int start, int length) {
    ensureText(length);
    System.arraycopy(source, start, text, textEnd, length);
    textEnd += length;
  }

  /** Appends to the text of the value that is being read. */
  public void append(String value) {
    ensureText(value.length());
    value.getChars(0, value.length(), text, textEnd);
    textEnd += value.length();
  }

  private void ensureText(int length) {
    if (text.length - textEnd < length) {
      // A long text grows by less, since old and new are in memory together.
      int larger = text.length < MAX_KEPT_LENGTH ? text.length * 2 : text.length / 4 * 5;
      text = Arrays.copyOf(text, Math.max(Math.addExact(textEnd, length), larger));
    }
  }

  /**
   * Adds a value to a column.
   *
   * @param group the group that the column belongs to
   * @param start where its text starts
   * @param end where its text ends
   * @throws InvalidValueException if the text is no value of the column
   */
  public Added add(int group, Column column, int start, int end) throws InvalidValueException {
    int from = start;
    int to = end;
    long value = 0;
    if (!column.isPlainText()) {
      if (column.conversion() != null) {
        return convert(group, column, column.conversion(), start, end);
      }
      while (from < to && Syntax.isSpace(text[from])) {
        from++;
      }
      while (to > from && Syntax.isSpace(text[to - 1])) {
        to--;
      }
      if (from == to && !column.keepsEmpty()) {
        return noValue(column);
      }
      if (!isFree(group, column)) {
        return Added.REPEATED;
      }
      if (column.mayHoldSpace()) {
        // What follows changes the text, and another column may take the same one.
        from = copyToEnd(from, to);
        to = collapseSpace(from, textEnd);
      }
      value = column.parse(text, from, to);
    } else if (!isFree(group, column)) {
      return Added.REPEATED;
    }
    if (column.hasMaxLength()) {
      column.checkLength(length(column, from, to, value));
    }
    link(group, column, newCell(from, to, value));
    return Added.VALUE;
  }

  private Added convert(int group, Column column, Conversion conversion, int start, int end)
      throws InvalidValueException {
    if (conversion.join() != null) {
      chain(group, column, newCell(start, end, 0));
      return Added.PIECE;
    }
    if (conversion.split() == null) {
      return addConverted(group, column, conversion, start, end);
    }
    Added added = Added.NO_VALUE;
    // A row of more values is refused, and until then it is only to be bounded.
    for (int at = start; at < end && size() <= MAX_SIZE; ) {
      int itemEnd = conversion.itemEnd(text, at, end);
      if (itemEnd > at && addConverted(group, column, conversion, at, itemEnd) == Added.VALUE) {
        added = Added.VALUE;
      }
      at = itemEnd + conversion.split().length();
    }
    return added;
  }

  private Added addConverted(int group, Column column, Conversion conversion, int start, int end)
      throws InvalidValueException {
    int from = start;
    int to = end;
    if (!column.keepsSpace()) {
      while (from < to && Syntax.isSpace(text[from])) {
        from++;
      }
      while (to > from && Syntax.isSpace(text[to - 1])) {
        to--;
      }
      // What follows changes the text, and another column may take the same one.
      from = copyToEnd(from, to);
      to = collapseSpace(from, textEnd);
      textEnd = to;
    }
    if (conversion.isNullMarker(text, from, to)) {
      return noValue(column);
    }
    if (from == to) {
      if (conversion.empty() == Conversion.Empty.ERROR) {
        throw new InvalidValueException("is empty, which the mapping makes an error");
      }
      if (conversion.empty() == Conversion.Empty.NULL || !column.keepsEmpty()) {
        return noValue(column);
      }
    }
    if (!isFree(group, column)) {
      return Added.REPEATED;
    }
    if (conversion.number() != null) {
      ensureText(NumberFormat.MOST_MORE_CHARACTERS);
      to = conversion.number().rewrite(text, from, to, column.type());
      textEnd = to;
    }
    long value =
        conversion.parses(column.type())
            ? conversion.parse(column.type(), text, from, to)
            : column.parse(text, from, to);
    if (column.hasMaxLength()) {
      column.checkLength(length(column, from, to, value));
    }
    link(group, column, newCell(from, to, value));
    return Added.VALUE;
  }

  /**
   * Makes the value of a column that has to wait until all in the row or RECORD was read: that of
   * joined pieces, and the default where there is none.
   *
   * @param column one of the completed columns
   * @throws InvalidValueException if what was joined is no value of the column
   */
  public void complete(int group, Column column) throws InvalidValueException {
    Conversion conversion = column.conversion();
    if (conversion == null) {
      return;
    }
    if (conversion.join() != null && has(group, column)) {
      int cell = firstCell[group + column.index()];
      int start = textEnd;
      while (cell != NONE) {
        append(text, cellStart[cell], cellEnd[cell] - cellStart[cell]);
        cell = cellNext[cell];
        if (cell != NONE) {
          append(conversion.join());
        }
      }
      used.clear(group + column.index());
      addConverted(group, column, conversion, start, textEnd);
    }
    if (conversion.defaultText() != null && !has(group, column)) {
      int start = textEnd;
      append(conversion.defaultText());
      long value = column.parse(text, start, textEnd);
      chain(group, column, newCell(start, textEnd, value));
    }
  }

  private Added noValue(Column column) {
    tally.noValue(column);
    return Added.NO_VALUE;
  }

  private int copyToEnd(int from, int to) {
    int start = textEnd;
    append(text, from, to - from);
    return start;
  }

  /** Leaves one space of each run of white space. */
  private int collapseSpace(int from, int to) {
    int end = from;
    for (int at = from; at < to; at++) {
      if (!Syntax.isSpace(text[at])) {
        text[end++] = text[at];
      } else if (text[end - 1] != ' ') {
        text[end++] = ' ';
      }
    }
    return end;
  }

  private long length(Column column, int from, int to, long value) {
    if (column.type() == ColumnType.STRING) {
      return Character.codePointCount(text, from, to - from);
    }
    return Binary.base64Length(text, from, (int) value);
  }

  /**
   * Opens a value of a RECORD column.
   *
   * @return the new group, or -1 if the column has a value already and isn't REPEATED
   */
  public int addRecord(int group, Column column) {
    if (!isFree(group, column)) {
      return NONE;
    }
    int record = openRecord(column);
    link(group, column, newCell(record, 0, 0));
    return record;
  }

  /**
   * Opens a value of a RECORD column that isn't one of the row before it is linked.
   *
   * @return the new group
   */
  public int openRecord(Column column) {
    return openGroup(column.columns().size());
  }

  /**
   * Makes a value of a RECORD column one of a group.
   *
   * @return false if the column has a value already and isn't REPEATED
   */
  public boolean linkRecord(int group, Column column, int record) {
    if (!isFree(group, column)) {
      return false;
    }
    link(group, column, newCell(record, 0, 0));
    return true;
  }

  /** A piece of the text. */
  public String text(int start, int end) {
    return new String(text, start, end - start);
  }

  /** Whether a column of the group has a value. */
  public boolean has(int group, Column column) {
    return used.get(group + column.index());
  }

  private boolean isFree(int group, Column column) {
    return column.mode() == Mode.REPEATED || !has(group, column);
  }

  private int openGroup(int columns) {
    int group = places;
    places += columns;
    if (places > firstCell.length) {
      resizePlaces(Math.max(places, 2 * firstCell.length));
    }
    return group;
  }

  private void resizePlaces(int capacity) {
    firstCell = Arrays.copyOf(firstCell, capacity);
    lastCell = Arrays.copyOf(lastCell, capacity);
  }

  private int newCell(int start, int end, long value) {
    if (cells == cellStart.length) {
      resizeCells(2 * cells);
    }
    cellStart[cells] = start;
    cellEnd[cells] = end;
    cellValue[cells] = value;
    cellNext[cells] = NONE;
    return cells++;
  }

  private void resizeCells(int capacity) {
    cellStart = Arrays.copyOf(cellStart, capacity);
    cellEnd = Arrays.copyOf(cellEnd, capacity);
    cellValue = Arrays.copyOf(cellValue, capacity);
    cellNext = Arrays.copyOf(cellNext, capacity);
  }

  /** Adds a value that the column's source has. */
  private void link(int group, Column column, int cell) {
    tally.filled(column);
    chain(group, column, cell);
  }

  private void chain(int group, Column column, int cell) {
    int place = group + column.index();
    if (used.get(place)) {
      cellNext[lastCell[place]] = cell;
    } else {
      used.set(place);
      firstCell[place] = cell;
    }
    lastCell[place] = cell;
  }

  /**
   * Hands all values to the visitor.
   *
   * @throws IOException if the visitor does
   */
  public void accept(RowVisitor visitor) throws IOException {
    visitGroup(0, table.columns(), visitor);
  }

  private void visitGroup(int group, List<Column> columns, RowVisitor visitor) throws IOException {
    int end = group + columns.size();
    for (int place = used.nextSetBit(group);
        place >= 0 && place < end;
        place = used.nextSetBit(place + 1)) {
      int cell = firstCell[place];
      Column column = columns.get(place - group);
      if (column.mode() == Mode.REPEATED) {
        visitor.startRepeated(column);
        for (; cell != NONE; cell = cellNext[cell]) {
          visitCell(cell, column, visitor);
        }
        visitor.endRepeated(column);
      } else {
        visitCell(cell, column, visitor);
      }
    }
  }

  private void visitCell(int cell, Column column, RowVisitor visitor) throws IOException {
    int start = cellStart[cell];
    int end = cellEnd[cell];
    long value = cellValue[cell];
    switch (column.type()) {
      case STRING -> visitor.string(column, text, start, end);
      case JSON -> visitor.json(column, text, start, end);
      case BYTES -> visitor.bytes(column, text, start, (int) value);
      case INT64 -> visitor.int64(column, value);
      case FLOAT64 -> visitor.float64(column, Double.longBitsToDouble(value));
      case NUMERIC, BIGNUMERIC -> visitor.decimal(column, text, start, end);
      case BOOL -> visitor.bool(column, value != 0);
      case DATE -> visitor.date(column, value);
      case DATETIME -> visitor.dateTime(column, value);
      case TIME -> visitor.time(column, value);
      case TIMESTAMP -> visitor.timestamp(column, value);
      case RECORD -> {
        visitor.startRecord(column);
        visitGroup(start, column.columns(), visitor);
        visitor.endRecord(column);
      }
    }
  }
}
