package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.Documents;
import io.xmltobigquery.outcome.ProgramVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.dataflow.DataflowPipelineJob;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.runners.dataflow.util.DataflowTemplateJob;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.options.PipelineOptions;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command in this process; {@code CommandIT} starts it as a user does. */
final class CommandLineTest {

  @TempDir Path dir;

  private record Ended(int status, String out, String err) {}

  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h"})
  void showsHelp(String argument) {
    Ended ended = run("--inptu=x", argument);

    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.out()).contains("Usage: xml-to-bigquery --input=PATTERN");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void showsItsVersion() {
    Ended ended = run("--version");

    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.out()).isEqualTo("xml-to-bigquery " + ProgramVersion.current() + "\n");
    assertThat(ProgramVersion.current()).matches("\\d+\\.\\d+\\.\\d+.*");
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void noOptionsAreMissingOptions() {
    Ended ended = run();

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err().lines().toList())
        .containsExactly(
            "xml-to-bigquery: --input is missing: give the files to load, such as 'data/*.xml', or --inputSubscription",
            "xml-to-bigquery: --output is missing: give a dataset, as PROJECT:DATASET, or a directory",
            "xml-to-bigquery: --deadLetterDir is missing: give a directory for rejected files",
            "Try --help for all options.")
        .inOrder();
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void wrongMissingAndUnknownOptionsAreReportedAllAtOnce() {
    Ended ended =
        run(
            "--inptu=x",
            "--output=" + dir,
            "--output=" + dir,
            "stray",
            "--rejectedInput=burn",
            "--chunkSizeMb=x");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err().lines().map(line -> line.replaceFirst(":.*", "")).distinct().toList())
        .containsExactly("xml-to-bigquery", "Try --help for all options.");
    for (String problem :
        List.of(
            "--inptu is not an option: did you mean --input?",
            "--output is given 2 times",
            "stray isn't an option",
            "--chunkSizeMb=x: the value is of the wrong kind",
            "--input is missing",
            "--deadLetterDir is missing",
            "--rejectedInput: burn is not a valid value; use delete or keep")) {
      assertThat(ended.err()).contains("xml-to-bigquery: " + problem);
    }
    assertThat(ended.err().lines().count()).isEqualTo(8);
  }

  @Test
  void severalDocumentsOfOneFileAreLoadedIfAskedFor() throws Exception {
    String one = "<Root><Customers/><Orders/></Root>";
    Files.writeString(dir.resolve("a.xml"), one + "\n<?xml version='1.0'?>" + one + one);

    Ended loaded = load("--input=" + dir + "/*.xml", "--documents=many");

    assertThat(loaded.status()).isEqualTo(0);
    assertThat(loaded.out()).containsMatch("files accepted +1\n");
    assertThat(load("--input=" + dir + "/*.xml").out()).containsMatch("files rejected +1,");
  }

  @Test
  void aNamedFileThatDoesNotExistIsAnError() {
    Ended ended = load("--input=" + dir + "/no.xml");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains("--input: there is no file " + dir + "/no.xml\n");
    assertThat(Files.exists(dir.resolve("out"))).isFalse();
  }

  @Test
  void aWildcardThatMatchesNothingIsAWarning() {
    Ended ended = load("--input=" + dir + "/*.xml");

    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    assertThat(ended.err())
        .isEqualTo("xml-to-bigquery: warning: no file matches --input=" + dir + "/*.xml\n");
    assertThat(ended.out()).contains("files accepted     0\n");
  }

  @Test
  void allMistakesOfAMappingAreReported() throws IOException {
    Path mapping =
        Files.writeString(
            dir.resolve("mapping.json"),
            """
            {"tables": [{"table": "t", "record": "/r/t", "fields": [
              {"name": "a", "type": "TEXT"}, {"name": "b", "type": "STRING", "mode": "MANY"}]}]}
            """);

    Ended ended = load("--input=" + dir + "/*.xml", "--mapping=" + mapping);

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains("--mapping: " + mapping + ": /tables/0/fields/0/type");
    assertThat(ended.err()).contains("--mapping: " + mapping + ": /tables/0/fields/1/mode");
  }

  @Test
  void successEndsWithASummary() throws IOException {
    Files.writeString(dir.resolve("good.xml"), Documents.orders(3));
    Files.writeString(
        dir.resolve("half.xml"), Documents.orders(2).replaceFirst("ShipVia>2<", "ShipVia>two<"));
    Files.writeString(dir.resolve("bad.xml"), "<Root>");

    Ended ended =
        load("--input=" + dir + "/*.xml", "--onInvalidRecord=dead-letter", "--debug=false");

    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    assertThat(ended.out())
        .matches(
            """
            files accepted     2
            files rejected     1, kept in %s/dead/files
            rows of customers  0
            rows of orders     4
            invalid records    orders 1, kept in %s/dead/rows
            no records         customers: /Root/Customers/Customer
            input              0\\.0 MB in \\d+\\.\\d s \\(0\\.0 MB/s\\)
            """
                .formatted(dir, dir));
    assertThat(ended.err()).isEmpty();
  }

  @Test
  void aFailedJobIsOneClearLine() {
    Ended ended = failWith("the disk is full");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err())
        .isEqualTo("xml-to-bigquery: failed: the disk is full\nAdd --debug for the stack trace.\n");
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void theStackTraceComesWithDebug() {
    Ended ended = failWith("the disk is full", "--debug");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).startsWith("xml-to-bigquery: failed: the disk is full\njava.lang.");
    assertThat(ended.err()).contains("\tat io.xmltobigquery.cli.CommandLineTest$");
    assertThat(ended.err()).doesNotContain("Add --debug");
  }

  @Test
  void aFailureThatSaysAFileNameOnlyIsNamed() {
    assertThat(failWith("NoSuchFile").err())
        .startsWith("xml-to-bigquery: failed: NoSuchFileException: /a/b\n");
  }

  @Test
  void aBugIsNamed() {
    assertThat(failWith("bug").err())
        .startsWith("xml-to-bigquery: failed: IllegalStateException: bug\n");
  }

  /** Dataflow's way to tell: its result doesn't throw. */
  @Test
  void aJobThatEndsAsFailedHasFailed() {
    Ended ended = failWith("silently");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).startsWith("xml-to-bigquery: failed: the job ended as FAILED");
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void aJobThatWasUpdatedHasNotFailed() {
    Ended ended = failWith("updated");

    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.out()).isEqualTo("the job was updated; its replacement is running\n");
  }

  @Test
  void aWrittenTemplateIsNoFailure() {
    Ended ended = failWith("template", "--templateLocation=gs://bucket/job.json");

    assertThat(ended.err()).isEmpty();
    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.out()).startsWith("job graph written to gs://bucket/job.json; ");
  }

  @Test
  void aDataflowJobIsNamedBeforeItsEndIsAwaited() {
    Ended ended = failWith("dataflow", "--project=my-project", "--region=europe-west1");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err().lines().limit(3).toList())
        .containsExactly(
            "xml-to-bigquery: Dataflow job 2026-id:"
                + " https://console.cloud.google.com/dataflow/jobs/europe-west1/2026-id"
                + "?project=my-project",
            "xml-to-bigquery: Ctrl-C ends only this command, not the job; to cancel it:"
                + " gcloud dataflow jobs cancel --project=my-project --region=europe-west1 2026-id",
            "xml-to-bigquery: failed: lost track of the job; it may still be running")
        .inOrder();
  }

  private Ended load(String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--output=" + dir + "/out");
    arguments.add("--deadLetterDir=" + dir + "/dead/");
    if (Arrays.stream(more).noneMatch(argument -> argument.startsWith("--runner"))) {
      arguments.add("--runner=DirectRunner");
    }
    arguments.addAll(Arrays.asList(more));
    return run(arguments.toArray(new String[0]));
  }

  private Ended failWith(String failure, String... more) {
    List<String> arguments = new ArrayList<>(Arrays.asList(more));
    arguments.add("--input=" + dir + "/*.xml");
    arguments.add("--runner=" + FailingRunner.class.getName());
    arguments.add("--jobName=" + failure);
    return load(arguments.toArray(new String[0]));
  }

  private static Ended run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        new CommandLine(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false)
            .run(arguments);
    return new Ended(status, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** Ends every job in the way that its name says. */
  public static final class FailingRunner extends PipelineRunner<PipelineResult> {

    private final String failure;

    private FailingRunner(String failure) {
      this.failure = failure;
    }

    public static FailingRunner fromOptions(PipelineOptions options) {
      return new FailingRunner(options.getJobName());
    }

    @Override
    public PipelineResult run(Pipeline pipeline) {
      return switch (failure) {
        case "silently" -> new EndedResult(PipelineResult.State.FAILED);
        case "updated" -> new EndedResult(PipelineResult.State.UPDATED);
        case "template" -> new DataflowTemplateJob();
        case "dataflow" ->
            new UnwatchedJob(pipeline.getOptions().as(DataflowPipelineOptions.class));
        case "bug" -> throw new RuntimeException("engine", new IllegalStateException("bug"));
        case "NoSuchFile" -> throw new RuntimeException(new NoSuchFileException("/a/b"));
        default ->
            throw new RuntimeException("engine\nmore", new IOException(failure + "\nat line 1"));
      };
    }
  }

  /** A job on Dataflow of which nothing more is heard. */
  private static final class UnwatchedJob extends DataflowPipelineJob {

    private UnwatchedJob(DataflowPipelineOptions options) {
      super(null, "2026-id", options, Map.of());
    }

    @Override
    public @Nullable State waitUntilFinish() {
      return null;
    }
  }

  private record EndedResult(State state) implements PipelineResult {

    @Override
    public State getState() {
      return state;
    }

    @Override
    public State cancel() {
      throw new UnsupportedOperationException();
    }

    @Override
    public State waitUntilFinish(Duration duration) {
      return state;
    }

    @Override
    public State waitUntilFinish() {
      return state;
    }

    @Override
    public MetricResults metrics() {
      throw new UnsupportedOperationException();
    }
  }
}
