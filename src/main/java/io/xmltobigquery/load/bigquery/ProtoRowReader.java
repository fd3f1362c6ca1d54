package io.xmltobigquery.load.bigquery;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import com.google.cloud.bigquery.storage.v1.BigDecimalByteStringEncoder;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.xmltobigquery.load.JsonRowWriter;
import io.xmltobigquery.mapping.Column;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.mapping.RowVisitor;
import io.xmltobigquery.mapping.TableColumns;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowToStorageApiProto;

/**
 * Turns what {@link ProtoRowWriter} wrote back into what {@link JsonRowWriter} would have written:
 * for rows that BigQuery refuses. It is slow.
 */
final class ProtoRowReader {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final TableColumns table;
  private final Descriptor descriptor;
  private final boolean lineage;

  /**
   * Prepares for the rows of one table.
   *
   * @param lineage whether they have the {@link Lineage} column
   */
  ProtoRowReader(TableColumns table, boolean lineage) {
    this.table = table;
    this.descriptor = descriptor(table, lineage);
    this.lineage = lineage;
  }

  private static Descriptor descriptor(TableColumns table, boolean lineage) {
    try {
      return TableRowToStorageApiProto.wrapDescriptorProto(RowSchema.descriptor(table, lineage));
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException("no message can be made of table " + table.name(), e);
    }
  }

  /**
   * Reads a row.
   *
   * @throws com.google.protobuf.InvalidProtocolBufferException if the bytes are no row of the table
   */
  ObjectNode read(byte[] row) throws IOException {
    DynamicMessage message = DynamicMessage.parseFrom(descriptor, row);
    try (TokenBuffer json = new TokenBuffer(JSON, false)) {
      json.writeStartObject();
      visit(message, table.columns(), new JsonRowWriter(json, table));
      if (lineage) {
        writeLineage(message, json);
      }
      json.writeEndObject();
      return JSON.readTree(json.asParser());
    }
  }

  private void writeLineage(Message row, JsonGenerator json) throws IOException {
    Message file = (Message) value(row, RowSchema.lineageNumber(table));
    json.writeObjectFieldStart(Lineage.COLUMN);
    json.writeStringField(Lineage.URI, (String) value(file, Lineage.URI_NUMBER));
    json.writeStringField(Lineage.GENERATION, (String) value(file, Lineage.GENERATION_NUMBER));
    json.writeNumberField(Lineage.RECORD, (Long) value(file, Lineage.RECORD_NUMBER));
    json.writeEndObject();
  }

  private static Object value(Message message, int number) {
    return message.getField(message.getDescriptorForType().findFieldByNumber(number));
  }

  private static void visit(Message message, List<Column> columns, RowVisitor visitor)
      throws IOException {
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      FieldDescriptor field = message.getDescriptorForType().findFieldByNumber(i + 1);
      if (column.mode() != Mode.REPEATED) {
        if (message.hasField(field)) {
          visit(message.getField(field), column, visitor);
        }
      } else if (message.getRepeatedFieldCount(field) > 0) {
        visitor.startRepeated(column);
        for (int j = 0; j < message.getRepeatedFieldCount(field); j++) {
          visit(message.getRepeatedField(field, j), column, visitor);
        }
        visitor.endRepeated(column);
      }
    }
  }

  private static void visit(Object value, Column column, RowVisitor visitor) throws IOException {
    switch (column.type()) {
      case STRING -> {
        char[] text = ((String) value).toCharArray();
        visitor.string(column, text, 0, text.length);
      }
      case BYTES -> {
        byte[] bytes = ((ByteString) value).toByteArray();
        char[] text = Base64.getEncoder().encodeToString(bytes).toCharArray();
        visitor.bytes(column, text, 0, text.length);
      }
      case INT64 -> visitor.int64(column, (Long) value);
      case FLOAT64 -> visitor.float64(column, (Double) value);
      case NUMERIC ->
          decimal(
              BigDecimalByteStringEncoder.decodeNumericByteString((ByteString) value),
              column,
              visitor);
      case BIGNUMERIC ->
          decimal(
              BigDecimalByteStringEncoder.decodeBigNumericByteString((ByteString) value),
              column,
              visitor);
      case BOOL -> visitor.bool(column, (Boolean) value);
      case DATE -> visitor.date(column, (Integer) value);
      case DATETIME -> visitor.dateTime(column, CivilTime.dateTimeMicros((Long) value));
      case TIME -> visitor.time(column, CivilTime.timeMicros((Long) value));
      case TIMESTAMP -> visitor.timestamp(column, (Long) value);
      case RECORD -> {
        visitor.startRecord(column);
        visit((Message) value, column.columns(), visitor);
        visitor.endRecord(column);
      }
    }
  }

  private static void decimal(BigDecimal value, Column column, RowVisitor visitor)
      throws IOException {
    char[] text = value.toPlainString().toCharArray();
    visitor.decimal(column, text, 0, text.length);
  }
}
