package io.xmltobigquery.mapping;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.TableColumns;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Any bytes as a mapping: what is accepted can be used and makes tables that BigQuery takes, by the
 * rules in its documentation; what isn't has problems that point into the document.
 */
public final class MappingFuzzer {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int MAX_MESSAGE_LENGTH = 1_000;

  private static final Set<String> TYPES =
      Set.of(
          "STRING",
          "BYTES",
          "INT64",
          "FLOAT64",
          "NUMERIC",
          "BIGNUMERIC",
          "BOOL",
          "DATE",
          "DATETIME",
          "TIME",
          "TIMESTAMP",
          "JSON",
          "RECORD");

  /** "Specify a schema", column names. */
  private static final String RESERVED_NAME =
      "(?i)(_TABLE_|_FILE_|_PARTITION|_ROW_TIMESTAMP|__ROOT__|_COLIDENTIFIER"
          + "|_CHANGE_SEQUENCE_NUMBER|_CHANGE_TYPE|_CHANGE_TIMESTAMP).*";

  private MappingFuzzer() {}

  /** Called by the fuzzing engine. */
  public static void fuzzerTestOneInput(byte[] input) throws JsonProcessingException {
    try {
      checkAccepted(MappingReader.read(input));
    } catch (MappingException e) {
      checkProblems(input, e.problems());
    }
  }

  private static void checkAccepted(Mapping mapping) throws JsonProcessingException {
    assertThat(mapping.tables()).isNotEmpty();
    List<TableColumns> compiled = CompiledMapping.of(mapping).tables();
    assertThat(compiled).hasSize(mapping.tables().size());
    compiled.forEach(table -> assertThat(table.columnCount()).isAtMost(10_000));
    Set<String> names = new HashSet<>();
    for (TableMapping table : mapping.tables()) {
      assertThat(table.table()).matches("[A-Za-z0-9_-]{1,1024}");
      assertWithMessage("tables").that(names.add(lower(table.table()))).isTrue();
      assertThat(lower(table.table())).isNotEqualTo("file_loads");
      JsonNode schema = JSON.readTree(BigQuerySchema.json(table, true));
      checkColumns(schema, 0);
      checkColumns(JSON.readTree(BigQuerySchema.json(table, false)), 0);
    }
  }

  private static void checkColumns(JsonNode columns, int depth) {
    assertThat(depth).isAtMost(15);
    assertThat(columns).isNotEmpty();
    Set<String> names = new HashSet<>();
    for (JsonNode column : columns) {
      String name = column.get("name").textValue();
      assertThat(name).matches("[A-Za-z_][A-Za-z0-9_]{0,299}");
      assertThat(name).doesNotMatch(RESERVED_NAME);
      assertWithMessage("columns").that(names.add(lower(name))).isTrue();
      String type = column.get("type").textValue();
      assertThat(type).isIn(TYPES);
      assertThat(column.get("mode").textValue()).isIn(List.of("NULLABLE", "REQUIRED", "REPEATED"));
      String description = column.path("description").asText();
      assertThat(description.codePointCount(0, description.length())).isAtMost(1_024);
      checkParameters(column, type);
      if (type.equals("RECORD")) {
        checkColumns(column.get("fields"), depth + 1);
      } else {
        assertThat(column.has("fields")).isFalse();
      }
    }
  }

  /** "Data types", parameterized data types. */
  private static void checkParameters(JsonNode column, String type) {
    if (column.has("maxLength")) {
      assertThat(type).isIn(List.of("STRING", "BYTES"));
      assertThat(Long.parseLong(column.get("maxLength").textValue())).isAtLeast(1);
    }
    if (column.has("precision")) {
      assertThat(type).isIn(List.of("NUMERIC", "BIGNUMERIC"));
      int mostIntegerDigits = type.equals("NUMERIC") ? 29 : 38;
      int precision = Integer.parseInt(column.get("precision").textValue());
      int scale = Integer.parseInt(column.path("scale").asText("0"));
      assertThat(scale).isAtLeast(0);
      assertThat(scale).isAtMost(type.equals("NUMERIC") ? 9 : 38);
      assertThat(precision).isAtLeast(Math.max(1, scale));
      assertThat(precision).isAtMost(scale + mostIntegerDigits);
    } else {
      assertThat(column.has("scale")).isFalse();
    }
  }

  private static void checkProblems(byte[] input, List<MappingProblem> problems) {
    assertThat(problems).isNotEmpty();
    for (MappingProblem problem : problems) {
      assertThat(problem.message()).isNotEmpty();
      assertThat(problem.message().length()).isAtMost(MAX_MESSAGE_LENGTH);
    }
    JsonNode document;
    try {
      document = JSON.readTree(new String(input, UTF_8));
    } catch (JsonProcessingException e) {
      return;
    }
    boolean isRead = !document.isMissingNode() && !problems.get(0).message().contains("valid JSON");
    for (MappingProblem problem : isRead ? problems : List.<MappingProblem>of()) {
      assertWithMessage("%s", problem)
          .that(document.at(JsonPointer.compile(problem.pointer())).isMissingNode())
          .isFalse();
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
