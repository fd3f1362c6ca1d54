package io.xmltobigquery.benchmark;

import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.xml.RejectedException;
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

/**
 * One document by a mapping with child tables, a header's value and conditions, and mapped flat.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class PathsBenchmark {

  private static final int BYTES = 20_000_000;

  @Param({"flat", "paths"})
  String mapping;

  private Engine engine;

  @Setup
  public void generate() throws MappingException {
    Mapping read = mapping.equals("flat") ? Invoices.flat() : Invoices.byPaths();
    engine = new Engine(read, Invoices.document(BYTES));
  }

  /** The parser with every text and attribute taken out. */
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
