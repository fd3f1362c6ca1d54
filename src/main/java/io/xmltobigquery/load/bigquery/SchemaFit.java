package io.xmltobigquery.load.bigquery;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether a table that is there can take rows of a schema. Bounds on lengths and digits aren't
 * compared: a row that exceeds the table's goes to the dead letter by itself.
 */
final class SchemaFit {

  private static final String NULLABLE = "NULLABLE";
  private static final String REPEATED = "REPEATED";
  private static final String REQUIRED = "REQUIRED";
  private static final String RECORD = "RECORD";

  /** BigQuery's other names of its types. */
  private static final Map<String, String> ALIASES =
      Map.of(
          "INTEGER", "INT64",
          "FLOAT", "FLOAT64",
          "BOOLEAN", "BOOL",
          "STRUCT", RECORD,
          "DECIMAL", "NUMERIC",
          "BIGDECIMAL", "BIGNUMERIC");

  private final List<String> problems = new ArrayList<>();

  private SchemaFit() {}

  /** What keeps the table from taking the rows, column by column; nothing if it fits. */
  static List<String> problems(TableSchema rows, @Nullable TableSchema table) {
    SchemaFit fit = new SchemaFit();
    fit.compare("", rows.getFields(), table == null ? null : table.getFields());
    return List.copyOf(fit.problems);
  }

  private void compare(
      String parent, List<TableFieldSchema> rows, @Nullable List<TableFieldSchema> table) {
    // BigQuery's column names don't differ by case.
    Map<String, TableFieldSchema> columns = new LinkedHashMap<>();
    if (table != null) {
      table.forEach(column -> columns.put(lowerCase(column.getName()), column));
    }
    for (TableFieldSchema row : rows) {
      String path = parent + row.getName();
      TableFieldSchema column = columns.remove(lowerCase(row.getName()));
      if (column == null) {
        problems.add("column " + path + " is missing");
      } else {
        compare(path, row, column);
      }
    }
    for (TableFieldSchema column : columns.values()) {
      if (mode(column).equals(REQUIRED)) {
        problems.add(
            "column "
                + parent
                + column.getName()
                + " is REQUIRED, and the mapping doesn't have it");
      }
    }
  }

  private void compare(String path, TableFieldSchema row, TableFieldSchema column) {
    if (!type(row).equals(type(column))) {
      problems.add("column " + path + " is " + type(column) + ", and not " + type(row));
    } else if (mode(row).equals(REPEATED) != mode(column).equals(REPEATED)
        || (mode(row).equals(NULLABLE) && mode(column).equals(REQUIRED))) {
      problems.add("column " + path + " is " + mode(column) + ", and not " + mode(row));
    } else if (type(row).equals(RECORD)) {
      compare(path + ".", row.getFields(), column.getFields());
    }
  }

  private static String type(TableFieldSchema field) {
    return ALIASES.getOrDefault(field.getType(), field.getType());
  }

  private static String mode(TableFieldSchema field) {
    return field.getMode() == null ? NULLABLE : field.getMode();
  }

  private static String lowerCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
