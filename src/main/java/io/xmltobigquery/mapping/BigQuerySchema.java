package io.xmltobigquery.mapping;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.values.ColumnType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Derives a table's BigQuery schema from its mapping. */
public final class BigQuerySchema {

  private static final JsonMapper JSON = new JsonMapper();

  private BigQuerySchema() {}

  /**
   * The schema as BigQuery's REST API ({@code TableFieldSchema}) and {@code bq} take it: an array
   * of fields, for people to read too.
   *
   * @param lineage whether the table has the {@link LineageColumn}
   */
  public static String json(TableMapping table, boolean lineage) {
    ArrayNode fields = fields(table.fields());
    if (lineage) {
      fields.add(lineage());
    }
    return fields.toPrettyString();
  }

  /**
   * What a table has beside its columns: a {@code Table} of BigQuery's REST API, for people to read
   * too.
   */
  public static String tableJson(TableMapping table) {
    return object(table.bigQuery()).toPrettyString();
  }

  private static ObjectNode object(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no object: " + json, e);
    }
  }

  private static ObjectNode lineage() {
    ObjectNode column =
        nullable(LineageColumn.NAME, ColumnType.RECORD, "Where the row comes from.");
    column
        .putArray("fields")
        .add(nullable(LineageColumn.URI, ColumnType.STRING, "The file, without its generation."))
        .add(nullable(LineageColumn.GENERATION, ColumnType.STRING, "The version of the file."))
        .add(nullable(LineageColumn.RECORD, ColumnType.INT64, "From 1 over all tables."));
    return column;
  }

  private static ObjectNode nullable(String name, ColumnType type, String description) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", name)
        .put("type", type.name())
        .put("mode", Mode.NULLABLE.name())
        .put("description", description);
  }

  private static ArrayNode fields(List<Field> fields) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Field field : fields) {
      array.add(field(field));
    }
    return array;
  }

  private static ObjectNode field(Field field) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", field.name());
    json.put("type", field.type().name());
    json.put("mode", field.mode().name());
    putIfSet(json, "description", field.description());
    // int64 values are strings in the JSON of Google's REST APIs.
    putIfSet(json, "maxLength", field.maxLength());
    putIfSet(json, "precision", field.precision());
    putIfSet(json, "scale", field.scale());
    json.setAll(object(field.bigQuery()));
    if (field.type() == ColumnType.RECORD) {
      json.set("fields", fields(field.fields()));
    }
    return json;
  }

  private static void putIfSet(ObjectNode json, String key, @Nullable Object value) {
    if (value != null) {
      json.put(key, value.toString());
    }
  }
}
