package io.xmltobigquery.flow.settle;

import io.xmltobigquery.files.VersionId;
import io.xmltobigquery.flow.StableInput;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.Metrics;
import io.xmltobigquery.outcome.Outcome;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Holds outcomes back until they are true for good: in a backfill until all rows of the run are
 * safe, in a streaming job until all ranges of the file are released, so that its rows are in the
 * hands of the write, whatever becomes of the workers.
 */
public final class AwaitRows {

  private AwaitRows() {}

  /**
   * Waits in a backfill.
   *
   * @param safe once all of these are complete, all rows are safe
   */
  public static PTransform<PCollection<FileOutcome>, PCollection<FileOutcome>> ofRun(
      List<? extends PCollection<?>> safe) {
    return Wait.on(List.copyOf(safe));
  }

  /**
   * Waits in a streaming job.
   *
   * @param releasedRanges of each released range, the version that it is of
   */
  public static PTransform<PCollection<FileOutcome>, PCollection<FileOutcome>> ofFile(
      PCollection<VersionId> releasedRanges) {
    return new OfFile(releasedRanges);
  }

  private static final class OfFile
      extends PTransform<PCollection<FileOutcome>, PCollection<FileOutcome>> {
    private static final long serialVersionUID = 1L;

    private final transient PCollection<VersionId> releasedRanges;

    OfFile(PCollection<VersionId> releasedRanges) {
      this.releasedRanges = releasedRanges;
    }

    @Override
    public PCollection<FileOutcome> expand(PCollection<FileOutcome> outcomes) {
      // By version: its outcome, or null for each of its ranges that is released.
      KvCoder<String, @Nullable FileOutcome> coder =
          KvCoder.of(StringUtf8Coder.of(), NullableCoder.of(outcomes.getCoder()));
      PCollection<KV<String, @Nullable FileOutcome>> read =
          outcomes.apply("Read", ParDo.of(new ReadFn())).setCoder(coder);
      PCollection<KV<String, @Nullable FileOutcome>> released =
          releasedRanges.apply("Released", ParDo.of(new ReleasedFn())).setCoder(coder);
      return PCollectionList.of(read)
          .and(released)
          .apply("Steps", Flatten.pCollections())
          .apply("Count ranges", ParDo.of(new CountFn()))
          .apply("Stable outcomes", StableInput.create());
    }
  }

  private static final class ReadFn extends DoFn<FileOutcome, KV<String, @Nullable FileOutcome>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void step(
        @Element FileOutcome outcome, OutputReceiver<KV<String, @Nullable FileOutcome>> out) {
      out.output(KV.of(outcome.file().toString(), outcome));
    }
  }

  private static final class ReleasedFn extends DoFn<VersionId, KV<String, @Nullable FileOutcome>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void step(
        @Element VersionId version, OutputReceiver<KV<String, @Nullable FileOutcome>> out) {
      out.output(KV.of(version.toString(), null));
    }
  }

  private static final class CountFn extends DoFn<KV<String, @Nullable FileOutcome>, FileOutcome> {
    private static final long serialVersionUID = 1L;

    @StateId("outcome")
    private final StateSpec<ValueState<FileOutcome>> outcomeSpec = StateSpecs.value();

    /** Ranges to come; below zero before the outcome has said how many there are. */
    @StateId("ranges")
    private final StateSpec<ValueState<Long>> rangesSpec = StateSpecs.value();

    @ProcessElement
    public void count(
        @Element KV<String, @Nullable FileOutcome> step,
        @Timestamp Instant event,
        @AlwaysFetched @StateId("outcome") ValueState<FileOutcome> outcome,
        @AlwaysFetched @StateId("ranges") ValueState<Long> ranges,
        OutputReceiver<FileOutcome> out) {
      long left = Objects.requireNonNullElse(ranges.read(), 0L);
      FileOutcome read = step.getValue();
      if (read == null) {
        left--;
        read = outcome.read();
      } else {
        left += read.ranges();
        outcome.write(read);
      }
      ranges.write(left);
      if (read != null && left == 0) {
        outcome.clear();
        ranges.clear();
        if (read.outcome() == Outcome.ACCEPTED) {
          long millis = System.currentTimeMillis() - event.getMillis();
          Metrics.distribution(Metrics.SECONDS_TO_ACCEPTED).update(millis / 1000);
        }
        out.output(read);
      }
    }
  }
}
