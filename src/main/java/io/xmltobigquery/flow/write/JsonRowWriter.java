package io.xmltobigquery.flow.write;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.SerializedString;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.RowVisitor;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.values.Values;
import java.io.IOException;
import java.util.List;

/**
 * Writes rows as JSON objects that a BigQuery load job takes with the table's schema: columns
 * without a value are left out, INT64 and FLOAT64 are numbers, NUMERIC, BIGNUMERIC and integers
 * that don't fit a double are strings, so that no reader rounds them, and JSON is what it is.
 */
public final class JsonRowWriter implements RowVisitor {

  /**
   * The load job's own bound: <a
   * href="https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-json#limitations">
   * limitations</a>.
   */
  private static final long MAX_NUMBER = (1L << 53) - 1;

  private final JsonGenerator json;
  private final SerializableString[] names;

  /** Within an array the values stand without their column's name. */
  private boolean inArray;

  /** Writes rows of one table. What is visited alone goes into the object that is open. */
  public JsonRowWriter(JsonGenerator json, TableColumns table) {
    this.json = json;
    this.names = new SerializableString[table.columnCount()];
    prepareNames(table.columns());
  }

  private void prepareNames(List<Column> columns) {
    for (Column column : columns) {
      names[column.id()] = new SerializedString(column.name());
      prepareNames(column.columns());
    }
  }

  /** Writes a row as an object. */
  public void write(Row row) throws IOException {
    json.writeStartObject();
    row.accept(this);
    json.writeEndObject();
  }

  private void name(Column column) throws IOException {
    if (!inArray) {
      json.writeFieldName(names[column.id()]);
    }
  }

  @Override
  public void startRepeated(Column column) throws IOException {
    name(column);
    json.writeStartArray();
    inArray = true;
  }

  @Override
  public void endRepeated(Column column) throws IOException {
    json.writeEndArray();
    inArray = false;
  }

  @Override
  public void startRecord(Column column) throws IOException {
    name(column);
    json.writeStartObject();
    inArray = false;
  }

  @Override
  public void endRecord(Column column) throws IOException {
    json.writeEndObject();
    inArray = column.mode() == Mode.REPEATED;
  }

  @Override
  public void string(Column column, char[] text, int start, int end) throws IOException {
    name(column);
    json.writeString(text, start, end - start);
  }

  @Override
  public void json(Column column, char[] text, int start, int end) throws IOException {
    name(column);
    json.writeRawValue(text, start, end - start);
  }

  @Override
  public void bytes(Column column, char[] text, int start, int end) throws IOException {
    string(column, text, start, end);
  }

  @Override
  public void int64(Column column, long value) throws IOException {
    name(column);
    if (value < -MAX_NUMBER || value > MAX_NUMBER) {
      json.writeString(Long.toString(value));
    } else {
      json.writeNumber(value);
    }
  }

  @Override
  public void float64(Column column, double value) throws IOException {
    name(column);
    // Infinities and NaN become strings, which BigQuery understands.
    json.writeNumber(value);
  }

  @Override
  public void decimal(Column column, char[] text, int start, int end) throws IOException {
    name(column);
    json.writeString(Values.canonicalDecimal(text, start, end));
  }

  @Override
  public void bool(Column column, boolean value) throws IOException {
    name(column);
    json.writeBoolean(value);
  }

  @Override
  public void date(Column column, long epochDay) throws IOException {
    name(column);
    json.writeString(Values.formatDate(epochDay));
  }

  @Override
  public void dateTime(Column column, long micros) throws IOException {
    name(column);
    json.writeString(Values.formatDateTime(micros));
  }

  @Override
  public void time(Column column, long micros) throws IOException {
    name(column);
    json.writeString(Values.formatTime(micros));
  }

  @Override
  public void timestamp(Column column, long micros) throws IOException {
    name(column);
    json.writeString(Values.formatTimestamp(micros));
  }
}
