package io.xmltobigquery.restart;

import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PCollection;

/**
 * Lets elements pass when they will not be made again in another form: after a restart the same
 * elements come again, or none. It stands before a step whose effect can't be taken back, such as
 * deleting a file.
 *
 * <p>On Flink elements wait here for the next checkpoint. Dataflow ignores {@code
 * RequiresStableInput}, but what has passed a shuffle there is written down.
 */
public final class StableInput<T> extends PTransform<PCollection<T>, PCollection<T>> {

  private static final long serialVersionUID = 1L;

  private StableInput() {}

  /** Waits with elements of a streaming job. */
  public static <T> StableInput<T> create() {
    return new StableInput<>();
  }

  @Override
  public PCollection<T> expand(PCollection<T> elements) {
    return elements
        .apply("Shuffle", Reshuffle.viaRandomKey())
        .apply("Wait for checkpoint", ParDo.of(new PassFn<>()))
        .setCoder(elements.getCoder());
  }

  /** Passes on what it gets when that is stable, but not on Dataflow. */
  public static final class PassFn<T> extends DoFn<T, T> {
    private static final long serialVersionUID = 1L;

    @RequiresStableInput
    @ProcessElement
    public void pass(@Element T element, OutputReceiver<T> out) {
      out.output(element);
    }
  }
}
