package io.xmltobigquery.xml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.RowVisitor;
import io.xmltobigquery.values.Values;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** A row as a JSON tree, for comparing. */
final class RowJson implements RowVisitor {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** The objects and arrays that are open, the row first. */
  private final Deque<JsonNode> open = new ArrayDeque<>();

  private RowJson() {}

  static ObjectNode of(Row row) throws IOException {
    RowJson json = new RowJson();
    ObjectNode object = JSON.objectNode();
    json.open.push(object);
    row.accept(json);
    return object;
  }

  private void put(Column column, JsonNode value) {
    if (open.element() instanceof ArrayNode array) {
      array.add(value);
    } else if (((ObjectNode) open.element()).replace(column.name(), value) != null) {
      throw new AssertionError(column + " was visited twice");
    }
  }

  private void start(Column column, JsonNode container) {
    put(column, container);
    open.push(container);
  }

  @Override
  public void startRecord(Column column) {
    start(column, JSON.objectNode());
  }

  @Override
  public void endRecord(Column column) {
    open.pop();
  }

  @Override
  public void startRepeated(Column column) {
    if (column.mode() != Mode.REPEATED) {
      throw new AssertionError(column + " isn't REPEATED");
    }
    start(column, JSON.arrayNode());
  }

  @Override
  public void endRepeated(Column column) {
    if (open.pop().isEmpty()) {
      throw new AssertionError(column + " was visited without a value");
    }
  }

  @Override
  public void string(Column column, char[] text, int start, int end) {
    put(column, JSON.textNode(new String(text, start, end - start)));
  }

  @Override
  public void json(Column column, char[] text, int start, int end) {
    try {
      put(column, MAPPER.readTree(new String(text, start, end - start)));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void bytes(Column column, char[] text, int start, int end) {
    string(column, text, start, end);
  }

  @Override
  public void int64(Column column, long value) {
    put(column, JSON.numberNode(value));
  }

  @Override
  public void float64(Column column, double value) {
    put(column, JSON.numberNode(value));
  }

  @Override
  public void decimal(Column column, char[] text, int start, int end) {
    put(column, JSON.textNode(Values.canonicalDecimal(text, start, end)));
  }

  @Override
  public void bool(Column column, boolean value) {
    put(column, JSON.booleanNode(value));
  }

  @Override
  public void date(Column column, long epochDay) {
    put(column, JSON.textNode(Values.formatDate(epochDay)));
  }

  @Override
  public void dateTime(Column column, long micros) {
    put(column, JSON.textNode(Values.formatDateTime(micros)));
  }

  @Override
  public void time(Column column, long micros) {
    put(column, JSON.textNode(Values.formatTime(micros)));
  }

  @Override
  public void timestamp(Column column, long micros) {
    put(column, JSON.textNode(Values.formatTimestamp(micros)));
  }
}
