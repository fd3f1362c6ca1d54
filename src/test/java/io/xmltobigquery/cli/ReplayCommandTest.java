package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A night's load, a mapping that is mended in the morning, and what was rejected taken back. */
final class ReplayCommandTest {

  private static final String MAPPING =
      """
      {"tables": [{"table": "items", "record": "/list/item",
        "fields": [{"name": "n", "type": "%s", "source": "@n"}]}]}
      """;

  @TempDir Path dir;

  private record Ended(int status, String out, String err) {}

  @BeforeEach
  void aNight() throws IOException {
    Files.createDirectory(dir.resolve("in"));
    Files.writeString(dir.resolve("in/good.xml"), "<list><item n='1'/></list>");
    Files.writeString(
        dir.resolve("in/bad.xml"), "<list><item n='2'/>\n<item n='x'/><item n='4'/></list>");
    Files.writeString(dir.resolve("night.json"), MAPPING.formatted("INT64"));
    Files.writeString(dir.resolve("mended.json"), MAPPING.formatted("STRING"));
  }

  @Test
  void aRejectedFileIsLoadedByTheMendedMapping() throws Exception {
    load("night.json", "reject-file");
    assertThat(Files.exists(dir.resolve("in/bad.xml"))).isFalse();

    Ended dry = replay("--dryRun");
    assertThat(dry.status()).isEqualTo(0);
    assertThat(dry.out()).contains("would go back      " + dir + "/in/bad.xml\n");
    assertThat(Files.exists(dir.resolve("in/bad.xml"))).isFalse();

    Files.writeString(dir.resolve("in/bad.xml"), "<list/>");
    Ended staying = replay();
    assertThat(staying.status()).isEqualTo(3);
    assertThat(staying.err()).contains("stays: " + dir + "/in/bad.xml#");
    assertThat(staying.err()).contains(": there is a newer version in its place\n");
    assertThat(staying.out()).contains("files that stay    1\n");
    Files.delete(dir.resolve("in/bad.xml"));

    Ended ended = replay("--reason=invalid_value", "--since=1h", dir + "/in/*.xml");
    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    assertThat(ended.out()).isEqualTo("files gone back    1\n");
    assertThat(ended.err()).isEmpty();

    load("mended.json", "reject-file");
    assertThat(lines("items"))
        .containsExactly("{\"n\":\"1\"}", "{\"n\":\"2\"}", "{\"n\":\"x\"}", "{\"n\":\"4\"}");
    assertThat(replay().out()).isEqualTo("files gone back    0\n");
  }

  @Test
  void anInvalidRecordIsLoadedByTheMendedMapping() throws Exception {
    load("night.json", "dead-letter");
    assertThat(lines("items")).hasSize(3);

    Ended without = replay();
    assertThat(without.err()).contains("has rows and records; give --output to load them");

    String[] arguments = {
      "--mapping=" + dir + "/mended.json", "--output=" + dir + "/out", "--lineage"
    };
    Ended ended = replay(arguments);
    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    assertThat(ended.out()).contains("rows of items      1\n");
    assertThat(replay(arguments).out()).isEqualTo("files gone back    0\n");
    List<String> lines = lines("items");
    assertThat(lines).hasSize(4);
    assertThat(
            lines.stream()
                .filter(
                    line ->
                        line.startsWith(
                                "{\"n\":\"x\",\"_file\":{\"uri\":\"" + dir + "/in/bad.xml\"")
                            && line.endsWith("\"record\":2}}")))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h"})
  void showsHelp(String argument) {
    Ended ended = run("replay", argument);

    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.out()).contains("Usage: xml-to-bigquery replay [PATTERN] --deadLetterDir=DIR");
    assertThat(ended.out()).contains("  --deadLetterDir (required)\n");
    assertThat(run("--help").out()).contains("xml-to-bigquery replay --deadLetterDir=DIR");
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() {
    Ended ended =
        run(
            "replay",
            "a",
            "b",
            "--reason=TRUNCATED,OLD",
            "--since=yesterday",
            "--acceptedInput=burn",
            "--mapping=" + dir + "/no.json",
            "--maxRecordBytes=1");

    assertThat(ended.status()).isEqualTo(2);
    List<String> errors = ended.err().lines().toList();
    assertThat(errors).hasSize(8);
    assertThat(ended.err())
        .contains("--deadLetterDir is missing: give the directory that loads have");
    assertThat(ended.err()).contains("--reason: OLD is none of CONTENT_AFTER_ROOT, ");
    assertThat(ended.err()).contains("--since: yesterday is no duration, such as 12h, and no time");
    assertThat(ended.err()).contains("there are 2 patterns; give one, in quotes");
    assertThat(ended.err()).contains("--acceptedInput: burn is none of keep, delete, move:DIR");
    assertThat(errors.get(7)).isEqualTo("Try replay --help for all options.");
  }

  @Test
  void rowsThatAreUpsertsAreNotAdded() throws Exception {
    Files.writeString(
        dir.resolve("keys.json"),
        MAPPING
            .formatted("STRING\", \"mode\": \"REQUIRED")
            .replace("\"record\":", "\"primaryKey\": {\"columns\": [\"n\"]}, \"record\":"));

    Ended ended = replay("--mapping=" + dir + "/keys.json", "--output=" + dir + "/out");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains("--output: the rows of items are upserts, by its primaryKey");
  }

  private void load(String mapping, String onInvalidRecord) {
    Ended ended =
        run(
            "--runner=DirectRunner",
            "--input=" + dir + "/in/*.xml",
            "--output=" + dir + "/out",
            "--deadLetterDir=" + dir + "/dead",
            "--mapping=" + dir + "/" + mapping,
            "--onInvalidRecord=" + onInvalidRecord);
    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
  }

  private Ended replay(String... more) {
    List<String> arguments = new ArrayList<>(List.of("replay", "--deadLetterDir=" + dir + "/dead"));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(new String[0]));
  }

  private static Ended run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        new CommandLine(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false)
            .run(arguments);
    return new Ended(status, out.toString(UTF_8), err.toString(UTF_8));
  }

  private List<String> lines(String table) throws IOException {
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.list(dir.resolve("out"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.startsWith(table + "-") && name.endsWith(".jsonl")) {
          lines.addAll(Files.readAllLines(file));
        }
      }
    }
    return lines;
  }
}
