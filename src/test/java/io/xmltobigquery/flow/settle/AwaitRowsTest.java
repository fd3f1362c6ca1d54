package io.xmltobigquery.flow.settle;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.Collected;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.VersionId;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.Metrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.junit.jupiter.api.Test;

/** Events are {@code inspected NAME CHUNKS} and {@code parsed NAME}. */
final class AwaitRowsTest {

  private static final Instant NOW = Instant.EPOCH;

  @Test
  void anOutcomeWaitsForAllChunksOfItsFile() {
    assertThat(outcomes("inspected a 3", "parsed a", "parsed a")).isEmpty();
    assertThat(outcomes("inspected a 3", "parsed a", "parsed a", "parsed a")).containsExactly("a");
  }

  @Test
  void chunksMayBeParsedBeforeTheOutcomeComes() {
    assertThat(outcomes("parsed a", "parsed a")).isEmpty();
    assertThat(outcomes("parsed a", "parsed a", "inspected a 2")).containsExactly("a");
    assertThat(outcomes("parsed a", "inspected a 2", "parsed a")).containsExactly("a");
  }

  @Test
  void filesDoNotWaitForEachOther() {
    assertThat(outcomes("inspected a 2", "inspected b 1", "parsed a", "parsed b"))
        .containsExactly("b");
  }

  @Test
  void aFileWithoutChunksWaitsForNothing() {
    assertThat(outcomes("inspected a 0", "inspected b 1")).containsExactly("a");
  }

  @Test
  void aVersionThatIsLoadedAgainWaitsAgain() {
    String[] once = {"inspected a 1", "parsed a"};
    assertThat(outcomes(once[0], once[1], once[0])).containsExactly("a");
    assertThat(outcomes(once[0], once[1], once[0], once[1])).containsExactly("a", "a");
  }

  /** Of good files only, and when the last chunk is parsed. */
  @Test
  void measuresFromTheEvent() {
    MetricsFilter filter =
        MetricsFilter.builder()
            .addNameFilter(MetricNameFilter.named(Metrics.NAMESPACE, Metrics.SECONDS_TO_ACCEPTED))
            .build();
    Run run = run("inspected a 1", "inspected b 2", "parsed a", "parsed b");

    List<Long> counts = new ArrayList<>();
    run.result()
        .metrics()
        .queryMetrics(filter)
        .getDistributions()
        .forEach(seconds -> counts.add(seconds.getAttempted().getCount()));
    assertThat(counts).containsExactly(1L);
  }

  private record Run(List<String> outcomes, PipelineResult result) {}

  private static List<String> outcomes(String... events) {
    return run(events).outcomes();
  }

  private static Run run(String... events) {
    TestPipeline pipeline = Collected.pipeline();
    TestStream.Builder<String> stream = TestStream.create(StringUtf8Coder.of());
    for (String event : events) {
      stream = stream.addElements(event);
    }
    PCollection<String> all = pipeline.apply("Events", stream.advanceWatermarkToInfinity());
    PCollection<FileOutcome> inspected =
        all.apply("Are inspected", Filter.by(event -> event.startsWith("inspected")))
            .apply(
                "Outcomes",
                MapElements.into(TypeDescriptor.of(FileOutcome.class)).via(AwaitRowsTest::outcome));
    PCollection<VersionId> parsed =
        all.apply("Are parsed", Filter.by(event -> event.startsWith("parsed")))
            .apply(
                "Versions",
                MapElements.into(TypeDescriptor.of(VersionId.class))
                    .via(event -> file(event).id()));
    Collected<FileOutcome> outcomes =
        Collected.of(inspected.apply("Await", AwaitRows.ofFile(parsed)));
    PipelineResult result = pipeline.run();
    return new Run(
        outcomes.elements().stream().map(outcome -> outcome.file().uri()).toList(), result);
  }

  private static FileOutcome outcome(String event) {
    int chunks = Integer.parseInt(event.split(" ", -1)[2]);
    return FileOutcome.accepted(file(event), List.of(), List.of(), chunks, NOW, NOW);
  }

  private static FileVersion file(String event) {
    return new FileVersion(event.split(" ", -1)[1], "1", 1);
  }
}
