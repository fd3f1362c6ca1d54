package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import io.xmltobigquery.flink.EmbeddedJob;
import io.xmltobigquery.flink.Eventually;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.StreamingOptions;
import org.apache.beam.sdk.state.CombiningState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a checkpoint of the command's streaming job holds: the state as it was when the checkpoint
 * was begun. It is written while the job goes on, and Beam's combining state changes its
 * accumulators in place: they must have been copied before. BigQueryIO has in such a state up to
 * where a stream may be flushed; one that comes from after the checkpoint shows rows that will come
 * again.
 */
class CheckpointIsolationIT {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final long ELEMENTS = 350;

  /** Elements at which the task fails, once each. */
  private static final Map<Long, AtomicInteger> FAULTS =
      Map.of(150L, new AtomicInteger(), 250L, new AtomicInteger());

  /** By element, how many there are up to it, as the state says. */
  private static final Map<Long, Long> COUNTS = new ConcurrentHashMap<>();

  @TempDir Path dir;

  @Test
  void whatComesAfterACheckpointIsNoPartOfIt() throws Exception {
    EmbeddedJob.run(
        pipeline(),
        () ->
            Eventually.await(
                ELEMENTS + " elements have passed", LIMIT, () -> COUNTS.containsKey(ELEMENTS - 1)));
    FAULTS.forEach((element, faults) -> assertThat(faults.get()).isEqualTo(1));
    for (long element = 0; element < ELEMENTS; element++) {
      assertWithMessage("elements up to %s", element)
          .that(COUNTS.get(element))
          .isEqualTo(element + 1);
    }
  }

  private Pipeline pipeline() {
    PipelineOptions options =
        Arguments.parse(
                List.of(
                    "--inputSubscription=projects/p/subscriptions/s",
                    "--parallelism=1",
                    "--attachedMode=false",
                    "--jobCheckIntervalInSecs=1",
                    "--stateBackendStoragePath=file://" + dir))
            .options();
    options.as(StreamingOptions.class).setStreaming(true);
    Pipeline pipeline = Pipeline.create(options);
    pipeline
        .apply(
            "Numbers",
            GenerateSequence.from(0).withRate(100, org.joda.time.Duration.standardSeconds(1)))
        .apply("Together", WithKeys.of("all"))
        .apply("Count", ParDo.of(new CountFn()));
    return pipeline;
  }

  private static final class CountFn extends DoFn<KV<String, Long>, Void> {
    private static final long serialVersionUID = 1L;

    @StateId("count")
    private final StateSpec<CombiningState<Long, long[], Long>> countSpec =
        StateSpecs.combining(new SlowCoder(), Sum.ofLongs());

    @ProcessElement
    public void count(
        @Element KV<String, Long> element,
        @StateId("count") CombiningState<Long, long[], Long> count) {
      long number = element.getValue();
      AtomicInteger faults = FAULTS.get(number);
      if (faults != null && faults.compareAndSet(0, 1)) {
        throw new AssertionError("made by the test");
      }
      count.add(1L);
      COUNTS.merge(number, count.read(), Math::max);
    }
  }

  /** Writes slowly, so that elements come meanwhile. */
  private static final class SlowCoder extends CustomCoder<long[]> {
    private static final long serialVersionUID = 1L;

    @Override
    public void encode(long[] accumulator, OutputStream out) throws IOException {
      try {
        Thread.sleep(300);
      } catch (InterruptedException e) {
        throw new CoderException(e);
      }
      new DataOutputStream(out).writeLong(accumulator[0]);
    }

    @Override
    public long[] decode(InputStream in) throws IOException {
      return new long[] {new DataInputStream(in).readLong()};
    }

    @Override
    public void verifyDeterministic() {}
  }
}
