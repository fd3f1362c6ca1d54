package io.xmltobigquery.localstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Rows of a query's answer, in the form of {@link io.xmltobigquery.oracle.DomOracle}, which is that
 * of JSON Lines: numbers and booleans are such, decimals have no trailing zeros, times have six
 * digits of a second or none, and what is null or empty is left out.
 */
final class QueryRows {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");

  private QueryRows() {}

  /**
   * @param row {@code {"f": [{"v": …}, …]}}
   * @param fields the columns, in BigQuery's JSON schema
   */
  static ObjectNode row(JsonNode row, JsonNode fields) {
    ObjectNode named = JSON.objectNode();
    JsonNode cells = row.get("f");
    for (int i = 0; i < fields.size(); i++) {
      JsonNode field = fields.get(i);
      JsonNode value = cells.get(i).get("v");
      String name = field.get("name").textValue();
      if (value.isArray()) {
        if (!value.isEmpty()) {
          ArrayNode array = named.putArray(name);
          value.forEach(element -> array.add(value(element.get("v"), field)));
        }
      } else if (!value.isNull()) {
        named.set(name, value(value, field));
      }
    }
    return named;
  }

  private static JsonNode value(JsonNode value, JsonNode field) {
    String type = field.get("type").textValue();
    if (value.isNull()) {
      return value;
    }
    return switch (type) {
      case "RECORD", "STRUCT" -> row(value, field.get("fields"));
      case "STRING", "BYTES", "DATE" -> value;
      case "INTEGER", "INT64" -> JSON.numberNode(Long.parseLong(value.textValue()));
      case "FLOAT", "FLOAT64" -> JSON.numberNode(float64(value.textValue()));
      case "NUMERIC", "BIGNUMERIC" -> JSON.textNode(decimal(value.textValue()));
      case "BOOLEAN", "BOOL" -> JSON.booleanNode(bool(value.textValue()));
      case "TIME" -> JSON.textNode(format(LocalTime.parse(value.textValue())));
      case "DATETIME" -> JSON.textNode(format(LocalDateTime.parse(value.textValue())));
      case "TIMESTAMP" -> JSON.textNode(timestamp(Long.parseLong(value.textValue())));
      default -> throw new IllegalArgumentException("column of an unknown type: " + field);
    };
  }

  /** The emulator writes {@code inf}, BigQuery {@code Infinity}. */
  private static double float64(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> Double.parseDouble(text);
    };
  }

  private static String decimal(String text) {
    BigDecimal value = new BigDecimal(text);
    return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("no BOOL: " + text);
    };
  }

  private static String timestamp(long micros) {
    return format(
            LocalDateTime.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), ZoneOffset.UTC))
        + "Z";
  }

  private static String format(LocalDateTime moment) {
    return moment.toLocalDate() + "T" + format(moment.toLocalTime());
  }

  private static String format(LocalTime time) {
    return (time.equals(time.truncatedTo(ChronoUnit.SECONDS)) ? SECONDS : MICROS).format(time);
  }
}
