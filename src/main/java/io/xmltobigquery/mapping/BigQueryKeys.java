package io.xmltobigquery.mapping;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Sets;
import io.xmltobigquery.values.ColumnType;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys that BigQuery's REST objects {@code TableFieldSchema} and {@code Table} have and
 * that say nothing of XML: tables are created with them. What is checked is what would fail only
 * when a table is created; all else is left to BigQuery.
 */
final class BigQueryKeys {

  /** Those of a field, beside the ones that {@link Field} has for itself. */
  static final List<String> OF_FIELD =
      List.of("policyTags", "defaultValueExpression", "collation", "roundingMode");

  static final List<String> OF_TABLE =
      List.of(
          "description", "timePartitioning", "rangePartitioning", "clustering", PrimaryKey.NAME);

  static final List<String> OF_TIME_PARTITIONING = List.of("type", "field", "expirationMs");
  static final List<String> OF_RANGE_PARTITIONING = List.of("field", "range");
  static final List<String> OF_RANGE = List.of("start", "end", "interval");
  static final List<String> OF_CLUSTERING = List.of("fields");
  static final List<String> OF_POLICY_TAGS = List.of("names");

  /** BigQuery: REST reference, {@code Table.description}, in characters. */
  private static final int MAX_DESCRIPTION_LENGTH = 16_384;

  /** BigQuery: "Introduction to clustered tables". */
  private static final int MOST_CLUSTERING_COLUMNS = 4;

  private static final Map<String, String> PARTITIONING_TYPES =
      names("HOUR", "DAY", "MONTH", "YEAR");

  /** BigQuery: "Collation specifications". */
  private static final Set<String> COLLATIONS = Set.of("und:ci", "");

  private static final Map<String, String> ROUNDING_MODES =
      names("ROUND_HALF_AWAY_FROM_ZERO", "ROUND_HALF_EVEN");

  private static final Set<ColumnType> TIMES =
      EnumSet.of(ColumnType.DATE, ColumnType.DATETIME, ColumnType.TIMESTAMP);

  /**
   * BigQuery: "Introduction to clustered tables", cluster column types. Keys may have the same:
   * "Use primary and foreign keys".
   */
  static final Set<ColumnType> CLUSTERED =
      Sets.immutableEnumSet(
          ColumnType.STRING,
          ColumnType.INT64,
          ColumnType.NUMERIC,
          ColumnType.BIGNUMERIC,
          ColumnType.BOOL,
          ColumnType.DATE,
          ColumnType.DATETIME,
          ColumnType.TIMESTAMP);

  private BigQueryKeys() {}

  /**
   * What a field says to BigQuery alone.
   *
   * @param type the column's, or null if it isn't known
   */
  static ObjectNode ofField(DocumentObject field, @Nullable ColumnType type) {
    ObjectNode keys = JsonNodeFactory.instance.objectNode();
    DocumentObject policyTags = field.object("policyTags");
    if (policyTags != null) {
      policyTags.checkKeys(OF_POLICY_TAGS);
      putTexts(keys.putObject("policyTags"), "names", policyTags.texts("names"));
    }
    putText(keys, "defaultValueExpression", field.text("defaultValueExpression"));
    String collation = field.text("collation");
    if (collation != null && !COLLATIONS.contains(collation)) {
      field.problem("collation", "must be \"und:ci\", or empty for none");
    }
    putText(keys, "collation", collation);
    putText(keys, "roundingMode", field.choice("roundingMode", ROUNDING_MODES, null));
    if (type != null) {
      field.checkKeyOfType("collation", type, EnumSet.of(ColumnType.STRING));
      field.checkKeyOfType(
          "roundingMode", type, EnumSet.of(ColumnType.NUMERIC, ColumnType.BIGNUMERIC));
      field.checkKeyOfType("policyTags", type, EnumSet.complementOf(EnumSet.of(ColumnType.RECORD)));
    }
    return keys;
  }

  /**
   * What a table says to BigQuery alone.
   *
   * @param fields its columns, or null if they have problems
   */
  static ObjectNode ofTable(DocumentObject table, @Nullable List<Field> fields) {
    ObjectNode keys = JsonNodeFactory.instance.objectNode();
    putText(keys, "description", table.boundedText("description", MAX_DESCRIPTION_LENGTH));
    DocumentObject byTime = table.object("timePartitioning");
    if (byTime != null) {
      timePartitioning(byTime, fields, keys.putObject("timePartitioning"));
    }
    DocumentObject byRange = table.object("rangePartitioning");
    if (byRange != null) {
      rangePartitioning(byRange, fields, keys.putObject("rangePartitioning"));
      if (byTime != null) {
        byRange.problem("a table is partitioned by time or by range, not both: remove one");
      }
    }
    DocumentObject clustering = table.object("clustering");
    if (clustering != null) {
      clustering(clustering, fields, keys.putObject("clustering"));
    }
    return keys;
  }

