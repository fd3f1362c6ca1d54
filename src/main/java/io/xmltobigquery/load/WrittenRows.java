package io.xmltobigquery.load;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PInput;
import org.apache.beam.sdk.values.POutput;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.TupleTag;

/** What writing rows comes to. */
public final class WrittenRows implements POutput {

  private final Pipeline pipeline;
  private final List<PCollection<?>> signals;
  private final Optional<PCollection<RefusedRow>> refused;

  private WrittenRows(
      Pipeline pipeline,
      List<? extends PCollection<?>> signals,
      Optional<PCollection<RefusedRow>> refused) {
    this.pipeline = pipeline;
    this.signals = List.copyOf(signals);
    this.refused = refused;
  }

  /** Of an output that takes every row. */
  static WrittenRows of(PCollection<?> signal) {
    return new WrittenRows(signal.getPipeline(), List.of(signal), Optional.empty());
  }

  /**
   * Of an output that may refuse rows.
   *
   * @param signals are complete once the rows are safe
   */
  public static WrittenRows of(
      List<? extends PCollection<?>> signals, PCollection<RefusedRow> refused) {
    return new WrittenRows(refused.getPipeline(), signals, Optional.of(refused));
  }

  /** Once all of these are complete, every row that wasn't refused is safe. */
  public List<PCollection<?>> signals() {
    return signals;
  }

  /** The rows that the output will never take, or nothing if it takes all. */
  public Optional<PCollection<RefusedRow>> refused() {
    return refused;
  }

  @Override
  public Pipeline getPipeline() {
    return pipeline;
  }

  @Override
  public Map<TupleTag<?>, PValue> expand() {
    Map<TupleTag<?>, PValue> all = new HashMap<>();
    signals.forEach(signal -> all.putAll(signal.expand()));
    refused.ifPresent(rows -> all.putAll(rows.expand()));
    return all;
  }

  @Override
  public void finishSpecifyingOutput(
      String transformName, PInput input, PTransform<?, ?> transform) {
    // The collections were finished by the transforms that made them.
  }
}
