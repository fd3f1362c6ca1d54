package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.xmltobigquery.localstack.LocalStack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.beam.model.pipeline.v1.RunnerApi.Pipeline;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The job as Dataflow gets it: its graph, written as a template by the entry that a template's
 * launcher uses, with the emulators for Cloud Storage and BigQuery.
 *
 * <p>This proves that the pipeline can be translated for Dataflow, that all its parts can be
 * serialized, which steps it then has and what they are called, that the graph is small enough to
 * be sent, and which options go with it.
 *
 * <p>It doesn't prove that the service takes the graph, that workers can start with our libraries,
 * which steps Dataflow fuses, how it spreads and scales them, that permissions suffice, or that the
 * result is right: nothing is run here. Only a job on the real service shows that.
 */
final class DataflowTranslationIT {

  @RegisterExtension static final LocalStack STACK = new LocalStack();

  private static final JsonMapper JSON = new JsonMapper();

  /** The service refuses a job whose graph has 20 MB; this leaves room for far larger mappings. */
  private static final int MAX_GRAPH_BYTES = 2_000_000;

  /** The steps are those of BigQueryIO, by its own names. */
  @ParameterizedTest
  @CsvSource({
    "exactly-once, StorageApiWriteUnsharded/Write Records, StorageApiWriteUnsharded/Finalize writes",
    "at-least-once, StorageApiWriteInconsistent/Write Records,"
  })
  void everyTableIsWrittenByTheStorageWriteApi(String mode, String append, @Nullable String commit)
      throws Exception {
    JsonNode job = translate("--output=" + STACK.output(), "--writeMode=" + mode);

    for (String table : List.of("customers", "orders", "file_loads")) {
      String write = "Write " + table + "/StorageApiLoads/";
      List<String> steps = names(job).stream().filter(name -> name.startsWith(write)).toList();
      assertThat(steps).contains(write + append);
      assertThat(steps.stream().filter(name -> name.endsWith("/Finalize writes")).toList())
          .isEqualTo(commit == null ? List.of() : List.of(write + commit));
    }
  }

  @Test
  void labelsAreThoseThatWerePromised() throws Exception {
    JsonNode job = translate("--output=" + STACK.output(), "--onInvalidRecord=dead-letter");

    Set<String> labels = new LinkedHashSet<>();
    names(job).forEach(name -> labels.add(name.split("/", 2)[0]));
    assertThat(labels)
        .containsExactly(
            "Find files",
            "Read files",
            "Rows",
            "Split ranges by table",
            "Rows of customers",
            "Write customers",
            "Refused by customers",
            "Rows of orders",
            "Write orders",
            "Refused by orders",
            "All refused rows",
            "Refused rows",
            "Invalid records",
            "Lines of invalid records",
            "Keep bad rows",
            "All outcomes",
            "Keep rejected files",
            "Await rows",
            "Describe outcomes",
            "Rows of file_loads",
            "Write file_loads",
            "Refused by file_loads",
            "Await file_loads",
            "Clean up");
  }

  @ParameterizedTest
  @CsvSource({
    "exactly-once, StorageApiWriteSharded/Write Records, StorageApiWriteSharded/Flush and finalize writes",
    "at-least-once, StorageApiWriteInconsistent/Write Records,"
  })
  void aSubscriptionMakesAStreamingJob(String mode, String append, @Nullable String flush)
      throws Exception {
    JsonNode job = translateStreaming("--output=" + STACK.output(), "--writeMode=" + mode);

    assertThat(names(job))
        .containsAtLeast(
            "Find files/Read messages/PubsubUnboundedSource",
            "Read files/Small files/Read files/Read",
            "Rows of orders/Release");
    for (String table : List.of("customers", "orders", "file_loads")) {
      String write = "Write " + table + "/StorageApiLoads/";
      assertThat(names(job)).contains(write + append);
      if (flush != null) {
        assertThat(names(job)).contains(write + flush);
      }
    }
    JsonNode read =
        StreamSupport.stream(job.get("steps").spliterator(), false)
            .filter(step -> step.get("kind").textValue().equals("ParallelRead"))
            .findFirst()
            .orElseThrow();
    assertThat(read.at("/properties/format/value").asText(read.at("/properties/format").asText()))
        .isEqualTo("pubsub");
    String subscription = STACK.pubsub().subscription();
    assertThat(read.at("/properties/pubsub_subscription/value").textValue())
        .endsWith(subscription.substring(subscription.lastIndexOf('/')));
  }

  @Test
  void labelsOfAStreamingJobAreThoseThatWerePromised() throws Exception {
    JsonNode job =
        translateStreaming(
            "--output=" + STACK.output(),
            "--onInvalidRecord=dead-letter",
            "--reconcileInterval=1h");

    Set<String> labels = new LinkedHashSet<>();
    names(job).forEach(name -> labels.add(name.split("/", 2)[0]));
    assertThat(labels)
        .containsExactly(
            "Find files",
            "Read files",
            "Rows",
            "Split ranges by table",
            "Rows of customers",
            "Write customers",
            "Refused by customers",
            "Rows of orders",
            "Write orders",
            "Refused by orders",
            "All refused rows",
            "Refused rows",
            "Invalid records",
            "Lines of invalid records",
            "Keep bad rows",
            "Keep bad messages",
            "All outcomes",
            "Keep rejected files",
            "Released ranges",
            "Await rows",
            "Describe outcomes",
            "Rows of file_loads",
            "Write file_loads",
            "Refused by file_loads",
            "Clean up");
    // What holds state keeps it over an update only under its name.
    assertThat(names(job))
        .containsAtLeast(
            "Find files/Notified files/Deduplicate/Deduplicate.KeyedValues/ParDo(Deduplicate)",
            "Read files/Large files/Read files/Parts/Await parts",
            "Await rows/Count ranges");
    // Dataflow has no other way to make the input of what follows stable.
    assertThat(names(job)).contains("Await rows/Stable outcomes/Shuffle/Reshuffle/GroupByKey");
  }

