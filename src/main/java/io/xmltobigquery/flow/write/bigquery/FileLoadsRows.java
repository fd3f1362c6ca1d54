package io.xmltobigquery.flow.write.bigquery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.write.bigquery.beam.RowEnvelope;
import io.xmltobigquery.flow.write.bigquery.wire.AddedColumns;
import io.xmltobigquery.flow.write.bigquery.wire.RowSchema;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.outcome.FileLoads;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.TableColumns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/**
 * Lines of {@code file_loads} as rows in {@link RowEnvelope}s. There is one for a file, so it may
 * take its time.
 */
final class FileLoadsRows extends SimpleFunction<KV<String, byte[]>, Any> {

  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final TargetTable table;
  private transient @Nullable Descriptor descriptor;
  private transient List<TableFieldSchema> columns = List.of();

  FileLoadsRows(TargetTable table) {
    this.table = table;
  }

  /**
   * The table.
   *
   * @throws IOException if the program itself is damaged
   */
  static TargetTable table() throws IOException {
    String schema = FileLoads.schema();
    return new TargetTable(
        FileLoads.TABLE, schema, "{}", RowSchema.descriptor(columns(schema), AddedColumns.NONE));
  }

  /** A BigQuery schema says of columns what a mapping does, where elements have their names. */
  private static TableColumns columns(String schema) {
    String mapping =
        """
        {"tables": [{"table": "outcomes", "record": "/outcome", "fields": %s}]}
        """
            .formatted(schema);
    try {
      return CompiledMapping.of(MappingReader.read(mapping.getBytes(StandardCharsets.UTF_8)))
          .tables()
          .get(0);
    } catch (MappingException e) {
      throw new IllegalStateException("the schema of file_loads is ours", e);
    }
  }

  @Override
  public Any apply(KV<String, byte[]> line) {
    try {
      ObjectNode row = (ObjectNode) JSON.readTree(line.getValue());
      FileVersion file =
          new FileVersion(row.get("uri").asText(), row.get("generation").asText(), 0);
      if (descriptor == null) {
        descriptor = RowSchema.messageType(table.descriptor());
        columns = table.tableSchema().getFields();
      }
      for (TableFieldSchema column : columns) {
        if (column.getType().equals("TIMESTAMP")) {
          row.put(column.getName(), micros(row.get(column.getName()).asText()));
        }
      }
      DynamicMessage.Builder message = DynamicMessage.newBuilder(descriptor);
      JsonFormat.parser().merge(row.toString(), message);
      return new RowEnvelope(file).wrap(message.build().toByteString(), 0);
    } catch (IOException e) {
      throw new IllegalStateException("a line of file_loads is a row of file_loads", e);
    }
  }

  private static long micros(String timestamp) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(timestamp));
  }
}
