package io.xmltobigquery.flow.read;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xmltobigquery.Collected;
import io.xmltobigquery.Documents;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.settle.InvalidRecordLines;
import io.xmltobigquery.flow.write.jsonl.JsonLines;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.xml.Chunk;
import io.xmltobigquery.xml.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ParseTest {

  private static final long LARGE_CHUNKS = 1 << 30;

  /** More than a file may have to be held in memory. */
  private static final int MANY_ORDERS = 1_200;

  @TempDir Path dir;

  private Mapping mapping;

  @BeforeEach
  void readMapping() {
    mapping = MappingReader.defaultMapping();
  }

  @Test
  void makesRowsOfEveryTable() throws IOException {
    List<FileChunk> chunks = chunks(Path.of("sample-data/customer-orders.xml"), LARGE_CHUNKS);

    Parsed parsed = parse(chunks);

    assertThat(parsed.rowsOf("customers")).hasSize(4);
    assertThat(parsed.rowsOf("orders")).hasSize(22);
    assertThat(parsed.invalidRecords()).isEmpty();
  }

  @Test
  void manyChunksMakeTheSameRowsAsOne() throws IOException {
    Path file = file("a.xml", Documents.orders(MANY_ORDERS));
    List<FileChunk> one = chunks(file, LARGE_CHUNKS);
    List<FileChunk> each = chunks(file, 1);
    assertThat(one).hasSize(1);
    assertThat(each).hasSize(MANY_ORDERS);

    List<String> rows = parse(one).rowsOf("orders");

    assertThat(rows).hasSize(MANY_ORDERS);
    assertThat(rows.stream().distinct().count()).isEqualTo(MANY_ORDERS);
    assertThat(parse(each).rowsOf("orders")).containsExactlyElementsIn(rows);
  }

  @Test
  void chunksOfAStagedFileMakeTheSameRowsAsThoseOfThePlainOne() throws IOException {
    String document = Documents.orders(MANY_ORDERS);
    Path plain = file("a.xml", document);
    Path zipped = Files.write(dir.resolve("a.xml.gz"), Documents.gzip(Documents.utf8(document)));

    List<FileChunk> staged = chunks(zipped, 50_000);

    assertThat(staged.get(0).content()).isInstanceOf(FileContent.Staged.class);
    assertThat(parse(staged).rowsOf("orders"))
        .containsExactlyElementsIn(parse(chunks(plain, LARGE_CHUNKS)).rowsOf("orders"));
  }

  @Test
  void invalidRecordsComeWithTheirPlaceAndXml() throws IOException {
    String bad = Documents.order(2).replace("2024-05-06T", "6 May 2024 ").strip();
    Path file = file("a.xml", Documents.ordersOf(Documents.order(1) + bad + Documents.order(3)));
    FileVersion version = version(file);

    for (long chunkBytes : new long[] {1, LARGE_CHUNKS}) {
      Parsed parsed = parse(chunks(file, chunkBytes));

      assertThat(parsed.rowsOf("orders")).hasSize(2);
      assertThat(parsed.invalidRecords()).hasSize(1);
      InvalidFileRecord invalid = parsed.invalidRecords().get(0);
      assertThat(invalid.file()).isEqualTo(version);
      assertThat(invalid.record().number()).isEqualTo(2);
      assertThat(invalid.record().table()).isEqualTo("orders");
      assertThat(invalid.record().xml()).isEqualTo(bad);
      assertThat(invalid.record().position().line()).isEqualTo(3 + 11 + 2);
      assertThat(invalid.record().position().column()).isEqualTo(1);
    }
  }

  @Test
  void aLargeInvalidRecordGoesRightIntoAFile() throws IOException {
    String bad =
        Documents.order(2).replace("2024-05-06T", "x".repeat(1_100_000) + "2024-05-06T").strip();
    Path file = file("a.xml", Documents.ordersOf(Documents.order(1) + bad + Documents.order(3)));

    for (long chunkBytes : new long[] {1, LARGE_CHUNKS}) {
      Parsed parsed = parse(chunks(file, chunkBytes));

      assertThat(parsed.rowsOf("orders")).hasSize(2);
      assertThat(parsed.invalidRecords()).isEmpty();
      Path kept = dir.resolve("rows/" + version(file).digest() + "-2-invalid.jsonl");
      JsonNode line = new ObjectMapper().readTree(kept.toFile());
      assertThat(line.get("record").intValue()).isEqualTo(2);
      assertThat(line.get("table").textValue()).isEqualTo("orders");
      assertThat(line.get("xml").textValue()).isEqualTo(bad);
    }
  }

  @Test
  void recordsThatInspectionDidNotSeeFailTheJob() throws IOException {
    List<FileChunk> chunks = chunks(file("a.xml", Documents.orders(3)), LARGE_CHUNKS);
    Chunk chunk = chunks.get(0).chunk();
    Chunk more =
        new Chunk(
            chunk.encoding(),
            chunk.start(),
            chunk.end(),
            chunk.firstRecord(),
            chunk.records() + 1,
            chunk.openElements());

    assertFails(
        List.of(new FileChunk(chunks.get(0).file(), chunks.get(0).content(), more)),
        "had other records when it was inspected");
  }

  @Test
  void aFileOverwrittenSinceInspectionFailsTheJob() throws IOException {
    Path file = file("a.xml", Documents.orders(MANY_ORDERS));
    List<FileChunk> chunks = chunks(file, 50_000);
    Files.move(
        file("new.xml", Documents.orders(MANY_ORDERS).replace("KØBEN", "ODENS")),
        file,
        StandardCopyOption.REPLACE_EXISTING);

    assertFails(chunks, file + " was overwritten");
  }

  @Test
  void aFileThatShrankSinceInspectionFailsTheJob() throws IOException {
    Path file = file("a.xml", Documents.orders(MANY_ORDERS));
    List<FileChunk> chunks = chunks(file, 50_000);
    file("a.xml", "<Root/>");

    assertFails(chunks, file + " was overwritten");
  }

  @Test
  void aFileDeletedSinceInspectionFailsTheJob() throws IOException {
    Path file = file("a.xml", Documents.orders(MANY_ORDERS));
    List<FileChunk> chunks = chunks(file, 50_000);
    Files.delete(file);

    assertFails(chunks, file + " doesn't exist any more");
  }

  @Test
  void aSmallFileNeedNotBeThereAnyMore() throws IOException {
    Path file = file("a.xml", Documents.orders(2));
    List<FileChunk> chunks = chunks(file, LARGE_CHUNKS);
    file("a.xml", "overwritten");

    assertThat(parse(chunks).rowsOf("orders")).hasSize(2);
  }

  private void assertFails(List<FileChunk> chunks, String message) {
    TestPipeline pipeline = Collected.pipeline();
    Parse<KV<String, byte[]>> parse =
        Parse.into(
            new JsonLines(false),
            mapping,
            new Limits(Limits.DEFAULT_MAX_RECORD_BYTES),
            true,
            new LargeInvalidRecords(dir + "/rows/", new InvalidRecordLines()));
    Collected<KV<String, byte[]>> rows =
        Collected.of(apply(parse, pipeline, chunks).get(parse.rows()));

    RuntimeException failure = assertThrows(RuntimeException.class, pipeline::run);

    assertThat(failure).hasMessageThat().contains(message);
    assertThat(rows.elements()).isEmpty();
  }

  private record Parsed(List<KV<String, byte[]>> blocks, List<InvalidFileRecord> invalidRecords) {

    List<String> rowsOf(String table) {
      return blocks.stream()
          .filter(block -> block.getKey().equals(table))
          .flatMap(block -> Stream.of(new String(block.getValue(), UTF_8).split("\n")))
          .toList();
    }
  }

  private Parsed parse(List<FileChunk> chunks) {
    TestPipeline pipeline = Collected.pipeline();
    Parse<KV<String, byte[]>> parse =
        Parse.into(
            new JsonLines(false),
            mapping,
            new Limits(Limits.DEFAULT_MAX_RECORD_BYTES),
            true,
            new LargeInvalidRecords(dir + "/rows/", new InvalidRecordLines()));
    PCollectionTuple parsed = apply(parse, pipeline, chunks);
    Collected<KV<String, byte[]>> rows = Collected.of(parsed.get(parse.rows()));
    Collected<InvalidFileRecord> invalidRecords = Collected.of(parsed.get(parse.invalidRecords()));
    pipeline.run();
    return new Parsed(rows.elements(), invalidRecords.elements());
  }

  private static PCollectionTuple apply(
      Parse<KV<String, byte[]>> parse, TestPipeline pipeline, List<FileChunk> chunks) {
    return pipeline.apply(Create.of(chunks)).apply(parse);
  }

  private List<FileChunk> chunks(Path file, long chunkBytes) throws IOException {
    TestPipeline pipeline = Collected.pipeline();
    Collected<FileChunk> chunks =
        Collected.of(
            pipeline
                .apply(Create.of(version(file)))
                .apply(
                    Inspect.with(
                        mapping,
                        new Limits(Limits.DEFAULT_MAX_RECORD_BYTES),
                        chunkBytes,
                        true,
                        dir + "/staging/"))
                .get(Inspect.CHUNKS));
    pipeline.run();
    return chunks.elements();
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(dir.resolve(name), content);
  }

  private static FileVersion version(Path file) throws IOException {
    String uri = file.toAbsolutePath().toString();
    return FileStore.of(PipelineOptionsFactory.create()).find(uri);
  }
}
