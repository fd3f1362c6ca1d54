package io.xmltobigquery.xml;

import com.ctc.wstx.api.ReaderConfig;
import com.ctc.wstx.api.WstxInputProperties;
import com.ctc.wstx.cfg.XmlConsts;
import com.ctc.wstx.exc.WstxIOException;
import com.ctc.wstx.io.BranchingReaderSource;
import com.ctc.wstx.io.InputBootstrapper;
import com.ctc.wstx.io.InputSourceFactory;
import com.ctc.wstx.io.ReaderBootstrapper;
import com.ctc.wstx.io.SystemId;
import com.ctc.wstx.stax.WstxInputFactory;
import com.ctc.wstx.util.SymbolTable;
import java.io.IOException;
import java.io.Reader;
import java.util.Map;
import java.util.function.Supplier;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import org.codehaus.stax2.XMLInputFactory2;
import org.codehaus.stax2.XMLStreamReader2;

/**
 * The one place where XML parsers are made. They never open anything but the reader they are given:
 * a DOCTYPE is skipped, external entities are off, and a resolver that is asked nevertheless
 * refuses. The parser's own limit on the length of a text is off: it holds at the borders of
 * buffers only, and {@link DecodingReader#allow} bounds everything. What a parser keeps beyond one
 * event is bounded too: names by {@link NameTable}, namespaces by {@link DocumentCursor}.
 */
final class StaxReaders {

  /** Characters that the parser takes from its reader at a time. */
  static final int BUFFER_LENGTH = 8 * 1024;

  private final WstxInputFactory factory;

  /**
   * Makes parsers that know entities.
   *
   * @param entities the characters, as code points, that references stand for, by names
   */
  StaxReaders(Map<String, Integer> entities) {
    this(entities, NameTable::new);
  }

  /**
   * The same, for inputs of many documents, one after the other. To their parsers the end of one is
   * no end of the input, and what comes then is its start.
   */
  static StaxReaders ofManyDocuments(Map<String, Integer> entities) {
    return new StaxReaders(entities, NameTable::new, true);
  }

  /** With other tables of names, for tests: a new one for each parser. */
  StaxReaders(Map<String, Integer> entities, Supplier<NameTable> nameTables) {
    this(entities, nameTables, false);
  }

  private StaxReaders(
      Map<String, Integer> entities, Supplier<NameTable> nameTables, boolean manyDocuments) {
    factory = new ForgetfulFactory(entities, nameTables, manyDocuments);
    if (manyDocuments) {
      factory.setProperty(
          WstxInputProperties.P_INPUT_PARSING_MODE, WstxInputProperties.PARSING_MODE_DOCUMENTS);
    }
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    // Without this, an unknown entity in an attribute value would be dropped without a word.
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    factory.setProperty(XMLInputFactory.IS_VALIDATING, false);
    factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
    factory.setXMLResolver(StaxReaders::refuse);
    factory.setProperty(
        WstxInputProperties.P_DTD_RESOLVER, (javax.xml.stream.XMLResolver) StaxReaders::refuse);

    factory.setProperty(XMLInputFactory.IS_COALESCING, false);
    factory.setProperty(XMLInputFactory2.P_LAZY_PARSING, true);
    factory.setProperty(XMLInputFactory2.P_INTERN_NAMES, true);
    // Interned ones go to a cache that all parsers share: it would keep hundreds, however long.
    factory.setProperty(XMLInputFactory2.P_INTERN_NS_URIS, false);
    factory.setProperty(XMLInputFactory2.P_REPORT_PROLOG_WHITESPACE, false);
    factory.setProperty(XMLInputFactory2.P_PRESERVE_LOCATION, false);
    factory.setProperty(XMLInputFactory2.P_AUTO_CLOSE_INPUT, false);
    factory.setProperty(WstxInputProperties.P_INPUT_BUFFER_LENGTH, BUFFER_LENGTH);

    factory.setProperty(WstxInputProperties.P_MAX_ELEMENT_DEPTH, Limits.MAX_DEPTH);
    factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTES_PER_ELEMENT, Limits.MAX_ATTRIBUTES);
    factory.setProperty(WstxInputProperties.P_MAX_ATTRIBUTE_SIZE, Limits.MAX_ATTRIBUTE_LENGTH);
  }

  private static Object refuse(String publicId, String systemId, String baseUri, String namespace)
      throws XMLStreamException {
    throw new XMLStreamException("external entities are never opened");
  }

  XMLStreamReader2 create(Reader reader) throws XMLStreamException {
    return (XMLStreamReader2) factory.createXMLStreamReader(reader);
  }

  /** Gives each parser a table of names of its own, and takes none over for the next document. */
  private static final class ForgetfulFactory extends WstxInputFactory {
    private final Map<String, Integer> entities;
    private final Supplier<NameTable> nameTables;
    private final boolean manyDocuments;

    ForgetfulFactory(
        Map<String, Integer> entities, Supplier<NameTable> nameTables, boolean manyDocuments) {
      this.entities = entities;
      this.nameTables = nameTables;
      this.manyDocuments = manyDocuments;
    }

    /** As Woodstox does, but for the parser's class where there are entities or many documents. */
    @Override
    protected XMLStreamReader2 createSR(
        SystemId systemId, Reader in, boolean forEvents, boolean autoCloseInput)
        throws XMLStreamException {
      if (entities.isEmpty() && !manyDocuments) {
        return super.createSR(systemId, in, forEvents, autoCloseInput);
      }
      ReaderConfig config = createPrivateConfig();
      InputBootstrapper bootstrapper = ReaderBootstrapper.getInstance(null, systemId, in, null);
      Reader characters;
      try {
        characters = bootstrapper.bootstrapInput(config, true, XmlConsts.XML_V_UNKNOWN);
      } catch (IOException e) {
        throw new WstxIOException(e);
      }
      if (bootstrapper.declaredXml11()) {
        config.enableXml11(true);
      }
      BranchingReaderSource input =
          InputSourceFactory.constructDocumentSource(
              config, bootstrapper, null, systemId, characters, autoCloseInput);
      return manyDocuments
          ? new ManyDocumentsReader(bootstrapper, input, this, config, entities)
          : new EntityReader(bootstrapper, input, this, config, entities);
    }

    @Override
    public ReaderConfig createPrivateConfig() {
      return mConfig.createNonShared(nameTables.get());
    }

    @Override
    public void updateSymbolTable(SymbolTable names) {
      // Nothing that one document says stays for another.
    }
  }
}
