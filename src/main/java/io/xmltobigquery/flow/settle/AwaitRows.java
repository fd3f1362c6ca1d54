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
 * safe, in a streaming job until all chunks of the file are parsed, so that its rows are in the
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
   * @param parsedChunks of each parsed chunk, the version that it is of
   */
  public static PTransform<PCollection<FileOutcome>, PCollection<FileOutcome>> ofFile(
      PCollection<VersionId> parsedChunks) {
    return new OfFile(parsedChunks);
  }

  private static final class OfFile
      extends PTransform<PCollection<FileOutcome>, PCollection<FileOutcome>> {
    private static final long serialVersionUID = 1L;

    private final transient PCollection<VersionId> parsedChunks;

    OfFile(PCollection<VersionId> parsedChunks) {
      this.parsedChunks = parsedChunks;
    }

    @Override
    public PCollection<FileOutcome> expand(PCollection<FileOutcome> outcomes) {
      // By version: its outcome, or null for each of its chunks that is parsed.
      KvCoder<String, @Nullable FileOutcome> coder =
          KvCoder.of(StringUtf8Coder.of(), NullableCoder.of(outcomes.getCoder()));
      PCollection<KV<String, @Nullable FileOutcome>> inspected =
          outcomes.apply("Inspected", ParDo.of(new InspectedFn())).setCoder(coder);
      PCollection<KV<String, @Nullable FileOutcome>> parsed =
          parsedChunks.apply("Parsed", ParDo.of(new ParsedFn())).setCoder(coder);
      return PCollectionList.of(inspected)
          .and(parsed)
          .apply("Steps", Flatten.pCollections())
          .apply("Count chunks", ParDo.of(new CountFn()))
          .apply("Stable outcomes", StableInput.create());
    }
  }

  private static final class InspectedFn
      extends DoFn<FileOutcome, KV<String, @Nullable FileOutcome>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void step(
        @Element FileOutcome outcome, OutputReceiver<KV<String, @Nullable FileOutcome>> out) {
      out.output(KV.of(outcome.file().toString(), outcome));
    }
  }

  private static final class ParsedFn extends DoFn<VersionId, KV<String, @Nullable FileOutcome>> {
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

    /** Chunks to come; below zero before the outcome has said how many there are. */
    @StateId("chunks")
    private final StateSpec<ValueState<Long>> chunksSpec = StateSpecs.value();

    @ProcessElement
    public void count(
        @Element KV<String, @Nullable FileOutcome> step,
        @Timestamp Instant event,
        @AlwaysFetched @StateId("outcome") ValueState<FileOutcome> outcome,
        @AlwaysFetched @StateId("chunks") ValueState<Long> chunks,
        OutputReceiver<FileOutcome> out) {
      long left = Objects.requireNonNullElse(chunks.read(), 0L);
      FileOutcome inspected = step.getValue();
      if (inspected == null) {
        left--;
        inspected = outcome.read();
      } else {
        left += inspected.chunks();
        outcome.write(inspected);
      }
      chunks.write(left);
      if (inspected != null && left == 0) {
        outcome.clear();
        chunks.clear();
        if (inspected.outcome() == Outcome.ACCEPTED) {
          long millis = System.currentTimeMillis() - event.getMillis();
          Metrics.distribution(Metrics.SECONDS_TO_ACCEPTED).update(millis / 1000);
        }
        out.output(inspected);
      }
    }
  }
}
