package io.xmltobigquery.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.mapping.Source;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.values.ColumnType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMResult;
import javax.xml.transform.stax.StAXSource;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * Turns a document into rows in the most obvious way: the JDK's DOM parser reads all of it, and
 * every column looks its values up in the tree. It shares nothing with the engine but the mapping's
 * plain records, and so says what the engine should have read.
 *
 * <p>Limits of size aren't the oracle's business.
 */
public final class DomOracle {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Mapping mapping;
  private final boolean allowInvalidRecords;
  private final List<OracleRecord> records = new ArrayList<>();
  private boolean sectionSeen;

  private DomOracle(Mapping mapping, boolean allowInvalidRecords) {
    this.mapping = mapping;
    this.allowInvalidRecords = allowInvalidRecords;
  }

  /** A record's fault, which isn't one of the document if invalid records are allowed. */
  private static final class RecordFault extends Exception {
    private static final long serialVersionUID = 1L;

    RecordFault(String message) {
      super(message);
    }
  }

  /**
   * Reads a document whose encoding the parser finds out.
   *
   * @return the rows of all tables, in the order of the document
   */
  public static List<OracleRecord> read(byte[] document, Mapping mapping) throws OracleRejection {
    return read(new InputSource(new ByteArrayInputStream(document)), mapping, false);
  }

  /** Reads a document that is decoded already. */
  public static List<OracleRecord> read(String document, Mapping mapping) throws OracleRejection {
    return read(new InputSource(new StringReader(document)), mapping, false);
  }

  /** Reads a document that may have invalid records; they come without a row. */
  public static List<OracleRecord> readAllowingInvalidRecords(String document, Mapping mapping)
      throws OracleRejection {
    return read(new InputSource(new StringReader(document)), mapping, true);
  }

  /**
   * Reads a document that is too large for a tree: each record becomes a tree of its own. What
   * stands outside of records isn't looked at, so the document should be a good one.
   */
  public static void readLarge(
      InputStream document, Mapping mapping, Consumer<OracleRecord> consumer)
      throws OracleRejection {
    DomOracle oracle = new DomOracle(mapping, false);
    try {
      XMLStreamReader reader = XMLInputFactory.newDefaultFactory().createXMLStreamReader(document);
      Transformer copy = TransformerFactory.newDefaultInstance().newTransformer();
      List<XmlName> path = new ArrayList<>();
      reader.next();
      while (reader.getEventType() != XMLStreamConstants.END_DOCUMENT) {
        if (reader.isEndElement()) {
          path.remove(path.size() - 1);
        } else if (reader.isStartElement()) {
          List<XmlName> record = append(path, name(reader));
          Optional<TableMapping> table =
              mapping.tables().stream().filter(t -> t.record().equals(record)).findAny();
          if (table.isPresent()) {
            DOMResult tree = new DOMResult();
            // It goes on to what follows the record.
            copy.transform(new StAXSource(reader), tree);
            oracle.readRecord(((Document) tree.getNode()).getDocumentElement(), table.get());
            consumer.accept(oracle.records.remove(0));
            continue;
          }
          path.add(name(reader));
        }
        reader.next();
      }
    } catch (XMLStreamException | TransformerException e) {
      throw new OracleRejection(String.valueOf(e.getMessage()));
    }
  }

  private static List<OracleRecord> read(
      InputSource document, Mapping mapping, boolean allowInvalidRecords) throws OracleRejection {
    DomOracle oracle = new DomOracle(mapping, allowInvalidRecords);
    Document tree = parse(document);
    oracle.rejectEntities(tree);
    oracle.readOutsideRecords(tree.getDocumentElement(), List.of());
    boolean empty =
        mapping.acceptEmpty()
            && mapping.tables().stream()
                .anyMatch(table -> table.record().get(0).equals(name(tree.getDocumentElement())));
    if (!oracle.sectionSeen && oracle.records.isEmpty() && !empty) {
      throw new OracleRejection("no section");
    }
    return oracle.records;
  }

