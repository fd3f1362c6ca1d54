package io.xmltobigquery.load.bigquery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.xmltobigquery.load.RefusedRow;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryStorageApiInsertError;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowToStorageApiProto;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowToStorageApiProto.SchemaInformation;
import org.apache.beam.sdk.transforms.SimpleFunction;

/** Takes what BigQuery refused out of its envelope. */
final class RefusedRows extends SimpleFunction<BigQueryStorageApiInsertError, RefusedRow> {

  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Table table;

  RefusedRows(Table table) {
    this.table = table;
  }

  @Override
  public RefusedRow apply(BigQueryStorageApiInsertError error) {
    RowEnvelope.Returned returned = RowEnvelope.Returned.of(error.getRow());
    try {
      Object row =
          TableRowToStorageApiProto.tableRowFromMessage(
              SchemaInformation.fromTableSchema(
                  TableRowToStorageApiProto.schemaToProtoTableSchema(table.tableSchema())),
              DynamicMessage.parseFrom(
                  TableRowToStorageApiProto.wrapDescriptorProto(table.descriptor()),
                  returned.row()),
              true,
              field -> true);
      return new RefusedRow(
          table.name(),
          error.getErrorMessage(),
          returned.file(),
          returned.record(),
          JSON.writeValueAsString(row));
    } catch (InvalidProtocolBufferException
        | DescriptorValidationException
        | JsonProcessingException e) {
      throw new IllegalStateException("a refused row is one that we wrote", e);
    }
  }
}
