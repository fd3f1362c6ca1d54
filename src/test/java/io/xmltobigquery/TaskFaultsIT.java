package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.flink.EmbeddedJob;
import io.xmltobigquery.flink.Eventually;
import io.xmltobigquery.flow.write.bigquery.BigQueryOutput;
import io.xmltobigquery.flow.write.bigquery.beam.EnvelopeServices;
import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.options.DatasetName;
import io.xmltobigquery.options.WriteMode;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import io.xmltobigquery.taskfault.BufferedBigQuery;
import io.xmltobigquery.taskfault.FaultyBigQuery;
import io.xmltobigquery.taskfault.FaultySteps;
import io.xmltobigquery.taskfault.TaskFaults;
import io.xmltobigquery.taskfault.TaskFaults.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServices;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryServicesImpl;
import org.apache.beam.sdk.io.gcp.testing.FakeDatasetService;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.StreamingOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A streaming job on embedded Flink whose tasks fail, by errors and by exceptions, while files come
 * in. The process goes on, and with it all that is static, what is pooled and what was sent but not
 * answered. {@code make task-faults} is the same more often, at points that a seed chooses.
 */
class TaskFaultsIT {

  private static final List<Kind> KINDS = List.of(Kind.values());

  /** How many faults at any points, instead of one at each of the write's. */
  private static final int FAULTS = Integer.getInteger("task.faults", 0);

  private static final long SEED = Long.getLong("task.seed", System.nanoTime());

  /** Whether rows go to the emulator of BigQuery, instead of streams in memory. */
  private static final boolean EMULATOR = Boolean.getBoolean("task.emulator");

  /** What the job gets while a fault is awaited. */
  private static final int FILES_FOR_FAULT = 3;

  private static final int ORDERS = 10;

  /** Numbers of the orders of one file are below this one. */
  private static final int NUMBERS = 100;

  /** One file in so many has a row that BigQuery refuses, is too large, or is invalid. */
  private static final int REFUSED = 3;

  private static final int TOO_LARGE = 4;
  private static final int INVALID = 5;

  private static final Pattern NUMBER = Pattern.compile("N(\\d+)-");
  private static final Pattern FILE = Pattern.compile("f(\\d+)\\.xml");

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final long PATIENCE_MILLIS = 60_000;

  /** A random point may be one that the job hardly ever passes. */
  private static final long RANDOM_PATIENCE_MILLIS = 5_000;

  private static final String RELEASE = "Rows of orders/Release";
  private static final String WRITE = "Write orders/StorageApiLoads/StorageApiWriteSharded/";
  private static final String FLUSH =
      WRITE + "Flush and finalize writes/ParMultiDo(StorageApiFlushAndFinalize)/";
  private static final String HOLD = FLUSH + "Stable flushes/Share out";
  private static final String KEEP = "Keep bad rows/Write/Write batches";

  /** What the names of the steps begin with whose tasks fail. */
  private static final List<String> STEPS =
      List.of(RELEASE, WRITE + "Write Records", FLUSH, KEEP, "Await rows/");

  /** Each is the beginning of a point's name. */
  private static final List<String> POINTS =
      List.of(
          "finish " + RELEASE,
          "after createWriteStream",
          "before appendRows",
          FaultyBigQuery.APPENDED,
          FaultyBigQuery.LATE,
          FaultyBigQuery.NO_ANSWER,
          "after " + WRITE + "Write Records",
          "complete " + HOLD,
          "before flush",
          "after flush",
          "before " + KEEP);

  @RegisterExtension final LocalStack stack = new LocalStack();

  @TempDir Path checkpoints;

  private final Random random = new Random(SEED);
  private final Map<String, Integer> faults = new TreeMap<>();
  private int files;

