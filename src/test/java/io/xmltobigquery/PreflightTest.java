package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FakeCloudStorage.Kind;
import io.xmltobigquery.options.RejectedInput;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.runners.dataflow.DataflowRunner;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With buckets only; {@code PreflightIT} has a dataset and a subscription as well. */
final class PreflightTest {

  @TempDir Path dir;

  private FakeCloudStorage storage;
  private XmlToBigQueryOptions options;

  @BeforeEach
  void start() throws IOException {
    storage = FakeCloudStorage.start("landing", "dead-letter", "staging");
    options = storage.options().as(XmlToBigQueryOptions.class);
    options.setInput("gs://landing/data/**.xml");
    options.setOutput("gs://staging/out");
    options.setDeadLetterDir("gs://dead-letter/orders");
    options.setTempLocation("gs://staging/temp");
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  @Test
  void tellsWhatIsRight() {
    Preflight.Report report = Preflight.of(options);

    assertThat(report.problems()).isEmpty();
    assertThat(report.checked())
        .containsExactly(
            "options",
            "get, list, delete in the bucket of --input, gs://landing/data/**.xml",
            "get, list, delete, create in the bucket of --deadLetterDir, gs://dead-letter/orders",
            "get, list, delete, create in the bucket of --tempLocation, gs://staging/temp",
            "mapping: tables customers, orders",
            "get, list, delete, create in the bucket of --output, gs://staging/out")
        .inOrder();
    assertThat(storage.objects()).isEmpty();
  }

  @Test
  void tellsAllThatIsWrongAtOnce() throws IOException {
    options.setChunkSizeMb(0);
    options.setMapping(Files.writeString(dir.resolve("mapping.json"), "{}").toString());
    options.setDeadLetterDir("gs://mistyped/orders");
    storage.deny("landing", "storage.objects.delete");
    options.setAcceptedInput("move:gs://nowhere/loaded");

    Preflight.Report report = Preflight.of(options);

    assertThat(report.problems()).hasSize(5);
    assertThat(report.problems().get(0)).startsWith("--mapping: " + dir + "/mapping.json: ");
    assertThat(report.problems().get(1)).startsWith("--chunkSizeMb: 0 is out of range");
    assertThat(report.problems().get(2))
        .startsWith("--input: no permission storage.objects.delete in the bucket of gs://landing");
    assertThat(report.problems().get(3))
        .isEqualTo(
            "--deadLetterDir: gs://mistyped/orders can't be listed: there is no bucket mistyped");
    assertThat(report.problems().get(4))
        .isEqualTo(
            "--acceptedInput: gs://nowhere/loaded can't be listed: there is no bucket nowhere");
    assertThat(report.checked())
        .containsExactly(
            "get, list, delete, create in the bucket of --tempLocation, gs://staging/temp");
  }

  @Test
  void readsTheMappingOnce() {
    storage.put(
        "gs://landing/mapping.json",
        Documents.utf8(
            """
            {"tables": [{"table": "t", "record": "/a/b", "fields": [{"name": "c", "type": "STRING"}]}]}
            """));
    options.setMapping("gs://landing/mapping.json");

    assertThat(Preflight.of(options).problems()).isEmpty();

    assertThat(storage.requests(Kind.MEDIA)).isEqualTo(1);
  }

  @Test
  void whatIsKeptNeedNotBeDeleted() {
    options.setRejectedInput(RejectedInput.KEEP);
    storage.deny("landing", "storage.objects.delete");

    assertThat(Preflight.of(options).problems()).isEmpty();
  }

  @Test
  void onDataflowLooksAtTheBucketsOfTemporaryFilesAndOfTheProgram() {
    options.setRunner(DataflowRunner.class);
    DataflowPipelineOptions dataflow = options.as(DataflowPipelineOptions.class);
    dataflow.setProject("project");
    dataflow.setRegion("europe-west1");
    dataflow.setStagingLocation("gs://dead-letter/staging");

    assertThat(Preflight.of(options).checked())
        .containsAtLeast(
            "get, list, delete, create, buckets.get in the bucket of --tempLocation, gs://staging/temp",
            "get, list, delete, create, buckets.get in the bucket of --stagingLocation, gs://dead-letter/staging");

    storage.deny("staging", "storage.buckets.get");
    storage.deny("dead-letter", "storage.buckets.get");

    List<String> problems = Preflight.of(options).problems();
    assertThat(problems).hasSize(2);
    assertThat(problems.get(0)).startsWith("--tempLocation: no permission storage.buckets.get");
    assertThat(problems.get(1)).startsWith("--stagingLocation: no permission storage.buckets.get");
  }

  @Test
  void asksBigQueryForTheDataset() {
    options.setOutput("project:dataset");
    options.as(BigQueryOptions.class).setBigQueryEndpoint("http://127.0.0.1:1/");

    assertThat(Preflight.of(options).problems().toString())
        .contains("--output: BigQuery can't be reached at http://127.0.0.1:1/: ");
  }

  /** Each is a problem, and none keeps the rest from being looked at. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--input=gs://landing",
        "--input=nowhere://a/*.xml",
        "--deadLetterDir=s3://bucket/dead-letter",
        "--mapping=gs://landing/no.json",
        "--acceptedInput=move:",
        "--chunkSizeMb=0",
        "--maxRecordBytes=1",
        "--reconcileInterval=1h",
        "--inputSubscription=subscription",
        "--pubsubRootUrl=nonsense"
      })
  void anOptionThatIsWrongIsOneProblem(String option) {
    List<String> arguments = new ArrayList<>(List.of(option));
    if (option.startsWith("--pubsubRootUrl")) {
      arguments.add("--inputSubscription=projects/project/subscriptions/name");
    }
    XmlToBigQueryOptions changed =
        PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
            .as(XmlToBigQueryOptions.class);
    changed.as(GcsOptions.class).setGcsEndpoint(storage.endpoint());
    changed.as(GcpOptions.class).setCredentialFactoryClass(NoopCredentialFactory.class);
    changed.as(GcpOptions.class).setProject("project");
    changed.as(BigQueryOptions.class).setBigQueryEndpoint("http://127.0.0.1:1/");
    changed.setTempLocation("gs://staging/temp");
    changed.setOutput("project:dataset");
    if (changed.getInput() == null) {
      changed.setInput("gs://landing/data/**.xml");
    }
    if (changed.getDeadLetterDir() == null) {
      changed.setDeadLetterDir("gs://dead-letter/orders");
    }

    Preflight.Report report = Preflight.of(changed);

    String name = option.substring(0, option.indexOf('='));
    assertThat(report.problems().get(0)).startsWith(name + ":");
    assertThat(report.checked().toString()).doesNotContain(name + ":");
    assertThat(report.checked().toString()).doesNotContain("--inputSubscription");
    assertThat(report.checked().toString()).contains("--tempLocation");
  }

  @Test
  void localFilesNeedNoBuckets() throws IOException {
    XmlToBigQueryOptions local = PipelineOptionsFactory.as(XmlToBigQueryOptions.class);
    local.setInput(Files.createFile(dir.resolve("a.xml")).toString());
    local.setOutput(dir.resolve("out").toString());
    local.setDeadLetterDir(dir.resolve("dead-letter").toString());

    assertThat(Preflight.of(local).problems()).isEmpty();
    assertThat(Files.exists(dir.resolve("out"))).isFalse();
  }
}
