package io.xmltobigquery.xml;

import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.joining;

import com.ctc.wstx.exc.WstxLazyException;
import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.ElementNode;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.InvalidValueException;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a document, or of one part of it, one after the other.
 *
 * <p>An element is a record by its path from the root, never by its name alone. A fault in a
 * record's content makes that record {@linkplain #isInvalid invalid}, and reading goes on behind
 * it. Any other fault is a {@link RejectedException} and ends the reader for good.
 */
public final class RecordReader implements Closeable {

  private final DocumentCursor cursor;
  private final XMLStreamReader2 xml;

  private long recordsRead;
  private boolean ended;

  /** What the mapping says of the elements that are open outside of records, the document first. */
  private final List<ElementNode> sections = new ArrayList<>();

  private final List<OpenElement> openElements = new ArrayList<>();
  private boolean sectionSeen;
  private @Nullable XmlName root;
  private @Nullable AttributeDefaults defaults;

  private final CompiledMapping mapping;
  private final StepInstances steps = new StepInstances();
  private final Row[] rows;
  private Row row;
  private @Nullable Fault fault;

  private RecordReader(DocumentCursor cursor, CompiledMapping mapping) {
    this.cursor = cursor;
    this.xml = cursor.xml();
    this.mapping = mapping;
    this.rows = mapping.tables().stream().map(Row::new).toArray(Row[]::new);
    this.row = rows[0];
    this.sections.add(mapping.document());
  }

  static RecordReader ofDocument(
      XmlSource source,
      Encoding encoding,
      CompiledMapping mapping,
      Limits limits,
      StaxReaders parsers)
      throws IOException, RejectedException {
    Position start = new Position(1, 1, encoding.byteOrderMarkLength());
    DocumentCursor cursor = new DocumentCursor(source, encoding, start, "", limits, parsers);
    return new RecordReader(cursor, mapping);
  }

  static RecordReader ofPart(
      XmlSource source,
      Encoding encoding,
      PartStart start,
      CompiledMapping mapping,
      Limits limits,
      StaxReaders parsers)
      throws IOException, RejectedException {
    Position first = new Position(1, 1, start.byteOffset());
    DocumentCursor cursor =
        new DocumentCursor(source, encoding, first, start.frame(encoding), limits, parsers);
    return new RecordReader(cursor, mapping);
  }

  /**
   * Reads the next record.
   *
   * @return false at the document's end
   * @throws RejectedException if the document is bad; the reader must not be used any more
   * @throws IOException if the document can't be read
   */
  public boolean next() throws IOException, RejectedException {
    if (ended) {
      throw new IllegalStateException("the reader has ended");
    }
    ended = true;
    boolean found;
    try {
      found = advance();
    } catch (XMLStreamException e) {
      throw rejected(cursor.fault(e));
    } catch (WstxLazyException e) {
      throw rejected(cursor.fault((XMLStreamException) e.getCause()));
    } catch (NameTable.LimitException e) {
      throw rejected(
          new Fault(RejectionReason.LIMIT_EXCEEDED, e.getMessage(), cursor.eventStart()));
    } catch (Fault e) {
      throw rejected(e);
    }
    ended = !found;
    return found;
  }

  /** The table that the current record is for. */
  public TableColumns table() {
    return row.table();
  }

  /** The current record's number from where the reader began, from 1, over all tables. */
  public long recordNumber() {
    return recordsRead;
  }

  /** Whether the current record has a fault that keeps it out of its table. */
  public boolean isInvalid() {
    return fault != null;
  }

  /**
   * The values of the current record, which must be valid.
   *
   * @return an object that the next call of {@link #next} may change
   */
  public Row row() {
    if (fault != null) {
      throw new IllegalStateException("record " + recordNumber() + " is invalid");
    }
    return row;
  }

  /** What is wrong with the current record, as a reason to reject the whole document. */
  public RejectedException invalidRecordRejection() throws IOException {
    return rejected(currentFault());
  }

  /** What is wrong with the current record, and its XML. */
  public InvalidRecord invalidRecord() throws IOException {
    Fault wrong = currentFault();
    Locator.Excerpt excerpt = cursor.recordExcerpt(wrong);
    return new InvalidRecord(
        row.table().name(),
        recordNumber(),
        wrong.reason(),
        wrong.getMessage(),
        excerpt.position(),
        excerpt.text());
  }

