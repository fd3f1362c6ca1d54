package io.xmltobigquery.flow.write.bigquery.beam;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.cloud.bigquery.storage.v1.AppendRowsRequest.MissingValueInterpretation;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import io.xmltobigquery.benchmark.NullBigQuery;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.HeldRangeCoder;
import io.xmltobigquery.flow.write.LargeRows;
import io.xmltobigquery.flow.write.bigquery.BigQueryOutput;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.options.DatasetName;
import io.xmltobigquery.options.WriteMode;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.runners.dataflow.options.DataflowPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.Pipeline.PipelineVisitor;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.StreamAppendClient;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices.WriteStreamService;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.runners.TransformHierarchy.Node;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;

/**
 * What we need of Beam beyond its public interface, each by its name. If one of these fails after
 * an upgrade, its message says what of ours to look at. What only a run shows is elsewhere:
 *
 * <ul>
 *   <li>a refused row comes back as a {@code TableRow} of its envelope, and a table that is gone
 *       ends the job: BigQueryOutputTest
 *   <li>how often BigQueryIO repeats an append, and after which answers it opens a new client:
 *       BigQueryFaultsIT, and EnvelopeAppendClientTest for what we make of the answers
 *   <li>on Flink, BigQueryIO flushes what isn't stable, and StableInput holds it: FlinkRestartIT,
 *       StableInputIT
 *   <li>libraries have Beam's versions: LibraryVersionsTest
 * </ul>
 */
final class BeamContractTest {

  /** Of the default mapping, and file_loads. */
  private static final int WRITES = 3;

  private final Mapping mapping = MappingReader.defaultMapping();

  /** By the step's instance; a process has one, since workers have copies of the step. */
  private static final Map<String, Set<Object>> FINALIZERS = new ConcurrentHashMap<>();

  @Test
  void whatWeReplaceOfTheServicesHasNoOverloads() {
    assertThat(only(BigQueryServices.class, "getWriteStreamService").getParameterTypes())
        .asList()
        .containsExactly(BigQueryOptions.class);
    assertThat(only(WriteStreamService.class, "getStreamAppendClient").getParameterTypes())
        .asList()
        .containsExactly(
            String.class, DescriptorProto.class, boolean.class, MissingValueInterpretation.class)
        .inOrder();
  }

  private static Method only(Class<?> type, String name) {
    List<Method> methods = new ArrayList<>(List.of(type.getMethods()));
    methods.removeIf(method -> !method.getName().equals(name));
    assertWithMessage("%s.%s, which EnvelopeServices replaces", type.getSimpleName(), name)
        .that(methods)
        .hasSize(1);
    return methods.get(0);
  }

  /** Otherwise a default that Beam adds would be asked of us, and not of Google's client. */
  @Test
  void allThatAClientCanBeAskedIsForwarded() {
    for (Method method : StreamAppendClient.class.getMethods()) {
      List<String> ours = new ArrayList<>();
      for (Method own : EnvelopeAppendClient.class.getDeclaredMethods()) {
        ours.add(own.getName());
      }
      assertWithMessage("EnvelopeAppendClient must hand StreamAppendClient.%s on", method.getName())
          .that(ours)
          .contains(method.getName());
    }
  }

  @Test
  void aMethodThatBeamHasntIsFoundAtTheLaunch() {
    assertThrows(
        IllegalStateException.class,
        () -> Forwarding.to(BigQueryServices.class, new NullBigQuery(), "openStreams", a -> a));
  }

  /** Workers get the services with the steps. */
  @Test
  void servicesTravelToWorkers() {
    assertThat(BigQueryServices.class).isAssignableTo(Serializable.class);
    BigQueryServices services =
        new EnvelopeServices(new NullBigQuery()).of(DescriptorProto.getDefaultInstance(), true);

    BigQueryServices copy = (BigQueryServices) SerializableUtils.clone((Serializable) services);

    assertThat(Proxy.isProxyClass(copy.getClass())).isTrue();
    WriteStreamService streams = copy.getWriteStreamService(options().as(BigQueryOptions.class));
    assertThat(Proxy.isProxyClass(streams.getClass())).isTrue();
  }

  /** Commits finds it, and all that must wait for rows waits for its output. */
  @Test
  void aBackfillsWriteHasOneStepThatCommits() throws Exception {
    Pipeline pipeline = Pipeline.create(options());

    write(pipeline.apply(Create.empty(format())), WriteMode.EXACTLY_ONCE);

    assertWithMessage("steps that HiddenStep.COMMIT finds by the name of their class")
        .that(steps(pipeline, HiddenStep.COMMIT))
        .hasSize(WRITES);
    assertThat(Commits.of(pipeline, "Write orders")).isNotNull();
  }

  @Test
  void aDefaultStreamHasNoStepThatCommitsOrFlushes() throws Exception {
    Pipeline pipeline = Pipeline.create(options());

    write(
        pipeline.apply(TestStream.create(format()).advanceWatermarkToInfinity()),
        WriteMode.AT_LEAST_ONCE);

    assertThat(steps(pipeline, HiddenStep.COMMIT)).isEmpty();
    assertThat(steps(pipeline, HiddenStep.FLUSH)).isEmpty();
  }

