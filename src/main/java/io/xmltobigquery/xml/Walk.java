package io.xmltobigquery.xml;

import static java.util.stream.Collectors.joining;

import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.ColumnTally;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Coverage;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.values.InvalidValueException;
import io.xmltobigquery.values.Syntax;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLStreamException;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/** A way to find the rows of a document, or of one part of it, one after the other. */
abstract class Walk {

  final DocumentCursor cursor;
  final XMLStreamReader2 xml;
  final CompiledMapping mapping;

  /** Those around records, the root element first. */
  final List<OpenElement> openElements = new ArrayList<>();

  /** By the table's number. */
  final ColumnTally[] columns;

  final SkippedPaths skipped;

  @Nullable AttributeDefaults defaults;
  private @Nullable XmlName root;

  Walk(DocumentCursor cursor, CompiledMapping mapping) {
    this.cursor = cursor;
    this.xml = cursor.xml();
    this.mapping = mapping;
    this.columns = mapping.tables().stream().map(ColumnTally::new).toArray(ColumnTally[]::new);
    this.skipped = new SkippedPaths(columns.length);
  }

  /** Goes on to the next row or invalid record; false at the document's end. */
  abstract boolean advance() throws XMLStreamException, Fault;

  /** The table of the current record. */
  abstract TableColumns table();

  /** The current record's row, if it is valid. */
  abstract Row row();

  /** What is wrong with the current record, or null. */
  abstract @Nullable Fault fault();

  /** The number of the current record, from 1 from where the reader began. */
  abstract long recordNumber();

  /** The number of the record that is being read, or 0 outside of records. */
  abstract long openRecord();

  /** What was handed out of rows inside the current record before it was found invalid, or null. */
  @Nullable RowsInside rowsInside() {
    return null;
  }

  /** How many elements inside the current record, which is invalid, are rows or would be. */
  long lostRows() {
    return 0;
  }

  /** How far the mapping covers what was read. */
  Coverage coverage() {
    List<Coverage.OfTable> tables = new ArrayList<>();
    for (TableColumns table : mapping.tables()) {
      tables.add(columns[table.id()].with(skipped.of(table.id(), table.mapping().names())));
    }
    return new Coverage(
        tables, skipped.of(SkippedPaths.OUTSIDE, mapping.tables().get(0).mapping().names()));
  }

  void rootSeen() {
    if (root == null) {
      root = new XmlName(orEmpty(xml.getNamespaceURI()), xml.getLocalName());
    }
  }

  void addOpenElement() {
    Map<String, String> namespaces = new HashMap<>();
    for (int i = 0; i < xml.getNamespaceCount(); i++) {
      namespaces.put(orEmpty(xml.getNamespacePrefix(i)), orEmpty(xml.getNamespaceURI(i)));
    }
    openElements.add(new OpenElement(xml.getPrefixedName(), namespaces));
  }

  /** The current start tag's element is one that the mapping doesn't name. */
  Fault unknownElement(List<String> expectedNames, List<String> expectedNamespaces) {
    String expected =
        expectedNamespaces.isEmpty()
            ? expectedNames.isEmpty()
                ? "no elements"
                : bounded(
                    // Some of 10,000 names fill what the message has room for.
                    expectedNames.stream().limit(Limits.MAX_NAME_IN_MESSAGE).collect(joining(", ")))
            : "one of that name in " + bounded(String.join(", ", named(expectedNamespaces)));
    String here =
        expectedNamespaces.isEmpty() ? "here" : "in " + namespace(orEmpty(xml.getNamespaceURI()));
    return new Fault(
        RejectionReason.UNKNOWN_ELEMENT,
        "the mapping names no element <"
            + bounded(xml.getPrefixedName())
            + "> "
            + here
            + "; it expects "
            + expected
            + (cursor.isInRecord()
                ? ""
                : "; with \"outside\": \"ignore\" what stands around records is skipped"),
        cursor.eventStart());
  }

