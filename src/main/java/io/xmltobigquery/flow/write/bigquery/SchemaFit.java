package io.xmltobigquery.flow.write.bigquery;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import io.xmltobigquery.values.ColumnType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Whether a table takes rows of a schema. Columns may stand in any order, and their names match
 * whatever the case, as they do for BigQuery.
 *
 * <p>Lengths, precisions and scales aren't compared: a narrower column takes most rows, and what it
 * refuses goes to the dead letter.
 */
final class SchemaFit {

  private final List<String> problems = new ArrayList<>();

  private SchemaFit() {}

  /**
   * Says what doesn't fit, in sentences that begin with a column's path.
   *
   * @param rows the schema of the rows: see {@link Table#tableSchema}
   * @param table the schema of the table that is there
   * @return nothing if the table takes the rows
   */
  static List<String> problems(TableSchema rows, TableSchema table) {
    SchemaFit fit = new SchemaFit();
    fit.compare("", fields(rows.getFields()), fields(table.getFields()));
    return List.copyOf(fit.problems);
  }

  /** An empty table or RECORD has no list of fields. */
  private static List<TableFieldSchema> fields(List<TableFieldSchema> fields) {
    return Objects.requireNonNullElse(fields, List.of());
  }

  private void compare(
      String parentPath, List<TableFieldSchema> rows, List<TableFieldSchema> table) {
    Map<String, TableFieldSchema> rest = new HashMap<>();
    for (TableFieldSchema column : table) {
      rest.put(key(column), column);
    }
    for (TableFieldSchema column : rows) {
      String path = parentPath + column.getName();
      TableFieldSchema there = rest.remove(key(column));
      if (there == null) {
        problems.add(
            path
                + " is missing in the table: add it there, as "
                + mode(column)
                + " "
                + type(column)
                + ".");
      } else {
        compare(path, column, there);
      }
    }
    for (TableFieldSchema column : table) {
      // BigQuery fills in a default value for a column that a row doesn't have.
      if (rest.containsKey(key(column))
          && mode(column).equals("REQUIRED")
          && column.getDefaultValueExpression() == null) {
        problems.add(
            parentPath
                + column.getName()
                + " is REQUIRED in the table, and the mapping has no such column:"
                + " make it NULLABLE there or add it to the mapping.");
      }
    }
  }

  private void compare(String path, TableFieldSchema row, TableFieldSchema table) {
    if (!type(row).equals(type(table))) {
      problems.add(differs(path, type(row), type(table)));
      return;
    }
    if (!takes(mode(table), mode(row))) {
      problems.add(differs(path, mode(row), mode(table)));
    }
    compare(path + ".", fields(row.getFields()), fields(table.getFields()));
  }

  private static boolean takes(String tableMode, String rowMode) {
    // A value that is always there also fits where it might be missing.
    return tableMode.equals(rowMode)
        || (tableMode.equals("NULLABLE") && rowMode.equals("REQUIRED"));
  }

  private static String differs(String path, String mapping, String table) {
    return path + " is " + table + " in the table and " + mapping + " in the mapping.";
  }

  private static String key(TableFieldSchema column) {
    return column.getName().toLowerCase(Locale.ROOT);
  }

  private static String type(TableFieldSchema column) {
    ColumnType type = ColumnType.names().get(column.getType());
    return type == null ? column.getType() : type.name();
  }

  private static String mode(TableFieldSchema column) {
    return Objects.requireNonNullElse(column.getMode(), "NULLABLE");
  }
}
