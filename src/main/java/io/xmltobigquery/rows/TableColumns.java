package io.xmltobigquery.rows;

import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.mapping.XmlName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table as the engine uses it: its number in the mapping and its columns with their places in the
 * row.
 */
public final class TableColumns {

  private final TableMapping mapping;
  private final int id;
  private final List<Column> columns;
  private final List<Column> requiredColumns;
  private final List<Column> completedColumns;
  private final @Nullable Column rest;
  private int columnCount;

  TableColumns(TableMapping mapping, int id) {
    this.mapping = mapping;
    this.id = id;
    this.columns = number(mapping.fields(), "");
    this.requiredColumns = Column.required(columns);
    this.completedColumns = Column.completed(columns);
    this.rest = Column.rest(columns);
  }

  private List<Column> number(List<Field> fields, String parentPath) {
    List<Column> numbered = new ArrayList<>();
    for (Field field : fields) {
      int columnId = columnCount++;
      String path = parentPath + field.name();
      List<Column> children = number(field.fields(), path + ".");
      numbered.add(new Column(field, columnId, numbered.size(), path, children));
    }
    return List.copyOf(numbered);
  }

  /** What the table was compiled from. */
  public TableMapping mapping() {
    return mapping;
  }

  /** The table's name, without project and dataset. */
  public String name() {
    return mapping.table();
  }

  /** The path of the record elements from the root element; empty if they have several. */
  public List<XmlName> recordPath() {
    return mapping.record();
  }

  /** The table's number in the mapping, from 0. */
  public int id() {
    return id;
  }

  /** The table's own columns, in order; those of a RECORD are found below it. */
  public List<Column> columns() {
    return columns;
  }

  /** Those of the table's own columns that must have a value. */
  public List<Column> requiredColumns() {
    return requiredColumns;
  }

  /** Those of the table's own columns whose values {@link Row#complete} finds. */
  public List<Column> completedColumns() {
    return completedColumns;
  }

  /** The one of the table's own columns that takes what of a record nothing names, or null. */
  public @Nullable Column rest() {
    return rest;
  }

  /**
   * How many columns there are, those inside RECORDs included: every {@link Column#id()} is below
   * it.
   */
  public int columnCount() {
    return columnCount;
  }
}