  /** StableFlushes puts StableInput before it, by stream. */
  @Test
  void aStreamingWriteHasOneStepThatFlushesByStream() throws Exception {
    Pipeline pipeline = Pipeline.create(options());
    BigQueryOutput output =
        write(
            pipeline.apply(TestStream.create(format()).advanceWatermarkToInfinity()),
            WriteMode.EXACTLY_ONCE);
    List<Node> flushes = steps(pipeline, HiddenStep.FLUSH);
    assertWithMessage("steps that HiddenStep.FLUSH finds by the name of their class")
        .that(flushes)
        .hasSize(WRITES);
    for (Node flush : flushes) {
      PCollection<?> positions = (PCollection<?>) flush.getInputs().values().iterator().next();
      assertWithMessage("the key of what is flushed, by which StableFlushes keeps the order")
          .that(((KvCoder<?, ?>) positions.getCoder()).getKeyCoder())
          .isInstanceOf(StringUtf8Coder.class);
    }

    output.holdThroughRestarts(pipeline);

    List<Node> stable = steps(pipeline, HiddenStep.FLUSH);
    assertThat(stable).hasSize(WRITES);
    for (Node flush : stable) {
      assertWithMessage("a replaced step keeps its place")
          .that(flush.getFullName())
          .startsWith("Write ");
      PCollection<?> positions = (PCollection<?>) flush.getInputs().values().iterator().next();
      assertThat(positions.getName()).contains("Stable flushes");
    }
  }

  /** Where a timer fires, StableInput has none, and goes on with the one it had before. */
  @Test
  void flinksRunnerGivesTheSameBundleFinalizerAtEachCall() {
    FINALIZERS.clear();
    Pipeline pipeline =
        Pipeline.create(
            options(
                "--runner=FlinkRunner",
                "--flinkMaster=[local]",
                "--parallelism=1",
                "--streaming=true",
                "--maxBundleSize=2",
                "--shutdownSourcesAfterIdleMs=0"));
    pipeline.apply(GenerateSequence.from(0).to(10)).apply("Keep", ParDo.of(new KeepFinalizersFn()));

    pipeline.run().waitUntilFinish();

    assertThat(FINALIZERS).isNotEmpty();
    FINALIZERS
        .values()
        .forEach(
            ofInstance ->
                assertWithMessage("bundle finalizers of one step, of which StableInput keeps one")
                    .that(ofInstance)
                    .hasSize(1));
  }

  private static final class KeepFinalizersFn extends DoFn<Long, Void> {
    private static final long serialVersionUID = 1L;

    private transient String instance;

    @Setup
    public void setUp() {
      instance = UUID.randomUUID().toString();
    }

    @ProcessElement
    public void keep(BundleFinalizer finalizer) {
      FINALIZERS
          .computeIfAbsent(
              instance,
              unused ->
                  Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>())))
          .add(finalizer);
    }
  }

  /**
   * OnDataflow asks so what a user gave: a getter would make up a default, and with it a bucket.
   */
  @Test
  void displayDataHasWhatWasGivenOnly() {
    assertThat(displayed(options())).doesNotContainKey("gcpTempLocation");
    assertThat(displayed(options("--gcpTempLocation=gs://b/t")))
        .containsEntry("gcpTempLocation", "gs://b/t");
  }

  private static Map<String, String> displayed(PipelineOptions options) {
    Map<String, String> items = new ConcurrentHashMap<>();
    DisplayData.from(options.as(DataflowPipelineOptions.class))
        .items()
        .forEach(item -> items.put(item.getKey(), String.valueOf(item.getValue())));
    return items;
  }

  /** Arguments tells by these words what is wrong with an argument. */
  @Test
  void optionsAreRefusedInTheseWords() {
    assertThat(refusal("--projct=p"))
        .contains("missing a property named 'projct'. Did you mean 'project'?");
    assertThat(refusal("--nonsense=x")).contains("missing a property named 'nonsense'");
    assertThat(refusal("--storageWriteApiMaxRequestSize=many")).startsWith("Cannot deserialize");
    assertThat(refusal("--storageWriteApiMaxRequestSize=")).startsWith("Empty argument");
  }

  private static String refusal(String argument) {
    return assertThrows(
            IllegalArgumentException.class,
            () -> PipelineOptionsFactory.fromArgs(argument).as(BigQueryOptions.class))
        .getMessage();
  }

  private BigQueryOutput write(PCollection<HeldRange> rows, WriteMode mode) throws Exception {
    BigQueryOutput output = BigQueryOutput.of(new DatasetName("p", "d"), mapping, mode, false);
    var unusedRows = output.writeRows(rows, new LargeRows("none/", 9_000_000));
    PCollection<KV<String, byte[]>> lines = rows.apply("Lines", ParDo.of(new NoLinesFn()));
    var unusedOutcomes = output.writeOutcomes(lines);
    return output;
  }

  private static final class NoLinesFn extends DoFn<HeldRange, KV<String, byte[]>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void none() {}
  }

  private static HeldRangeCoder format() {
    return new HeldRangeCoder();
  }

  /** Flink's runner, since elsewhere StableInput is only a shuffle. */
  private static PipelineOptions options(String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--tempLocation=/tmp");
    if (arguments.stream().noneMatch(argument -> argument.startsWith("--runner="))) {
      arguments.add("--runner=FlinkRunner");
    }
    return PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0])).create();
  }

  private static List<Node> steps(Pipeline pipeline, HiddenStep hidden) {
    List<Node> found = new ArrayList<>();
    pipeline.traverseTopologically(
        new PipelineVisitor.Defaults() {
          @Override
          public void visitPrimitiveTransform(Node step) {
            if (hidden.is(step.getTransform())) {
              found.add(step);
            }
          }
        });
    return found;
  }
}
