package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.cloud.storage.Blob;
import io.xmltobigquery.benchmark.GenerateOrders;
import io.xmltobigquery.flink.Eventually;
import io.xmltobigquery.flink.FlinkCluster;
import io.xmltobigquery.flink.FlinkJob;
import io.xmltobigquery.flow.write.Output;
import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import io.xmltobigquery.oracle.OracleTable;
import io.xmltobigquery.oracle.OracleTables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.options.StreamingOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The streaming job on a Flink cluster whose processes are killed while it runs. {@code make chaos}
 * is the same with more kills and more files.
 */
class FlinkRestartIT {

  private static final int KILLS = Integer.getInteger("chaos.kills", 2);
  private static final int FILES = Integer.getInteger("chaos.files", 40);
  private static final long SEED = Long.getLong("chaos.seed", System.nanoTime());

  private static final int TASK_MANAGERS = 2;

  /** One kill in so many is the job manager's. */
  private static final int JOB_MANAGER = 4;

  /** One file in so many is cut off, and one has a record that isn't loaded. */
  private static final int BAD = 10;

  /** One file in so many has several chunks, and one is compressed besides. */
  private static final int LARGE = 40;

  private static final int SMALL_BYTES = 30_000;
  private static final int LARGE_BYTES = 3_000_000;
  private static final Duration CHECKPOINTS = Duration.ofSeconds(3);
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private static FlinkCluster cluster;

  @RegisterExtension final LocalStack stack = new LocalStack();

  @TempDir Path dir;

  private final Mapping mapping = MappingReader.defaultMapping();
  private final Random random = new Random(SEED);
  private final OracleTables expected = new OracleTables(mapping);

  /** By URI. */
  private final Map<String, String> expectedOutcomes = new TreeMap<>();

  private final long started = System.nanoTime();
  private int submitted;
  private int taskManagersKilled;
  private int jobManagersKilled;
  private int uploaded;
  private int invalidRecords;

  /** The cluster is led to the services as the tests are, so it can't be started before them. */
  @BeforeEach
  void startCluster() throws Exception {
    if (cluster == null) {
      cluster = FlinkCluster.start(TASK_MANAGERS);
    }
    System.out.printf("chaos: seed %d, logs in %s%n", SEED, cluster.directory());
  }

  @AfterAll
  static void endCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void rowsArriveExactlyOnceWhenProcessesAreKilled() throws Exception {
    String subscription = stack.pubsub().subscribeToUploads();
    List<String> options = options(subscription, stack.output(), CHECKPOINTS);

    FlinkJob job = uploadAndKill(options, KILLS, FILES);
    Eventually.await("all files are loaded", LIMIT, () -> loadedFiles() >= uploaded);
    awaitRows();
    awaitWhatIsRepeated(job);
    job.cancel();

    for (TableMapping table : mapping.tables()) {
      stack.bigQuery().rows(table.table(), expected.table(table.table())::found);
    }
    assertAllIsThereOnce(stack.bigQuery().rows("file_loads"));
    assertThat(stack.pubsub().hasUnacknowledged(subscription)).isFalse();
  }

  @Test
  @Tag("long")
  void jsonLinesArriveOnceWhenProcessesAreKilled() throws Exception {
    Path out = dir.resolve("out");
    List<String> options =
        options(stack.pubsub().subscribeToUploads(), out.toString(), CHECKPOINTS);

    FlinkJob job = uploadAndKill(options, KILLS / 2, FILES / 2);
    Eventually.await(
        "all files are loaded", LIMIT, () -> Tables.in(out).count("file_loads") >= uploaded);
    awaitWhatIsRepeated(job);
    job.cancel();

    for (TableMapping table : mapping.tables()) {
      Tables.in(out).read(table.table(), expected.table(table.table())::found);
    }
    assertAllIsThereOnce(Tables.in(out).rows("file_loads"));
  }

  /** If this fails one day, BigQueryIO needs no more help to write exactly once on Flink. */
  @Test
  @Tag("beam")
  void withoutStableFlushesRowsThatWereSeenComeAgain() throws Exception {
    // The rows are there long before the checkpoint after them.
    Duration checkpoints = Duration.ofSeconds(20);
    FlinkJob job =
        submitWithoutStableFlushes(
            options(stack.pubsub().subscribeToUploads(), stack.output(), checkpoints));
    job.awaitCheckpoint();
    upload("seen.xml", document(20_000));
    awaitRows();

    killTaskManager(job);
    job.awaitCheckpoint();
    Eventually.await("the file is loaded", LIMIT, () -> loadedFiles() >= 1);
    job.cancel();

    OracleTable orders = expected.table("orders");
    stack.bigQuery().rows("orders", orders::found);
    assertThat(orders.missing()).isEqualTo(0);
    assertThat(orders.surplus()).isEqualTo(orders.size());
  }

