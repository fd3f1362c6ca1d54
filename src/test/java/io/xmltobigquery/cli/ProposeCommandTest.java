package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProposeCommandTest {

  @TempDir Path dir;

  private record Ended(int status, String out, String err) {}

  @Test
  void writesAMappingThatTakesTheSamples() throws IOException {
    Ended ended = run("sample-data/*.xml", "--output=" + dir.resolve("new/m.json"));

    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    assertThat(ended.out()).contains("\nfiles that would be accepted  5 of 5, with 40 rows\n");
    assertThat(ended.out())
        .containsMatch("\nmade from half of them, it would accept  [0-5] of 5 others\n$");
    assertThat(ended.out()).contains("? ");
    JsonNode mapping = new JsonMapper().readTree(dir.resolve("new/m.json").toFile());
    assertThat(mapping.get("tables").findValuesAsText("table"))
        .containsExactly("Order", "Customer");
    JsonNode report = new JsonMapper().readTree(dir.resolve("new/m.report.json").toFile());
    assertThat(report.get("accepted").asInt()).isEqualTo(5);
    assertThat(report.get("decisions").size()).isGreaterThan(20);
    assertThat(ended.err()).startsWith("xml-to-bigquery: left out ");
  }

  @Test
  void nothingIsOverwritten() throws IOException {
    Path mapping = Files.writeString(dir.resolve("m.json"), "mine");

    Ended ended = run("sample-data/*.xml", "--output=" + mapping);

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains("m.json is there already; delete it, or name another file");
    assertThat(Files.readString(mapping)).isEqualTo("mine");
  }

  /** What is left of rows that were loaded becomes columns. */
  @Test
  void addsWhatIsLeftOfRows() throws IOException {
    Files.writeString(
        dir.resolve("old.json"),
        """
        {"namespaces": {"o": "urn:o", "": "*"}, "tables": [{"table": "items", "record": "/o:r/o:i", "fields": [
          {"name": "n", "type": "INT64"},
          {"name": "l", "type": "RECORD", "mode": "REPEATED", "fields": [{"name": "s", "type": "STRING"}]},
          {"name": "p", "type": "RECORD", "source": "x/p", "fields": [
            {"name": "s", "type": "STRING"}, {"name": "more", "type": "JSON", "source": "row:rest()"}]},
          {"name": "_rest", "type": "JSON", "source": "row:rest()"}]}]}
        """);
    Files.writeString(
        dir.resolve("items-0.jsonl"),
        """
        {"n":1}
        {"n":2,"_rest":{"@new":"a","@xml:lang":"de","k":["1","2"],"o:d":{"@u":"mm","#text":"3"},"l":[null,{"t":"x"}]}}
        {"n":3,"_rest":"{\\"m\\":{\\"#xml\\":\\"a<b c='1'>d</b>\\"},\\"Q{urn:q}q\\":\\"\\"}","p":{"more":{"z":"1"}}}
        """);

    Ended ended =
        run(dir + "/items*", "--mapping=" + dir + "/old.json", "--output=" + dir + "/new.json");

    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    JsonNode fields =
        new JsonMapper().readTree(dir.resolve("new.json").toFile()).at("/tables/0/fields");
    assertThat(fields.findValuesAsText("source"))
        .containsExactly(
            "t",
            "x/p",
            "row:rest()",
            "z",
            "row:rest()",
            "@{http://www.w3.org/XML/1998/namespace}lang",
            "@new",
            "k",
            "string(m)",
            "d",
            "@u",
            ".",
            "q");
  }

  @Test
  void rowsAreOfATableThatKeepsARest() throws IOException {
    Files.writeString(
        dir.resolve("old.json"),
        "{\"tables\": [{\"table\": \"t\", \"record\": \"/r/i\", \"fields\": [{\"name\": \"n\", \"type\": \"INT64\"}]}]}");
    Files.writeString(dir.resolve("t.jsonl"), "{}");
    Files.writeString(dir.resolve("tea.jsonl"), "{}");

    Ended ended =
        run(dir + "/*.jsonl", "--mapping=" + dir + "/old.json", "--output=" + dir + "/new.json");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains("t.jsonl: t has no column of row:rest()");
    assertThat(ended.err()).contains("tea.jsonl: rows come in files whose names begin with");
  }

  /** Rejected files, beside which the dead letter has reports, become what the mapping lacks. */
  @Test
  void addsToAMapping() throws IOException {
    // As Windows writes it.
    Files.writeString(
        dir.resolve("old.json"),
        "\uFEFF// Mine.\n{\"tables\": [{\"table\": \"t\", \"record\": \"/r/i\", \"fields\": [{\"name\": \"n\", \"type\": \"INT64\"}]}]}");
    Files.writeString(dir.resolve("b.xml"), "<r><i new='x'><n>1.5</n></i></r>");
    Files.writeString(dir.resolve("b.xml.error.json"), "{}");

    Ended ended =
        run(dir + "/b*", "--mapping=" + dir + "/old.json", "--output=" + dir + "/new.json");

    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    assertThat(Files.readString(dir.resolve("new.json")))
        .isEqualTo(
            "// Mine.\n{\"tables\": [{\"table\": \"t\", \"record\": \"/r/i\", \"fields\": [{\"name\": \"n\", \"type\": \"NUMERIC\"}, {\"name\": \"new\", \"type\": \"STRING\", \"source\": \"@new\"}]}]}");
    assertThat(ended.out()).contains("\nALTER TABLE `t`\n  ADD COLUMN `new` STRING;\n");
    assertThat(ended.out()).contains("\nALTER TABLE `t` ALTER COLUMN `n` SET DATA TYPE NUMERIC;\n");
    assertThat(ended.out()).endsWith("\nfiles that would be loaded  1 of 1, with 1 row\n");
    assertThat(ended.err()).isEmpty();
    JsonNode report = new JsonMapper().readTree(dir.resolve("new.report.json").toFile());
    assertThat(report.get("statements")).hasSize(2);

    Ended again =
        run(dir + "/b*", "--mapping=" + dir + "/new.json", "--output=" + dir + "/newer.json");

    assertThat(again.out()).startsWith("there is nothing to add\n");
    assertThat(Files.readString(dir.resolve("newer.json")))
        .isEqualTo(Files.readString(dir.resolve("new.json")));
  }

  @Test
  void makesTablesOfWhatRepeatsAndAPictureOfThem() throws IOException {
    Ended ended =
        run(
            "sample-data/*.xml",
            "--tables=keys",
            "--record=/Root",
            "--output=" + dir + "/m.json",
            "--html=" + dir + "/p.html");

    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    assertThat(ended.out()).contains("rows of Root, joined by Root_key");
    assertThat(ended.out()).contains("\nfiles that would be accepted  5 of 5, with 45 rows\n");
    assertThat(Files.readString(dir.resolve("p.html"))).contains("<h2>Tables</h2>");
    JsonNode report = new JsonMapper().readTree(dir.resolve("m.report.json").toFile());
    assertThat(report.get("mermaid").asText()).contains("  Root ||--o{ Order : Root_key\n");
  }

  @Test
  void tellsAllThatIsWrong() {
    Ended ended = run(dir + "/*.xml", dir + "/no.xml", "--recrd=/a", "--types=odd");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err().lines().toList())
        .containsExactly(
            "xml-to-bigquery: --recrd is not an option: did you mean --record?",
            "xml-to-bigquery: --types: odd is not a valid value; use safe or string",
            "xml-to-bigquery: --output is missing: give the mapping file to write, such as my-mapping.json",
            "xml-to-bigquery: there is no file " + dir + "/no.xml",
            "xml-to-bigquery: no file matches " + dir + "/*.xml",
            "Try propose --help for all options.")
        .inOrder();
    assertThat(run("--output=" + dir + "/m.json").err()).contains("the samples are missing");
    assertThat(
            run(
                    "--output=" + dir + "/m.json",
                    "--mapping=" + dir + "/no.json",
                    "--record=/a",
                    "--tables=keys")
                .err()
                .lines()
                .skip(1)
                .toList())
        .containsExactly(
            "xml-to-bigquery: --record: with --mapping, the mapping says what the records are; leave it out",
            "xml-to-bigquery: --tables: with --mapping, the mapping says what the tables are; leave it out",
            "xml-to-bigquery: --mapping: there is no file " + dir + "/no.json",
            "Try propose --help for all options.")
        .inOrder();
  }

  @Test
  void whereNothingCanBeProposedNothingIsWritten() throws IOException {
    Files.writeString(dir.resolve("bad.xml"), "<a>");

    Ended ended = run(dir + "/bad.xml", "--output=" + dir + "/m.json");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains("there is no good file");
    assertThat(Files.exists(dir.resolve("m.json"))).isFalse();
  }

  @Test
  void showsHelp() {
    Ended ended = run("--help");

    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.out())
        .contains("Usage: xml-to-bigquery propose FILE... --output=MAPPING [OPTION...]");
    assertThat(ended.out()).contains("\n  --output (required)\n");
  }

  private static Ended run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] all = new String[arguments.length + 1];
    all[0] = "propose";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    int status =
        new CommandLine(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false)
            .run(all);
    return new Ended(status, out.toString(UTF_8), err.toString(UTF_8));
  }
}
