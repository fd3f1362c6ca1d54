package io.xmltobigquery.restart;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.flink.Eventually;
import io.xmltobigquery.flink.FlinkCluster;
import io.xmltobigquery.flink.FlinkJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a {@link StableInput} lets pass, on a Flink cluster whose workers are killed. */
class StableInputIT {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir Path dir;

  /**
   * A checkpoint takes seconds here, for which elements go on coming. They aren't part of it, so
   * they may not pass when it is complete.
   */
  @Test
  void nothingThatHasPassedComesAgainInAnotherForm() throws Exception {
    Path passed = Files.createFile(dir.resolve("passed"));
    Random random = new Random(1);
    try (FlinkCluster cluster = FlinkCluster.start(2)) {
      submit(cluster, passed);
      FlinkJob job = cluster.job();
      job.awaitCheckpoint();
      Eventually.await("some have passed", LIMIT, () -> !forms(passed).isEmpty());

      kill(cluster, job, random);
      job.awaitCheckpoint();
      kill(cluster, job, random);

      long last = forms(passed).lastKey();
      Eventually.await(
          "all have passed up to " + last,
          LIMIT,
          () ->
              forms(passed).keySet().containsAll(LongStream.rangeClosed(0, last).boxed().toList()));
      job.awaitCheckpoint();
      job.cancel();
    }
    Map<Long, Set<String>> forms = forms(passed);
    forms.values().removeIf(form -> form.size() == 1);
    assertThat(forms).isEmpty();
  }

  private static void kill(FlinkCluster cluster, FlinkJob job, Random random) throws Exception {
    long restores = job.restores();
    cluster.killTaskManager(random);
    job.awaitRestores(restores + 1);
  }

  private static void submit(FlinkCluster cluster, Path passed) {
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs(
                    "--runner=FlinkRunner",
                    "--flinkMaster=" + cluster.master(),
                    "--attachedMode=false",
                    "--streaming=true",
                    "--parallelism=2",
                    "--checkpointingInterval=1000",
                    "--filesToStage=target/xml-to-bigquery-local-stack.jar")
                .create());
    pipeline
        .apply("Numbers", perSecond(200))
        .apply("Give a form", ParDo.of(new GiveFormFn()))
        .apply("Stable", StableInput.create())
        .apply("Note", ParDo.of(new NoteFn(passed.toString())));
    pipeline
        .apply("Few", perSecond(2))
        .apply("Apart", Reshuffle.viaRandomKey())
        .apply("Slow", ParDo.of(new SlowFn()));
    var unused = pipeline.run();
  }

  private static GenerateSequence perSecond(long rate) {
    return GenerateSequence.from(0).withRate(rate, org.joda.time.Duration.standardSeconds(1));
  }

  /** By number, the forms in which it has passed. */
  private static NavigableMap<Long, Set<String>> forms(Path passed) throws IOException {
    NavigableMap<Long, Set<String>> forms = new TreeMap<>();
    for (String line : Files.readAllLines(passed)) {
      int blank = line.indexOf(' ');
      forms
          .computeIfAbsent(Long.valueOf(line.substring(0, blank)), number -> new HashSet<>())
          .add(line.substring(blank + 1));
    }
    return forms;
  }

  private static final class GiveFormFn extends DoFn<Long, String> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void give(@Element Long number, OutputReceiver<String> out) {
      out.output(number + " " + UUID.randomUUID());
    }
  }

  private static final class NoteFn extends DoFn<String, Void> {
    private static final long serialVersionUID = 1L;

    private final String file;

    NoteFn(String file) {
      this.file = file;
    }

    @ProcessElement
    public void note(@Element String element) throws IOException {
      Files.writeString(Path.of(file), element + "\n", StandardOpenOption.APPEND);
    }
  }

  /** A checkpoint waits for the end of its bundles. */
  private static final class SlowFn extends DoFn<Long, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process() {}

    @FinishBundle
    public void finish() throws InterruptedException {
      Thread.sleep(2_000);
    }
  }
}
