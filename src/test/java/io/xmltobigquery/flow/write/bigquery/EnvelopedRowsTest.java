package io.xmltobigquery.flow.write.bigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsRequest.ProtoData;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import com.google.common.collect.Range;
import com.google.protobuf.Any;
import com.google.protobuf.Int64Value;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.TestRanges;
import io.xmltobigquery.flow.write.LargeRows;
import io.xmltobigquery.flow.write.bigquery.wire.AddedColumns;
import io.xmltobigquery.flow.write.bigquery.wire.TestRows;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EnvelopedRowsTest {

  private static final int MAX_REQUEST = 20_000;

  /** As long as names may be. */
  private static final String STREAM =
      "projects/%s/datasets/%s/tables/%s/streams/%s"
          .formatted("p".repeat(100), "d".repeat(1_024), "t".repeat(1_024), "s".repeat(200));

  @TempDir Path dir;

  private final TableColumns table =
      TestRows.table(
          "{'name': 'x', 'type': 'STRING'}, {'name': 'a_column_with_a_name', 'type': 'INT64'}");
  private final TargetTable target = TargetTable.of(table, AddedColumns.NONE);

  /** Around the limit, byte by byte: what is handed over fits, and little that would fit isn't. */
  @Test
  void handsOverWhatARequestTakes() throws Exception {
    FileVersion file = new FileVersion("gs://b/" + "n".repeat(1_024), "1234567890123456", 0);
    int largest = 0;
    for (int length = 14_600; length < 14_900; length++) {
      List<Any> rows = new ArrayList<>();
      release(file, rows, Long.MAX_VALUE, "x".repeat(length));
      for (Any envelope : rows) {
        largest = length;
        assertThat(requestOf(envelope).getSerializedSize()).isLessThan(MAX_REQUEST);
        // What BigQueryIO measures has the envelopes, but neither the schema nor the names.
        assertThat(
                ProtoRows.newBuilder()
                    .addSerializedRows(envelope.toByteString())
                    .build()
                    .getSerializedSize())
            .isLessThan(MAX_REQUEST);
      }
    }
    assertWithMessage("the loop goes over the limit")
        .that(largest)
        .isIn(Range.open(14_600, 14_899));
  }

  private AppendRowsRequest requestOf(Any envelope) {
    ProtoData rows =
        ProtoData.newBuilder()
            .setWriterSchema(ProtoSchema.newBuilder().setProtoDescriptor(target.descriptor()))
            .setRows(ProtoRows.newBuilder().addSerializedRows(envelope.getValue()))
            .build();
    return AppendRowsRequest.newBuilder()
        .setWriteStream(STREAM)
        .setTraceId("Dataflow:" + "j".repeat(500))
        .setOffset(Int64Value.of(Long.MAX_VALUE))
        .setProtoRows(rows)
        .build();
  }

  @Test
  void keepsWhatDoesNotFit() throws Exception {
    FileVersion file = new FileVersion("gs://b/a b.xml", "17", 0);
    List<Any> rows = new ArrayList<>();
    String text = "\"\n é😀".repeat(MAX_REQUEST);
    release(file, rows, 7, "small", text, text + "!");

    assertThat(rows).hasSize(1);
    List<Path> files = kept();
    assertThat(files).hasSize(1);
    List<String> lines = Files.readAllLines(files.get(0), UTF_8);
    assertThat(lines).hasSize(2);
    for (int i = 0; i < 2; i++) {
      JsonNode line = new JsonMapper().readTree(lines.get(i));
      assertThat(line.get("table").textValue()).isEqualTo("t");
      assertThat(line.get("reason").textValue()).isEqualTo("REFUSED");
      assertThat(line.get("message").textValue())
          .matches("the row is too large .* 18\\d,\\d{3} bytes, and at most 15,\\d{3} fit.*");
      assertThat(line.get("uri").textValue()).isEqualTo("gs://b/a b.xml");
      assertThat(line.get("generation").textValue()).isEqualTo("17");
      assertThat(line.get("record").longValue()).isEqualTo(8 + i);
      assertThat(line.get("row").get("x").textValue()).isEqualTo(i == 0 ? text : text + "!");
    }
  }

  @Test
  void aRangeThatIsReleasedAgainKeepsTheSameOnce() throws Exception {
    FileVersion file = new FileVersion("gs://b/a.xml", "17", 0);

    for (int attempt = 0; attempt < 2; attempt++) {
      release(file, new ArrayList<>(), 1, "x".repeat(MAX_REQUEST));
    }

    assertThat(kept()).hasSize(1);
    assertThat(Files.readAllLines(kept().get(0))).hasSize(1);
  }

  @Test
  void aRangeThatIsNotReleasedToItsEndKeepsNothing() throws IOException {
    FileVersion file = new FileVersion("gs://b/a.xml", "17", 0);
    Consumer<Any> failing =
        row -> {
          throw new IllegalStateException("the write fails");
        };

    assertThrows(
        IllegalStateException.class,
        () -> release(file, failing, 1, "x".repeat(MAX_REQUEST), "small"));

    assertThat(kept()).isEmpty();
  }

  private List<Path> kept() throws IOException {
    Path rows = dir.resolve("rows");
    if (Files.notExists(rows)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(rows)) {
      return files.toList();
    }
  }

  private void release(FileVersion file, List<Any> rows, long firstRecord, String... texts)
      throws IOException {
    release(file, rows::add, firstRecord, texts);
  }

  private void release(FileVersion file, Consumer<Any> rows, long firstRecord, String... texts)
      throws IOException {
    FileStore files = FileStore.of(PipelineOptionsFactory.create());
    TestRanges held =
        new TestRanges(
            new EnvelopedEncoding(AddedColumns.NONE), 1, file, files, dir + "/held/run-");
    for (int i = 0; i < texts.length; i++) {
      var unused = held.add(row(texts[i]), firstRecord + i);
    }
    LargeRows largeRows = new LargeRows(dir + "/rows/run-", MAX_REQUEST);
    EnvelopedRows envelopes =
        new EnvelopedRows(table.mapping(), target, AddedColumns.NONE, largeRows);
    for (HeldRange range : held.ranges(Long.MAX_VALUE)) {
      envelopes.release(range, files, rows);
    }
  }

  private Row row(String text) {
    Row row = new Row(table);
    TestRows.add(row, TestRows.ROW, table.columns().get(0), text);
    return row;
  }
}
