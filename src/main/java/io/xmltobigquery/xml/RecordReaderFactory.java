package io.xmltobigquery.xml;

import io.xmltobigquery.rows.CompiledMapping;
import java.io.IOException;

/** Makes {@link RecordReader}s for one mapping. It may be shared by threads; a reader may not. */
public final class RecordReaderFactory {

  private final CompiledMapping mapping;
  private final Limits limits;
  private final StaxReaders parsers;
  private final String fileVersion;
  private final boolean manyDocuments;

  public RecordReaderFactory(CompiledMapping mapping, Limits limits) {
    this(mapping, limits, new StaxReaders(mapping.entities()));
  }

  /** With parsers of other limits, for tests. */
  RecordReaderFactory(CompiledMapping mapping, Limits limits, StaxReaders parsers) {
    this(mapping, limits, parsers, "", false);
  }

  private RecordReaderFactory(
      CompiledMapping mapping,
      Limits limits,
      StaxReaders parsers,
      String fileVersion,
      boolean manyDocuments) {
    this.mapping = mapping;
    this.limits = limits;
    this.parsers = parsers;
    this.fileVersion = fileVersion;
    this.manyDocuments = manyDocuments;
  }

  /** The same, for sources that may have several documents, one after the other. */
  public RecordReaderFactory ofManyDocuments() {
    return new RecordReaderFactory(
        mapping, limits, StaxReaders.ofManyDocuments(mapping.entities()), fileVersion, true);
  }

  /**
   * The same for a file.
   *
   * @param fileVersion what no other version of any file has: keys of rows begin with it
   */
  public RecordReaderFactory of(String fileVersion) {
    return new RecordReaderFactory(mapping, limits, parsers, fileVersion, manyDocuments);
  }

  public CompiledMapping mapping() {
    return mapping;
  }

  /**
   * Opens a whole document, or all documents of a source.
   *
   * @throws IOException if the source can't be read
   * @throws RejectedException if the source is empty or its encoding is wrong
   */
  public RecordReader open(XmlSource source) throws IOException, RejectedException {
    return open(source, PartStart.OF_DOCUMENT);
  }

  /** Opens the part of a document that may begin at a place. */
  RecordReader open(XmlSource source, PartStart start) throws IOException, RejectedException {
    Encoding encoding = Encoding.of(source);
    return start.equals(PartStart.OF_DOCUMENT)
        ? RecordReader.ofDocument(
            source, encoding, mapping, limits, parsers, fileVersion, manyDocuments)
        : RecordReader.ofPart(source, encoding, start, mapping, limits, parsers, fileVersion);
  }
}
