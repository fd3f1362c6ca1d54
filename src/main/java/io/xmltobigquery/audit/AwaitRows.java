package io.xmltobigquery.audit;

import io.xmltobigquery.restart.StableInput;
import io.xmltobigquery.storage.VersionId;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.state.CombiningState;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Sum;
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
      KvCoder<String, Step> coder =
          KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(Step.class));
      PCollection<KV<String, Step>> inspected =
          outcomes.apply("Inspected", ParDo.of(new InspectedFn())).setCoder(coder);
      PCollection<KV<String, Step>> parsed =
          parsedChunks.apply("Parsed", ParDo.of(new ParsedFn())).setCoder(coder);
      return PCollectionList.of(inspected)
          .and(parsed)
          .apply("Steps", Flatten.pCollections())
          .apply("Count chunks", ParDo.of(new CountFn()))
          .setCoder(SerializableCoder.of(FileOutcome.class))
          .apply("Stable outcomes", StableInput.create());
    }
  }

  /** What has happened to a file version: it was inspected, or one of its chunks parsed. */
  private record Step(@Nullable FileOutcome outcome) implements Serializable {}

  private static final class InspectedFn extends DoFn<FileOutcome, KV<String, Step>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void step(@Element FileOutcome outcome, OutputReceiver<KV<String, Step>> out) {
      out.output(KV.of(outcome.file().toString(), new Step(outcome)));
    }
  }

  private static final class ParsedFn extends DoFn<VersionId, KV<String, Step>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void step(@Element VersionId version, OutputReceiver<KV<String, Step>> out) {
      out.output(KV.of(version.toString(), new Step(null)));
    }
  }

  private static final class CountFn extends DoFn<KV<String, Step>, FileOutcome> {
    private static final long serialVersionUID = 1L;

    @StateId("outcome")
    private final StateSpec<ValueState<FileOutcome>> outcomeSpec =
        StateSpecs.value(SerializableCoder.of(FileOutcome.class));

    /** Chunks to come; below zero before the outcome has said how many there are. */
    @StateId("chunks")
    private final StateSpec<CombiningState<Long, long[], Long>> chunksSpec =
        StateSpecs.combining(Sum.ofLongs());

    @ProcessElement
    public void count(
        @Element KV<String, Step> step,
        @Timestamp Instant event,
        @AlwaysFetched @StateId("outcome") ValueState<FileOutcome> outcome,
        @AlwaysFetched @StateId("chunks") CombiningState<Long, long[], Long> chunks,
        OutputReceiver<FileOutcome> out) {
      FileOutcome inspected = step.getValue().outcome();
      if (inspected == null) {
        chunks.add(-1L);
        inspected = outcome.read();
      } else {
        chunks.add((long) inspected.chunks());
        outcome.write(inspected);
      }
      if (inspected != null && chunks.read() == 0) {
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
