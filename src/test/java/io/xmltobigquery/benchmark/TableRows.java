package io.xmltobigquery.benchmark;

import com.google.api.services.bigquery.model.TableRow;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.TableColumns;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowToStorageApiProto;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowToStorageApiProto.SchemaInformation;

/** Rows as TableRows. */
final class TableRows extends ObjectRows<TableRow> {

  private final SchemaInformation information;

  TableRows(TableColumns table) {
    super(table);
    information =
        SchemaInformation.fromTableSchema(
            TableRowToStorageApiProto.schemaToProtoTableSchema(schema));
  }

  @Override
  TableRow newRow() {
    return new TableRow();
  }

  @Override
  TableRow newRecord(Column column) {
    return new TableRow();
  }

  @Override
  void put(TableRow row, Column column, Object value) {
    row.set(column.name(), value);
  }

  @Override
  byte[] bytes(TableRow row) throws Exception {
    return TableRowToStorageApiProto.messageFromTableRow(
            information, descriptor, row, false, false, null, null, null)
        .toByteArray();
  }
}
