package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckCommandTest {

  @TempDir Path dir;

  private record Ended(int status, String out, String err) {}

  @BeforeEach
  void writeMapping() throws IOException {
    Files.writeString(
        dir.resolve("m.json"),
        """
        {"outside": "ignore", "tables": [{"table": "items", "record": "/r/i", "fields": [
          {"name": "id", "type": "STRING", "source": "@id"},
          {"name": "n", "type": "INT64"},
          {"name": "parts", "type": "RECORD", "mode": "REPEATED", "source": "p", "fields": [
            {"name": "day", "type": "DATE", "source": "d"}, {"name": "no", "type": "STRING"}]}]}]}
        """);
  }

  @Test
  void showsWhatComesIntoEachColumn() throws IOException {
    write("a.xml", "<r><i id='x'><n>07</n><p><d>2024-05-01</d></p><p/></i><i><n>8</n></i></r>");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(dir.resolve("b.xml")))) {
      out.write("<r><i id='y'/><i id='y'/></r>".getBytes(UTF_8));
    }

    Ended ended = run();

    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    assertThat(ended.out())
        .isEqualTo(
            """
            items  /r/i  4 rows in 2 files
                       type                 in      values  examples
                id     STRING              75%           3  x, y
                n      INT64               50%           2  7, 8
                parts  RECORD REPEATED     25%           2
                  day  DATE                50%           1  2024-05-01
            ?     no   STRING               0%           0

            files that would be loaded  2 of 2, with 4 rows
            """);
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void showsWhatWouldBeRejected() throws IOException {
    write("a.xml", "<r><i><n>x</n></i>\n<i><n>1</n></i><i><n>x</n></i><i><odd/></i></r>");
    write("b.xml", "<r><i><n>2</n></i>");
    write("c.xml", "<r>\n<i><n>x</n></i></r>");
    write("d.xml", "<r><i><n>2</n></i></r>");

    Ended ended = run();

    assertThat(ended.status()).isEqualTo(3);
    assertThat(ended.out()).contains("items  /r/i  1 of 2 rows in 1 file, 4 invalid records\n");
    assertThat(ended.out())
        .contains(
            "! 3 records of items in 2 files: INVALID_VALUE: n is not an xs:integer: expected a digit at position 1"
                + "\n  first in "
                + dir
                + "/a.xml, line 1, column 7 (byte 6)\n");
    assertThat(ended.out())
        .contains(
            "! 1 record of items in 1 file: UNKNOWN_ELEMENT: the mapping names no element <odd> here; it expects n, p\n"
                + "  first in "
                + dir
                + "/a.xml, line 2, column 34 (byte 52)\n");
    assertThat(ended.out()).contains("! 1 file: TRUNCATED: ");
    assertThat(ended.out()).endsWith("files that would be loaded  1 of 4, with 1 row\n");

    Ended without = run("--onInvalidRecord=dead-letter");

    assertThat(without.status()).isEqualTo(3);
    assertThat(without.out()).endsWith("files that would be loaded  3 of 4, with 2 rows\n");
  }

  @Test
  void showsWhatTheMappingLeavesOut() throws IOException {
    write("a.xml", "<r x='1'><head/><i><N>1</N></i></r>");
    Files.writeString(
        dir.resolve("m.json"),
        Files.readString(dir.resolve("m.json"))
            .replace("\"record\"", "\"unknown\": \"ignore\", \"record\""));

    Ended ended = run();

    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.out())
        .contains(
            """
            ? items: n is in no record; there is /r/i/N
            ? around records: /r/@x is skipped, 1×
            ? around records: /r/head is skipped, 1×
            ? items: /r/i/N is skipped, 1×; the mapping has /r/i/n

            files that would be loaded  1 of 1, with 1 row
            """);
    JsonNode json = new JsonMapper().readTree(run("--json").out());
    assertThat(json.get("warnings").findValuesAsText("kind")).contains("SKIPPED");
  }

  @Test
  void warnsOfWhatTheMappingMayNotMean() throws IOException {
    write("a.xml", "<r><i><p><d>2024-05-01</d></p></i></r>");
    Files.writeString(
        dir.resolve("m.json"),
        """
        {"tables": [{"table": "items", "record": "/r/i", "fields": [
          {"name": "d", "type": "DATE", "source": "p/d", "format": ["%d/%m/%Y", "%m/%d/%Y", "date"]}]}]}
        """);

    Ended ended = run();

    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.err()).startsWith("xml-to-bigquery: warning: items: d");
  }

  @Test
  void printsJson() throws IOException {
    write("a.xml", "<r><i><n>1</n></i></r>");
    write("b.xml", "<r>\n<i><n>x</n></i></r>");

    Ended ended = run("--json");

    JsonNode json = new JsonMapper().readTree(ended.out());
    assertThat(json.get("files").asInt()).isEqualTo(2);
    assertThat(json.get("accepted").asInt()).isEqualTo(1);
    assertThat(json.get("columns").get(1).toString())
        .isEqualTo(
            "{\"table\":\"items\",\"column\":\"n\",\"type\":\"INT64\",\"mode\":\"NULLABLE\",\"in\":1,\"of\":1,\"values\":1,\"examples\":[\"1\"]}");
    assertThat(json.get("columns").findValuesAsText("column"))
        .containsExactly("id", "n", "parts", "parts.day", "parts.no")
        .inOrder();
    assertThat(json.get("complaints").get(0).get("line").asInt()).isEqualTo(2);
    assertThat(json.get("rejected").get(0).get("file").asText()).isEqualTo(dir + "/b.xml");
    // Each on a line of its own.
    assertThat(ended.out()).containsMatch("\n *\\{\"table\" : \"items\",\"column\" : \"n\"");
  }

  @Test
  void theMappingOfCustomersAndOrdersIsTheDefault() {
    Ended ended = runWithout("sample-data/*.xml");

    assertThat(ended.status()).isEqualTo(3);
    assertThat(ended.out()).contains("files that would be loaded  4 of 6, with 40 rows");
    assertThat(ended.out()).contains("customers  ");
  }

  @Test
  void tellsAllThatIsWrong() throws IOException {
    Files.writeString(dir.resolve("bad.json"), "{}");

    Ended ended =
        runWithout(
            dir + "/*.xml",
            dir + "/no.xml",
            "--mapping=" + dir + "/bad.json",
            "--maxRecordBytes=1");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err().lines().toList())
        .containsExactly(
            "xml-to-bigquery: --mapping: " + dir + "/bad.json: \"tables\" is missing: add it",
            "xml-to-bigquery: --maxRecordBytes: 1 is out of range; choose from 1048576 to 536870912",
            "xml-to-bigquery: there is no file " + dir + "/no.xml",
            "xml-to-bigquery: no file matches " + dir + "/*.xml",
            "Try check --help for all options.")
        .inOrder();
    assertThat(runWithout().err()).contains("the files are missing");
  }

  @Test
  void showsHelp() {
    Ended ended = runWithout("--help");

    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.out()).contains("Usage: xml-to-bigquery check FILE... [--mapping=MAPPING]");
    for (String option : new String[] {"--mapping", "--json", "--onInvalidRecord", "--help"}) {
      assertThat(ended.out()).contains("\n  " + option + "\n");
    }
  }

  private void write(String name, String xml) throws IOException {
    Files.writeString(dir.resolve(name), xml);
  }

  private Ended run(String... options) {
    String[] all = new String[options.length + 2];
    all[0] = dir + "/*.xml";
    all[1] = "--mapping=" + dir + "/m.json";
    System.arraycopy(options, 0, all, 2, options.length);
    return runWithout(all);
  }

  private static Ended runWithout(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] all = new String[arguments.length + 1];
    all[0] = "check";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    int status =
        new CommandLine(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false)
            .run(all);
    return new Ended(status, out.toString(UTF_8), err.toString(UTF_8));
  }
}
