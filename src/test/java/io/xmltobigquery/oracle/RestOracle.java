package io.xmltobigquery.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Attr;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Says what of a row's element no column takes, from a tree: of all nodes in it, some are marked as
 * taken, and what isn't is written as JSON. It knows names without namespaces.
 */
final class RestOracle {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern COMPARISON =
      Pattern.compile(
          "(?:(?<space>normalize-space)\\((?<inner>[^)]*)\\)|(?<path>[@./\\w]+(?:\\(\\))?))\\s*="
              + "\\s*'(?<text>[^']*)'");
  private static final Pattern OPERAND = Pattern.compile("[@./\\w]*[@.\\w]");

  /** Evaluates a path. */
  interface Paths {
    List<Node> nodes(String path, Node from) throws Exception;
  }

  private final Paths paths;
  private final Set<? extends Node> rows;

  /** Attributes and texts that columns take, or that the mapping knows. */
  private final Set<Node> taken = new HashSet<>();

  /** Elements of which everything but attributes is taken. */
  private final Set<Node> covered = new HashSet<>();

  /** Elements that paths lead through. */
  private final Set<Node> named = new HashSet<>();

  /** Elements that columns might have taken. */
  private final Set<Node> values = new HashSet<>();

  /** Those that they have. */
  private final Set<Node> takenValues = new HashSet<>();

  RestOracle(Paths paths, Set<? extends Node> rows) {
    this.paths = paths;
    this.rows = rows;
  }

  /** A path that begins at a node leads to what a column may take. */
  void follow(String path, Node from) throws Exception {
    for (String prefix : prefixes(path)) {
      String step = prefix.substring(lastStep(prefix));
      List<Node> elements = paths.nodes(prefix, from);
      if (!step.startsWith("*")) {
        named.addAll(elements);
      }
      for (String predicate : predicates(step)) {
        for (Node element : elements) {
          choose(predicate, element);
        }
      }
    }
  }

  /** The element was chosen: what had to be as the mapping says is known. */
  private void choose(String predicate, Node element) throws Exception {
    String ofPaths = predicate.replaceAll("local-name\\(\\)='[^']*'", " ");
    String rest = ofPaths;
    Matcher comparison = COMPARISON.matcher(ofPaths);
    while (comparison.find()) {
      rest = rest.replace(comparison.group(), " ");
      boolean space = comparison.group("space") != null;
      String operand = comparison.group(space ? "inner" : "path");
      followOperand(operand, element);
      for (Node node : paths.nodes(operand, element)) {
        String text = node instanceof Element ? node.getTextContent() : node.getNodeValue();
        String compared = space ? text.strip().replaceAll("\\s+", " ") : text;
        if (compared.equals(comparison.group("text"))) {
          (node instanceof Element ? covered : taken).add(node);
        }
      }
    }
    Matcher operand = OPERAND.matcher(rest.replaceAll("last\\(\\)|not\\(", " "));
    while (operand.find()) {
      if (!operand.group().matches("and|or|[0-9]+")) {
        followOperand(operand.group(), element);
      }
    }
  }

  private void followOperand(String operand, Node element) throws Exception {
    for (String prefix : prefixes(operand)) {
      named.addAll(paths.nodes(prefix, element));
    }
  }

  /** A column might take it. */
  void mayTake(Node node, boolean isElementWanted) {
    if (isElementWanted) {
      values.add(node);
    }
  }

  /**
   * A column takes it.
   *
   * @param withContent all that is in an element, not its name alone
   */
  void take(Node node, boolean withContent) {
    if (node instanceof Element) {
      takenValues.add(node);
      if (withContent) {
        covered.add(node);
      }
    } else {
      taken.add(node);
    }
  }

  /** What is left, or null if nothing is. */
  @Nullable JsonNode rest(Element row) {
    named.add(row);
    Left left = leave(row);
    return left.isNothing() ? null : json(left, true);
  }

  private static final class Left {
    final Element element;
    final List<Attr> attributes = new ArrayList<>();

    /** Elements, as what is left of them, and texts. */
    final List<Object> content = new ArrayList<>();

    boolean known;
    boolean hadElements;

    Left(Element element) {
      this.element = element;
    }

    boolean isNothing() {
      return attributes.isEmpty() && content.isEmpty();
    }

    boolean hasElements() {
      return content.stream().anyMatch(Left.class::isInstance);
    }

