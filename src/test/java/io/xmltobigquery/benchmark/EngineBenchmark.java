package io.xmltobigquery.benchmark;

import com.ctc.wstx.stax.WstxInputFactory;
import io.xmltobigquery.load.JsonLines;
import io.xmltobigquery.load.bigquery.RowBytes;
import io.xmltobigquery.mapping.CompiledMapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.mapping.Row;
import io.xmltobigquery.mapping.TableColumns;
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
import java.util.function.Function;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
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

  private static final FileVersion ORIGIN = new FileVersion("gs://bucket/orders.xml", "1", BYTES);

  private final CompiledMapping mapping = CompiledMapping.of(MappingReader.defaultMapping());
  private final RecordReaderFactory readers =
      new RecordReaderFactory(mapping, new Limits(Limits.DEFAULT_MAX_RECORD_BYTES));
  private final Inspector inspector = new Inspector(readers, 8_000_000, false);
  private byte[] document = {};
  private Inspection inspection = new Inspection(List.of(), List.of(), List.of());

  @Setup
  public void generate() throws IOException, RejectedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(BYTES + BYTES / 10);
    GenerateOrders.writeTo(out, BYTES, 1);
    document = out.toByteArray();
    inspection = inspector.inspect(source());
  }

  private XmlSource source() {
    return offset ->
        new ByteArrayInputStream(document, (int) offset, document.length - (int) offset);
  }

  /** The parser with every text and attribute taken out: the measure of all others. */
  @Benchmark
  public long woodstoxAlone() throws XMLStreamException {
    return readAll(document);
  }

  static long readAll(byte[] document) throws XMLStreamException {
    XMLInputFactory factory = new WstxInputFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    XMLStreamReader xml = factory.createXMLStreamReader(new ByteArrayInputStream(document));
    long characters = 0;
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        for (int i = 0; i < xml.getAttributeCount(); i++) {
          characters += xml.getAttributeValue(i).length();
        }
      } else if (event == XMLStreamConstants.CHARACTERS) {
        characters += xml.getTextCharacters()[xml.getTextStart()] + xml.getTextLength();
      }
    }
    return characters;
  }

  /** The first pass. */
  @Benchmark
  public Inspection inspect() throws IOException, RejectedException {
    return inspector.inspect(source());
  }

  /** The second pass, to JSON lines. */
  @Benchmark
  public long parseToJsonLines() throws IOException, RejectedException {
    long[] bytes = {0};
    for (Chunk chunk : inspection.chunks()) {
      try (RecordReader reader = readers.open(source(), chunk)) {
        RowWriter writer =
            new JsonLines(false)
                .open(ORIGIN, mapping.tables(), block -> bytes[0] += block.getValue().length);
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
  public long parseToStorageWrite() throws Exception {
    return parse(this::rowBytes);
  }

  /** The same with the lineage column. */
  @Benchmark
  public long parseToStorageWriteWithLineage() throws Exception {
    return parse(this::rowBytesWithLineage);
  }

  /** The same bytes by way of Beam's Row. */
  @Benchmark
  public long parseToBeamRow() throws Exception {
    return parse(table -> new BeamRows(table)::of);
  }

  /** The same bytes by way of TableRow. */
  @Benchmark
  public long parseToTableRow() throws Exception {
    return parse(table -> new TableRows(table)::of);
  }

  private interface RowEncoder {
    byte[] encode(Row row) throws Exception;
  }

  private RowEncoder rowBytes(TableColumns table) {
    RowBytes bytes = new RowBytes(table, null);
    return row -> bytes.of(row, 0);
  }

  private RowEncoder rowBytesWithLineage(TableColumns table) {
    RowBytes bytes =
        new RowBytes(
            table, new FileVersion("gs://bucket/orders.xml", "1700000000000000", document.length));
    return row -> bytes.of(row, 1_000_000);
  }

  private long parse(Function<TableColumns, RowEncoder> encoders) throws Exception {
    long bytes = 0;
    for (Chunk chunk : inspection.chunks()) {
      try (RecordReader reader = readers.open(source(), chunk)) {
        List<RowEncoder> byTable = mapping.tables().stream().map(encoders).toList();
        while (reader.next()) {
          bytes += byTable.get(reader.row().table().id()).encode(reader.row()).length;
        }
      }
    }
    return bytes;
  }
}
