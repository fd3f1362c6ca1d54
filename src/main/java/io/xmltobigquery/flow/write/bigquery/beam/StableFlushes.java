package io.xmltobigquery.flow.write.bigquery.beam;

import io.xmltobigquery.flow.StableInput;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.Pipeline.PipelineVisitor;
import org.apache.beam.sdk.runners.AppliedPTransform;
import org.apache.beam.sdk.runners.PTransformOverride;
import org.apache.beam.sdk.runners.PTransformOverrideFactory;
import org.apache.beam.sdk.runners.TransformHierarchy.Node;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.util.construction.ReplacementOutputs;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Makes streaming writes in exactly-once mode what they are called, also where a runner goes back
 * to a checkpoint.
 *
 * <p>BigQueryIO appends rows to buffered streams, and a later step flushes them, which makes them
 * visible. That step doesn't ask for stable input. So on Flink it flushes before there is a
 * checkpoint that knows the stream's offset; after a restart the rows come again, find the offset
 * taken, and go to a new stream, which is flushed as well. With {@link StableInput} before it,
 * nothing is flushed that may come again: what else was appended is never seen.
 */
public final class StableFlushes {

  /** The label of a step that has been replaced. */
  private static final String REPLACED = "Flush what is stable";

  private StableFlushes() {}

  /**
   * Changes the writes of a streaming pipeline in exactly-once mode. Dataflow doesn't need it:
   * there a step's output is flushed only once it is committed, with the state that it belongs to.
   *
   * @param writes how many writes the pipeline has
   */
  public static void in(Pipeline pipeline, int writes) {
    CountSteps found = new CountSteps();
    pipeline.traverseTopologically(found);
    if (found.steps != writes) {
      throw new IllegalStateException(
          "BigQueryIO has " + found.steps + " steps that flush, for " + writes + " writes");
    }
    pipeline.replaceAll(
        List.of(
            PTransformOverride.of(
                step ->
                    HiddenStep.FLUSH.is(step.getTransform())
                        && !step.getFullName().contains("/" + REPLACED),
                new Factory<>())));
  }

  private static final class CountSteps extends PipelineVisitor.Defaults {
    private int steps;

    @Override
    public void visitPrimitiveTransform(Node step) {
      if (HiddenStep.FLUSH.is(step.getTransform())) {
        steps++;
      }
    }
  }

  private static final class Factory<T>
      implements PTransformOverrideFactory<
          PCollection<T>, PCollectionTuple, ParDo.MultiOutput<T, ?>> {

    @Override
    @SuppressWarnings("unchecked") // The step has one main input, of what its function takes.
    public PTransformReplacement<PCollection<T>, PCollectionTuple> getReplacementTransform(
        AppliedPTransform<PCollection<T>, PCollectionTuple, ParDo.MultiOutput<T, ?>> step) {
      PCollection<T> input = (PCollection<T>) step.getMainInputs().values().iterator().next();
      return PTransformReplacement.of(input, new StableFlush<>(step.getTransform()));
    }

    @Override
    public Map<PCollection<?>, ReplacementOutput> mapOutputs(
        Map<TupleTag<?>, PCollection<?>> outputs, PCollectionTuple replacements) {
      return ReplacementOutputs.tagged(outputs, replacements);
    }
  }

  private static final class StableFlush<T> extends PTransform<PCollection<T>, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final ParDo.MultiOutput<T, ?> flush;

    StableFlush(ParDo.MultiOutput<T, ?> flush) {
      this.flush = flush;
    }

    @Override
    public PCollectionTuple expand(PCollection<T> positions) {
      return positions
          .apply("Stable flushes", StableInput.inOrderOf(StableFlush::stream))
          .apply(REPLACED, flush);
    }

    private static Object stream(Object position) {
      return ((KV<?, ?>) position).getKey();
    }
  }
}
