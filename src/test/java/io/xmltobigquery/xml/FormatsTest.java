package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.oracle.OracleRecord;
import io.xmltobigquery.rows.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small documents of real formats, each with a mapping as its users want it. {@code rows.json} has
 * the rows of each table, in the order of end tags, and K1, K2 … for generated keys.
 *
 * <p>docs/FORMATS.md is made of the same files: {@code -Dformats.write=true} writes it.
 */
class FormatsTest {

  private static final Path FORMATS = Path.of("src", "test", "resources", "formats");
  private static final Path PAGE = Path.of("docs", "FORMATS.md");

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();

  private static final String INTRODUCTION =
      """
      # Mappings of real formats

      Start from the one that is nearest to your own XML. Each mapping was written for a small document with invented data, which a test
      loads, whole and in parts. [MAPPING.md](MAPPING.md) explains every key.

      Rows are shown as JSON, without columns that are NULL. NUMERIC values are texts there, as in every JSON that BigQuery reads, and K1,
      K2 … stand for generated keys. Rows come in the order of end tags, so an element inside another comes first.

      """;

  static Stream<String> formats() throws IOException {
    try (Stream<Path> directories = Files.list(FORMATS)) {
      return directories
          .map(directory -> directory.getFileName().toString())
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void rowsAreThoseThatItsUsersWant(String format) throws Exception {
    Path directory = FORMATS.resolve(format);
    byte[] mapping = Files.readAllBytes(directory.resolve("mapping.json"));
    XmlSource document = Engine.source(Files.readAllBytes(directory.resolve("input.xml")));
    Engine engine = Engine.of(MappingReader.read(mapping));

    String expected =
        comparable(JSON.readTree(directory.resolve("rows.json").toFile()), JSON.readTree(mapping));
    assertThat(rows(engine, document, List.of(), mapping)).isEqualTo(expected);
    assertThat(rows(engine, document, engine.starts(document), mapping)).isEqualTo(expected);
  }

  private static String rows(
      Engine engine, XmlSource document, List<PartStart> starts, byte[] mapping) throws Exception {
    ObjectNode rows = JSON.createObjectNode();
    for (JsonNode table : JSON.readTree(mapping).get("tables")) {
      rows.putArray(table.get("table").textValue());
    }
    ReadDocument<List<OracleRecord>> read = engine.read(document, starts, Rows::new);
    for (ReadDocument.Part<List<OracleRecord>> part : read.parts()) {
      part.held().forEach(row -> ((ArrayNode) rows.get(row.table())).add(row.row()));
    }
    return comparable(rows, JSON.readTree(mapping));
  }

  private static final class Rows implements RecordSink<List<OracleRecord>> {
    private final List<OracleRecord> rows = new ArrayList<>();

    @Override
    public void row(Row row, long record) throws IOException {
      rows.add(new OracleRecord(row.table().name(), RowJson.of(row)));
    }

    @Override
    public void invalid(InvalidRecord record) {
      throw new AssertionError(record.message());
    }

    @Override
    public void drop(long record) {
      throw new AssertionError(record);
    }

    @Override
    public List<OracleRecord> finish() {
      return rows;
    }

    @Override
    public void close() {
      // Nothing but memory is held.
    }
  }

  /** With keys numbered as they occur, and JSON columns as the JSON that they hold. */
  private static String comparable(JsonNode rows, JsonNode mapping) throws IOException {
    Map<JsonNode, JsonNode> keys = new HashMap<>();
    for (JsonNode table : mapping.get("tables")) {
      for (JsonNode row : rows.path(table.get("table").textValue())) {
        for (JsonNode field : table.get("fields")) {
          String name = field.get("name").textValue();
          JsonNode value = row.get(name);
          if (value == null) {
            continue;
          }
          if (field.path("source").asText().startsWith("row:key(")) {
            JsonNode key =
                keys.computeIfAbsent(value, any -> TextNode.valueOf("key " + (keys.size() + 1)));
            ((ObjectNode) row).set(name, key);
          } else if (field.get("type").textValue().equals("JSON") && value.isTextual()) {
            ((ObjectNode) row).set(name, JSON.readTree(value.textValue()));
          }
        }
      }
    }
    return rows.toPrettyString();
  }

  @Test
  void thePageShowsThemAll() throws IOException {
    List<Format> formats = formats().map(Format::read).toList();
    String page =
        INTRODUCTION
            + formats.stream().map(Format::indexLine).collect(joining("\n", "", "\n"))
            + formats.stream().map(Format::section).collect(joining());
    if (Boolean.getBoolean("formats.write")) {
      Files.writeString(PAGE, page);
    }

    assertWithMessage("%s must be written anew: run this test with -Dformats.write=true", PAGE)
        .that(Files.readString(PAGE))
        .isEqualTo(page);
  }

  /**
   * A section of the page.
   *
   * @param title the format's name, up to the colon of the mapping's first line
   * @param shows what it shows, behind the colon
   * @param text the rest of the comment at the mapping's head
   * @param mapping without that comment
   */
  private record Format(
      String directory, String title, String shows, String text, String mapping, String rows) {

    static Format read(String directory) {
      try {
        String file = Files.readString(FORMATS.resolve(directory).resolve("mapping.json"), UTF_8);
        List<String> comment =
            file.lines()
                .takeWhile(line -> line.startsWith("// "))
                .map(line -> line.substring(3))
                .toList();
        String[] head = comment.get(0).split(": ", 2);
        return new Format(
            directory,
            head[0],
            head[1],
            String.join("\n", comment.subList(1, comment.size())),
            file.lines().skip(comment.size()).collect(joining("\n", "", "\n")),
            Files.readString(FORMATS.resolve(directory).resolve("rows.json"), UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String indexLine() {
      String anchor = title.toLowerCase(Locale.ROOT).replace(".", "").replace(' ', '-');
      return "- [" + title + "](#" + anchor + "): " + shows;
    }

    String section() {
      return "\n## %s\n\n%s\n[The document](../%s)\n\n```jsonc\n%s```\n\n```json\n%s```\n"
          .formatted(title, text, FORMATS.resolve(directory).resolve("input.xml"), mapping, rows);
    }
  }
}
