package io.xmltobigquery.benchmark;

import io.xmltobigquery.load.JsonLines;
import io.xmltobigquery.load.bigquery.RowBytes;
import io.xmltobigquery.mapping.CompiledMapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.parse.RowFormat.RowWriter;
import io.xmltobigquery.storage.FileVersion;
import io.xmltobigquery.xml.Chunk;
import io.xmltobigquery.xml.Inspection;
import io.xmltobigquery.xml.Inspector;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.RecordReader;
import io.xmltobigquery.xml.RecordReaderFactory;
import io.xmltobigquery.xml.RejectedException;
import io.xmltobigquery.xml.XmlSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
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

  private CompiledMapping mapping;
  private RecordReaderFactory readers;
  private Inspector inspector;
  private byte[] document;
  private Inspection inspection;

  @Setup
  public void generate() throws IOException, MappingException, RejectedException {
    WideRows wide = new WideRows(columns, every);
    mapping = CompiledMapping.of(wide.mapping());
    readers = new RecordReaderFactory(mapping, new Limits(Limits.DEFAULT_MAX_RECORD_BYTES));
    inspector = new Inspector(readers, 8_000_000, false);
    ByteArrayOutputStream out = new ByteArrayOutputStream(BYTES + BYTES / 10);
    wide.writeTo(out, BYTES);
    document = out.toByteArray();
    inspection = inspector.inspect(source());
  }

  private XmlSource source() {
    return offset ->
        new ByteArrayInputStream(document, (int) offset, document.length - (int) offset);
  }

  /** The parser with every text taken out: it has more names to keep apart, too. */
  @Benchmark
  public long woodstoxAlone() throws XMLStreamException {
    return EngineBenchmark.readAll(document);
  }

  /** The first pass. */
  @Benchmark
  public Inspection inspect() throws IOException, RejectedException {
    return inspector.inspect(source());
  }

  /** The second pass, to JSON lines. */
  @Benchmark
  public long parseToJsonLines() throws IOException, RejectedException {
    FileVersion origin = new FileVersion("gs://bucket/wide.xml", "1", document.length);
    long[] bytes = {0};
    for (Chunk chunk : inspection.chunks()) {
      try (RecordReader reader = readers.open(source(), chunk)) {
        RowWriter writer =
            new JsonLines(false)
                .open(origin, mapping.tables(), block -> bytes[0] += block.getValue().length);
        while (reader.next()) {
          writer.write(reader.row(), reader.recordNumber());
        }
        writer.finish();
      }
    }
    return bytes[0];
  }

  /** The second pass, to the bytes that the Storage Write API takes. */
  @Benchmark
  public long parseToStorageWrite() throws IOException, RejectedException {
    long bytes = 0;
    for (Chunk chunk : inspection.chunks()) {
      try (RecordReader reader = readers.open(source(), chunk)) {
        List<RowBytes> rows =
            mapping.tables().stream().map(table -> new RowBytes(table, null)).toList();
        while (reader.next()) {
          bytes += rows.get(reader.row().table().id()).of(reader.row(), 0).length;
        }
      }
    }
    return bytes;
  }
}
