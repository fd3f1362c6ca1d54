package io.xmltobigquery.xml;

import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.ColumnTally;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.ElementNode;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.InvalidValueException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows by a tree of names: for mappings whose paths are names of elements one inside the
 * other, no row in another and no element text for one column with elements for others in it. So at
 * each element there is one place in the tree, and one row that values go to.
 */
final class PlainWalk extends Walk {

  /** What the mapping says of the elements that are open outside of records, the document first. */
  private final List<ElementNode> sections = new ArrayList<>();

  private boolean sectionSeen;
  private long recordsRead;
  private final StepInstances steps = new StepInstances();
  private final IdentityHashMap<ElementNode, SkippedPaths.Place> places = new IdentityHashMap<>();

  /** What was looked up last: most is skipped in one element after the other. */
  private @Nullable ElementNode lastNode;

  private SkippedPaths.Place lastPlace = skipped.document();

  private final Row[] rows;
  private Row row;
  private @Nullable Fault fault;

  PlainWalk(DocumentCursor cursor, CompiledMapping mapping, ElementNode document) {
    super(cursor, mapping);
    this.rows =
        mapping.tables().stream()
            .map(table -> new Row(table, columns[table.id()]))
            .toArray(Row[]::new);
    this.row = rows[0];
    this.sections.add(document);
  }

  @Override
  TableColumns table() {
    return row.table();
  }

  @Override
  Row row() {
    return row;
  }

  @Override
  @Nullable Fault fault() {
    return fault;
  }

  @Override
  long recordNumber() {
    return recordsRead;
  }

  @Override
  long openRecord() {
    return cursor.isInRecord() ? recordsRead : 0;
  }

  @Override
  boolean advance() throws XMLStreamException, Fault {
    cursor.leaveRecord();
    fault = null;
    row.clear();
    while (true) {
      switch (cursor.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          rootSeen();
          ElementNode node = child(section(), 0);
          if (node == null) {
            skipElement(section());
          } else if (node.table() != null) {
            readRecord(node, node.table());
            return true;
          } else {
            enterSection(node);
          }
        }
        case XMLStreamConstants.END_ELEMENT -> leaveSection();
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (!xml.isWhiteSpace()) {
            skipText(section());
          }
        }
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

  private void enterSection(ElementNode node) {
    addOpenElement();
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      skipAttribute(node, i);
    }
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
      readNil(node);
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
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (!xml.isWhiteSpace()) {
            skipText(node);
          }
        }
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
    boolean markup = false;
    while (true) {
      switch (cursor.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          readMarkup(node, startChar);
          markup = true;
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> appendText();
        case XMLStreamConstants.END_ELEMENT -> {
          int textEnd = row.textEnd();
          if (markup) {
            noteMarkup(node);
          }
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

  /** Reads an element that is nil. */
  private void readNil(ElementNode node) throws XMLStreamException, Fault {
    if (node.record() == null) {
      for (Column column : node.textColumns()) {
        tally().noValue(column);
      }
    }
    readNothing();
  }

  /** Notes that there were elements in the text that columns take. */
  private void noteMarkup(ElementNode node) {
    for (Column column : node.textColumns()) {
      if (!column.namesWholeText()) {
        tally().markup(column);
      }
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
      skipElement(parent);
      return likely;
    }
    readChild(node, group);
    return node.index() + 1;
  }

  private void readChild(ElementNode node, int group) throws XMLStreamException, Fault {
    Column record = node.record();
    if (record != null) {
      readRecordColumn(node, record, group);
    } else if (node.sharedPlace() >= 0) {
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
      tally().noValue(record);
      readElement(node, group);
      return;
    }
    int recordGroup = row.addRecord(group, record);
    if (recordGroup < 0) {
      throw repeated(record, startChar);
    }
    takeFromOneInstance(record, startChar);
    limitValues(row.size());
    long outerGroup = steps.group();
    int outer = steps.openGroup();
    readElement(node, recordGroup);
    steps.closeGroup(outerGroup, outer);
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

  private Fault unknownElement(ElementNode parent) {
    return unknownElement(
        parent.childNames().limit(Limits.MAX_NAME_IN_MESSAGE).toList(),
        parent.childNamespaces(xml.getLocalName()));
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
      } else if (node.ignoresUnknown()) {
        skipAttribute(node, i);
      } else if (!mayStandAnywhere(i)) {
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
      String local = attribute.local();
      String prefix = attribute.prefix();
      String uri = prefix.isEmpty() ? "" : orEmpty(xml.getNamespaceURI(prefix));
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

  private void addValue(int group, Column column, int textStart, int textEnd, long startChar)
      throws Fault {
    try {
      Row.Added added = row.add(group, column, textStart, textEnd);
      if (added == Row.Added.VALUE) {
        takeFromOneInstance(column, startChar);
      } else if (added == Row.Added.REPEATED) {
        throw repeated(column, startChar);
      }
    } catch (InvalidValueException e) {
      throw invalid(column, e, startChar);
    }
    limitValues(row.size());
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
    if (steps.isInside() && column.mode() != Mode.REPEATED) {
      ElementNode other = steps.take();
      if (other != null) {
        throw otherInstance(column, other.local(), startChar);
      }
    }
  }

  private void requireValues(List<Column> columns, int group, long startChar) throws Fault {
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      if (!row.has(group, column)) {
        throw missing(column, startChar);
      }
    }
  }

  private void skipElement(ElementNode parent) throws XMLStreamException, Fault {
    skipped.element(place(parent), orEmpty(xml.getNamespaceURI()), xml.getLocalName(), openTable());
    cursor.skipToEnd(xml.getDepth());
  }

  private void skipAttribute(ElementNode node, int attribute) {
    if (!mayStandAnywhere(attribute)) {
      skipped.attribute(
          place(node),
          orEmpty(xml.getAttributeNamespace(attribute)),
          xml.getAttributeLocalName(attribute),
          openTable());
    }
  }

  private void skipText(ElementNode node) throws Fault {
    if (!node.ignoresUnknown()) {
      throw new Fault(
          RejectionReason.UNEXPECTED_TEXT,
          "the mapping has no column for text here; it expects elements only",
          cursor.eventStart());
    }
    skipped.text(place(node), openTable());
  }

  /** The table whose record is being read. */
  private int openTable() {
    return cursor.isInRecord() ? row.table().id() : SkippedPaths.OUTSIDE;
  }

  private ColumnTally tally() {
    return columns[row.table().id()];
  }

  @SuppressWarnings("ReferenceEquality") // Two elements may look the same.
  private SkippedPaths.Place place(ElementNode node) {
    if (node == lastNode) {
      return lastPlace;
    }
    SkippedPaths.Place place = places.get(node);
    if (place == null) {
      place =
          node.parent() == null
              ? skipped.document()
              : skipped.child(place(node.parent()), node.namespace(), node.local());
      places.put(node, place);
    }
    lastNode = node;
    lastPlace = place;
    return place;
  }
}
