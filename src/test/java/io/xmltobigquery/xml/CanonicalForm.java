package io.xmltobigquery.xml;

import com.ctc.wstx.exc.WstxLazyException;
import io.xmltobigquery.mapping.XmlName;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/**
 * A document in the form that the W3C's test suite compares: its canonical XML, as far as that
 * needs no DTD. It is made of what the engine's own decoder and parser report, set up as {@link
 * RecordReader} sets them up.
 */
final class CanonicalForm {

  private final StringBuilder xml = new StringBuilder();
  private boolean xml11;
  private boolean complete;
  private @Nullable XmlName root;

  private CanonicalForm() {}

  static CanonicalForm of(XmlSource source) throws IOException {
    CanonicalForm form = new CanonicalForm();
    try {
      form.read(source);
      form.complete = true;
    } catch (RejectedException | XMLStreamException | WstxLazyException e) {
      // The form stays as far as it has come.
    }
    return form;
  }

  /** All of it, or null if the document was refused. */
  @Nullable String text() {
    return complete ? xml.toString() : null;
  }

  /** The root element's name, or null if the document was refused before it. */
  @Nullable XmlName root() {
    return root;
  }

  private void read(XmlSource source) throws IOException, RejectedException, XMLStreamException {
    byte[] head;
    try (InputStream in = source.open(0)) {
      head = in.readNBytes(Encoding.HEAD_LENGTH);
    }
    Encoding encoding = Encoding.detect(head);
    xml11 = encoding.xml11();
    if (xml11) {
      xml.append("<?xml version=\"1.1\"?>");
    }
    int start = encoding.byteOrderMarkLength();
    try (DecodingReader characters =
        new DecodingReader(source.open(start), encoding.charset(), xml11, start, "")) {
      XMLStreamReader2 events = new StaxReaders(Map.of()).create(characters);
      while (events.hasNext()) {
        events.next();
        add(events);
      }
    }
  }

  private void add(XMLStreamReader event) {
    switch (event.getEventType()) {
      case XMLStreamConstants.START_ELEMENT -> startTag(event);
      case XMLStreamConstants.END_ELEMENT ->
          xml.append("</").append(name(event.getPrefix(), event.getLocalName())).append('>');
      case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA ->
          xml.append(escaped(event.getText()));
      case XMLStreamConstants.PROCESSING_INSTRUCTION ->
          xml.append("<?")
              .append(event.getPITarget())
              .append(' ')
              .append(orEmpty(event.getPIData()))
              .append("?>");
      default -> {
        // The form has no comments, and what it has of a DOCTYPE isn't reported.
      }
    }
  }

  private void startTag(XMLStreamReader event) {
    if (root == null) {
      root = new XmlName(orEmpty(event.getNamespaceURI()), event.getLocalName());
    }
    List<String> attributes = new ArrayList<>();
    for (int i = 0; i < event.getNamespaceCount(); i++) {
      String prefix = orEmpty(event.getNamespacePrefix(i));
      String name = prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix;
      attributes.add(attribute(name, orEmpty(event.getNamespaceURI(i))));
    }
    for (int i = 0; i < event.getAttributeCount(); i++) {
      String name = name(event.getAttributePrefix(i), event.getAttributeLocalName(i));
      attributes.add(attribute(name, event.getAttributeValue(i)));
    }
    Collections.sort(attributes);
    xml.append('<').append(name(event.getPrefix(), event.getLocalName()));
    attributes.forEach(xml::append);
    xml.append('>');
  }

  private static String name(@Nullable String prefix, String localName) {
    return orEmpty(prefix).isEmpty() ? localName : prefix + ":" + localName;
  }

  private String attribute(String name, String value) {
    return " " + name + "=\"" + escaped(value) + '"';
  }

  private String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = c < ' ' || (xml11 && c >= 0x7F && c <= 0x9F);
      switch (c) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        default -> escaped.append(control ? "&#" + (int) c + ";" : c);
      }
    }
    return escaped.toString();
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }
}
