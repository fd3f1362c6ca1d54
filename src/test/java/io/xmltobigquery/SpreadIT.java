package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import io.xmltobigquery.benchmark.GenerateOrders;
import io.xmltobigquery.flink.Eventually;
import io.xmltobigquery.flink.FlinkCluster;
import io.xmltobigquery.flink.FlinkJob;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.oracle.OracleTables;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One large file on a Flink cluster of several workers, of which some are killed while they read
 * it. {@code -Dspread.megabytes=2000} takes a larger one, {@code -Dspread.kills=0} kills none, and
 * {@code -Dspread.workers=1} shows what the others are good for.
 */
class SpreadIT {

  private static final int WORKERS = Integer.getInteger("spread.workers", 3);
  private static final int KILLS = Integer.getInteger("spread.kills", 1);
  private static final long MEGABYTES = Long.getLong("spread.megabytes", 40);
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir Path dir;

  private final Mapping mapping = MappingReader.defaultMapping();
  private final Random random = new Random();

  @Test
  void aLargeFileIsTheWorkOfManyWorkers() throws Exception {
    Path file = Files.createDirectory(dir.resolve("in")).resolve("orders.xml");
    try (OutputStream out = Files.newOutputStream(file)) {
      GenerateOrders.writeTo(out, MEGABYTES * 1_000_000, 1);
    }
    OracleTables expected = new OracleTables(mapping);
    try (InputStream in = Files.newInputStream(file)) {
      expected.expectLarge(in);
    }

    long workers;
    long started;
    long seconds;
    try (FlinkCluster cluster = FlinkCluster.start(WORKERS)) {
      started = System.nanoTime();
      XmlToBigQuery.main(
          new String[] {
            "--input=" + file,
            "--output=" + dir.resolve("out"),
            "--deadLetterDir=" + dir.resolve("bad"),
            "--tempLocation=" + dir.resolve("temp"),
            "--chunkSizeMb=1",
            "--runner=FlinkRunner",
            "--flinkMaster=" + cluster.master(),
            "--attachedMode=false",
            "--parallelism=" + WORKERS,
            "--filesToStage=target/xml-to-bigquery-local-stack.jar"
          });
      FlinkJob job = cluster.job();
      for (int kill = 0; kill < KILLS; kill++) {
        long held = held();
        Eventually.await("parts are read", LIMIT, () -> held() > held);
        cluster.killTaskManager(random);
      }
      job.awaitFinished();
      workers = job.workersOf("Read part");
      seconds = Duration.ofNanos(System.nanoTime() - started).toSeconds();
    }

    System.out.printf(
        "spread: %d MB on %d workers, %d killed: %d s, %d have read parts%n",
        MEGABYTES, WORKERS, KILLS, seconds, workers);
    for (TableMapping table : mapping.tables()) {
      Tables.in(dir.resolve("out")).read(table.table(), expected.table(table.table())::found);
      assertWithMessage(table.table()).that(expected.table(table.table()).missing()).isEqualTo(0);
      assertWithMessage(table.table()).that(expected.table(table.table()).surplus()).isEqualTo(0);
    }
    assertThat(Tables.in(dir.resolve("out")).count("file_loads")).isEqualTo(1);
    // Few parts may all come to one worker, since a shuffle is random.
    assertThat(workers).isAtLeast(MEGABYTES < 160 ? 1 : Math.min(2, WORKERS));
    assertThat(held()).isEqualTo(0);
  }

  private long held() throws IOException {
    if (!Files.isDirectory(dir.resolve("temp"))) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(dir.resolve("temp"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }
}
