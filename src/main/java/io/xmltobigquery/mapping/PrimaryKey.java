package io.xmltobigquery.mapping;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table's {@code primaryKey}, which is a {@code PrimaryKey} of BigQuery's REST API: the
 * columns that tell rows apart. BigQuery enforces none, and believes it all the same; so it takes
 * every row as a change of the row that has the same key.
 */
final class PrimaryKey {

  static final String NAME = "primaryKey";

  static final List<String> KEYS = List.of("columns");

  /** BigQuery: "Stream table updates with change data capture", limitations. */
  private static final int MOST_COLUMNS_OF_KEY = 16;

  private PrimaryKey() {}

  /**
   * Reads the key.
   *
   * @param fields the table's columns, or null if they have problems
   * @param bigQuery gets the key as a {@code Table} has it
   * @return the names of its columns as the fields have them; none if the table has no key
   */
  static List<String> read(
      DocumentObject table, @Nullable List<Field> fields, ObjectNode bigQuery) {
    DocumentObject key = table.object(NAME);
    if (key == null) {
      return List.of();
    }
    key.checkKeys(KEYS);
    List<String> names = key.requiredTexts("columns");
    if (names == null) {
      return List.of();
    }
    if (names.size() > MOST_COLUMNS_OF_KEY) {
      key.problem(
          "columns",
          "has "
              + names.size()
              + " columns; BigQuery takes "
              + MOST_COLUMNS_OF_KEY
              + ": leave some out");
    }
    List<String> columns = new ArrayList<>();
    for (Field column : columns(key, names, fields)) {
      columns.add(column.name());
      if (column.mode() != Mode.REQUIRED) {
        key.problem(
            "columns",
            DocumentObject.quote(column.name())
                + " may be NULL, and then it tells no row: make it REQUIRED");
      }
    }
    if (fields != null && fields.size() > TableMapping.MOST_COLUMNS_WITH_KEY) {
      key.problem(
          "the table has "
              + fields.size()
              + " columns; BigQuery takes "
              + TableMapping.MOST_COLUMNS_WITH_KEY
              + " of one with a key: leave some out, or put some into RECORDs");
    }
    ArrayNode array = bigQuery.putObject("tableConstraints").putObject(NAME).putArray("columns");
    columns.forEach(array::add);
    return columns;
  }

  private static List<Field> columns(
      DocumentObject key, List<String> names, @Nullable List<Field> fields) {
    List<Field> columns = new ArrayList<>();
    Map<String, Field> seen = new TreeMap<>();
    for (String name : fields == null ? List.<String>of() : names) {
      Field column = BigQueryKeys.column(key, "columns", name, fields, BigQueryKeys.CLUSTERED);
      if (column == null) {
        continue;
      }
      if (seen.put(column.name().toLowerCase(Locale.ROOT), column) != null) {
        key.problem("columns", DocumentObject.quote(name) + " is there twice: remove one");
      }
      columns.add(column);
    }
    return columns;
  }
}
