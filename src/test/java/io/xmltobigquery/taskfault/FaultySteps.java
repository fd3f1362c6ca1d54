package io.xmltobigquery.taskfault;

import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.runners.AppliedPTransform;
import org.apache.beam.sdk.runners.PTransformOverride;
import org.apache.beam.sdk.runners.PTransformOverrideFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.util.construction.ReplacementOutputs;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Puts points before steps of a pipeline. For an element they are {@code before STEP}, which is in
 * the midst of what comes before it, since on Flink steps call each other, and {@code after STEP};
 * for a bundle {@code finish STEP}; and when a checkpoint is complete, but nobody has made anything
 * of it yet, {@code complete STEP}.
 */
public final class FaultySteps {

  private static final String STEP = "Faulty step";

  private FaultySteps() {}

  /**
   * Changes a pipeline.
   *
   * @param pipeline that is complete
   * @param names what the names of the steps begin with
   */
  public static void in(Pipeline pipeline, List<String> names) {
    pipeline.replaceAll(
        List.of(
            PTransformOverride.of(
                step ->
                    step.getTransform() instanceof ParDo.MultiOutput<?, ?> parDo
                        && !(parDo.getFn() instanceof FailFn)
                        && !DoFnSignatures.isSplittable(parDo.getFn())
                        && !step.getFullName().endsWith("/" + STEP)
                        && names.stream().anyMatch(step.getFullName()::startsWith),
                new Factory<>())));
  }

  private static final class Factory<T>
      implements PTransformOverrideFactory<
          PCollection<T>, PCollectionTuple, ParDo.MultiOutput<T, ?>> {

    @Override
    @SuppressWarnings("unchecked") // The step has one main input, of what its function takes.
    public PTransformReplacement<PCollection<T>, PCollectionTuple> getReplacementTransform(
        AppliedPTransform<PCollection<T>, PCollectionTuple, ParDo.MultiOutput<T, ?>> step) {
      PCollection<T> input = (PCollection<T>) step.getMainInputs().values().iterator().next();
      return PTransformReplacement.of(
          input, new FaultyStep<>(step.getFullName(), step.getTransform()));
    }

    @Override
    public Map<PCollection<?>, ReplacementOutput> mapOutputs(
        Map<TupleTag<?>, PCollection<?>> outputs, PCollectionTuple replacements) {
      return ReplacementOutputs.tagged(outputs, replacements);
    }
  }

  private static final class FaultyStep<T> extends PTransform<PCollection<T>, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final String stepName;
    private final ParDo.MultiOutput<T, ?> step;

    FaultyStep(String stepName, ParDo.MultiOutput<T, ?> step) {
      this.stepName = stepName;
      this.step = step;
    }

    @Override
    public PCollectionTuple expand(PCollection<T> input) {
      for (String moment : List.of("before ", "after ", "finish ", "complete ")) {
        TaskFaults.add(moment + stepName);
      }
      return input
          .apply("Fail", ParDo.of(new FailFn<>(stepName)))
          .setCoder(input.getCoder())
          .apply(STEP, step);
    }
  }

  private static final class FailFn<T> extends DoFn<T, T> {
    private static final long serialVersionUID = 1L;

    private final String step;

    FailFn(String step) {
      this.step = step;
    }

    @ProcessElement
    public void pass(@Element T element, OutputReceiver<T> out, BundleFinalizer finalizer) {
      TaskFaults.pass("before " + step);
      out.output(element);
      TaskFaults.pass("after " + step);
      finalizer.afterBundleCommit(
          BoundedWindow.TIMESTAMP_MAX_VALUE, () -> TaskFaults.pass("complete " + step));
    }

    @FinishBundle
    public void finish() {
      TaskFaults.pass("finish " + step);
    }
  }
}
