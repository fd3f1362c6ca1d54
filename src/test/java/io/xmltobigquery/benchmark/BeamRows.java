package io.xmltobigquery.benchmark;

import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.values.ColumnType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.gcp.bigquery.BeamRowToStorageApiProto;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.Schema.FieldType;
import org.apache.beam.sdk.values.Row;
import org.jspecify.annotations.Nullable;

/** Rows as Beam's Rows. */
final class BeamRows extends ObjectRows<BeamRows.Values> {

  private final Schema rowSchema;

  /** By the column's id. */
  private final Map<Integer, Schema> recordSchemas = new HashMap<>();

  /** By the column's id, among the columns of its RECORD. */
  private final int[] places;

  BeamRows(TableColumns table) {
    super(table);
    places = new int[table.columnCount()];
    rowSchema = schema(table.columns());
  }

  private Schema schema(List<Column> columns) {
    Schema.Builder fields = Schema.builder();
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      places[column.id()] = i;
      fields.addField(
          Schema.Field.of(column.name(), fieldType(column))
              .withNullable(column.mode() != Mode.REQUIRED));
    }
    return fields.build();
  }

  private FieldType fieldType(Column column) {
    if (column.type() == ColumnType.RECORD) {
      Schema record = schema(column.columns());
      recordSchemas.put(column.id(), record);
      return FieldType.row(record);
    }
    return column.type() == ColumnType.INT64 ? FieldType.INT64 : FieldType.STRING;
  }

  /** The values of a Row, which can't be changed once it is made. */
  record Values(Schema schema, List<@Nullable Object> values) {
    Values(Schema schema) {
      this(schema, Arrays.asList(new Object[schema.getFieldCount()]));
    }

    Row row() {
      return Row.withSchema(schema).attachValues(values);
    }
  }

  @Override
  Values newRow() {
    return new Values(rowSchema);
  }

  @Override
  Values newRecord(Column column) {
    return new Values(recordSchemas.get(column.id()));
  }

  @Override
  void put(Values row, Column column, Object value) {
    row.values().set(places[column.id()], value instanceof Values record ? record.row() : value);
  }

  @Override
  byte[] bytes(Values row) {
    return BeamRowToStorageApiProto.messageFromBeamRow(descriptor, row.row(), null, null)
        .toByteArray();
  }
}
