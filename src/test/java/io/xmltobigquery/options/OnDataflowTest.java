package io.xmltobigquery.options;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.check.OptionsCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OnDataflowTest {

  private static final List<String> GOOD =
      List.of(
          "--project=my-project",
          "--region=europe-west1",
          "--tempLocation=gs://bucket/temp",
          "--input=gs://bucket/*.xml",
          "--output=my-project:dataset",
          "--deadLetterDir=gs://bucket/dead");

  @Test
  void goodOptionsHaveNoProblem() {
    assertThat(problems()).isEmpty();
  }

  @Test
  void whatDataflowNeedsIsAllNamedAtOnce() {
    assertThat(problems("--project=", "--region=", "--tempLocation="))
        .containsExactly(
            "--project is missing: give the project that the Dataflow job belongs to",
            "--region is missing: give the region to run in, such as europe-west1",
            "--tempLocation is missing: give a directory on gs:// for temporary files");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tempLocation",
        "gcpTempLocation",
        "stagingLocation",
        "input",
        "output",
        "deadLetterDir"
      })
  void filesOfThisMachineAreOutOfReach(String option) {
    assertThat(problems("--" + option + "=/data/*.xml"))
        .contains("--" + option + ": Dataflow can't reach /data/*.xml; give a name on gs://");
  }

  @Test
  void aModeInWhichElementsMayComeTwiceIsRefused() {
    assertThat(problems("--dataflowServiceOptions=enable_google_cloud_profiler")).isEmpty();
    assertThat(problems("--dataflowServiceOptions=a,streaming_mode_at_least_once"))
        .containsExactly(
            "--dataflowServiceOptions: streaming_mode_at_least_once lets the service count a file's pieces twice; leave it out, and see --writeMode for cheaper writes");
  }

  @Test
  void gcpTempLocationServesAsTempLocation() {
    XmlToBigQueryOptions options =
        options("--tempLocation=", "--gcpTempLocation=gs://bucket/gcp-temp");

    assertThat(OnDataflow.problems(options)).isEmpty();
    assertThat(Directories.of(options).heldPrefix()).startsWith("gs://bucket/gcp-temp/");
  }

  @Test
  void tempLocationGoesFirst() {
    XmlToBigQueryOptions options = options("--gcpTempLocation=gs://bucket/gcp-temp");

    assertThat(Directories.of(options).heldPrefix()).startsWith("gs://bucket/temp/");
  }

  @Test
  void aContainerOfOurOwnBringsTheLibrariesAndNeedsTheOtherRunner() {
    DataflowPipelineOptions options = prepared("--sdkContainerImage=host/sdk:1");

    assertThat(options.getFilesToStage()).containsExactly("/opt/our.jar");
    assertThat(options.getExperiments()).containsExactly("use_runner_v2");
  }

  @Test
  void whatTheUserSaysOfTheContainerStays() {
    DataflowPipelineOptions options =
        prepared("--sdkContainerImage=host/sdk:1", "--filesToStage=a.jar", "--experiments=a");

    assertThat(options.getFilesToStage()).containsExactly("a.jar");
    assertThat(options.getExperiments()).containsExactly("a", "use_runner_v2");
  }

  @Test
  void dataflowsOwnContainerNeedsAllLibraries() {
    DataflowPipelineOptions options = prepared();

    assertThat(options.getFilesToStage()).isNull();
    assertThat(options.getExperiments()).isNull();
  }

  private static DataflowPipelineOptions prepared(String... changes) {
    XmlToBigQueryOptions options = options(changes);
    OnDataflow.prepare(options, Map.of("FLEX_TEMPLATE_JAVA_CLASSPATH", "/opt/our.jar"));
    return options.as(DataflowPipelineOptions.class);
  }

  @Test
  void anotherRunnerNeedsNothing() {
    XmlToBigQueryOptions options =
        options("--project=", "--region=", "--tempLocation=", "--runner=DirectRunner");

    assertThat(OptionsCheck.of(options).problems()).isEmpty();
  }

  private static List<String> problems(String... changes) {
    return OptionsCheck.of(options(changes)).problems();
  }

  /**
   * The good options with some of them changed. An empty one is missing, and not made up from
   * gcloud's.
   */
  private static XmlToBigQueryOptions options(String... changes) {
    List<String> arguments = new ArrayList<>(GOOD);
    arguments.add("--runner=DataflowRunner");
    for (String change : changes) {
      String name = change.split("=", 2)[0] + "=";
      arguments.removeIf(argument -> argument.startsWith(name));
    }
    arguments.addAll(Arrays.asList(changes));
    return PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
        .as(XmlToBigQueryOptions.class);
  }
}
