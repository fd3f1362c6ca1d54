package io.xmltobigquery.check;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.util.List;
import org.apache.beam.runners.dataflow.DataflowRunner;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamingOptionsCheckTest {

  private XmlToBigQueryOptions options;

  @BeforeEach
  void createGoodOptions() {
    options = PipelineOptionsFactory.as(XmlToBigQueryOptions.class);
    options.setInputSubscription("projects/p/subscriptions/sub");
    FileSystems.setDefaultPipelineOptions(options);
  }

  @Test
  void aSubscriptionIsEnough() {
    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"gs://bucket/**.xml", "gs://bucket/a.xml", "gs://bucket/data/2026-*/[ab]?.xml"})
  void theInputMayBeAnyObjects(String input) {
    options.setInput(input);

    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"data/*.xml", "gs://bucket", "gs://b*/a.xml", "gs://My-Bucket/a.xml", ""})
  void theInputMustBeObjects(String input) {
    options.setInput(input);

    assertThat(problems()).hasSize(1);
    assertThat(problems().get(0)).startsWith("--input: ");
    assertThat(problems().get(0)).contains("/**.xml'");
  }

  @Test
  void stateIsCopiedForACheckpoint() {
    options.as(StreamingOptionsCheck.FlinkCopies.class).setFasterCopy(true);

    assertThat(problems()).hasSize(1);
    assertThat(problems().get(0)).startsWith("--fasterCopy: ");
  }

  @Test
  void theJobsOwnFilesAreNoInput() {
    options.setDeadLetterDir("gs://bucket/dead");
    options.setTempLocation("gs://bucket/temp/");

    options.setInput("gs://bucket/dead/files/*.xml");
    assertThat(problems().toString()).contains("is in --deadLetterDir");
    options.setInput("gs://bucket/temp/in/*.xml");
    assertThat(problems().toString()).contains("is in --tempLocation");
    options.setInput("gs://bucket/**.xml");
    assertThat(problems()).isEmpty();
  }

  @Test
  void aBucketIsNoTempLocation() {
    options.setTempLocation("gs://bucket");

    assertThat(problems())
        .containsExactly(
            "--tempLocation: gs://bucket is a bucket, and what is there is never loaded; give a directory, such as gs://bucket/temp");
  }

  @Test
  void theInputMustBeAPattern() {
    options.setInput("gs://bucket/a[.xml");

    assertThat(problems())
        .containsExactly("--input: gs://bucket/a[.xml isn't a pattern: Unclosed character class");
  }

  @ParameterizedTest
  @ValueSource(strings = {"30s", "10m", "12h", "8d", "PT36H"})
  void durationsAreTaken(String duration) {
    options.setDeduplicationWindow(duration);

    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "8 d", "0h", "-1h", "PT-1H", "1w", "", "99999999999d"})
  void otherDurationsAreNot(String duration) {
    options.setDeduplicationWindow(duration);

    assertThat(problems())
        .containsExactly(
            "--deduplicationWindow: "
                + duration
                + " is not a duration; give one such as 30m, 12h or 8d");
  }

  @Test
  void reconciliationNeedsSomethingToList() {
    options.setReconcileInterval("1h");

    assertThat(problems())
        .containsExactly(
            "--reconcileInterval: there is no --input to list; give a pattern such as 'gs://bucket/data/**.xml'");
  }

  @ParameterizedTest
  @CsvSource({"8d, 1h, true", "8d, 2d, true", "8d, 49h, false", "1h, 1h, false", "4h, 1h, true"})
  void whatIsListedMustStillBeRemembered(String window, String interval, boolean good) {
    options.setInput("gs://bucket/**.xml");
    options.setDeduplicationWindow(window);
    options.setReconcileInterval(interval);

    assertThat(problems().isEmpty()).isEqualTo(good);
  }

  @ParameterizedTest
  @ValueSource(strings = {"delete", "move:gs://bucket/loaded"})
  void acceptedFilesStay(String acceptedInput) {
    options.setAcceptedInput(acceptedInput);

    assertThat(problems()).hasSize(1);
    assertThat(problems().get(0)).contains("can't know when a file's rows are safe");
  }

  @Test
  void onDataflowTheTempLocationMayHaveAnotherName() {
    options.setRunner(DataflowRunner.class);
    options.as(GcpOptions.class).setGcpTempLocation("gs://bucket");

    assertThat(problems()).hasSize(1);
    assertThat(problems().get(0)).startsWith("--tempLocation: gs://bucket is a bucket");
  }

  private List<String> problems() {
    return StreamingOptionsCheck.problems(options);
  }
}
