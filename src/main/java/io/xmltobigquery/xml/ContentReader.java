package io.xmltobigquery.xml;

import com.ctc.wstx.exc.WstxLazyException;
import java.io.IOException;
import java.util.Map;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/**
 * Reads all that a document has, without a mapping. What it takes for a bad document is what a load
 * takes for one. It may be shared by threads.
 */
public final class ContentReader {

  /**
   * How often the exact place is asked for, in bytes: where a fault is found by reading again from
   * the last one.
   */
  private static final long PLACE_BYTES = 8_000_000;

  private final Limits limits;
  private final StaxReaders parsers;

  /**
   * Makes a reader.
   *
   * @param limits with the most bytes that one tag, text or comment may have, since nothing says
   *     what a record is
   */
  public ContentReader(Limits limits) {
    this(limits, Map.of());
  }

  /**
   * Makes a reader of documents with entities.
   *
   * @param limits as for the other
   * @param entities the characters, as code points, that references to entities stand for
   */
  public ContentReader(Limits limits, Map<String, Integer> entities) {
    this.limits = limits;
    this.parsers = new StaxReaders(entities);
  }

  /**
   * Reads a document from its start to its end. If it is bad, the visitor has seen what comes
   * before the fault.
   *
   * @throws RejectedException if the document is bad
   * @throws IOException if the document can't be read
   */
  public void read(XmlSource source, ContentVisitor visitor) throws IOException, RejectedException {
    Encoding encoding = Encoding.of(source);
    Position start = new Position(1, 1, encoding.byteOrderMarkLength());
    try (DocumentCursor cursor = new DocumentCursor(source, encoding, start, "", limits, parsers)) {
      try {
        read(cursor, visitor);
      } catch (XMLStreamException e) {
        throw cursor.rejection(cursor.fault(e), 0);
      } catch (WstxLazyException e) {
        throw cursor.rejection(cursor.fault((XMLStreamException) e.getCause()), 0);
      } catch (NameTable.LimitException e) {
        throw cursor.rejection(
            new Fault(RejectionReason.LIMIT_EXCEEDED, e.getMessage(), cursor.eventStart()), 0);
      } catch (Fault e) {
        throw cursor.rejection(e, 0);
      }
    }
  }

  private static void read(DocumentCursor cursor, ContentVisitor visitor)
      throws XMLStreamException, Fault {
    XMLStreamReader2 xml = cursor.xml();
    CurrentTag tag = new CurrentTag(cursor);
    long nextPlace = PLACE_BYTES;
    while (true) {
      switch (cursor.next()) {
        case XMLStreamConstants.START_ELEMENT -> visitor.startElement(tag);
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          char[] chars = xml.getTextCharacters(); // Reads it to its end, which tells the length.
          visitor.text(chars, xml.getTextStart(), xml.getTextLength());
        }
        case XMLStreamConstants.END_ELEMENT -> {
          visitor.endElement(cursor.eventStart());
          if (cursor.bytesDecoded() >= nextPlace) {
            var unused = cursor.eventEnd();
            nextPlace = cursor.bytesDecoded() + PLACE_BYTES;
          }
        }
        case XMLStreamConstants.END_DOCUMENT -> {
          return;
        }
        default -> {
          // Comments, processing instructions and a DOCTYPE are no content.
        }
      }
    }
  }

  private record CurrentTag(DocumentCursor cursor, XMLStreamReader2 xml) implements StartTag {

    CurrentTag(DocumentCursor cursor) {
      this(cursor, cursor.xml());
    }

    @Override
    public String namespace() {
      return orEmpty(xml.getNamespaceURI());
    }

    @Override
    public String localName() {
      return xml.getLocalName();
    }

    @Override
    public long charOffset() {
      return cursor.eventStart();
    }

    @Override
    public int attributeCount() {
      return xml.getAttributeCount();
    }

    @Override
    public String attributeNamespace(int attribute) {
      return orEmpty(xml.getAttributeNamespace(attribute));
    }

    @Override
    public String attributeLocalName(int attribute) {
      return xml.getAttributeLocalName(attribute);
    }

    @Override
    public String attributeValue(int attribute) {
      return xml.getAttributeValue(attribute);
    }

    @Override
    public int declarationCount() {
      return xml.getNamespaceCount();
    }

    @Override
    public String declaredPrefix(int declaration) {
      return orEmpty(xml.getNamespacePrefix(declaration));
    }

    @Override
    public String declaredNamespace(int declaration) {
      return orEmpty(xml.getNamespaceURI(declaration));
    }

    private static String orEmpty(@Nullable String name) {
      return name == null ? "" : name;
    }
  }
}
