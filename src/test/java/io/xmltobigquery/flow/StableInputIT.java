package io.xmltobigquery.flow;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.flink.EmbeddedJob;
import io.xmltobigquery.flink.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a {@link StableInput} lets pass, in a job that goes back to its checkpoints. */
class StableInputIT {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  /** More than come between two checkpoints. */
  private static final long MANY = 1_000;

  private static final AtomicBoolean FAULT = new AtomicBoolean();

  /** By number, the forms in which it has passed. */
  private static final ConcurrentSkipListMap<Long, Set<String>> PASSED =
      new ConcurrentSkipListMap<>();

  @TempDir Path checkpoints;

  /**
   * A checkpoint takes seconds here, for which elements go on coming. They aren't part of it, so
   * they may not pass when it is complete.
   */
  @Test
  void nothingThatHasPassedComesAgainInAnotherForm() throws Exception {
    EmbeddedJob.run(
        pipeline(),
        () -> {
          awaitPassed(0);
          for (int fault = 0; fault < 2; fault++) {
            FAULT.set(true);
            Eventually.await("the task has failed", LIMIT, () -> !FAULT.get());
            awaitPassed(PASSED.lastKey() + MANY);
          }
        });

    Map<Long, Set<String>> inTwoForms = new TreeMap<>(PASSED);
    inTwoForms.values().removeIf(forms -> forms.size() == 1);
    assertThat(inTwoForms).isEmpty();
  }

  private static void awaitPassed(long last) throws Exception {
    Eventually.await(
        "all have passed up to " + last,
        LIMIT,
        () -> LongStream.rangeClosed(0, last).allMatch(PASSED::containsKey));
  }

  private Pipeline pipeline() {
    Pipeline pipeline =
        Pipeline.create(
            PipelineOptionsFactory.fromArgs(
                    "--runner=FlinkRunner",
                    "--flinkMaster=[local]",
                    "--attachedMode=false",
                    "--streaming=true",
                    "--parallelism=2",
                    "--objectReuse=true",
                    "--checkpointingInterval=1000",
                    "--numberOfExecutionRetries=10",
                    "--executionRetryDelay=100",
                    "--stateBackend=filesystem",
                    "--stateBackendStoragePath=file://" + checkpoints)
                .create());
    pipeline
        .apply("Numbers", perSecond(200))
        .apply("Give a form", ParDo.of(new GiveFormFn()))
        .apply("Stable", StableInput.create())
        .apply("Note", ParDo.of(new NoteFn()));
    pipeline
        .apply("Few", perSecond(2))
        .apply("Apart", Reshuffle.viaRandomKey())
        .apply("Slow", ParDo.of(new SlowFn()));
    return pipeline;
  }

  private static GenerateSequence perSecond(long rate) {
    return GenerateSequence.from(0).withRate(rate, org.joda.time.Duration.standardSeconds(1));
  }

  private static final class GiveFormFn extends DoFn<Long, String> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void give(@Element Long number, OutputReceiver<String> out) {
      if (FAULT.compareAndSet(true, false)) {
        throw new IllegalStateException("made by the test");
      }
      out.output(number + " " + UUID.randomUUID());
    }
  }

  private static final class NoteFn extends DoFn<String, Void> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void note(@Element String element) {
      String[] parts = element.split(" ", 2);
      PASSED
          .computeIfAbsent(Long.valueOf(parts[0]), number -> ConcurrentHashMap.newKeySet())
          .add(parts[1]);
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
