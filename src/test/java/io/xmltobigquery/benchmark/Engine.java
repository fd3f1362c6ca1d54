package io.xmltobigquery.benchmark;

import com.ctc.wstx.stax.WstxInputFactory;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.read.RowFormat.RowWriter;
import io.xmltobigquery.flow.write.bigquery.wire.RowBytes;
import io.xmltobigquery.flow.write.jsonl.JsonLines;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.xml.Chunk;
import io.xmltobigquery.xml.Inspection;
import io.xmltobigquery.xml.Inspector;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.RecordReader;
import io.xmltobigquery.xml.RecordReaderFactory;
import io.xmltobigquery.xml.RejectedException;
import io.xmltobigquery.xml.XmlSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** What is done with one document in memory: each method does all of it once. */
final class Engine {

  private static final long CHUNK_BYTES = 8_000_000;

  interface RowEncoder {
    byte[] encode(Row row) throws Exception;
  }

  private final CompiledMapping mapping;
  private final byte[] document;
  private final RecordReaderFactory readers;
  private final Inspector inspector;
  private final Inspection inspection;

  Engine(Mapping mapping, byte[] document) throws IOException, RejectedException {
    this.mapping = CompiledMapping.of(mapping);
    this.document = document;
    readers = new RecordReaderFactory(this.mapping, new Limits(Limits.DEFAULT_MAX_RECORD_BYTES));
    inspector = new Inspector(readers, CHUNK_BYTES, false);
    inspection = inspect();
  }

  private XmlSource source() {
    return offset ->
        new ByteArrayInputStream(document, (int) offset, document.length - (int) offset);
  }

  /** The parser with every text and attribute taken out. */
  long woodstoxAlone() throws XMLStreamException {
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
  Inspection inspect() throws IOException, RejectedException {
    return inspector.inspect(source());
  }

  /** The second pass, to JSON lines. */
  long parseToJsonLines() throws IOException, RejectedException {
    FileVersion origin = new FileVersion("gs://bucket/document.xml", "1", document.length);
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
  long parseToStorageWrite() throws Exception {
    return parse(
        table -> {
          RowBytes bytes = new RowBytes(table, null);
          return row -> bytes.of(row, 0);
        });
  }

  /** The second pass, by way of encoders of a table's rows. */
  long parse(Function<TableColumns, RowEncoder> encoders) throws Exception {
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