  @Test
  void everyRowIsThereOnceWhenTasksFail() throws Exception {
    System.out.printf("task faults: seed %d%n", SEED);
    EmbeddedJob.run(
        pipeline(),
        () -> {
          upload();
          Eventually.await("the job is at work", LIMIT, () -> !orders().isEmpty());
          if (FAULTS == 0) {
            failAtEach();
          } else {
            failAtRandom();
          }
          upload();
          Eventually.await("all is loaded", LIMIT, this::isLoaded);
          // What comes again is seen with the next checkpoint, or the one after it.
          Thread.sleep(3_000);
        });
    System.out.printf(
        "task faults: %d, %s; %d files, %d rows found%n",
        faults.values().stream().mapToInt(n -> n).sum(),
        faults,
        files,
        orders().values().stream().mapToInt(n -> n).sum());
    assertThat(orders()).isEqualTo(expected(this::goodOrders));
    assertThat(keptOrders()).isEqualTo(expected(this::badOrders));
    assertThat(loadedFiles()).isEqualTo(expected(file -> IntStream.of(file)));
  }

  private Pipeline pipeline() throws Exception {
    DatasetName dataset = DatasetName.parse(stack.output()).orElseThrow();
    List<String> arguments = new ArrayList<>(stack.options());
    arguments.addAll(
        List.of(
            // Without notifications: those that a failed task has had come again seconds later.
            "--inputSubscription=" + stack.pubsub().subscription(),
            "--reconcileInterval=1s",
            "--deduplicationWindow=1h",
            "--input=" + stack.input() + "/**",
            "--output=" + stack.output(),
            "--deadLetterDir=" + stack.deadLetter(),
            "--onInvalidRecord=dead-letter",
            "--storageApiAppendThresholdBytes=50000",
            "--storageWriteApiMaxRequestSize=200000",
            "--runner=FlinkRunner",
            "--flinkMaster=[local]",
            "--attachedMode=false",
            "--jobCheckIntervalInSecs=1",
            "--parallelism=1",
            "--objectReuse=true",
            "--checkpointingInterval=500",
            "--numberOfExecutionRetries=1000000",
            "--executionRetryDelay=100",
            "--stateBackend=filesystem",
            "--stateBackendStoragePath=file://" + checkpoints));
    XmlToBigQueryOptions options =
        PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
            .as(XmlToBigQueryOptions.class);
    options.as(StreamingOptions.class).setStreaming(true);
    FileSystems.setDefaultPipelineOptions(options);
    BigQueryOutput output =
        new BigQueryOutput(
            dataset,
            MappingReader.defaultMapping(),
            WriteMode.EXACTLY_ONCE,
            false,
            new EnvelopeServices(new FaultyBigQuery(services(dataset))));
    if (EMULATOR) {
      output.prepare(options);
    }
    Pipeline pipeline = Pipeline.create(options);
    XmlToBigQuery.build(pipeline, options, MappingReader.defaultMapping(), output);
    output.holdThroughRestarts(pipeline);
    FaultySteps.in(pipeline, STEPS);
    return pipeline;
  }

  private static BigQueryServices services(DatasetName dataset) throws Exception {
    if (EMULATOR) {
      return new BigQueryServicesImpl();
    }
    FakeDatasetService.setUp();
    new FakeDatasetService().createDataset(dataset.project(), dataset.dataset(), "", "", null);
    return new BufferedBigQuery();
  }

  /** Errors and exceptions by turns. */
  private void failAtEach() throws Exception {
    for (String point : POINTS) {
      String name =
          TaskFaults.points().stream()
              .filter(p -> p.startsWith(point))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no such point: " + point));
      assertWithMessage("passed %s", name)
          .that(failAt(name, KINDS.get(faults.size() % KINDS.size()), PATIENCE_MILLIS))
          .isTrue();
    }
  }

  private void failAtRandom() throws Exception {
    List<String> points = TaskFaults.points();
    int number = 0;
    while (number < FAULTS) {
      String point = points.get(random.nextInt(points.size()));
      Kind kind = KINDS.get(random.nextInt(KINDS.size()));
      if (failAt(point, kind, RANDOM_PATIENCE_MILLIS)) {
        number++;
        System.out.printf("task faults: %d, %s at %s%n", number, kind, point);
        Thread.sleep(random.nextInt(2_000));
      }
    }
  }

