package io.xmltobigquery.rows;

import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.InvalidValueException;
import io.xmltobigquery.values.Lexical;
import io.xmltobigquery.values.Values;
import java.util.List;

/**
 * A column as the engine uses it: a {@link Field} with its place in the row.
 *
 * <p>Columns of one table are numbered from 0 in the order of a depth-first walk, so that writers
 * can keep what they prepare for each column (a name in bytes, a descriptor) in an array.
 */
public final class Column {

  private final Field field;

  /**
   * Of the field: each value of a row needs them, and thousands of fields don't stay in the cache.
   */
  private final ColumnType type;

  private final Mode mode;
  private final boolean plainText;
  private final boolean keepsEmpty;
  private final boolean space;
  private final boolean maxLength;
  private final int id;
  private final int index;
  private final String path;
  private final List<Column> columns;
  private final List<Column> requiredColumns;

  Column(Field field, int id, int index, String path, List<Column> columns) {
    this.field = field;
    this.type = field.type();
    this.mode = field.mode();
    this.keepsEmpty = type == ColumnType.STRING || type == ColumnType.BYTES;
    this.plainText = type == ColumnType.STRING && field.lexical() == null;
    this.space = type == ColumnType.BYTES || field.lexical() == Lexical.BASE64_BINARY;
    this.maxLength = field.maxLength() != null;
    this.id = id;
    this.index = index;
    this.path = path;
    this.columns = List.copyOf(columns);
    this.requiredColumns = required(columns);
  }

  /** The column's name, without those of the RECORD columns that hold it. */
  public String name() {
    return field.name();
  }

  public ColumnType type() {
    return type;
  }

  public Mode mode() {
    return mode;
  }

  /** The column's number within its table, from 0. */
  public int id() {
    return id;
  }

  /** The column's place among the columns of the same row or RECORD, from 0. */
  int index() {
    return index;
  }

  /** The column's full name, as messages show it: {@code ShipInfo.ShipVia}. */
  public String path() {
    return path;
  }

  /** The columns of a RECORD; empty for every other type. */
  public List<Column> columns() {
    return columns;
  }

  /** Those of a RECORD's columns that must have a value. */
  public List<Column> requiredColumns() {
    return requiredColumns;
  }

  static List<Column> required(List<Column> columns) {
    return columns.stream().filter(column -> column.mode() == Mode.REQUIRED).toList();
  }

  /** Whether an empty text is a value; to other types it is none. */
  boolean keepsEmpty() {
    return keepsEmpty;
  }

  /** Whether the mapping asks for all text in the element by name. */
  boolean namesWholeText() {
    return field.source().wholeText();
  }

  /** Whether the text is kept exactly as it stands, white space included. */
  boolean isPlainText() {
    return plainText;
  }

  /** Whether a valid value may have white space within, other than plain text. */
  boolean mayHoldSpace() {
    return space;
  }

  /**
   * Checks a text without surrounding white space and turns it into the cell's value: see {@link
   * Row} for what the long means for each type.
   *
   * @throws InvalidValueException if the text is no value of this column
   */
  long parse(char[] text, int start, int end) throws InvalidValueException {
    return switch (type) {
      case STRING -> checked(text, start, end);
      case INT64 -> Values.int64(text, start, end);
      case FLOAT64 -> Double.doubleToRawLongBits(Values.float64(text, start, end));
      case NUMERIC, BIGNUMERIC -> checkedDecimal(text, start, end);
      case BOOL -> Values.bool(text, start, end) ? 1 : 0;
      case DATE -> Values.date(text, start, end);
      case DATETIME -> Values.dateTime(text, start, end);
      case TIME -> Values.time(text, start, end);
      case TIMESTAMP -> Values.timestamp(text, start, end);
      case BYTES -> Values.base64(text, start, end);
      case RECORD -> throw new IllegalStateException("a RECORD has no text of its own: " + path);
    };
  }

  private long checked(char[] text, int start, int end) throws InvalidValueException {
    if (field.lexical() != null) {
      Values.check(field.lexical(), text, start, end);
    }
    return 0;
  }

  private long checkedDecimal(char[] text, int start, int end) throws InvalidValueException {
    if (type == ColumnType.NUMERIC) {
      Values.numeric(text, start, end, field.precision(), field.scale());
    } else {
      Values.bignumeric(text, start, end, field.precision(), field.scale());
    }
    return 0;
  }

  /**
   * Checks the column's own bound on length.
   *
   * @param length in characters (code points) of a STRING or bytes of BYTES
   */
  void checkLength(long length) throws InvalidValueException {
    if (field.maxLength() != null && length > field.maxLength()) {
      throw new InvalidValueException(
          "has a length of " + length + "; its maxLength is " + field.maxLength());
    }
  }

  boolean hasMaxLength() {
    return maxLength;
  }

  @Override
  public String toString() {
    return path;
  }
}
