package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import io.xmltobigquery.flow.write.Output;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.beam.runners.dataflow.DataflowRunner;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineRunner;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubIO;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.runners.TransformHierarchy.Node;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.transforms.Combine.CombineFn;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupIntoBatches;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.reflect.DoFnSignature.StateDeclaration;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A running job holds elements and state in the bytes of their coders. */
class PipelineCodersTest {

  private static final String BACKFILL = "--input=gs://bucket/*.xml";
  private static final String STREAMING =
      "--inputSubscription=projects/project/subscriptions/uploads --reconcileInterval=1h "
          + BACKFILL;
  private static final String BIGQUERY = "--output=project:dataset";
  private static final String DIRECTORY = "--output=gs://bucket/out";
  private static final String AT_LEAST_ONCE = BIGQUERY + " --writeMode=at-least-once";

  /** They use it for classes of their own or of Java's. */
  private static final Set<Class<?>> BEAMS_OWN =
      Set.of(BigQueryIO.Write.class, GroupIntoBatches.class, PubsubIO.Read.class);

  @ParameterizedTest
  @CsvSource({
    BACKFILL + "," + BIGQUERY,
    BACKFILL + "," + AT_LEAST_ONCE,
    BACKFILL + "," + DIRECTORY,
    STREAMING + "," + BIGQUERY,
    STREAMING + "," + AT_LEAST_ONCE,
    STREAMING + "," + DIRECTORY
  })
  void nothingGoesByJavasSerialization(String input, String output) throws Exception {
    for (Class<? extends PipelineRunner<?>> runner :
        List.of(FlinkRunner.class, DataflowRunner.class)) {
      Coders coders = Coders.of(pipeline(runner, input + " " + output));

      assertThat(coders.ofOurs).isNotEmpty();
      // The parts of a file wait for each other, where there is more than one process.
      assertThat(coders.inState.isEmpty())
          .isEqualTo(input.equals(BACKFILL) && runner == FlinkRunner.class);
      assertWithMessage("%s", runner).that(coders.serializable).isEmpty();
    }
  }

  private static Pipeline pipeline(Class<? extends PipelineRunner<?>> runner, String arguments)
      throws Exception {
    XmlToBigQueryOptions options =
        PipelineOptionsFactory.fromArgs(
                (arguments + " --deadLetterDir=gs://bucket/bad --onInvalidRecord=dead-letter")
                    .split(" "))
            .as(XmlToBigQueryOptions.class);
    Pipeline pipeline = Pipeline.create(options);
    options.setRunner(runner);
    Mapping mapping = MappingReader.defaultMapping();
    Output output = Outputs.of(options, mapping);
    XmlToBigQuery.build(pipeline, options, mapping, output);
    if (XmlToBigQueryOptions.isStreaming(options) && runner == FlinkRunner.class) {
      output.holdThroughRestarts(pipeline);
    }
    return pipeline;
  }

  /** What is found in a pipeline, but for the inside of those of Beam's own transforms. */
  private static final class Coders extends Pipeline.PipelineVisitor.Defaults {

    final Set<String> ofOurs = new LinkedHashSet<>();
    final Set<String> inState = new LinkedHashSet<>();
    final Set<String> serializable = new LinkedHashSet<>();

    static Coders of(Pipeline pipeline) {
      Coders coders = new Coders();
      pipeline.traverseTopologically(coders);
      return coders;
    }

    @Override
    public CompositeBehavior enterCompositeTransform(Node node) {
      return BEAMS_OWN.stream().anyMatch(own -> own.isInstance(node.getTransform()))
          ? CompositeBehavior.DO_NOT_ENTER_TRANSFORM
          : CompositeBehavior.ENTER_TRANSFORM;
    }

    @Override
    public void visitValue(PValue value, Node producer) {
      if (value instanceof PCollection<?> collection) {
        look(producer.getFullName(), collection.getCoder());
      }
    }

    @Override
    public void visitPrimitiveTransform(Node node) {
      if (node.getTransform() instanceof ParDo.MultiOutput<?, ?> parDo) {
        DoFn<?, ?> fn = parDo.getFn();
        for (StateDeclaration state :
            DoFnSignatures.signatureForDoFn(fn).stateDeclarations().values()) {
          for (Coder<?> coder : ofState(fn, state)) {
            inState.add(coder.toString());
            look(node.getFullName() + ", state " + state.id(), coder);
          }
        }
      }
    }

    private static List<Coder<?>> ofState(DoFn<?, ?> fn, StateDeclaration state) {
      try {
        state.field().setAccessible(true);
        return ((StateSpec<?>) state.field().get(fn)).match(new StateCoders());
      } catch (IllegalAccessException e) {
        throw new LinkageError(state.toString(), e);
      }
    }

    private void look(String where, Coder<?> coder) {
      if (coder instanceof SerializableCoder) {
        serializable.add(where + ": " + coder);
      }
      if (coder.getClass().getName().startsWith("io.xmltobigquery.")) {
        ofOurs.add(coder.getClass().getName());
      }
      coder.getCoderArguments().forEach(argument -> look(where, argument));
    }
  }

  private static final class StateCoders implements StateSpec.Cases<List<Coder<?>>> {
    @Override
    public List<Coder<?>> dispatchValue(Coder<?> value) {
      return List.of(value);
    }

    @Override
    public List<Coder<?>> dispatchBag(Coder<?> element) {
      return List.of(element);
    }

    @Override
    public List<Coder<?>> dispatchOrderedList(Coder<?> element) {
      return List.of(element);
    }

    @Override
    public List<Coder<?>> dispatchCombining(CombineFn<?, ?, ?> combine, Coder<?> accumulator) {
      return List.of(accumulator);
    }

    @Override
    public List<Coder<?>> dispatchMap(Coder<?> key, Coder<?> value) {
      return List.of(key, value);
    }

    @Override
    public List<Coder<?>> dispatchMultimap(Coder<?> key, Coder<?> value) {
      return List.of(key, value);
    }

    @Override
    public List<Coder<?>> dispatchSet(Coder<?> element) {
      return List.of(element);
    }
  }
}