  private List<String> options(String subscription, String output, Duration checkpoints) {
    List<String> options = new ArrayList<>(stack.options());
    options.addAll(
        List.of(
            "--inputSubscription=" + subscription,
            "--input=" + stack.input() + "/**.xml",
            "--output=" + output,
            "--deadLetterDir=" + stack.deadLetter(),
            "--onInvalidRecord=dead-letter",
            "--chunkSizeMb=1",
            "--runner=FlinkRunner",
            "--flinkMaster=" + cluster.master(),
            "--attachedMode=false",
            "--parallelism=2",
            "--checkpointingInterval=" + checkpoints.toMillis(),
            // The cluster has all that the job needs; without this, it would all be sent.
            "--filesToStage=target/xml-to-bigquery-local-stack.jar"));
    return options;
  }

  private FlinkJob submit(List<String> options, String... more) throws Exception {
    submitted++;
    List<String> all = new ArrayList<>(options);
    all.add("--jobName=" + jobName());
    all.addAll(Arrays.asList(more));
    XmlToBigQuery.main(all.toArray(new String[0]));
    return running();
  }

  private String jobName() {
    return "job-" + submitted;
  }

  /** As {@link XmlToBigQuery#run} does, but for one step. */
  private FlinkJob submitWithoutStableFlushes(List<String> arguments) throws Exception {
    XmlToBigQueryOptions options =
        PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
            .as(XmlToBigQueryOptions.class);
    options.as(StreamingOptions.class).setStreaming(true);
    Output output = Outputs.of(options, mapping);
    Pipeline pipeline = Pipeline.create(options);
    XmlToBigQuery.build(pipeline, options, mapping, output);
    output.prepare(options);
    var unused = pipeline.run();
    return running();
  }

  private static FlinkJob running() throws Exception {
    FlinkJob job = cluster.job();
    job.awaitRunning();
    return job;
  }

  /**
   * Starts the job and uploads all files, some before each kill and some right after it. Some of
   * the kills are the job manager's: then the job is gone, and another has to go on.
   *
   * @return the job that runs at the end
   */
  private FlinkJob uploadAndKill(List<String> options, int kills, int files) throws Exception {
    FlinkJob job = submit(options);
    for (int kill = 1; kill <= kills; kill++) {
      job.awaitCheckpoint();
      uploadUpTo(files * (2 * kill - 1) / (2 * kills));
      // Whatever it does at the moment.
      Thread.sleep(random.nextLong(2 * CHECKPOINTS.toMillis()));
      boolean killsJobManager = kill % JOB_MANAGER == 2;
      if (killsJobManager) {
        cluster.killJobManager();
        jobManagersKilled++;
      } else {
        killTaskManager(job);
      }
      uploadUpTo(files * kill / kills);
      if (killsJobManager) {
        job = submit(options, "--savepointPath=" + job.latestCheckpoint());
      }
      job.awaitRunning();
    }
    return job;
  }

  private void killTaskManager(FlinkJob job) throws Exception {
    long restores = job.restores();
    cluster.killTaskManager(random);
    taskManagersKilled++;
    job.awaitRestores(restores + 1);
  }

  /**
   * What comes again is seen with the next checkpoint, or the one after it. Bad records wait for
   * others a while, and nothing waits for them.
   */
  private void awaitWhatIsRepeated(FlinkJob job) throws Exception {
    Eventually.await(
        "all bad records are kept", LIMIT, () -> keptRecords().size() >= invalidRecords);
    job.awaitCheckpoint();
    job.awaitCheckpoint();
  }

  private void uploadUpTo(int files) throws Exception {
    while (uploaded < files) {
      int number = uploaded + 1;
      String name = number + ".xml";
      if (number % BAD == 0) {
        byte[] document = document(SMALL_BYTES);
        uploadBad(name, Arrays.copyOf(document, random.nextInt(1, document.length - 20)));
      } else if (number % BAD == BAD / 2) {
        uploadWithInvalidRecord(name);
      } else if (number % LARGE == 1) {
        upload(name, document(LARGE_BYTES));
      } else if (number % LARGE == LARGE / 2 + 1) {
        uploadCompressed(name, document(LARGE_BYTES));
      } else {
        upload(name, document(random.nextInt(SMALL_BYTES)));
      }
    }
  }

