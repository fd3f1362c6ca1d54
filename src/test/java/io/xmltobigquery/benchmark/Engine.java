package io.xmltobigquery.benchmark;

import com.ctc.wstx.stax.WstxInputFactory;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.held.HoldRows;
import io.xmltobigquery.flow.held.RowEncoding;
import io.xmltobigquery.flow.write.bigquery.BigQueryOutput;
import io.xmltobigquery.flow.write.jsonl.DirectoryOutput;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.options.DatasetName;
import io.xmltobigquery.options.WriteMode;
import io.xmltobigquery.profile.DocumentProfile;
import io.xmltobigquery.profile.Profiler;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.xml.ContentReader;
import io.xmltobigquery.xml.DocumentReader;
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

  private static final FileVersion FILE = new FileVersion("gs://bucket/document.xml", "1", 1);

  interface RowEncoder {
    byte[] encode(Row row) throws Exception;
  }

  private final Mapping mapping;
  private final CompiledMapping columns;
  private final byte[] document;
  private final RecordReaderFactory readers;
  private final DocumentReader reader;

  Engine(Mapping mapping, byte[] document) {
    this.mapping = mapping;
    this.columns = CompiledMapping.of(mapping);
    this.document = document;
    readers = new RecordReaderFactory(columns, new Limits(Limits.DEFAULT_MAX_RECORD_BYTES));
    reader = new DocumentReader(readers, false);
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

  /** All that is checked, and no row made. */
  long read() throws IOException, RejectedException {
    long records = 0;
    try (RecordReader reader = readers.open(source())) {
      while (reader.next()) {
        records++;
      }
    }
    return records;
  }

  /** What {@code explore} counts, without a mapping. */
  long profile() throws IOException, RejectedException {
    Profiler profiler = new Profiler();
    DocumentProfile document = profiler.newDocumentProfile();
    document.begin();
    new ContentReader(new Limits(Limits.DEFAULT_MAX_RECORD_BYTES)).read(source(), document);
    profiler.add(document);
    return profiler.profile().elements();
  }

  /** To held rows as JSON lines. */
  long holdJsonLines() throws IOException, RejectedException {
    return hold(new DirectoryOutput("", mapping, false, false).encoding());
  }

  /** To held rows as the bytes that the Storage Write API takes. */
  long holdStorageWrite() throws IOException, RejectedException {
    DatasetName dataset = new DatasetName("local-project", "none");
    return hold(BigQueryOutput.of(dataset, mapping, WriteMode.EXACTLY_ONCE, false).encoding());
  }

  private long hold(RowEncoding encoding) throws IOException, RejectedException {
    NullStore nowhere = new NullStore();
    var unused =
        reader.read(
            source(),
            () -> new HoldRows(encoding, columns.tables().size(), FILE, nowhere, "none/", 1));
    return nowhere.bytes();
  }

  /** To what encoders of a table's rows make of them. */
  long encode(Function<TableColumns, RowEncoder> encoders) throws Exception {
    long bytes = 0;
    try (RecordReader records = readers.open(source())) {
      List<RowEncoder> byTable = columns.tables().stream().map(encoders).toList();
      while (records.next()) {
        bytes += byTable.get(records.row().table().id()).encode(records.row()).length;
      }
    }
    return bytes;
  }
}
