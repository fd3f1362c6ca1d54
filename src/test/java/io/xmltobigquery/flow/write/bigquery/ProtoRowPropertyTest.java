package io.xmltobigquery.flow.write.bigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.services.bigquery.model.TableRow;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.write.RefusedRow;
import io.xmltobigquery.flow.write.bigquery.beam.RowEnvelope;
import io.xmltobigquery.flow.write.bigquery.wire.AddedColumns;
import io.xmltobigquery.flow.write.bigquery.wire.RowBytes;
import io.xmltobigquery.flow.write.bigquery.wire.TestRows;
import io.xmltobigquery.flow.write.jsonl.TestLines;
import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.InvalidValueException;
import io.xmltobigquery.xml.RandomValues;
import io.xmltobigquery.xml.TestMappings;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryStorageApiInsertError;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowJsonCoder;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowToStorageApiProto;
import org.apache.beam.sdk.io.gcp.bigquery.TableRowToStorageApiProto.SchemaInformation;
import org.apache.beam.sdk.util.CoderUtils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows as bytes against the same rows as JSON, with Beam's own converter between the two. */
final class ProtoRowPropertyTest {

  private static final int ROWS = 500;

  static Stream<TableColumns> tables() {
    return TestMappings.ALL.stream()
        .map(CompiledMapping::of)
        .flatMap(mapping -> mapping.tables().stream());
  }

  @ParameterizedTest
  @MethodSource("tables")
  void bytesAreWhatBeamMakesOfTheJson(TableColumns table) throws Exception {
    TableSchema schema =
        TableRowToStorageApiProto.schemaToProtoTableSchema(
            TargetTable.of(table, new AddedColumns(true, false)).tableSchema());
    SchemaInformation information = SchemaInformation.fromTableSchema(schema);
    Descriptor descriptor =
        TableRowToStorageApiProto.getDescriptorFromTableSchema(schema, true, false);
    FileVersion file = new FileVersion("gs://b/ß.xml", "1700000000000000", 1);
    Coder<TableRow> coder = TableRowJsonCoder.of();
    check(
        table,
        file,
        (json, bytes) -> {
          TableRow row = CoderUtils.decodeFromByteArray(coder, json.getBytes(UTF_8));
          DynamicMessage expected =
              TableRowToStorageApiProto.messageFromTableRow(
                  information, descriptor, row, false, false, null, null, null);
          assertWithMessage("%s", json)
              .that(DynamicMessage.parseFrom(descriptor, bytes))
              .isEqualTo(expected);
          assertWithMessage("%s", json).that(bytes).isEqualTo(expected.toByteArray());
        });
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aRefusedRowIsTheJsonAgain(TableColumns table) throws Exception {
    FileVersion file = new FileVersion("/a b#1.xml", "x-1", 0);
    RefusedRows refused = new RefusedRows(table.mapping());
    check(
        table,
        null,
        (json, bytes) -> {
          Any envelope = new RowEnvelope(file).wrap(ByteString.copyFrom(bytes), 7);
          TableRow returned =
              new TableRow()
                  .set("type_url", envelope.getTypeUrl())
                  .set("value", Base64.getEncoder().encodeToString(bytes));

          RefusedRow row = refused.apply(new BigQueryStorageApiInsertError(returned, "why"));

          assertThat(json(row.row())).isEqualTo(json(json));
          assertThat(row.file()).isEqualTo(file);
          assertThat(row.record()).isEqualTo(7);
        });
  }

  /** Some characters may stand in JSON in two forms. */
  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  private interface Check {
    void check(String json, byte[] bytes) throws Exception;
  }

  /** Makes rows of a table, and gives each as JSON and as bytes. */
  private static void check(TableColumns table, @Nullable FileVersion file, Check check)
      throws Exception {
    Random random = new Random(1);
    RandomValues values = new RandomValues(random);
    RowBytes bytes = new RowBytes(table, file);
    Row row = new Row(table);
    for (int record = 1; record <= ROWS; record++) {
      row.clear();
      fill(row, TestRows.ROW, table.columns(), table.mapping().fields(), random, values);
      String json = json(row, file, record);
      check.check(json, bytes.of(row, record));
    }
  }

  private static void fill(
      Row row,
      int group,
      List<Column> columns,
      List<Field> fields,
      Random random,
      RandomValues values) {
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      int count =
          switch (column.mode()) {
            case NULLABLE -> random.nextInt(2);
            case REQUIRED -> 1;
            case REPEATED -> random.nextInt(4);
          };
      for (int j = 0; j < count; j++) {
        if (column.type() == ColumnType.RECORD) {
          int record = row.addRecord(group, column);
          fill(row, record, column.columns(), fields.get(i).fields(), random, values);
        } else {
          add(row, group, column, fields.get(i), values);
        }
      }
    }
  }

  private static void add(Row row, int group, Column column, Field field, RandomValues values) {
    while (true) {
      int start = row.textEnd();
      row.append(values.of(field));
      try {
        assertThat(row.add(group, column, start, row.textEnd())).isEqualTo(Row.Added.VALUE);
        return;
      } catch (InvalidValueException e) {
        // A few of the texts are no values: try another.
      }
    }
  }

  private static String json(Row row, @Nullable FileVersion file, long record) throws IOException {
    return TestLines.of(row, file, record);
  }
}
