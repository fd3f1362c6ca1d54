package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code notify} says before it asks anybody; the rest is in {@code NotifyIT}. */
final class NotifyCommandTest {

  private record Ended(int status, String out, String err) {}

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h"})
  void showsHelp(String argument) {
    Ended ended = run("notify", "--inptu=x", argument);

    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.out()).contains("Usage: xml-to-bigquery notify gs://BUCKET/PATTERN");
    assertThat(ended.out()).contains("  --topic (required)\n        Pub/Sub topic ");
    assertThat(ended.out()).doesNotContain("--deadLetterDir");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void helpOfTheProgramTellsOfIt() {
    assertThat(run("--help").out()).contains("xml-to-bigquery notify gs://BUCKET/PATTERN");
  }

  @Test
  void noArgumentsAreMissingArguments() {
    Ended ended = run("notify");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err().lines().toList())
        .containsExactly(
            "xml-to-bigquery: the pattern is missing: give the objects, such as 'gs://bucket/data/**.xml'",
            "xml-to-bigquery: --topic is missing: give the topic that the job's subscription belongs to",
            "Try notify --help for all options.")
        .inOrder();
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void wrongMissingAndUnknownArgumentsAreReportedAllAtOnce() {
    Ended ended =
        run(
            "notify",
            "gs://bucket",
            "--tpoic=x",
            "--topic=landed",
            "--pubsubRootUrl=localhost:8085",
            "--debug=perhaps",
            "-v");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err().lines().toList())
        .containsExactly(
            "xml-to-bigquery: --tpoic is not an option: did you mean --topic?",
            "xml-to-bigquery: --debug=perhaps: the value is of the wrong kind; see --help",
            "xml-to-bigquery: -v isn't an option: options look like --name=value, and a pattern needs quotes",
            "xml-to-bigquery: gs://bucket is a bucket; name its objects, such as 'gs://bucket/**.xml'",
            "xml-to-bigquery: --topic: landed is no topic; give projects/PROJECT/topics/NAME",
            "xml-to-bigquery: --pubsubRootUrl: localhost:8085 is no address; give one such as https://pubsub.googleapis.com, or leave it out",
            "Try notify --help for all options.")
        .inOrder();
  }

  @Test
  void secondPatternIsAProblem() {
    Ended ended =
        run("notify", "gs://bucket/a", "gs://bucket/b", "--topic=projects/my-project/topics/xml");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err())
        .startsWith("xml-to-bigquery: there are 2 patterns; give one, in quotes\n");
    assertThat(ended.err().lines().count()).isEqualTo(2);
  }

  private static Ended run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        new CommandLine(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false)
            .run(arguments);
    return new Ended(status, out.toString(UTF_8), err.toString(UTF_8));
  }
}
