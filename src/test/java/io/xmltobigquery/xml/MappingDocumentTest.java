package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.oracle.OracleRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the examples of docs/MAPPING.md, docs/COMING_FROM.md and the README. Their blocks come in
 * this order: a mapping (jsonc), or fields alone; an input (xml); and what becomes of it (text): a
 * line for each row, or one with the reason and the message of a rejection. Another input may
 * follow for the same mapping.
 */
class MappingDocumentTest {

  private static final Path DOCUMENT = Path.of("docs", "MAPPING.md");
  private static final Path COMING_FROM = Path.of("docs", "COMING_FROM.md");
  private static final Path README = Path.of("README.md");

  private static final Pattern BLOCK_OR_HEADING =
      Pattern.compile("^```(\\w+)\n(.*?)^```$|^#+ ([^\n]*)$", Pattern.MULTILINE | Pattern.DOTALL);

  private static final JsonMapper JSON = new JsonMapper();

  private record Example(String heading, int number, String mapping, String input, String result) {}

  @TestFactory
  Stream<DynamicTest> examples() throws IOException {
    List<Example> examples = new ArrayList<>();
    for (Path document : List.of(DOCUMENT, README, COMING_FROM)) {
      examples.addAll(read(Files.readString(document)));
    }
    return examples.stream()
        .map(
            example ->
                DynamicTest.dynamicTest(
                    example.heading + " " + example.number, () -> check(example)));
  }

  @Test
  void theReadmeHasFive() throws IOException {
    assertThat(read(Files.readString(README))).hasSize(5);
  }

  @Test
  void thereIsOneForEachOfTheKeysThatItDescribes() throws IOException {
    List<Example> examples = read(Files.readString(DOCUMENT));

    assertThat(examples.size()).isAtLeast(20);
    for (String key :
        List.of(
            "$schema",
            "record",
            "unknown",
            "outside",
            "emptyDocument",
            "namespaces",
            "whiteSpace",
            "nullMarkers",
            "empty",
            "format",
            "timeZone",
            "number",
            "boolean",
            "as",
            "split",
            "join",
            "default",
            "defaults",
            "entities",
            "timePartitioning",
            "clustering",
            "primaryKey",
            "deleteWhen",
            "policyTags")) {
      assertWithMessage(key)
          .that(examples.stream().anyMatch(example -> example.mapping.contains("\"" + key + "\"")))
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "```xml\n<a/>\n```\n",
        "```jsonc\n{}\n```\n```text\na {}\n```\n",
        "```jsonc\n{}\n```\n```xml\n<a/>\n```\n## Next\n",
      })
  void aBlockOutOfPlaceIsAMistake(String document) {
    assertThrows(AssertionError.class, () -> read(document));
  }

  private static List<Example> read(String document) {
    List<Example> examples = new ArrayList<>();
    String heading = "";
    String mapping = null;
    String input = null;
    for (MatchResult block : BLOCK_OR_HEADING.matcher(document).results().toList()) {
      String kind = block.group(1) == null ? "heading" : block.group(1);
      boolean inOrder =
          switch (kind) {
            case "xml" -> mapping != null && input == null;
            case "text" -> input != null;
            default -> input == null;
          };
      assertWithMessage("order of blocks in %s, at %s", heading, block.group())
          .that(inOrder)
          .isTrue();
      switch (kind) {
        case "jsonc" -> mapping = block.group(2);
        case "xml" -> input = block.group(2);
        case "text" -> {
          examples.add(new Example(heading, examples.size(), mapping, input, block.group(2)));
          input = null;
        }
        case "heading" -> {
          heading = block.group(3);
          mapping = null;
        }
        default -> {
          // Commands and the like.
        }
      }
    }
    assertWithMessage("input without a result").that(input).isNull();
    return examples;
  }

  private static void check(Example example) throws Exception {
    boolean fieldsOnly = example.mapping.startsWith("{\"name\"");
    String json =
        fieldsOnly
            ? "{\"tables\": [{\"table\": \"items\", \"record\": \"/items/item\", \"fields\": ["
                + example.mapping
                + "]}]}"
            : example.mapping;
    Mapping mapping = MappingReader.read(json.getBytes(UTF_8));
    Engine engine = Engine.of(mapping);
    List<String> expected = example.result.lines().toList();
    if (expected.get(0).matches("[A-Z_]+: .*")) {
      RejectedException rejection = engine.rejection(example.input);
      assertThat(rejection.reason() + ": " + rejection.getMessage())
          .startsWith(String.join(" ", expected));
      return;
    }
    List<Object> rows = new ArrayList<>();
    for (OracleRecord record : engine.records(Engine.source(example.input))) {
      rows.add(List.of(record.table(), record.row()));
    }
    List<Object> wanted = new ArrayList<>();
    for (String line : expected) {
      int space = line.indexOf(' ');
      JsonNode row = JSON.readTree(line.substring(space + 1));
      wanted.add(List.of(line.substring(0, space), row));
    }
    assertThat(rows.toString()).isEqualTo(wanted.toString());
  }
}
