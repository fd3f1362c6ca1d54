package io.xmltobigquery.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpression;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * Turns a document into rows by the JDK's own XPath over a DOM: the paths of the mapping are handed
 * to it as they are written. It knows columns of type STRING only, names without namespaces, and
 * nothing of what is unknown; and it doesn't look whether values of a row are of one element.
 */
public final class XPathOracle {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final XPath xpath = XPathFactory.newDefaultInstance().newXPath();
  private final Map<String, XPathExpression> compiled = new HashMap<>();
  private final Map<String, Set<Node>> rowsOfTables = new HashMap<>();

  private JsonNode tables = JSON.arrayNode();

  /** What notes which nodes the columns of a row take, if anybody wants to know. */
  private @Nullable RestOracle rest;

  /** Whether the column takes one value, and whether it takes it at all. */
  private boolean one;

  private boolean takes = true;

  private XPathOracle() {}

  /** The rows of all tables, in the order of their elements' end tags. */
  public static List<OracleRecord> read(String document, JsonNode mapping) throws OracleRejection {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
      factory.setNamespaceAware(true);
      factory.setCoalescing(true);
      return new XPathOracle()
          .read(
              factory.newDocumentBuilder().parse(new InputSource(new StringReader(document))),
              mapping.get("tables"));
    } catch (OracleRejection e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private List<OracleRecord> read(Document document, JsonNode tables) throws Exception {
    this.tables = tables;
    for (JsonNode table : tables) {
      rowsOfTables.put(
          table.get("table").textValue(),
          new HashSet<>(nodes(table.get("record").textValue(), document)));
    }
    List<OracleRecord> rows = new ArrayList<>();
    readElement(document.getDocumentElement(), tables, rows);
    return rows;
  }

  private void readElement(Element element, JsonNode tables, List<OracleRecord> rows)
      throws Exception {
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      if (child instanceof Element inner) {
        readElement(inner, tables, rows);
      }
    }
    for (JsonNode table : tables) {
      String name = table.get("table").textValue();
      if (rowsOfTables.get(name).contains(element)) {
        rows.add(new OracleRecord(name, row(element, table)));
      }
    }
  }

  private ObjectNode row(Element element, JsonNode table) throws Exception {
    ObjectNode row = JSON.objectNode();
    rest = hasRest(element) ? restOf(element) : null;
    for (JsonNode field : table.get("fields")) {
      String name = field.get("name").textValue();
      if (isRest(field)) {
        continue;
      }
      List<String> values = List.of();
      one = !field.path("mode").asText().equals("REPEATED");
      for (JsonNode source : sources(field)) {
        if (values.isEmpty()) {
          values = values(element, source.textValue(), table);
        }
      }
      if (field.path("mode").asText().equals("REPEATED")) {
        if (!values.isEmpty()) {
          ArrayNode array = row.putArray(name);
          values.forEach(array::add);
        }
      } else if (values.size() > 1) {
        throw new OracleRejection("several values of " + name);
      } else if (values.size() == 1) {
        row.put(name, values.get(0));
      }
    }
    addRest(element, table, row);
    return row;
  }

  private static Iterable<JsonNode> sources(JsonNode field) {
    return field.get("source").isArray() ? field.get("source") : List.of(field.get("source"));
  }

  private static boolean isRest(JsonNode field) {
    return field.path("source").asText().equals("row:rest()");
  }

  private List<JsonNode> tablesOf(Node element) {
    List<JsonNode> its = new ArrayList<>();
    for (JsonNode table : tables) {
      if (rowsOfTables.get(table.get("table").textValue()).contains(element)) {
        its.add(table);
      }
    }
    return its;
  }

  private boolean hasRest(Node element) {
    for (JsonNode table : tablesOf(element)) {
      for (JsonNode field : table.get("fields")) {
        if (isRest(field)) {
          return true;
        }
      }
    }
    return false;
  }

  private void addRest(Element element, JsonNode table, ObjectNode row) throws Exception {
    for (JsonNode field : table.get("fields")) {
      if (isRest(field)) {
        RestOracle all = restOf(element);
        rest = all;
        for (JsonNode its : tablesOf(element)) {
          take(element, its);
        }
        rest = null;
        JsonNode left = all.rest(element);
        if (left != null) {
          row.set(field.get("name").textValue(), left);
        }
      }
    }
  }

  /** Marks what the columns of a table take of a row. */
  private void take(Element element, JsonNode table) throws Exception {
    for (JsonNode field : table.get("fields")) {
      if (isRest(field)) {
        continue;
      }
      one = !field.path("mode").asText().equals("REPEATED");
      boolean found = false;
      for (JsonNode source : sources(field)) {
        takes = !found;
        found |= !values(element, source.textValue(), table).isEmpty();
      }
      takes = true;
    }
  }

  private RestOracle restOf(Element element) throws Exception {
    Set<Node> rows = new HashSet<>();
    rowsOfTables.values().forEach(rows::addAll);
    RestOracle made = new RestOracle(this::nodes, rows);
    for (JsonNode table : tables) {
      for (String record : table.get("record").textValue().split(" \\| ", -1)) {
        made.follow(record, element.getOwnerDocument());
      }
    }
    return made;
  }

