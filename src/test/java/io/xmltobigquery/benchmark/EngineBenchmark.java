package io.xmltobigquery.benchmark;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.write.bigquery.wire.RowBytes;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.xml.RejectedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.xml.stream.XMLStreamException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Bytes in memory to finished rows, without a runner, against Woodstox alone on the same bytes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class EngineBenchmark {

  private static final int BYTES = 50_000_000;

  private static final FileVersion ORIGIN =
      new FileVersion("gs://bucket/orders.xml", "1700000000000000", BYTES);

  private Engine engine;

  @Setup
  public void generate() throws IOException, RejectedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(BYTES + BYTES / 10);
    GenerateOrders.writeTo(out, BYTES, 1);
    engine = new Engine(MappingReader.defaultMapping(), out.toByteArray());
  }

  /** The parser with every text and attribute taken out: the measure of all others. */
  @Benchmark
  public long woodstoxAlone() throws XMLStreamException {
    return engine.woodstoxAlone();
  }

  /** All that is checked, and no row made. */
  @Benchmark
  public long read() throws IOException, RejectedException {
    return engine.read();
  }

  /** What {@code explore} counts, without a mapping. */
  @Benchmark
  public long profile() throws IOException, RejectedException {
    return engine.profile();
  }

  /** To held rows as JSON lines. */
  @Benchmark
  public long holdJsonLines() throws IOException, RejectedException {
    return engine.holdJsonLines();
  }

  /** To held rows as the bytes that the Storage Write API takes. */
  @Benchmark
  public long holdStorageWrite() throws Exception {
    return engine.holdStorageWrite();
  }

  /** The same with the lineage column. */
  @Benchmark
  public long encodeToStorageWriteWithLineage() throws Exception {
    return engine.encode(
        table -> {
          RowBytes bytes = new RowBytes(table, ORIGIN);
          return row -> bytes.of(row, 1_000_000);
        });
  }

  /** The same bytes by way of Beam's Row. */
  @Benchmark
  public long encodeToBeamRow() throws Exception {
    return engine.encode(table -> new BeamRows(table)::of);
  }

  /** The same bytes by way of TableRow. */
  @Benchmark
  public long encodeToTableRow() throws Exception {
    return engine.encode(table -> new TableRows(table)::of);
  }
}