  private byte[] document(int bytes) throws IOException {
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    GenerateOrders.writeTo(document, bytes, random.nextLong());
    return document.toByteArray();
  }

  private void upload(String name, byte[] document) throws Exception {
    expected.expectLarge(new ByteArrayInputStream(document));
    upload(name, document, "ACCEPTED");
  }

  private void uploadCompressed(String name, byte[] document) throws Exception {
    expected.expectLarge(new ByteArrayInputStream(document));
    upload(name, Documents.gzip(document), "ACCEPTED");
  }

  private void uploadWithInvalidRecord(String name) throws Exception {
    expected.expect(Documents.utf8(Documents.orders(3)));
    String invalid = Documents.order(4).replace("<ShipVia>2<", "<ShipVia>by sea<");
    String document = Documents.orders(3).replace("</Orders>", invalid + "</Orders>");
    upload(name, Documents.utf8(document), "ACCEPTED");
    invalidRecords++;
  }

  private void uploadBad(String name, byte[] document) {
    upload(name, document, "REJECTED");
  }

  private void upload(String name, byte[] content, String outcome) {
    Blob object = stack.upload(name, content);
    expectedOutcomes.put("gs://" + object.getBucket() + "/" + object.getName(), outcome);
    uploaded++;
  }

  private long loadedFiles() throws IOException {
    return number("COUNT(DISTINCT uri)", "file_loads");
  }

  private void awaitRows() throws Exception {
    for (TableMapping table : mapping.tables()) {
      long rows = expected.table(table.table()).size();
      Eventually.await(
          rows + " rows are in " + table.table(),
          LIMIT,
          () -> number("COUNT(*)", table.table()) >= rows);
    }
  }

  private long number(String expression, String table) throws IOException {
    String dataset = stack.bigQuery().dataset();
    String query = "SELECT %s AS number FROM %s.%s".formatted(expression, dataset, table);
    return stack.bigQuery().query(query).get(0).get("number").asLong();
  }

  /** Prints what was found and compares it with what should be there. */
  private void assertAllIsThereOnce(List<? extends JsonNode> fileLoads) throws IOException {
    long rows = 0;
    long missing = 0;
    long extra = 0;
    for (TableMapping table : mapping.tables()) {
      OracleTable found = expected.table(table.table());
      rows += found.size();
      missing += found.missing();
      extra += found.surplus();
    }
    System.out.printf(
        "chaos: killed %d task managers and %d job managers; %d files, "
            + "%d rows expected, %d found, %d missing, %d extra; %d s%n",
        taskManagersKilled,
        jobManagersKilled,
        uploaded,
        rows,
        rows - missing + extra,
        missing,
        extra,
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started));
    for (TableMapping table : mapping.tables()) {
      expected.table(table.table()).assertSame();
    }
    assertThat(outcomes(fileLoads)).isEqualTo(expectedOutcomes);
    assertDeadLetter();
    // A job that has lost its job manager may leave some.
    List<String> staged = new ArrayList<>(stack.names("staging"));
    staged.removeIf(name -> !name.startsWith(jobName() + "-"));
    assertThat(staged).isEmpty();
  }

  /** By URI; each has one. */
  private static Map<String, String> outcomes(List<? extends JsonNode> fileLoads) {
    Map<String, String> outcomes = new TreeMap<>();
    for (JsonNode load : fileLoads) {
      String uri = load.get("uri").textValue();
      assertWithMessage("%s in file_loads twice", uri)
          .that(outcomes.put(uri, load.get("outcome").textValue()))
          .isNull();
    }
    return outcomes;
  }

  /** Each bad file and its report are there, and no longer in the input; so are bad records. */
  private void assertDeadLetter() {
    int bad = Collections.frequency(expectedOutcomes.values(), "REJECTED");
    List<String> files = new ArrayList<>(stack.names("dead-letter"));
    files.removeIf(FlinkRestartIT::hasRecords);
    assertThat(files).hasSize(2 * bad);
    assertThat(stack.names("landing")).hasSize(uploaded - bad);
    assertThat(keptRecords()).hasSize(invalidRecords);
  }

  private List<String> keptRecords() {
    return stack.names("dead-letter").stream()
        .filter(FlinkRestartIT::hasRecords)
        .flatMap(name -> new String(stack.content("dead-letter", name), UTF_8).lines())
        .toList();
  }

  private static boolean hasRecords(String name) {
    return name.startsWith("rows/");
  }
}