    boolean hasText() {
      return content.stream()
          .anyMatch(item -> item instanceof String text && !(hadElements && text.isBlank()));
    }
  }

  private Left leave(Element element) {
    Left left = new Left(element);
    left.known = values.contains(element) ? takenValues.contains(element) : named.contains(element);
    left.known |= covered.contains(element);
    for (int i = 0; i < element.getAttributes().getLength(); i++) {
      Attr attribute = (Attr) element.getAttributes().item(i);
      if (taken.contains(attribute)) {
        left.known = true;
      } else {
        left.attributes.add(attribute);
      }
    }
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      left.hadElements |= child instanceof Element;
      if (covered.contains(element) || rows.contains(child)) {
        continue;
      }
      if (child instanceof Element inner) {
        Left its = leave(inner);
        left.known |= its.known;
        if (!its.known || !its.isNothing()) {
          left.content.add(its);
        }
      } else if (taken.contains(child)) {
        left.known = true;
      } else {
        left.content.add(child.getNodeValue());
      }
    }
    if (left.known) {
      left.content.removeIf(item -> item instanceof String text && text.isBlank());
    }
    return left;
  }

  private static JsonNode json(Left left, boolean asObject) {
    String text = left.hasText() ? text(left) : "";
    if (!asObject && left.attributes.isEmpty() && !left.hasElements()) {
      return JSON.textNode(text);
    }
    ObjectNode object = JSON.objectNode();
    left.attributes.forEach(
        attribute -> object.put("@" + attribute.getName(), attribute.getValue()));
    if (left.hasElements() && left.hasText()) {
      object.put("#xml", xml(left));
    } else if (left.hasText()) {
      object.put("#text", text);
    } else {
      for (Object item : left.content.stream().filter(Left.class::isInstance).toList()) {
        Left child = (Left) item;
        String name = child.element.getTagName();
        JsonNode value = json(child, false);
        JsonNode before = object.get(name);
        if (before == null) {
          object.set(name, value);
        } else if (before instanceof ArrayNode array) {
          array.add(value);
        } else {
          object.set(name, JSON.arrayNode().add(before).add(value));
        }
      }
    }
    return object;
  }

  private static String text(Left left) {
    StringBuilder text = new StringBuilder();
    left.content.stream().filter(String.class::isInstance).forEach(text::append);
    return text.toString();
  }

  private static String xml(Left left) {
    StringBuilder xml = new StringBuilder();
    for (Object item : left.content) {
      if (item instanceof Left child) {
        xml.append('<').append(child.element.getTagName());
        child.attributes.forEach(
            a ->
                xml.append(' ').append(a.getName()).append("=\"").append(a.getValue()).append('"'));
        String inner = xml(child);
        String end = "</" + child.element.getTagName() + ">";
        xml.append(inner.isEmpty() ? "/>" : ">" + inner + end);
      } else {
        xml.append(item);
      }
    }
    return xml.toString();
  }

  /** The paths to all elements on the way, with what stands in brackets. */
  private static List<String> prefixes(String path) {
    List<String> prefixes = new ArrayList<>();
    int depth = 0;
    for (int i = 0; i <= path.length(); i++) {
      char character = i == path.length() ? '/' : path.charAt(i);
      depth += character == '[' ? 1 : character == ']' ? -1 : 0;
      String prefix = path.substring(0, i);
      if (character == '/' && depth == 0 && isElement(prefix.substring(lastStep(prefix)))) {
        prefixes.add(prefix);
      }
    }
    return prefixes;
  }

  private static boolean isElement(String step) {
    return !step.isEmpty() && !step.equals(".") && !step.startsWith("@") && !step.equals("text()");
  }

  private static int lastStep(String path) {
    int depth = 0;
    int last = 0;
    for (int i = 0; i < path.length(); i++) {
      char character = path.charAt(i);
      depth += character == '[' ? 1 : character == ']' ? -1 : 0;
      last = character == '/' && depth == 0 ? i + 1 : last;
    }
    return last;
  }

  private static List<String> predicates(String step) {
    List<String> predicates = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < step.length(); i++) {
      if (step.charAt(i) == '[' && depth++ == 0) {
        start = i + 1;
      } else if (step.charAt(i) == ']' && --depth == 0) {
        predicates.add(step.substring(start, i));
      }
    }
    return predicates;
  }
}
