package io.xmltobigquery.rows;

import com.google.common.collect.Sets;
import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.Conversion;
import io.xmltobigquery.values.InvalidValueException;
import io.xmltobigquery.values.Lexical;
import io.xmltobigquery.values.Values;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A column as the engine uses it: a {@link Field} with its place in the row.
 *
 * <p>Columns of one table are numbered from 0 in the order of a depth-first walk, so that writers
 * can keep what they prepare for each column (a name in bytes, a descriptor) in an array.
 */
public final class Column {

  private static final Set<Lexical> MAY_HOLD_SPACE =
      Sets.immutableEnumSet(Lexical.BASE64_BINARY, Lexical.TOKEN, Lexical.ANY_URI);

  private final Field field;

  /**
   * Of the field: each value of a row needs them, and thousands of fields don't stay in the cache.
   */
  private final ColumnType type;

  private final Mode mode;
  private final @Nullable Conversion conversion;
  private final boolean plainText;
  private final boolean keepsEmpty;
  private final boolean space;
  private final boolean maxLength;
  private final int id;
  private final int index;
  private final String path;
  private final List<Column> columns;
  private final List<Column> requiredColumns;
  private final List<Column> completedColumns;
  private final @Nullable Column rest;

  Column(Field field, int id, int index, String path, List<Column> columns) {
    this.field = field;
    this.type = field.type();
    this.mode = field.mode();
    this.keepsEmpty = type == ColumnType.STRING || type == ColumnType.BYTES;
    this.conversion = field.conversion();
    this.plainText =
        type == ColumnType.JSON
            || (type == ColumnType.STRING && field.lexical() == null && conversion == null);
    this.space = type == ColumnType.BYTES || MAY_HOLD_SPACE.contains(field.lexical());
    this.maxLength = field.maxLength() != null;
    this.id = id;
    this.index = index;
    this.path = path;
    this.columns = List.copyOf(columns);
    this.requiredColumns = required(columns);
    this.completedColumns = completed(columns);
    this.rest = rest(columns);
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

  /** Those of a RECORD's columns whose values {@link Row#complete} finds. */
  public List<Column> completedColumns() {
    return completedColumns;
  }

  /** The one of a RECORD's columns that takes what of its element nothing names, or null. */
  public @Nullable Column rest() {
    return rest;
  }

  static @Nullable Column rest(List<Column> columns) {
    return columns.stream().filter(c -> c.field.source().isRest()).findFirst().orElse(null);
  }

  static List<Column> completed(List<Column> columns) {
    return columns.stream().filter(Column::isCompleted).toList();
  }

  private boolean isCompleted() {
    return conversion != null && (conversion.join() != null || conversion.defaultText() != null);
  }

  static List<Column> required(List<Column> columns) {
    return columns.stream().filter(column -> column.mode() == Mode.REQUIRED).toList();
  }

  /** Whether an empty text is a value; to other types it is none. */
  boolean keepsEmpty() {
    return keepsEmpty;
  }

  /** Whether the mapping asks for all text in the element by name. */
  public boolean namesWholeText() {
    return field.source().wholeText();
  }

  /** How the text becomes the value, or null if the type says all of it. */
  @Nullable Conversion conversion() {
    return conversion;
  }

  /** Whether its texts are pieces, of which there may be many. */
  public boolean isJoined() {
    return conversion != null && conversion.join() != null;
  }

  /** Whether the text's white space is kept, whatever else is done with it. */
  boolean keepsSpace() {
    return type == ColumnType.STRING
        && field.lexical() == null
        && (conversion == null || !conversion.collapse());
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
    return Values.parse(type, field.lexical(), field.precision(), field.scale(), text, start, end);
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
