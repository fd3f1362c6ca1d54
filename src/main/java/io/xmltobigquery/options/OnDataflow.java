package io.xmltobigquery.options;

import io.xmltobigquery.files.ObjectName;
import java.util.List;
import java.util.Map;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.options.ExperimentalOptions;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.jspecify.annotations.Nullable;

/** What a job on Dataflow needs besides: its workers see none of the files of this machine. */
public final class OnDataflow {

  /**
   * What our jar is called in the environment of a template's launcher: see Dockerfile_Launcher.
   */
  private static final String LAUNCHED_JAR = "FLEX_TEMPLATE_JAVA_CLASSPATH";

  /**
   * A streaming mode of Dataflow's own, in which elements may come twice: <a
   * href="https://cloud.google.com/dataflow/docs/guides/streaming-modes">streaming modes</a>. Then
   * {@code AwaitRows} would count wrongly.
   */
  private static final String AT_LEAST_ONCE_MODE = "streaming_mode_at_least_once";

  private final XmlToBigQueryOptions options;
  private final Problems problems = new Problems();

  private OnDataflow(XmlToBigQueryOptions options) {
    this.options = options;
  }

  /**
   * Where temporary files go.
   *
   * @return null if the user doesn't say it
   */
  static @Nullable String tempLocation(XmlToBigQueryOptions options) {
    return isEmpty(options.getTempLocation())
        ? given(options, "gcpTempLocation")
        : options.getTempLocation();
  }

  /**
   * Where libraries go.
   *
   * @return null if the user doesn't say it: then under the location of temporary files
   */
  public static @Nullable String stagingLocation(XmlToBigQueryOptions options) {
    return given(options, "stagingLocation");
  }

  /**
   * Sets what a job needs there and its user need not know of.
   *
   * @param environment the variables of this process
   */
  public static void prepare(XmlToBigQueryOptions options, Map<String, String> environment) {
    if (options.as(DataflowPipelineOptions.class).getSdkContainerImage() != null) {
      prepareContainer(options, environment.get(LAUNCHED_JAR));
    }
    if (XmlToBigQueryOptions.isStreaming(options) && isSharded(options)) {
      // Without it the number of streams that write can't adapt to the load.
      options.as(GcpOptions.class).setEnableStreamingEngine(true);
    }
  }

  /**
   * For workers in a container of our own. Only Runner v2 takes one. And a launcher stages our jar
   * alone, since the libraries are in that container.
   */
  private static void prepareContainer(XmlToBigQueryOptions options, @Nullable String launchedJar) {
    ExperimentalOptions.addExperiment(options.as(ExperimentalOptions.class), "use_runner_v2");
    DataflowPipelineOptions dataflow = options.as(DataflowPipelineOptions.class);
    if (launchedJar != null && dataflow.getFilesToStage() == null) {
      dataflow.setFilesToStage(List.of(launchedJar));
    }
  }

  private static boolean isSharded(XmlToBigQueryOptions options) {
    return DatasetName.parse(options.getOutput()).isPresent()
        && options.getWriteMode() == WriteMode.EXACTLY_ONCE
        && options.as(BigQueryOptions.class).getNumStorageWriteApiStreams() == 0;
  }

  /** The problems that the same options don't have on another runner. */
  public static List<String> problems(XmlToBigQueryOptions options) {
    OnDataflow check = new OnDataflow(options);
    check.all();
    return check.problems.lines();
  }

  private void all() {
    DataflowPipelineOptions dataflow = options.as(DataflowPipelineOptions.class);
    if (isEmpty(dataflow.getProject())) {
      problems.addMissing("--project", "the project that the Dataflow job belongs to");
    }
    if (isEmpty(dataflow.getRegion())) {
      problems.addMissing("--region", "the region to run in, such as europe-west1");
    }
    String temp = tempLocation(options);
    if (isEmpty(temp)) {
      problems.addMissing("--tempLocation", "a directory on gs:// for temporary files");
    } else {
      checkInCloud("--tempLocation", temp);
    }
    checkInCloud("--gcpTempLocation", given(options, "gcpTempLocation"));
    checkInCloud("--stagingLocation", stagingLocation(options));
    checkInCloud("--input", options.getInput());
    checkInCloud("--deadLetterDir", options.getDeadLetterDir());
    List<String> serviceOptions = dataflow.getDataflowServiceOptions();
    if (serviceOptions != null && serviceOptions.contains(AT_LEAST_ONCE_MODE)) {
      problems.add(
          "--dataflowServiceOptions",
          AT_LEAST_ONCE_MODE
              + " lets the service count a file's pieces twice; leave it out, and see --writeMode for cheaper writes");
    }
    String output = options.getOutput();
    if (output != null && DatasetName.parse(output).isEmpty()) {
      checkInCloud("--output", output);
    }
  }

  private void checkInCloud(String option, @Nullable String name) {
    if (!isEmpty(name) && !ObjectName.is(name)) {
      problems.add(option, "Dataflow can't reach " + name + "; give a name on gs://");
    }
  }

  private static boolean isEmpty(@Nullable String value) {
    return value == null || value.isBlank();
  }

  /**
   * An option that a user gives, or null. Asking for it by its getter would make up a default, and
   * for some that means creating a bucket.
   */
  private static @Nullable String given(XmlToBigQueryOptions options, String name) {
    return DisplayData.from(options.as(DataflowPipelineOptions.class)).items().stream()
        .filter(item -> item.getKey().equals(name) && item.getValue() != null)
        .map(item -> item.getValue().toString())
        .findFirst()
        .orElse(null);
  }
}
