package io.xmltobigquery.flow.write.bigquery.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.cloud.bigquery.storage.v1.BigDecimalByteStringEncoder;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.xmltobigquery.flow.write.JsonRowWriter;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.RowVisitor;
import io.xmltobigquery.rows.TableColumns;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.List;

/**
 * Turns what {@link ProtoRowWriter} wrote back into what {@link JsonRowWriter} would have written:
 * for rows that BigQuery refuses. It is slow.
 */
public final class ProtoRowReader {

  private static final JsonFactory JSON = new JsonFactory();
  private static final AddedColumns ALL = new AddedColumns(true, true);

  private final TableColumns table;
  private final Descriptor descriptor;

  /** Prepares for the rows of one table. */
  public ProtoRowReader(TableColumns table) {
    this.table = table;
    this.descriptor = RowSchema.messageType(RowSchema.descriptor(table, ALL));
  }

  /**
   * Reads a row, but for its lineage column. What it changes is told under BigQuery's own names.
   *
   * @return a JSON object
   * @throws InvalidProtocolBufferException if the bytes are no row of the table
   */
  public String read(ByteString row) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      read(row, json);
    }
    return text.toString();
  }

  /**
   * The same, into a document.
   *
   * @param json takes the object
   */
  public void read(ByteString row, JsonGenerator json) throws IOException {
    DynamicMessage message = DynamicMessage.parseFrom(descriptor, row);
    json.writeStartObject();
    visit(message, table.columns(), new JsonRowWriter(json, table));
    for (String change : List.of(AddedColumns.CHANGE_TYPE, AddedColumns.SEQUENCE_NUMBER)) {
      FieldDescriptor field = descriptor.findFieldByName(change);
      if (message.hasField(field)) {
        json.writeStringField(change, (String) message.getField(field));
      }
    }
    json.writeEndObject();
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
      case JSON -> {
        char[] text = ((String) value).toCharArray();
        visitor.json(column, text, 0, text.length);
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
