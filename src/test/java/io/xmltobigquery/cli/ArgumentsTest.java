package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.options.OnInvalidRecord;
import io.xmltobigquery.options.RejectedInput;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.util.List;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.options.ExperimentalOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArgumentsTest {

  @Test
  void takesOptions() {
    Arguments<XmlToBigQueryOptions> arguments =
        parse("--input=a=b *.xml", "--chunkSizeMb=3", "--debug", "--onInvalidRecord=dead-letter");

    assertThat(arguments.problems()).isEmpty();
    assertThat(arguments.options().getInput()).isEqualTo("a=b *.xml");
    assertThat(arguments.options().getChunkSizeMb()).isEqualTo(3);
    assertThat(arguments.options().getDebug()).isTrue();
    assertThat(arguments.options().getOnInvalidRecord()).isEqualTo(OnInvalidRecord.DEAD_LETTER);
    assertThat(arguments.options().getRejectedInput()).isEqualTo(RejectedInput.DELETE);
  }

  @Test
  void runsOnTheLocalEngineUnlessTold() {
    FlinkPipelineOptions local = parse().options().as(FlinkPipelineOptions.class);

    assertThat(local.getRunner()).isEqualTo(FlinkRunner.class);
    assertThat(local.getFlinkMaster()).isEqualTo("[local]");
    assertThat(local.getParallelism()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(parse("--runner=DirectRunner").options().getRunner()).isEqualTo(DirectRunner.class);
  }

  @Test
  void aStreamingJobOnFlinkHasCheckpoints() {
    String subscription = "--inputSubscription=projects/p/subscriptions/s";
    FlinkPipelineOptions local = parse(subscription).options().as(FlinkPipelineOptions.class);
    FlinkPipelineOptions cluster =
        parse(subscription, "--runner=FlinkRunner", "--flinkMaster=localhost:8081")
            .options()
            .as(FlinkPipelineOptions.class);
    FlinkPipelineOptions told =
        parse(subscription, "--runner=FlinkRunner", "--checkpointingInterval=30000")
            .options()
            .as(FlinkPipelineOptions.class);

    assertThat(local.getCheckpointingInterval()).isEqualTo(1000);
    assertThat(local.getStateBackend()).isEqualTo("filesystem");
    assertThat(cluster.getCheckpointingInterval()).isEqualTo(5000);
    assertThat(cluster.getStateBackend()).isNull();
    assertThat(told.getCheckpointingInterval()).isEqualTo(30_000);
    // Beam takes the name in any case.
    assertThat(
            parse(subscription, "--runner=flinkrunner", "--flinkMaster=localhost:8081")
                .options()
                .as(FlinkPipelineOptions.class)
                .getCheckpointingInterval())
        .isEqualTo(5000);
  }

  @Test
  void aStreamingJobOnTheLocalEngineHasAsManyPartsOfItsStateAsThreads() {
    String subscription = "--inputSubscription=projects/p/subscriptions/s";
    FlinkPipelineOptions local = parse(subscription).options().as(FlinkPipelineOptions.class);
    FlinkPipelineOptions told =
        parse(subscription, "--parallelism=7").options().as(FlinkPipelineOptions.class);
    FlinkPipelineOptions cluster =
        parse(subscription, "--flinkMaster=localhost:8081", "--tempLocation=gs://b/temp")
            .options()
            .as(FlinkPipelineOptions.class);

    assertThat(local.getMaxParallelism()).isEqualTo(local.getParallelism());
    assertThat(told.getMaxParallelism()).isEqualTo(7);
    // It may go on with more than it began with.
    assertThat(cluster.getMaxParallelism()).isEqualTo(-1);
  }

  @Test
  void aStreamingJobCopiesItsStateForACheckpoint() {
    String subscription = "--inputSubscription=projects/p/subscriptions/s";
    FlinkPipelineOptions backfill = parse().options().as(FlinkPipelineOptions.class);
    FlinkPipelineOptions local = parse(subscription).options().as(FlinkPipelineOptions.class);
    FlinkPipelineOptions cluster =
        parse(subscription, "--flinkMaster=localhost:8081", "--tempLocation=gs://b/temp")
            .options()
            .as(FlinkPipelineOptions.class);

    assertThat(backfill.getFasterCopy()).isTrue();
    assertThat(local.getFasterCopy()).isFalse();
    assertThat(cluster.getFasterCopy()).isFalse();
    assertThat(local.getObjectReuse()).isTrue();
  }

  @Test
  void optionsOfTheLocalEngineCanBeGiven() {
    Arguments<XmlToBigQueryOptions> arguments =
        parse("--parallelism=7", "--flinkMaster=localhost:8081", "--tempLocation=gs://b/temp");

    assertThat(arguments.problems()).isEmpty();
    FlinkPipelineOptions options = arguments.options().as(FlinkPipelineOptions.class);
    assertThat(options.getRunner()).isEqualTo(FlinkRunner.class);
    assertThat(options.getParallelism()).isEqualTo(7);
    assertThat(options.getFlinkMaster()).isEqualTo("localhost:8081");
  }

  @Test
  void aClusterHasItsOwnParallelismAndNeedsFilesThatAllOfItSees() {
    Arguments<XmlToBigQueryOptions> arguments = parse("--flinkMaster=localhost:8081");

    assertThat(arguments.problems()).hasSize(1);
    assertThat(arguments.problems().get(0)).startsWith("--tempLocation is missing: ");
    assertThat(arguments.options().as(FlinkPipelineOptions.class).getParallelism()).isEqualTo(-1);
    assertThat(parse("--flinkMaster=[local]").problems()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--inptu=x | --inptu is not an option: did you mean --input?",
        "--nonsense | --nonsense is not an option: see --help",
        "data/b.xml | data/b.xml isn't an option: options look like --name=value, and a pattern"
            + " needs quotes",
        "-input=x | -input=x isn't an option: options look like --name=value, and a pattern needs"
            + " quotes",
        "--chunkSizeMb=many | --chunkSizeMb=many: the value is of the wrong kind; see --help",
        "--chunkSizeMb= | --chunkSizeMb=: the value is of the wrong kind; see --help",
        "--maxRecordBytes=1.5 | --maxRecordBytes=1.5: the value is of the wrong kind; see --help",
        "--debug=perhaps | --debug=perhaps: the value is of the wrong kind; see --help",
        "--writeMode=twice | --writeMode: twice is not a valid value; use exactly-once,"
            + " at-least-once or upsert",
        "--onInvalidRecord=ignore | --onInvalidRecord: ignore is not a valid value; use reject-file"
            + " or dead-letter",
        "--rejectedInput=KEEP | --rejectedInput: KEEP is not a valid value; use delete or keep",
        "--rejectedInput= | --rejectedInput=: the value is of the wrong kind; see --help"
      })
  void aWrongArgumentIsExplained(String argument, String problem) {
    assertThat(parse(argument).problems()).containsExactly(problem);
  }

  @Test
  void anUnknownRunnerIsExplained() {
    List<String> problems = parse("--runner=SlowRunner").problems();

    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).startsWith("--runner=SlowRunner: ");
    assertThat(problems.get(0)).contains("FlinkRunner");
  }

  @Test
  void allWrongArgumentsAreNamedAndTheGoodOnesTaken() {
    Arguments<XmlToBigQueryOptions> arguments =
        parse("--inptu=x", "--output=out", "y.xml", "--chunkSizeMb=many");

    assertThat(arguments.problems()).hasSize(3);
    assertThat(arguments.options().getOutput()).isEqualTo("out");
  }

  @Test
  void anOptionGivenTwiceIsAProblem() {
    Arguments<XmlToBigQueryOptions> arguments =
        parse("--input=a", "--output=out", "--input=b", "--input=c");

    assertThat(arguments.problems()).containsExactly("--input is given 3 times; give it once");
    assertThat(arguments.options().getOutput()).isEqualTo("out");
  }

  @Test
  void optionsThatAreListsMayBeGivenTwice() {
    Arguments<XmlToBigQueryOptions> arguments = parse("--experiments=a", "--experiments=b");

    assertThat(arguments.problems()).isEmpty();
    assertThat(arguments.options().as(ExperimentalOptions.class).getExperiments())
        .containsExactly("a", "b");
  }

  private static Arguments<XmlToBigQueryOptions> parse(String... arguments) {
    return Arguments.parse(List.of(arguments));
  }
}