  private boolean failAt(String point, Kind kind, long millis) throws Exception {
    for (int i = 0; i < FILES_FOR_FAULT; i++) {
      upload();
    }
    boolean failed = TaskFaults.failAt(point, kind, millis);
    if (failed) {
      faults.merge(point, 1, Integer::sum);
    }
    return failed;
  }

  private void upload() {
    files++;
    StringBuilder orders = new StringBuilder();
    goodOrders(files).forEach(number -> orders.append(order(number, "good", "2")));
    if (hasRefused(files)) {
      orders.append(order(files * NUMBERS + ORDERS, BufferedBigQuery.REFUSED, "2"));
    }
    if (hasTooLarge(files)) {
      orders.append(order(files * NUMBERS + ORDERS + 1, "x".repeat(300_000), "2"));
    }
    if (hasInvalid(files)) {
      orders.append(order(files * NUMBERS + ORDERS + 2, "invalid", "by sea"));
    }
    stack.upload("f" + files + ".xml", Documents.utf8(Documents.ordersOf(orders.toString())));
  }

  private static String order(int number, String text, String shipVia) {
    return Documents.order(1)
        .replace(">1</EmployeeID>", ">N" + number + "-" + text + "</EmployeeID>")
        .replace("<ShipVia>2<", "<ShipVia>" + shipVia + "<");
  }

  private IntStream goodOrders(int file) {
    return IntStream.range(file * NUMBERS, file * NUMBERS + ORDERS);
  }

  private IntStream badOrders(int file) {
    IntStream.Builder bad = IntStream.builder();
    if (hasRefused(file)) {
      bad.add(file * NUMBERS + ORDERS);
    }
    if (hasTooLarge(file)) {
      bad.add(file * NUMBERS + ORDERS + 1);
    }
    if (hasInvalid(file)) {
      bad.add(file * NUMBERS + ORDERS + 2);
    }
    return bad.build();
  }

  /** The emulator refuses no such row. */
  private static boolean hasRefused(int file) {
    return file % REFUSED == 0 && !EMULATOR;
  }

  private static boolean hasTooLarge(int file) {
    return file % TOO_LARGE == 0;
  }

  private static boolean hasInvalid(int file) {
    return file % INVALID == 0;
  }

  private Map<Integer, Integer> expected(IntFunction<IntStream> ofFile) {
    return count(
        NUMBER,
        IntStream.rangeClosed(1, files).flatMap(ofFile).mapToObj(number -> "N" + number + "-"));
  }

  private boolean isLoaded() throws IOException {
    return orders().size() >= expected(this::goodOrders).size()
        && keptOrders().size() >= expected(this::badOrders).size()
        && loadedFiles().size() >= files;
  }

  /** By number, how often it is there. */
  private Map<Integer, Integer> orders() throws IOException {
    return count(NUMBER, rows("orders"));
  }

  private Map<Integer, Integer> loadedFiles() throws IOException {
    return count(FILE, rows("file_loads"));
  }

  private Stream<String> rows(String table) throws IOException {
    return EMULATOR
        ? stack.bigQuery().rows(table).stream().map(Object::toString)
        : BufferedBigQuery.rows(table).stream().map(row -> row.toString(ISO_8859_1));
  }

  private Map<Integer, Integer> keptOrders() {
    return count(
        NUMBER,
        stack.names("dead-letter").stream()
            .filter(name -> name.startsWith("rows/"))
            .flatMap(name -> new String(stack.content("dead-letter", name), UTF_8).lines()));
  }

  private static Map<Integer, Integer> count(Pattern pattern, Stream<String> texts) {
    Map<Integer, Integer> counts = new TreeMap<>();
    texts.forEach(
        text -> {
          Matcher matcher = pattern.matcher(text);
          if (matcher.find()) {
            counts.merge(Integer.valueOf(matcher.group(1)), 1, Integer::sum);
          }
        });
    return counts;
  }
}
