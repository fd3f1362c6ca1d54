package io.xmltobigquery.benchmark;

import com.google.api.services.bigquery.model.TableSchema;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import io.xmltobigquery.mapping.BigQuerySchema;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.RowVisitor;
import io.xmltobigquery.rows.TableColumns;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryHelpers;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowToStorageApiProto;

/**
 * Rows as objects that BigQueryIO takes, and by its own converter as bytes: what we would do
 * without a writer of our own. It knows the types of the default mapping, without REPEATED.
 *
 * @param <T> the row, and a RECORD in it
 */
abstract class ObjectRows<T> implements RowVisitor {

  final TableSchema schema;
  final Descriptor descriptor;

  private final Deque<T> open = new ArrayDeque<>();

  ObjectRows(TableColumns table) {
    String json = "{\"fields\":" + BigQuerySchema.json(table.mapping(), false) + "}";
    schema = BigQueryHelpers.fromJsonString(json, TableSchema.class);
    try {
      descriptor = TableRowToStorageApiProto.getDescriptorFromTableSchema(schema, true, false);
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }

  abstract T newRow();

  abstract T newRecord(Column column);

  abstract void put(T row, Column column, Object value);

  /** Throws what the converter throws, some of which isn't public. */
  abstract byte[] bytes(T row) throws Exception;

  byte[] of(Row row) throws Exception {
    T object = newRow();
    open.push(object);
    row.accept(this);
    open.pop();
    return bytes(object);
  }

  @Override
  public void startRecord(Column column) {
    open.push(newRecord(column));
  }

  @Override
  public void endRecord(Column column) {
    T record = open.pop();
    put(open.element(), column, record);
  }

  @Override
  public void json(Column column, char[] text, int start, int end) {
    string(column, text, start, end);
  }

  @Override
  public void string(Column column, char[] text, int start, int end) {
    put(open.element(), column, new String(text, start, end - start));
  }

  @Override
  public void int64(Column column, long value) {
    put(open.element(), column, value);
  }

  @Override
  public void startRepeated(Column column) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void endRepeated(Column column) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void bytes(Column column, char[] text, int start, int end) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void float64(Column column, double value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void decimal(Column column, char[] text, int start, int end) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void bool(Column column, boolean value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void date(Column column, long epochDay) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void dateTime(Column column, long micros) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void time(Column column, long micros) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void timestamp(Column column, long micros) {
    throw new UnsupportedOperationException();
  }
}
