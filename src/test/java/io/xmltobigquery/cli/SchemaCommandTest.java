package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SchemaCommandTest {

  @TempDir Path dir;

  private record Ended(int status, String out, String err) {}

  @Test
  void writesTheSchemaOfEveryTable() throws IOException {
    Ended ended = run("--output=" + dir.resolve("schemas"));

    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.out()).isEqualTo("schemas written  customers, orders, file_loads\n");
    try (Stream<Path> files = Files.list(dir.resolve("schemas"))) {
      assertThat(files.map(file -> file.getFileName().toString()).toList())
          .containsExactly(
              "customers.schema.json",
              "customers.table.json",
              "orders.schema.json",
              "orders.table.json",
              "file_loads.schema.json");
    }
  }

  /** If this fails: {@code bin/xml-to-bigquery schema --output=infra/schemas}. */
  @Test
  void terraformHasTheSchemasOfTheDefaultMapping() throws IOException {
    var unused = run("--output=" + dir);

    for (String name :
        List.of(
            "customers.schema.json",
            "customers.table.json",
            "orders.schema.json",
            "orders.table.json",
            "file_loads.schema.json")) {
      assertThat(Files.readString(Path.of("infra", "schemas", name)))
          .isEqualTo(Files.readString(dir.resolve(name)));
    }
  }

  @Test
  void writesWhatTheMappingSaysOfATableBesideItsColumns() throws IOException {
    Path mapping = dir.resolve("mapping.json");
    Files.writeString(
        mapping,
        """
        {"tables": [{"table": "t", "record": "/r/i", "description": "all of them",
          "timePartitioning": {"type": "MONTH", "field": "d"}, "clustering": {"fields": ["n"]},
          "fields": [{"name": "d", "type": "DATE"}, {"name": "n", "type": "INT64"}]}]}
        """);

    assertThat(run("--mapping=" + mapping, "--output=" + dir).err()).isEmpty();

    assertThat(new JsonMapper().readTree(dir.resolve("t.table.json").toFile()).toString())
        .isEqualTo(
            "{\"description\":\"all of them\",\"timePartitioning\":{\"type\":\"MONTH\","
                + "\"field\":\"d\"},\"clustering\":{\"fields\":[\"n\"]}}");
  }

  @Test
  void lineageAddsItsColumn() throws IOException {
    var unused = run("--output=" + dir, "--lineage");

    assertThat(
            new JsonMapper()
                .readTree(dir.resolve("orders.schema.json").toFile())
                .findValuesAsText("name"))
        .contains("_file");
  }

  @Test
  void tellsAllThatIsWrong() {
    Ended ended = run("--output=project:dataset", "--mapping=missing.json", "--lineag");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err().lines().toList())
        .containsExactly(
            "xml-to-bigquery: --lineag is not an option: did you mean --lineage?",
            "xml-to-bigquery: --output: project:dataset is a dataset; give a directory for the schemas",
            "xml-to-bigquery: --mapping: there is no file missing.json",
            "Try schema --help for all options.")
        .inOrder();
    assertThat(run().err()).contains("--output is missing: give a directory for the schemas");
  }

  @Test
  void showsHelp() {
    Ended ended = run("--help");

    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.out()).contains("Usage: xml-to-bigquery schema --output=DIR");
  }

  private static Ended run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] all = Stream.concat(Stream.of("schema"), Stream.of(arguments)).toArray(String[]::new);
    int status =
        new CommandLine(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false)
            .run(all);
    return new Ended(status, out.toString(UTF_8), err.toString(UTF_8));
  }
}