  void readDefaults() throws Fault {
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

  Fault notNil() {
    return new Fault(
        RejectionReason.INVALID_VALUE,
        "xsi:nil says that the element here has no value, but it has content",
        cursor.eventStart());
  }

  static List<String> named(List<String> namespaces) {
    return namespaces.stream().map(Walk::namespace).toList();
  }

  static String namespace(String uri) {
    return uri.isEmpty() ? "no namespace" : "the namespace " + bounded(uri);
  }

  boolean isNil() {
    return isNil(xml);
  }

  static boolean isNil(XMLStreamReader2 xml) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (isSchemaInstance(xml, i) && isNil(xml, i)) {
        return true;
      }
    }
    return false;
  }

  boolean isNil(int attribute) {
    return isNil(xml, attribute);
  }

  /** {@code xsi:nil}, as XML Schema Part 1 section 2.6.2 has it. */
  private static boolean isNil(XMLStreamReader2 xml, int attribute) {
    String value = Syntax.collapse(xml.getAttributeValue(attribute));
    return xml.getAttributeLocalName(attribute).equals("nil")
        && (value.equals("true") || value.equals("1"));
  }

  /** XML's own attributes, and those that speak to a schema processor. */
  boolean mayStandAnywhere(int attribute) {
    return isSchemaInstance(attribute)
        || XMLConstants.XML_NS_URI.equals(xml.getAttributeNamespace(attribute));
  }

  boolean isSchemaInstance(int attribute) {
    return isSchemaInstance(xml, attribute);
  }

  /** Attributes that say nothing of the element's value but whether it has one. */
  static boolean isForSchema(XMLStreamReader2 xml, int attribute) {
    return isSchemaInstance(xml, attribute) && !xml.getAttributeLocalName(attribute).equals("type");
  }

  private static boolean isSchemaInstance(XMLStreamReader2 xml, int attribute) {
    return XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI.equals(xml.getAttributeNamespace(attribute));
  }

  void limitValues(int values) throws Fault {
    if (values > Limits.MAX_VALUES) {
      throw new Fault(
          RejectionReason.LIMIT_EXCEEDED,
          "the record has more than " + Limits.MAX_VALUES + " values",
          cursor.recordStart());
    }
  }

  static Fault invalid(Column column, InvalidValueException e, long startChar) {
    return new Fault(
        RejectionReason.INVALID_VALUE, column.path() + " " + e.getMessage(), startChar);
  }

  static Fault missing(Column column, long startChar) {
    return new Fault(
        RejectionReason.MISSING_FIELD,
        column.path() + " is REQUIRED, but the element that starts here has no value for it",
        startChar);
  }

  static Fault otherInstance(Column column, String element, long startChar) {
    return new Fault(
        RejectionReason.REPEATED_FIELD,
        column.path()
            + " is from another <"
            + bounded(element)
            + "> than what other columns have from one; a RECORD that is REPEATED takes several",
        startChar);
  }

  static Fault repeated(Column column, long startChar) {
    return new Fault(
        RejectionReason.REPEATED_FIELD,
        column.path()
            + " has a value already; a column that may have several is REPEATED in the mapping",
        startChar);
  }

  Fault unknownAttribute(int attribute) {
    return new Fault(
        RejectionReason.UNKNOWN_ATTRIBUTE,
        "the mapping names no attribute "
            + bounded(xml.getAttributeLocalName(attribute))
            + " on <"
            + bounded(xml.getPrefixedName())
            + ">",
        cursor.eventStart());
  }

  Fault noSection() {
    String paths =
        mapping.tables().stream()
            .limit(Limits.MAX_NAME_IN_MESSAGE)
            .map(table -> table.mapping().recordText())
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

  static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }

  static String bounded(String name) {
    return Fault.bounded(name, Limits.MAX_NAME_IN_MESSAGE);
  }
}
