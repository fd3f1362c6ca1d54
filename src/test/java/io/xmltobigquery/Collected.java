package io.xmltobigquery;

import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * The elements of a PCollection, brought back into the test that runs the pipeline. The
 * DirectRunner runs in this process and shows no output of a bundle that fails.
 */
public final class Collected<T> {

  private static final ConcurrentMap<String, Queue<Object>> ELEMENTS = new ConcurrentHashMap<>();

  private final String id = UUID.randomUUID().toString();

  private Collected() {}

  /** A pipeline on the DirectRunner. Beam's own JUnit rule is for JUnit 4 and can't be used. */
  public static TestPipeline pipeline() {
    return TestPipeline.create().enableAbandonedNodeEnforcement(false);
  }

  /** A pipeline on the DirectRunner, with options. */
  public static TestPipeline pipeline(PipelineOptions options) {
    return TestPipeline.fromOptions(options).enableAbandonedNodeEnforcement(false);
  }

  /** Collects the elements when the pipeline runs. */
  public static <T> Collected<T> of(PCollection<T> values) {
    Collected<T> collected = new Collected<>();
    ELEMENTS.put(collected.id, new ConcurrentLinkedQueue<>());
    values.apply("Collect " + collected.id, ParDo.of(new CollectFn<>(collected.id)));
    return collected;
  }

  /** The elements, in no order, once the pipeline has run. */
  @SuppressWarnings("unchecked") // Only a CollectFn<T> has put them there.
  public List<T> elements() {
    return (List<T>) List.copyOf(ELEMENTS.get(id));
  }

  private static final class CollectFn<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1L;

    private final String id;

    CollectFn(String id) {
      this.id = id;
    }

    @ProcessElement
    public void collect(@Element T element) {
      ELEMENTS.get(id).add(element);
    }
  }
}
