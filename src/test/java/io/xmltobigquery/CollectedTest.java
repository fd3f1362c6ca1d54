package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;

/** The pipelines of our tests do run. */
final class CollectedTest {

  @Test
  void bringsBackTheElements() {
    TestPipeline pipeline = Collected.pipeline();
    Collected<Integer> numbers = Collected.of(pipeline.apply(Create.of(1, 2, 3)));
    assertThat(numbers.elements()).isEmpty();

    pipeline.run();

    assertThat(numbers.elements()).containsExactly(1, 2, 3);
  }

  @Test
  void aFailureInThePipelineFailsTheTest() {
    TestPipeline pipeline = Collected.pipeline();
    PCollection<Integer> quotients =
        pipeline
            .apply(Create.of(0))
            .apply(MapElements.into(TypeDescriptors.integers()).via(number -> 1 / number));
    Collected<Integer> collected = Collected.of(quotients);

    RuntimeException failure = assertThrows(RuntimeException.class, pipeline::run);

    assertThat(failure).hasCauseThat().isInstanceOf(ArithmeticException.class);
    assertThat(collected.elements()).isEmpty();
  }
}