  private Fault currentFault() {
    if (fault == null) {
      throw new IllegalStateException("record " + recordNumber() + " is valid");
    }
    return fault;
  }

  Encoding encoding() {
    return cursor.encoding();
  }

  /** Whether the document, as far as it is read, can also be read from a place behind a record. */
  boolean canBeEntered() {
    // A part doesn't know what the DOCTYPE has said.
    return cursor.encoding().canBeEntered() && defaults == null;
  }

  /**
   * Bytes of the file that were read; at most 64 KiB more than those up to the current record's
   * end.
   */
  long bytesRead() {
    return cursor.bytesDecoded();
  }

  /** The elements that are open behind the current record, the root element first. */
  List<OpenElement> openElements() {
    return List.copyOf(openElements);
  }

  /** Where the current record ends: where a part may start. */
  Position recordEnd() {
    return cursor.eventEnd();
  }

  private boolean advance() throws XMLStreamException, Fault {
    cursor.leaveRecord();
    fault = null;
    row.clear();
    while (true) {
      switch (cursor.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          if (root == null) {
            root = new XmlName(orEmpty(xml.getNamespaceURI()), xml.getLocalName());
          }
          ElementNode node = child(section(), 0);
          if (node == null) {
            skipElement();
          } else if (node.table() != null) {
            readRecord(node, node.table());
            return true;
          } else {
            enterSection(node);
          }
        }
        case XMLStreamConstants.END_ELEMENT -> leaveSection();
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> skipText(section());
        case XMLStreamConstants.END_DOCUMENT -> {
          if (!sectionSeen) {
            throw noSection();
          }
          return false;
        }
        case XMLStreamConstants.DTD -> readDefaults();
        default -> {
          // Comments and processing instructions say nothing about rows.
        }
      }
    }
  }

  private ElementNode section() {
    return sections.get(sections.size() - 1);
  }

  private void readDefaults() throws Fault {
    try {
      defaults = AttributeDefaults.of(xml.getText());
    } catch (AttributeDefaults.UnsupportedDefaultException e) {
      throw new Fault(
          RejectionReason.UNKNOWN_ENTITY,
          "the DOCTYPE gives an attribute a default with the entity "
              + bounded(e.getMessage())
              + ": write the value itself",
          cursor.eventStart());
    }
  }

  private void enterSection(ElementNode node) {
    Map<String, String> namespaces = new HashMap<>();
    for (int i = 0; i < xml.getNamespaceCount(); i++) {
      namespaces.put(orEmpty(xml.getNamespacePrefix(i)), orEmpty(xml.getNamespaceURI(i)));
    }
    openElements.add(new OpenElement(xml.getPrefixedName(), namespaces));
    sections.add(node);
    sectionSeen |= node.holdsRecords() || mapping.acceptsEmpty();
  }

  private void leaveSection() {
    openElements.remove(openElements.size() - 1);
    sections.remove(sections.size() - 1);
  }

  private void readRecord(ElementNode node, TableColumns table) throws XMLStreamException, Fault {
    cursor.enterRecord();
    sectionSeen = true;
    recordsRead++;
    row = rows[table.id()];
    steps.clear();
    int depth = xml.getDepth();
    try {
      readElement(node, 0);
      completeValues(table.completedColumns(), 0, cursor.recordStart());
      requireValues(table.requiredColumns(), 0, cursor.recordStart());
    } catch (Fault e) {
      if (!e.reason().isOfRecord()) {
        throw e;
      }
      fault = e;
      cursor.skipToEnd(depth);
    }
  }

  /** Reads an element from its start tag, which is current, to its end tag. */
  private void readElement(ElementNode node, int group) throws XMLStreamException, Fault {
    long startChar = cursor.eventStart();
    if (readAttributes(node, group, startChar)) {
      readNothing();
      return;
    }
    Column[] textColumns = node.textColumns();
    if (textColumns.length > 0) {
      readText(node, group, startChar);
      return;
    }
    int likely = 0;
    while (true) {
      switch (cursor.next()) {
        case XMLStreamConstants.START_ELEMENT -> likely = readChild(node, group, likely);
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> skipText(node);
        case XMLStreamConstants.END_ELEMENT -> {
          return;
        }
        default -> {
          // Comments and processing instructions may stand anywhere.
        }
      }
    }
  }

  /** Reads an element whose text is wanted, to its end tag. */
  private void readText(ElementNode node, int group, long startChar)
      throws XMLStreamException, Fault {
    int textStart = row.textEnd();
    while (true) {
      switch (cursor.next()) {
        case XMLStreamConstants.START_ELEMENT -> readMarkup(node, startChar);
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> appendText();
        case XMLStreamConstants.END_ELEMENT -> {
          int textEnd = row.textEnd();
          for (Column column : node.textColumns()) {
            addValue(group, column, textStart, textEnd, startChar);
          }
          return;
        }
        default -> {
          // Comments and processing instructions may stand anywhere, also within a value.
        }
      }
    }
  }

  private void appendText() {
    row.append(xml.getTextCharacters(), xml.getTextStart(), xml.getTextLength());
  }

  /** Takes the text of an element among the text that is wanted, to its end tag. */
  private void readMarkup(ElementNode node, long startChar) throws XMLStreamException, Fault {
    if (!node.takesMarkup()) {
      throw unknownElement(node);
    }
    for (Column column : node.textColumns()) {
      if (column.type() != ColumnType.STRING) {
        throw new Fault(
            RejectionReason.INVALID_VALUE,
            column.path()
                + " has the element <"
                + bounded(xml.getPrefixedName())
                + "> in its text; only a STRING takes that",
            startChar);
      }
    }
    int depth = xml.getDepth();
    int event = xml.getEventType();
    while (event != XMLStreamConstants.END_ELEMENT || xml.getDepth() != depth) {
      if (event == XMLStreamConstants.CHARACTERS || event == XMLStreamConstants.CDATA) {
        appendText();
      }
      event = cursor.next();
    }
  }

  /** Reads to the end tag of an element that is nil, and so has no content. */
  private void readNothing() throws XMLStreamException, Fault {
    while (true) {
      switch (cursor.next()) {
        case XMLStreamConstants.START_ELEMENT -> throw notNil();
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (!xml.isWhiteSpace()) {
            throw notNil();
          }
        }
        case XMLStreamConstants.END_ELEMENT -> {
          return;
        }
        default -> {
          // A comment is no content, nor is a processing instruction.
        }
      }
    }
  }

  private Fault notNil() {
    return new Fault(
        RejectionReason.INVALID_VALUE,
        "xsi:nil says that the element here has no value, but it has content",
        cursor.eventStart());
  }

  /**
   * Reads a child element to its end tag.
   *
   * @param likely which child of the mapping it likely is
   * @return which one the next likely is
   */
  private int readChild(ElementNode parent, int group, int likely)
      throws XMLStreamException, Fault {
    ElementNode node = child(parent, likely);
    if (node == null) {
      skipElement();
      return likely;
    }
    readChild(node, group);
    return node.index() + 1;
  }

  private void readChild(ElementNode node, int group) throws XMLStreamException, Fault {
    Column record = node.record();
    if (record != null) {
      readRecordColumn(node, record, group);
    } else if (node.hasSeveralSingles()) {
      steps.enter(node);
      readElement(node, group);
      steps.leave();
    } else {
      readElement(node, group);
    }
  }

  private void readRecordColumn(ElementNode node, Column record, int group)
      throws XMLStreamException, Fault {
    long startChar = cursor.eventStart();
    if (isNil() && !hasKnownAttribute(node)) {
      readElement(node, group);
      return;
    }
    int recordGroup = row.addRecord(group, record);
    if (recordGroup < 0) {
      throw repeated(record, startChar);
    }
    takeFromOneInstance(record, startChar);
    limitValues();
    int outer = steps.openGroup();
    readElement(node, recordGroup);
    steps.closeGroup(outer);
    completeValues(record.completedColumns(), recordGroup, startChar);
    requireValues(record.requiredColumns(), recordGroup, startChar);
  }

  /** Whether the current start tag has an attribute that the mapping names. */
  private boolean hasKnownAttribute(ElementNode node) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (attribute(node, i) != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * What the mapping says of the current start tag's element, or null if it says nothing and that
   * may be ignored.
   */
  private @Nullable ElementNode child(ElementNode parent, int likely) throws Fault {
    ElementNode node = parent.child(orEmpty(xml.getNamespaceURI()), xml.getLocalName(), likely);
    if (node == null && !parent.ignoresUnknown()) {
      throw unknownElement(parent);
    }
    return node;
  }

  /** The current start tag's element is one that the mapping doesn't name. */
  private Fault unknownElement(ElementNode parent) {
    List<String> namespaces = parent.childNamespaces(xml.getLocalName());
    String expected =
        namespaces.isEmpty()
            ? bounded(
                // Some of 10,000 names fill what the message has room for.
                parent
                    .childNames()
                    .limit(Limits.MAX_NAME_IN_MESSAGE)
                    .collect(
                        collectingAndThen(
                            joining(", "), names -> names.isEmpty() ? "no elements" : names)))
            : "one of that name in " + bounded(String.join(", ", named(namespaces)));
    return new Fault(
        RejectionReason.UNKNOWN_ELEMENT,
        "the mapping names no element <"
            + bounded(xml.getPrefixedName())
            + "> "
            + (namespaces.isEmpty() ? "here" : "in " + namespace(orEmpty(xml.getNamespaceURI())))
            + "; it expects "
            + expected
            + (cursor.isInRecord()
                ? ""
                : "; with \"outside\": \"ignore\" what stands around records is skipped"),
        cursor.eventStart());
  }

  private static List<String> named(List<String> namespaces) {
    return namespaces.stream().map(RecordReader::namespace).toList();
  }

  private static String namespace(String uri) {
    return uri.isEmpty() ? "no namespace" : "the namespace " + bounded(uri);
  }

  /**
   * Reads the attributes of the current start tag.
   *
   * @return whether {@code xsi:nil} says that the element has no value
   */
  private boolean readAttributes(ElementNode node, int group, long startChar) throws Fault {
    int count = xml.getAttributeCount();
    boolean nil = false;
    for (int i = 0; i < count; i++) {
      nil |= isSchemaInstance(i) && isNil(i);
      Column[] columns = attribute(node, i);
      if (columns != null) {
        addAttribute(group, columns, xml.getAttributeValue(i), startChar);
      } else if (!node.ignoresUnknown() && !mayStandAnywhere(i)) {
        throw unknownAttribute(i);
      }
    }
    if (defaults != null) {
      readDefaults(defaults, node, group, startChar);
    }
    return nil;
  }

  /** Takes what the DOCTYPE supplies; what the mapping doesn't name of it is nobody's fault. */
  private void readDefaults(AttributeDefaults supplied, ElementNode node, int group, long startChar)
      throws Fault {
    for (AttributeDefaults.Default attribute : supplied.ofElement(xml.getPrefixedName())) {
      int colon = attribute.name().indexOf(':');
      String local = attribute.name().substring(colon + 1);
      String uri =
          colon < 0 ? "" : orEmpty(xml.getNamespaceURI(attribute.name().substring(0, colon)));
      Column[] columns = node.attribute(uri, local);
      if (columns != null && xml.getAttributeValue(uri, local) == null) {
        addAttribute(group, columns, attribute.value(), startChar);
      }
    }
  }

  private void addAttribute(int group, Column[] columns, String value, long startChar)
      throws Fault {
    int textStart = row.textEnd();
    row.append(value);
    int textEnd = row.textEnd();
    for (Column column : columns) {
      addValue(group, column, textStart, textEnd, startChar);
    }
  }

  private Column @Nullable [] attribute(ElementNode node, int attribute) {
    return node.attribute(
        orEmpty(xml.getAttributeNamespace(attribute)), xml.getAttributeLocalName(attribute));
  }

  private boolean isNil() {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (isSchemaInstance(i) && isNil(i)) {
        return true;
      }
    }
    return false;
  }

  /** {@code xsi:nil}, as XML Schema Part 1 section 2.6.2 has it. */
  private boolean isNil(int attribute) {
    String value = xml.getAttributeValue(attribute).strip();
    return xml.getAttributeLocalName(attribute).equals("nil")
        && (value.equals("true") || value.equals("1"));
  }

  /** XML's own attributes, and those that speak to a schema processor. */
  private boolean mayStandAnywhere(int attribute) {
    return isSchemaInstance(attribute)
        || XMLConstants.XML_NS_URI.equals(xml.getAttributeNamespace(attribute));
  }

  private boolean isSchemaInstance(int attribute) {
    return XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI.equals(xml.getAttributeNamespace(attribute));
  }

  private void addValue(int group, Column column, int textStart, int textEnd, long startChar)
      throws Fault {
    try {
      switch (row.add(group, column, textStart, textEnd)) {
        case VALUE -> takeFromOneInstance(column, startChar);
        case NO_VALUE, PIECE -> {
          // An empty number or date: the column stays as it was.
        }
        case REPEATED -> throw repeated(column, startChar);
      }
    } catch (InvalidValueException e) {
      throw invalid(column, e, startChar);
    }
    limitValues();
  }

  private static Fault invalid(Column column, InvalidValueException e, long startChar) {
    return new Fault(
        RejectionReason.INVALID_VALUE, column.path() + " " + e.getMessage(), startChar);
  }

  private void completeValues(List<Column> columns, int group, long startChar) throws Fault {
    for (int i = 0; i < columns.size(); i++) {
      try {
        row.complete(group, columns.get(i));
      } catch (InvalidValueException e) {
        throw invalid(columns.get(i), e, startChar);
      }
    }
  }

  /** The current value must be from the same element as others of the row, wherever they meet. */
  private void takeFromOneInstance(Column column, long startChar) throws Fault {
    ElementNode other = column.mode() == Mode.REPEATED ? null : steps.take();
    if (other != null) {
      throw new Fault(
          RejectionReason.REPEATED_FIELD,
          column.path()
              + " is from another <"
              + bounded(other.local())
              + "> than what other columns have from one; a RECORD that is REPEATED takes several",
          startChar);
    }
  }

  private void requireValues(List<Column> columns, int group, long startChar) throws Fault {
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      if (!row.has(group, column)) {
        throw new Fault(
            RejectionReason.MISSING_FIELD,
            column.path() + " is REQUIRED, but the element that starts here has no value for it",
            startChar);
      }
    }
  }

  private void limitValues() throws Fault {
    if (row.size() > Limits.MAX_VALUES) {
      throw new Fault(
          RejectionReason.LIMIT_EXCEEDED,
          "the record has more than " + Limits.MAX_VALUES + " values",
          cursor.recordStart());
    }
  }

  private void skipElement() throws XMLStreamException, Fault {
    cursor.skipToEnd(xml.getDepth());
  }

  private void skipText(ElementNode node) throws Fault {
    if (!node.ignoresUnknown() && !xml.isWhiteSpace()) {
      throw new Fault(
          RejectionReason.UNEXPECTED_TEXT,
          "the mapping has no column for text here; it expects elements only",
          cursor.eventStart());
    }
  }

  private static Fault repeated(Column column, long startChar) {
    return new Fault(
        RejectionReason.REPEATED_FIELD,
        column.path()
            + " has a value already; a column that may have several is REPEATED in the mapping",
        startChar);
  }

  private Fault unknownAttribute(int attribute) {
    return new Fault(
        RejectionReason.UNKNOWN_ATTRIBUTE,
        "the mapping names no attribute "
            + bounded(xml.getAttributeLocalName(attribute))
            + " on <"
            + bounded(xml.getPrefixedName())
            + ">",
        cursor.eventStart());
  }

  private Fault noSection() {
    String paths =
        mapping.tables().stream()
            .limit(Limits.MAX_NAME_IN_MESSAGE)
            .map(table -> path(table.recordPath()))
            .distinct()
            .collect(joining(", "));
    return new Fault(
        RejectionReason.NO_SECTION,
        "the document has none of the elements that the mapping looks for records in: its root is "
            + (root == null ? "missing" : bounded(root.toString()))
            + ", and the mapping's records are "
            + Fault.bounded(paths, 2 * Limits.MAX_NAME_IN_MESSAGE),
        cursor.charsDecoded());
  }

  private static String path(List<XmlName> steps) {
    return steps.stream().map(XmlName::toString).collect(joining("/", "/", ""));
  }

  private RejectedException rejected(Fault e) throws IOException {
    return cursor.rejection(e, cursor.isInRecord() ? recordNumber() : 0);
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static String bounded(String name) {
    return Fault.bounded(name, Limits.MAX_NAME_IN_MESSAGE);
  }

  @Override
  public void close() throws IOException {
    cursor.close();
  }
}