  private static void timePartitioning(
      DocumentObject object, @Nullable List<Field> fields, ObjectNode json) {
    object.checkKeys(OF_TIME_PARTITIONING);
    String type =
        object.requiredText("type") == null
            ? null
            : object.choice("type", PARTITIONING_TYPES, null);
    putText(json, "type", type);
    String field = object.text("field");
    putText(json, "field", field);
    putNumber(json, "expirationMs", object.positiveNumber("expirationMs"));
    if (field != null && fields != null) {
      Field column = column(object, "field", field, fields, TIMES);
      if (column != null && column.type() == ColumnType.DATE && "HOUR".equals(type)) {
        object.problem("type", "HOUR needs a DATETIME or TIMESTAMP: a DATE has no hours");
      }
    }
  }

  private static void rangePartitioning(
      DocumentObject object, @Nullable List<Field> fields, ObjectNode json) {
    object.checkKeys(OF_RANGE_PARTITIONING);
    String field = object.requiredText("field");
    putText(json, "field", field);
    if (field != null && fields != null) {
      var unused = column(object, "field", field, fields, EnumSet.of(ColumnType.INT64));
    }
    DocumentObject range = object.requiredObject("range");
    if (range == null) {
      return;
    }
    range.checkKeys(OF_RANGE);
    Long start = range.requiredNumber("start");
    Long end = range.requiredNumber("end");
    Long interval = range.requiredNumber("interval");
    ObjectNode bounds = json.putObject("range");
    putNumber(bounds, "start", start);
    putNumber(bounds, "end", end);
    putNumber(bounds, "interval", interval);
    if (interval != null && interval < 1) {
      range.problem("interval", "must be 1 or more");
    }
    if (start != null && end != null && start >= end) {
      range.problem("end", "must be more than start");
    }
  }

  private static void clustering(
      DocumentObject object, @Nullable List<Field> fields, ObjectNode json) {
    object.checkKeys(OF_CLUSTERING);
    List<String> names = object.requiredTexts("fields");
    putTexts(json, "fields", names);
    if (names == null) {
      return;
    }
    if (names.size() > MOST_CLUSTERING_COLUMNS) {
      object.problem(
          "fields",
          "has "
              + names.size()
              + " columns; BigQuery takes "
              + MOST_CLUSTERING_COLUMNS
              + ": leave some out");
    }
    for (String name : fields == null ? List.<String>of() : names) {
      var unused = column(object, "fields", name, fields, CLUSTERED);
    }
  }

  /** The column of the table that a key names; null, and a problem, if it can't be used there. */
  static @Nullable Field column(
      DocumentObject object, String key, String name, List<Field> fields, Set<ColumnType> types) {
    Field column =
        fields.stream()
            .filter(field -> field.name().equalsIgnoreCase(name))
            .findFirst()
            .orElse(null);
    if (column == null) {
      object.problem(
          key,
          DocumentObject.quote(name)
              + " isn't a column of the table: "
              + DocumentObject.suggestion(
                  name, fields.stream().map(Field::name).toList(), "use one of "));
      return null;
    }
    if (!types.contains(column.type()) || column.mode() == Mode.REPEATED) {
      object.problem(
          key,
          "%s is a %s %s: use a column of type %s that isn't REPEATED"
              .formatted(
                  DocumentObject.quote(name),
                  column.mode(),
                  column.type(),
                  DocumentObject.alternatives(types)));
      return null;
    }
    return column;
  }

  private static void putText(ObjectNode json, String key, @Nullable String value) {
    if (value != null) {
      json.put(key, value);
    }
  }

  /** int64 values are strings in the JSON of Google's REST APIs. */
  private static void putNumber(ObjectNode json, String key, @Nullable Long value) {
    if (value != null) {
      json.put(key, value.toString());
    }
  }

  private static void putTexts(ObjectNode json, String key, @Nullable List<String> values) {
    if (values != null) {
      ArrayNode array = json.putArray(key);
      values.forEach(array::add);
    }
  }

  private static Map<String, String> names(String... names) {
    return List.of(names).stream()
        .collect(
            Collectors.toMap(
                Function.identity(), Function.identity(), (a, b) -> a, LinkedHashMap::new));
  }
}
