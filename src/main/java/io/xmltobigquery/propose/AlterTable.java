package io.xmltobigquery.propose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.values.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What has to be done to a table of BigQuery so that it takes a mapping's additions, by its
 * "Modifying table schemas": DDL adds columns, but none inside of RECORDs, and changes a type only
 * into a wider one of numbers.
 */
final class AlterTable {

  private static final Set<ColumnType> NUMBERS =
      Set.of(ColumnType.NUMERIC, ColumnType.BIGNUMERIC, ColumnType.FLOAT64);

  private final String table;
  private final List<ObjectNode> added = new ArrayList<>();
  private final List<String> addedInside = new ArrayList<>();
  private final List<String> widened = new ArrayList<>();

  AlterTable(String table) {
    this.table = table;
  }

  /**
   * Adds a column.
   *
   * @param holder the RECORD that it is in, or empty
   */
  void add(String holder, ObjectNode field) {
    if (holder.isEmpty()) {
      added.add(field);
    } else {
      addedInside.add(holder + "." + field.get("name").asText());
    }
  }

  /**
   * Makes a column's type wider.
   *
   * @param column its full name
   */
  void widen(String column, Mode mode, ColumnType from, ColumnType to) {
    if (column.contains(".") || mode == Mode.REPEATED) {
      widened.add(
          "-- "
              + table
              + ": "
              + column
              + " becomes "
              + to
              + ", which DDL doesn't do inside of a RECORD or an array: make a new table, and copy the rows");
    } else if (NUMBERS.contains(to)) {
      widened.add(
          "ALTER TABLE "
              + name(table)
              + " ALTER COLUMN "
              + name(column)
              + " SET DATA TYPE "
              + to
              + ";");
    } else {
      widened.add(copied(column, from, to));
    }
  }

  /** The way to a type that BigQuery doesn't change a column into. */
  private String copied(String column, ColumnType from, ColumnType to) {
    String copy = column + "_as_" + to.name().toLowerCase(java.util.Locale.ROOT);
    String alter = "ALTER TABLE " + name(table) + " ";
    return "-- BigQuery doesn't change "
        + from
        + " into "
        + to
        + ": a copy takes its place.\n"
        + alter
        + "ADD COLUMN "
        + name(copy)
        + " "
        + to
        + ";\nUPDATE "
        + name(table)
        + " SET "
        + name(copy)
        + " = CAST("
        + name(column)
        + " AS "
        + to
        + ") WHERE TRUE;\n"
        + alter
        + "DROP COLUMN "
        + name(column)
        + ";\n"
        + alter
        + "RENAME COLUMN "
        + name(copy)
        + " TO "
        + name(column)
        + ";";
  }

  /** Statements of GoogleSQL, and comments for what they can't do. */
  List<String> statements() {
    List<String> statements = new ArrayList<>();
    if (!added.isEmpty()) {
      statements.add(
          "ALTER TABLE "
              + name(table)
              + added.stream()
                  .map(field -> "\n  ADD COLUMN " + name(field) + " " + type(field))
                  .collect(Collectors.joining(","))
              + ";");
    }
    statements.addAll(widened);
    if (!addedInside.isEmpty()) {
      statements.add(
          "-- "
              + table
              + ": new inside of RECORDs, where DDL adds no columns: "
              + String.join(", ", addedInside)
              + ".\n-- Write the new schema by `xml-to-bigquery schema`, then: bq update DATASET."
              + table
              + " "
              + table
              + ".schema.json");
    }
    return statements;
  }

  private static String name(ObjectNode field) {
    return name(field.get("name").asText());
  }

  private static String name(String name) {
    return "`" + name + "`";
  }

  private static String type(JsonNode field) {
    String type = field.get("type").asText();
    if (field.has("fields")) {
      type =
          StreamSupport.stream(field.get("fields").spliterator(), false)
              .map(inner -> name((ObjectNode) inner) + " " + type(inner))
              .collect(Collectors.joining(", ", "STRUCT<", ">"));
    }
    return field.path("mode").asText().equals("REPEATED") ? "ARRAY<" + type + ">" : type;
  }
}
