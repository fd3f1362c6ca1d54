package io.xmltobigquery.xml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.oracle.OracleRecord;
import io.xmltobigquery.rows.CompiledMapping;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The engine with one mapping, as tests use it: documents in memory, rows as JSON. */
final class Engine {

  private final Mapping mapping;
  private final RecordReaderFactory readers;

  private Engine(Mapping mapping, long maxRecordBytes, StaxReaders parsers) {
    this.mapping = mapping;
    this.readers =
        new RecordReaderFactory(CompiledMapping.of(mapping), new Limits(maxRecordBytes), parsers);
  }

  /** With the mapping of customers and orders. */
  static Engine withDefaultMapping() {
    return of(MappingReader.defaultMapping());
  }

  static Engine of(Mapping mapping) {
    return new Engine(
        mapping, Limits.DEFAULT_MAX_RECORD_BYTES, new StaxReaders(mapping.entities()));
  }

  /** With a mapping document in which single quotes stand for double ones. */
  static Engine of(String mappingJson) {
    return of(mapping(mappingJson));
  }

  /** With a mapping document as it is. */
  static Engine ofJson(String mappingJson) {
    try {
      return of(MappingReader.read(mappingJson.getBytes(UTF_8)));
    } catch (MappingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** With one table of one kind of record. */
  static Engine of(String record, String unknown, String fields) {
    return of(
        "{'tables': [{'table': 't', 'record': '%s', 'unknown': '%s', 'fields': [%s]}]}"
            .formatted(record, unknown, fields));
  }

  Engine withMaxRecordBytes(long maxRecordBytes) {
    return new Engine(mapping, maxRecordBytes, new StaxReaders(mapping.entities()));
  }

  /** With another table of names for each document. */
  Engine withNames(Supplier<NameTable> nameTables) {
    return new Engine(
        mapping, Limits.DEFAULT_MAX_RECORD_BYTES, new StaxReaders(mapping.entities(), nameTables));
  }

  static Mapping mapping(String json) {
    try {
      return MappingReader.read(json.replace('\'', '"').getBytes(UTF_8));
    } catch (MappingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  Mapping mapping() {
    return mapping;
  }

  static XmlSource source(byte[] document) {
    return offset ->
        new ByteArrayInputStream(document, (int) offset, document.length - (int) offset);
  }

  static XmlSource source(String document) {
    return source(document.getBytes(UTF_8));
  }

  RecordReader open(XmlSource source) throws IOException, RejectedException {
    return readers.open(source);
  }

  RecordReader open(String document) throws IOException, RejectedException {
    return readers.open(source(document));
  }

  ReadDocument<HeldRecords> read(XmlSource source) throws IOException, RejectedException {
    return new DocumentReader(readers, false).read(source, HeldRecords::sink);
  }

  /** Reads by several threads, which begin at guessed places. */
  ReadDocument<HeldRecords> read(XmlSource source, List<PartStart> starts)
      throws IOException, RejectedException {
    return read(source, starts, HeldRecords::sink);
  }

  <H> ReadDocument<H> read(XmlSource source, List<PartStart> starts, RecordSink.Factory<H> sinks)
      throws IOException, RejectedException {
    return new DocumentReader(readers, false).read(source, starts, sinks);
  }

  ReadDocument<HeldRecords> readAllowingInvalidRecords(XmlSource source, List<PartStart> starts)
      throws IOException, RejectedException {
    return new DocumentReader(readers, true).read(source, starts, HeldRecords::sink);
  }

  DocumentReader reader(boolean allowInvalidRecords) {
    return new DocumentReader(readers, allowInvalidRecords);
  }

  <H> ReadDocument<H> readAllowingInvalidRecords(
      XmlSource source, List<PartStart> starts, RecordSink.Factory<H> sinks)
      throws IOException, RejectedException {
    return new DocumentReader(readers, true).read(source, starts, sinks);
  }

  /** How many rows each table gets of a document that may be too large to hold them. */
  List<Long> rowCounts(XmlSource source) throws IOException, RejectedException {
    return new DocumentReader(readers, false).read(source, CountingSink::new).rows();
  }

  List<PartStart> guess(XmlSource source, long... wanted) throws IOException {
    return PartStart.guess(readers, source, wanted);
  }

  /** A place behind a record, and the elements that are open there. */
  record RecordEnd(Position position, List<OpenElement> openElements) {
    PartStart start() {
      return new PartStart(position.byteOffset(), openElements);
    }
  }

  /**
   * Where the records of a document end, up to its end or to what is wrong with it: there it can be
   * entered, or else there are none.
   */
  List<RecordEnd> recordEnds(XmlSource source) throws IOException {
    List<RecordEnd> ends = new ArrayList<>();
    try (RecordReader reader = readers.open(source)) {
      while (reader.next() && reader.canBeEntered()) {
        List<OpenElement> open = reader.openElements();
        // A root element that is a record itself has nothing behind it that is worth a part.
        if (!open.isEmpty()) {
          ends.add(new RecordEnd(reader.recordEnd(), open));
        }
      }
    } catch (RejectedException e) {
      // Whoever reads the document is told.
    }
    return ends;
  }

  /** All places where a part of a document may begin. */
  List<PartStart> starts(XmlSource source) throws IOException {
    return recordEnds(source).stream().map(RecordEnd::start).toList();
  }

  /** All rows of a good document, in its order. */
  List<OracleRecord> records(XmlSource source) throws IOException, RejectedException {
    List<OracleRecord> records = new ArrayList<>();
    try (RecordReader reader = readers.open(source)) {
      while (reader.next()) {
        if (reader.isInvalid()) {
          throw reader.invalidRecordRejection();
        }
        records.add(new OracleRecord(reader.table().name(), RowJson.of(reader.row())));
      }
    }
    return records;
  }

  /** The rows of a good document in UTF-8, as JSON with single quotes. */
  List<String> rows(String document) throws IOException, RejectedException {
    return rows(document.getBytes(UTF_8));
  }

  List<String> rows(byte[] document) throws IOException, RejectedException {
    return records(source(document)).stream()
        .map(OracleRecord::row)
        .map(ObjectNode::toString)
        .map(row -> row.replace('"', '\''))
        .toList();
  }

  /** Why a document is rejected. */
  RejectedException rejection(String document) {
    return rejection(source(document));
  }

  RejectedException rejection(byte[] document) {
    return rejection(source(document));
  }

  RejectedException rejection(XmlSource source) {
    return assertThrows(RejectedException.class, () -> records(source));
  }
}
