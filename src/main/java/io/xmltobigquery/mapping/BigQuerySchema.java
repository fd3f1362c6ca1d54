package io.xmltobigquery.mapping;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Derives a table's BigQuery schema from its mapping. */
public final class BigQuerySchema {

  private BigQuerySchema() {}

  /**
   * The schema as BigQuery's REST API ({@code TableFieldSchema}) and {@code bq} take it: an array
   * of fields, for people to read too.
   */
  public static String json(TableMapping table) {
    return fields(table.fields()).toPrettyString();
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
