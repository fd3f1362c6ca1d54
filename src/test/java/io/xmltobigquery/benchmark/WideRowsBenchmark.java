package io.xmltobigquery.benchmark;

import io.xmltobigquery.mapping.MappingException;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Both passes over rows of 100 to 5,000 columns, the same number of bytes for each. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class WideRowsBenchmark {

  static final int BYTES = 10_000_000;

  @Param({"100", "1000", "5000"})
  int columns;

  /** 1 for rows with all values, 100 for rows with a value in one column of a hundred. */
  @Param({"1", "100"})
  int every;

  private Engine engine;

  @Setup
  public void generate() throws IOException, MappingException, RejectedException {
    WideRows wide = new WideRows(columns, every);
    ByteArrayOutputStream out = new ByteArrayOutputStream(BYTES + BYTES / 10);
    wide.writeTo(out, BYTES);
    engine = new Engine(wide.mapping(), out.toByteArray());
  }

  /** The parser with every text taken out: it has more names to keep apart, too. */
  @Benchmark
  public long woodstoxAlone() throws XMLStreamException {
    return engine.woodstoxAlone();
  }

  /** All that is checked, and no row made. */
  @Benchmark
  public long read() throws IOException, RejectedException {
    return engine.read();
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
}
