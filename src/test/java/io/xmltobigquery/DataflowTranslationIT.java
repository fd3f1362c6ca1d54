package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.xmltobigquery.localstack.LocalStack;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
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
            "Inspect files",
            "Spread chunks",
            "Parse chunks",
            "Split rows by table",
            "Rows of customers",
            "Write customers",
            "Refused by customers",
            "Rows of orders",
            "Write orders",
            "Refused by orders",
            "All refused rows",
            "Refused rows",
            "Invalid records",
            "Keep bad rows",
            "All outcomes",
            "Keep rejected files",
            "Await rows",
            "Delete staged files",
            "Describe outcomes",
            "Rows of file_loads",
            "Write file_loads",
            "Refused by file_loads",
            "Await file_loads",
            "Delete rejected files");
  }

  @Test
  void rowsMayGoToFiles() throws Exception {
    JsonNode job = translate("--output=" + STACK.input() + "/out");

    List<String> names = names(job);
    assertThat(names.stream().map(name -> name.split("/", 2)[0]).toList())
        .containsAtLeast("Write rows", "Write file_loads");
    assertThat(names.stream().filter(name -> name.contains("StorageApi")).toList()).isEmpty();
  }

  /** The job's graph, after what holds for every one. */
  private static JsonNode translate(String... more) throws Exception {
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
    arguments.addAll(List.of(more));

    XmlToBigQuery.main(arguments.toArray(new String[0]));

    byte[] graph = STACK.content("staging", "job.json");
    assertThat(graph.length).isLessThan(MAX_GRAPH_BYTES);
    JsonNode job = JSON.readTree(graph);
    assertThat(job.get("type").textValue()).isEqualTo("JOB_TYPE_BATCH");
    assertThat(names(job)).containsNoDuplicates();
    assertThat(job.toString()).doesNotContainMatch("(?i)flink|DirectRunner");
    checkOptions(job.at("/environment/sdkPipelineOptions/options"));
    assertThat(job.at("/environment/experiments")).isEmpty();
    return job;
  }

  /** Workers get the options that the job was launched with, and no local directory. */
  private static void checkOptions(JsonNode options) {
    assertThat(options.get("streaming").booleanValue()).isFalse();
    assertThat(options.get("region").textValue()).isEqualTo("europe-west1");
    assertThat(options.get("tempLocation").textValue()).isEqualTo(STACK.staging());
    assertThat(options.get("input").textValue()).isEqualTo(STACK.input() + "/*.xml");
    assertThat(options.get("deadLetterDir").textValue()).isEqualTo(STACK.deadLetter());
  }

  /** Of all steps, in their order. */
  private static List<String> names(JsonNode job) {
    List<String> names = new ArrayList<>();
    job.get("steps")
        .forEach(step -> names.add(step.at("/properties/user_name/value").asText("no name")));
    return names;
  }
}