  /**
   * The nodes of a path that a column takes: where the rest is kept, one that isn't an array takes
   * the first.
   *
   * @param what "." for the element's text, or a function
   */
  private List<Node> taken(String path, Node from, String what) throws Exception {
    List<Node> nodes = nodes(path, from);
    if (rest == null || path.matches("\\(?(\\.\\.|ancestor::|/).*")) {
      return nodes;
    }
    for (String inner : path.replaceAll("^\\(|\\)\\[[^\\[]*\\]$", "").split(" \\| ", -1)) {
      rest.follow(inner, from);
      for (Node node : nodes(inner, from)) {
        rest.mayTake(node, node instanceof Element);
      }
    }
    List<Node> first = new ArrayList<>();
    for (Node node : nodes) {
      if (!one || first.isEmpty() || !isOwn(node, from)) {
        first.add(node);
      }
    }
    if (takes) {
      first.forEach(node -> rest.take(node, !what.equals("local-name")));
    }
    return first;
  }

  /** Whether a node is in a row, and in no row inside that. */
  private boolean isOwn(Node node, Node row) {
    Node at = node instanceof Attr attribute ? attribute.getOwnerElement() : node;
    while (rowsOfTables.values().stream().noneMatch(rowsOf(at))) {
      at = at.getParentNode();
    }
    return at == row;
  }

  private static Predicate<Set<Node>> rowsOf(Node node) {
    return rows -> rows.contains(node);
  }

  private List<String> values(Element row, String source, JsonNode table) throws Exception {
    if (source.startsWith("concat(")) {
      return concat(row, source.substring("concat(".length(), source.length() - 1));
    }
    if (source.startsWith("row:")) {
      return List.of(ofRow(row, source, table));
    }
    for (String function : List.of("local-name", "string")) {
      if (source.startsWith(function + "(")) {
        String path = source.substring(function.length() + 1, source.length() - 1);
        List<String> values = new ArrayList<>();
        for (Node node : taken(path.isEmpty() ? "." : path, row, function)) {
          values.add(function.equals("string") ? node.getTextContent() : node.getLocalName());
        }
        return values;
      }
    }
    List<String> values = new ArrayList<>();
    for (Node node : taken(source, row, ".")) {
      rejectLate(source, node, row);
      values.add(
          node.getNodeType() == Node.ELEMENT_NODE ? node.getTextContent() : node.getNodeValue());
    }
    return values;
  }

  /** A value from outside the row must stand before it. */
  private static void rejectLate(String source, Node node, Element row) throws OracleRejection {
    if (!source.matches("\\(?(\\.\\.|ancestor::|/).*")
        || (node instanceof Attr attribute
            && attribute.getOwnerElement().compareDocumentPosition(row) == 20)) {
      return;
    }
    Node place = node instanceof Attr attribute ? attribute.getOwnerElement() : node;
    int position = row.compareDocumentPosition(place);
    boolean before = (position & Node.DOCUMENT_POSITION_PRECEDING) != 0;
    boolean around = (position & Node.DOCUMENT_POSITION_CONTAINS) != 0;
    boolean inside = place == row || (position & Node.DOCUMENT_POSITION_CONTAINED_BY) != 0;
    if (!inside && (!before || around) && !(node instanceof Attr && around)) {
      throw new OracleRejection("late: " + source);
    }
  }

  private List<String> concat(Element row, String parts) throws Exception {
    StringBuilder text = new StringBuilder();
    boolean any = false;
    for (String part : parts.split(", ", -1)) {
      if (part.startsWith("'")) {
        text.append(part, 1, part.length() - 1);
        continue;
      }
      List<String> values = values(row, part, JSON.objectNode());
      if (values.size() > 1) {
        throw new OracleRejection("several values in concat");
      }
      any |= !values.isEmpty();
      values.forEach(text::append);
    }
    return any ? List.of(text.toString()) : List.of();
  }

  private String ofRow(Element row, String source, JsonNode table) throws OracleRejection {
    return switch (source) {
      case "row:position()" -> Integer.toString(position(row));
      case "row:position(..)" -> Integer.toString(position((Element) row.getParentNode()));
      case "row:depth()" -> {
        int depth = 0;
        for (Node node = row; node != null; node = node.getParentNode()) {
          depth += rowsOfTables.get(table.get("table").textValue()).contains(node) ? 1 : 0;
        }
        yield Integer.toString(depth);
      }
      case "row:path()" -> {
        String path = "";
        for (Node node = row; node instanceof Element; node = node.getParentNode()) {
          path = "/" + node.getNodeName() + path;
        }
        yield path;
      }
      default -> throw new IllegalArgumentException(source);
    };
  }

  private static int position(Element element) {
    int position = 1;
    for (@Nullable Node node = element.getPreviousSibling();
        node != null;
        node = node.getPreviousSibling()) {
      position += node.getNodeName().equals(element.getNodeName()) ? 1 : 0;
    }
    return position;
  }

  private List<Node> nodes(String path, Node from) throws XPathExpressionException {
    XPathExpression expression = compiled.get(path);
    if (expression == null) {
      expression = xpath.compile(path);
      compiled.put(path, expression);
    }
    NodeList found = (NodeList) expression.evaluate(from, XPathConstants.NODESET);
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      nodes.add(found.item(i));
    }
    return nodes;
  }
}