  private static Document parse(InputSource document) throws OracleRejection {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setNamespaceAware(true);
      factory.setExpandEntityReferences(false);
      factory.setXIncludeAware(false);
      factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
      factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
      factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setEntityResolver((publicId, systemId) -> new InputSource(new StringReader("")));
      builder.setErrorHandler(new Silent());
      return builder.parse(document);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    } catch (SAXException | IOException e) {
      throw new OracleRejection(String.valueOf(e.getMessage()));
    }
  }

  private static final class Silent implements ErrorHandler {
    @Override
    public void warning(SAXParseException e) {}

    @Override
    public void error(SAXParseException e) {}

    @Override
    public void fatalError(SAXParseException e) throws SAXException {
      throw e;
    }
  }

  private void rejectEntities(Node node) throws OracleRejection {
    if (node.getNodeType() == Node.ENTITY_REFERENCE_NODE) {
      throw new OracleRejection("entity " + node.getNodeName());
    }
    if (node.getNodeType() == Node.DOCUMENT_TYPE_NODE) {
      return;
    }
    if (node instanceof Element element) {
      for (Attr attribute : attributes(element)) {
        rejectEntities(attribute);
      }
    }
    for (Node child = node.getFirstChild(); child != null; child = child.getNextSibling()) {
      rejectEntities(child);
    }
  }

  private void readOutsideRecords(Element element, List<XmlName> parentPath)
      throws OracleRejection {
    List<XmlName> path = append(parentPath, name(element));
    for (TableMapping table : mapping.tables()) {
      if (table.record().equals(path)) {
        readRecord(element, table);
        return;
      }
    }
    if (mapping.tables().stream().noneMatch(table -> startsWith(table.record(), path))) {
      if (!ignoresUnknown(parentPath)) {
        throw new OracleRejection("unknown element " + path);
      }
      return;
    }
    sectionSeen |=
        mapping.tables().stream()
            .anyMatch(table -> table.record().subList(0, table.record().size() - 1).equals(path));
    if (!ignoresUnknown(path) && !isWhiteSpace(ownText(element))) {
      throw new OracleRejection("text in " + path);
    }
    for (Element child : children(element)) {
      readOutsideRecords(child, path);
    }
  }

  /** Whether all tables whose records lie below the path ignore what they don't know. */
  private boolean ignoresUnknown(List<XmlName> path) {
    Boolean outside = mapping.outside();
    return outside != null
        ? outside
        : mapping.tables().stream()
            .filter(table -> startsWith(table.record(), path))
            .allMatch(TableMapping::ignoreUnknown);
  }

  private void readRecord(Element element, TableMapping table) throws OracleRejection {
    try {
      records.add(new OracleRecord(table.table(), row(element, table.fields(), table)));
    } catch (RecordFault e) {
      if (!allowInvalidRecords) {
        throw new OracleRejection("record " + (records.size() + 1) + ": " + e.getMessage());
      }
      records.add(new OracleRecord(table.table(), null));
    }
  }

  private static ObjectNode row(Element holder, List<Field> fields, TableMapping table)
      throws RecordFault {
    rejectNilWithContent(holder, List.of(), fields, table.ignoreUnknown());
    Map<List<XmlName>, Element> steps = new HashMap<>();
    if (!table.ignoreUnknown()) {
      rejectUnknown(holder, List.of(), fields);
    }
    ObjectNode row = JSON.objectNode();
    for (Field field : fields) {
      List<JsonNode> values = new ArrayList<>();
      for (Map.Entry<Element, JsonNode> value : values(holder, field, table)) {
        values.add(value.getValue());
        if (field.mode() != Mode.REPEATED && !isJoined(field)) {
          takeFromOneInstance(value.getKey(), field.source().elements(), steps);
        }
      }
      complete(field, values);
      if (field.mode() == Mode.REPEATED) {
        if (!values.isEmpty()) {
          ArrayNode array = row.putArray(field.name());
          values.forEach(array::add);
        }
      } else if (values.size() > 1) {
        throw new RecordFault(field.name() + " is there " + values.size() + " times");
      } else if (values.size() == 1) {
        row.set(field.name(), values.get(0));
      } else if (field.mode() == Mode.REQUIRED) {
        throw new RecordFault(field.name() + " is missing");
      }
    }
    return row;
  }

  /** The values of a row that isn't an array come from one element, wherever their paths meet. */
  private static void takeFromOneInstance(
      Element element, List<XmlName> path, Map<List<XmlName>, Element> steps) throws RecordFault {
    Node instance = element;
    for (int length = path.size(); length > 0; length--) {
      Element other = steps.putIfAbsent(path.subList(0, length), (Element) instance);
      if (other != null && other != instance) {
        throw new RecordFault("values from two " + path.subList(0, length));
      }
      instance = instance.getParentNode();
    }
  }

  /** The values with the elements that they are from. */
  private static List<Map.Entry<Element, JsonNode>> values(
      Element holder, Field field, TableMapping table) throws RecordFault {
    List<Map.Entry<Element, JsonNode>> values = new ArrayList<>();
    for (Element element : elements(holder, field.source().elements())) {
      XmlName attributeName = field.source().attribute();
      if (attributeName != null) {
        Attr attribute = attribute(element, attributeName);
        if (attribute != null) {
          textValues(field, attribute.getValue())
              .forEach(value -> values.add(Map.entry(element, value)));
        }
      } else if (field.type() == ColumnType.RECORD) {
        if (!isNil(element) || hasKnownAttribute(element, field)) {
          values.add(Map.entry(element, row(element, field.fields(), table)));
        } else if (!table.ignoreUnknown()) {
          rejectUnknown(element, List.of(), field.fields());
        }
      } else if (!isNil(element)) {
        if (field.type() != ColumnType.STRING && !children(element).isEmpty()) {
          throw new RecordFault("element in " + field.name());
        }
        textValues(field, element.getTextContent())
            .forEach(value -> values.add(Map.entry(element, value)));
      }
    }
    return values;
  }

  /** The values of a text; the text itself if it is a piece of one. */
  private static List<JsonNode> textValues(Field field, String text) throws RecordFault {
    if (isJoined(field)) {
      return List.of(JSON.textNode(text));
    }
    if (field.conversion() == null) {
      return isNoValue(field, text) ? List.of() : List.of(value(field, text));
    }
    return converted(field, text);
  }

  private static boolean isJoined(Field field) {
    return field.conversion() != null && field.conversion().join() != null;
  }

  private static List<JsonNode> converted(Field field, String text) throws RecordFault {
    try {
      return OracleConversions.values(field, text);
    } catch (OracleValues.NoValueException e) {
      throw new RecordFault(field.name() + ": " + e.getMessage());
    }
  }

  /** What is known when all values of a row or RECORD are. */
  private static void complete(Field field, List<JsonNode> values) throws RecordFault {
    if (isJoined(field) && !values.isEmpty()) {
      String joined =
          values.stream()
              .map(JsonNode::textValue)
              .collect(Collectors.joining(field.conversion().join()));
      values.clear();
      values.addAll(converted(field, joined));
    }
    String otherwise = field.conversion() == null ? null : field.conversion().defaultText();
    if (otherwise != null && values.isEmpty()) {
      values.add(value(field, otherwise));
    }
  }

  /** Only text and bytes can be empty. */
  private static boolean isNoValue(Field field, String text) {
    return field.type() != ColumnType.STRING
        && field.type() != ColumnType.BYTES
        && isWhiteSpace(text);
  }

  private static boolean hasKnownAttribute(Element element, Field record) {
    return record.fields().stream()
        .map(Field::source)
        .anyMatch(
            source ->
                source.elements().isEmpty()
                    && source.attribute() != null
                    && attribute(element, source.attribute()) != null);
  }

  private static JsonNode value(Field field, String text) throws RecordFault {
    try {
      return OracleValues.value(field, text);
    } catch (OracleValues.NoValueException e) {
      throw new RecordFault(field.name() + ": " + e.getMessage());
    }
  }

  /** XML Schema Part 1, section 2.6.2: a nil element is empty, but for attributes. */
  private static void rejectNilWithContent(
      Element element, List<XmlName> path, List<Field> fields, boolean ignoreUnknown)
      throws RecordFault {
    List<Field> opened =
        path.isEmpty()
            ? List.of()
            : fields.stream()
                .filter(field -> !isText(field))
                .filter(field -> field.source().equals(new Source(path, null)))
                .toList();
    if (isNil(element)) {
      if (!isWhiteSpace(ownText(element)) || !children(element).isEmpty()) {
        throw new RecordFault("nil with content: " + path);
      }
      return;
    }
    if (!opened.isEmpty()) {
      return;
    }
    for (Element child : children(element)) {
      List<XmlName> childPath = append(path, name(child));
      if (fields.stream().anyMatch(field -> startsWith(field.source().elements(), childPath))) {
        rejectNilWithContent(child, childPath, fields, ignoreUnknown);
      }
    }
  }

  /** Everything in the element must be named by a source of the fields. */
  private static void rejectUnknown(Element element, List<XmlName> path, List<Field> fields)
      throws RecordFault {
    for (Attr attribute : attributesThatMustBeKnown(element)) {
      Source wanted = new Source(path, name(attribute));
      if (fields.stream().noneMatch(field -> field.source().equals(wanted))) {
        throw new RecordFault("unknown attribute " + wanted);
      }
    }
    Source wanted = new Source(path, null);
    if (!isWhiteSpace(ownText(element))
        && fields.stream().noneMatch(field -> isTextOf(field, path))) {
      throw new RecordFault("text in " + wanted);
    }
    if (fields.stream().anyMatch(field -> isTextOf(field, path) && field.source().wholeText())) {
      return;
    }
    for (Element child : children(element)) {
      List<XmlName> childPath = append(path, name(child));
      if (fields.stream().noneMatch(field -> startsWith(field.source().elements(), childPath))) {
        throw new RecordFault("unknown element " + childPath);
      }
      boolean opensRecord =
          fields.stream()
              .anyMatch(
                  field -> !isText(field) && field.source().equals(new Source(childPath, null)));
      if (!opensRecord) {
        rejectUnknown(child, childPath, fields);
      }
    }
  }

  private static boolean isTextOf(Field field, List<XmlName> path) {
    return isText(field)
        && field.source().attribute() == null
        && field.source().elements().equals(path);
  }

  private static boolean isText(Field field) {
    return field.type() != ColumnType.RECORD;
  }

  private static List<Element> elements(Element holder, List<XmlName> path) {
    if (path.isEmpty()) {
      return List.of(holder);
    }
    List<Element> found = new ArrayList<>();
    for (Element child : children(holder)) {
      if (name(child).equals(path.get(0))) {
        found.addAll(elements(child, path.subList(1, path.size())));
      }
    }
    return found;
  }

  private static List<Element> children(Element element) {
    List<Element> children = new ArrayList<>();
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element child) {
        children.add(child);
      }
    }
    return children;
  }

  private static String ownText(Element element) {
    StringBuilder text = new StringBuilder();
    for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
      short type = node.getNodeType();
      if (type == Node.TEXT_NODE || type == Node.CDATA_SECTION_NODE) {
        text.append(node.getNodeValue());
      }
    }
    return text.toString();
  }

  private static boolean isWhiteSpace(String text) {
    return text.matches("[ \\t\\r\\n]*");
  }

  /** The attributes, without namespace declarations; also those that the DOCTYPE supplies. */
  private static List<Attr> attributes(Element element) {
    List<Attr> attributes = new ArrayList<>();
    for (int i = 0; i < element.getAttributes().getLength(); i++) {
      Attr attribute = (Attr) element.getAttributes().item(i);
      if (!XMLConstants.XMLNS_ATTRIBUTE_NS_URI.equals(attribute.getNamespaceURI())) {
        attributes.add(attribute);
      }
    }
    return attributes;
  }

  /** Without those that may stand anywhere: XML's own, and those for schema processors. */
  private static List<Attr> attributesThatMustBeKnown(Element element) {
    List<String> anywhere =
        List.of(XMLConstants.XML_NS_URI, XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI);
    return attributes(element).stream()
        .filter(Attr::getSpecified)
        .filter(attribute -> !anywhere.contains(String.valueOf(attribute.getNamespaceURI())))
        .toList();
  }

  private static @Nullable Attr attribute(Element element, XmlName name) {
    for (Attr attribute : attributes(element)) {
      if (name(attribute).equals(name)) {
        return attribute;
      }
    }
    return null;
  }

  private static boolean isNil(Element element) {
    String nil = element.getAttributeNS(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI, "nil").strip();
    return nil.equals("true") || nil.equals("1");
  }

  private static XmlName name(XMLStreamReader reader) {
    return new XmlName(
        reader.getNamespaceURI() == null ? "" : reader.getNamespaceURI(), reader.getLocalName());
  }

  private static XmlName name(Node node) {
    return new XmlName(
        node.getNamespaceURI() == null ? "" : node.getNamespaceURI(), node.getLocalName());
  }

  private static List<XmlName> append(List<XmlName> path, XmlName name) {
    List<XmlName> longer = new ArrayList<>(path);
    longer.add(name);
    return longer;
  }

  private static boolean startsWith(List<XmlName> path, List<XmlName> start) {
    return path.size() >= start.size() && path.subList(0, start.size()).equals(start);
  }
}