  @Test
  void aStreamingJobMayWriteFiles() throws Exception {
    JsonNode job = translateStreaming("--output=" + STACK.input() + "/out");

    assertThat(names(job)).contains("Write file_loads/Write batches");
  }

  /** What the template launches: only Runner v2 takes a container, and it takes another graph. */
  @Test
  void aContainerOfOurOwnBringsTheRunnerThatTakesIt() throws Exception {
    String image = "europe-docker.pkg.dev/p/r/xml-to-bigquery-sdk:1";
    JsonNode backfill = translate("--output=" + STACK.output(), "--sdkContainerImage=" + image);
    JsonNode streaming =
        translateStreaming(
            "--output=" + STACK.output(),
            "--sdkContainerImage=" + image,
            "--experiments=use_network_tags=a");

    assertThat(names(backfill))
        .containsAtLeast(
            "Find files/Look up",
            "Read files/Read files/Read",
            "Write orders/StorageApiLoads/StorageApiWriteUnsharded/Finalize writes");
    assertThat(names(streaming))
        .containsAtLeast(
            "Find files/Read messages/PubsubUnboundedSource",
            "Await rows/Count ranges",
            "Write orders/StorageApiLoads/StorageApiWriteSharded/Flush and finalize writes");
    for (JsonNode job : List.of(backfill, streaming)) {
      assertThat(job.at("/environment/experiments").toString()).contains("\"use_runner_v2\"");
      assertThat(job.at("/environment/workerPools").toString()).contains(image);
    }
    assertThat(streaming.at("/environment/experiments").toString()).contains("use_network_tags=a");
  }

  @Test
  void rowsMayGoToFiles() throws Exception {
    JsonNode job = translate("--output=" + STACK.input() + "/out");

    List<String> names = names(job);
    assertThat(names.stream().map(name -> name.split("/", 2)[0]).toList())
        .containsAtLeast("Write rows", "Write file_loads");
    assertThat(names.stream().filter(name -> name.contains("StorageApi")).toList()).isEmpty();
  }

  private static JsonNode translateStreaming(String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--inputSubscription=" + STACK.pubsub().subscription());
    return translate("JOB_TYPE_STREAMING", arguments);
  }

  private static JsonNode translate(String... more) throws Exception {
    return translate("JOB_TYPE_BATCH", List.of(more));
  }

  /** The job's graph, after what holds for every one. */
  private static JsonNode translate(String type, List<String> more) throws Exception {
    List<String> arguments = new ArrayList<>(STACK.options());
    arguments.addAll(
        List.of(
            "--runner=DataflowRunner",
            "--region=europe-west1",
            "--jobName=translation",
            // All libraries would be 200 MB in the emulator's memory.
            "--filesToStage=target/xml-to-bigquery.jar",
            "--templateLocation=" + STACK.staging() + "/job.json",
            "--input=" + STACK.input() + "/*.xml",
            "--deadLetterDir=" + STACK.deadLetter()));
    arguments.addAll(more);

    XmlToBigQuery.main(arguments.toArray(new String[0]));

    byte[] graph = STACK.content("staging", "job.json");
    assertThat(graph.length).isLessThan(MAX_GRAPH_BYTES);
    JsonNode job = JSON.readTree(graph);
    assertThat(job.get("type").textValue()).isEqualTo(type);
    assertThat(names(job)).containsNoDuplicates();
    assertThat(job.toString()).doesNotContainMatch("(?i)flink|DirectRunner");
    JsonNode options = job.at("/environment/sdkPipelineOptions/options");
    assertThat(options.get("streaming").booleanValue()).isEqualTo(type.endsWith("STREAMING"));
    checkOptions(options);
    return job;
  }

  /** Workers get the options that the job was launched with, and no local directory. */
  private static void checkOptions(JsonNode options) {
    assertThat(options.get("region").textValue()).isEqualTo("europe-west1");
    assertThat(options.get("tempLocation").textValue()).isEqualTo(STACK.staging());
    assertThat(options.get("input").textValue()).isEqualTo(STACK.input() + "/*.xml");
    assertThat(options.get("deadLetterDir").textValue()).isEqualTo(STACK.deadLetter());
  }

  /** Of all steps, in their order. For Runner v2 the graph is a file beside the job. */
  private static List<String> names(JsonNode job) throws IOException {
    List<String> names = new ArrayList<>();
    if (!job.has("steps")) {
      String url = job.at("/environment/sdkPipelineOptions/options/pipelineUrl").textValue();
      byte[] graph = STACK.content("staging", url.substring(STACK.staging().length() + 1));
      Pipeline.parseFrom(graph)
          .getComponents()
          .getTransformsMap()
          .values()
          .forEach(step -> names.add(step.getUniqueName()));
      return names;
    }
    job.get("steps")
        .forEach(step -> names.add(step.at("/properties/user_name/value").asText("no name")));
    return names;
  }
}
