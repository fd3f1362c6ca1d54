package io.xmltobigquery.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import org.jspecify.annotations.Nullable;

/**
 * Parses the paths of one table mapping: {@code /a/b} for records, and {@code a/b}, {@code a/@b},
 * {@code @b}, {@code .} and {@code string(a/b)} for sources. A step is a name, or {@code {uri}name}
 * in a namespace of its own; the prefixes {@code xml} and {@code xsi} are known.
 */
final class SourceParser {

  /** A path that can't be understood; the message says what to write. */
  static final class InvalidPathSyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    InvalidPathSyntaxException(String message) {
      super(message);
    }
  }

  // NCName of Namespaces in XML 1.0, by the character classes of XML 1.0 (fifth edition).
  private static final String NAME_START =
      "A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D"
          + "\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD"
          + "\\x{10000}-\\x{EFFFF}";
  private static final String NAME_REST = "\\-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040";
  private static final String NAME = "[" + NAME_START + "][" + NAME_START + NAME_REST + "]*";
  private static final Pattern STEP =
      Pattern.compile("(?:\\{(?<uri>[^{}]*)})?(?<local>" + NAME + ")");
  private static final Pattern PREFIXED =
      Pattern.compile("(?<prefix>" + NAME + "):(?<local>" + NAME + ")");
  private static final Pattern STRING_FUNCTION = Pattern.compile("string\\((?<path>[^()]*)\\)");
  private static final Pattern SLASH_OUTSIDE_BRACES = Pattern.compile("/(?![^{}]*})");

  /** Prefixes that mean something without being declared. */
  private static final Map<String, String> KNOWN_PREFIXES =
      Map.of("xml", XMLConstants.XML_NS_URI, "xsi", XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI);

  private final String elementNamespace;

  /** Parses element names without braces as names in the given namespace. */
  SourceParser(String elementNamespace) {
    this.elementNamespace = elementNamespace;
  }

  /** The child element of the column's own name. */
  Source defaultSource(String columnName) {
    return new Source(List.of(new XmlName(elementNamespace, columnName)), null);
  }

  Source parseSource(String path) throws InvalidPathSyntaxException {
    Matcher function = STRING_FUNCTION.matcher(path);
    if (function.matches()) {
      Source element = parseSource(function.group("path").strip());
      if (element.attribute() != null) {
        throw new InvalidPathSyntaxException(
            "an attribute is a string already: write " + element + " alone");
      }
      return new Source(element.elements(), null, true);
    }
    if (path.equals(".")) {
      return new Source(List.of(), null);
    }
    if (path.startsWith("/")) {
      throw new InvalidPathSyntaxException(
          "a source is seen from the element that holds it: remove the slash at the start");
    }
    List<String> steps = steps(path);
    String last = steps.get(steps.size() - 1);
    if (!last.startsWith("@")) {
      return new Source(elements(steps), null);
    }
    XmlName attribute = name(last.substring(1), "");
    return new Source(elements(steps.subList(0, steps.size() - 1)), attribute);
  }

  List<XmlName> parseRecord(String path) throws InvalidPathSyntaxException {
    if (!path.startsWith("/")) {
      throw new InvalidPathSyntaxException(
          "must start at the root element: write it as /Root/Item");
    }
    return elements(steps(path.substring(1)));
  }

  private static List<String> steps(String path) throws InvalidPathSyntaxException {
    List<String> steps = List.of(SLASH_OUTSIDE_BRACES.split(path, -1));
    if (steps.contains("")) {
      throw new InvalidPathSyntaxException(
          "a step is empty: write names with one slash between two of them");
    }
    return steps;
  }

  private List<XmlName> elements(List<String> steps) throws InvalidPathSyntaxException {
    List<XmlName> elements = new ArrayList<>();
    for (String step : steps) {
      if (step.startsWith("@")) {
        throw new InvalidPathSyntaxException(
            DocumentObject.quote(step) + " is an attribute: only a source's last step may be one");
      }
      elements.add(name(step, elementNamespace));
    }
    return elements;
  }

  private static XmlName name(String step, String defaultNamespace)
      throws InvalidPathSyntaxException {
    Matcher parts = STEP.matcher(step);
    Matcher prefixed = PREFIXED.matcher(step);
    if (parts.matches()) {
      @Nullable String uri = parts.group("uri");
      return possible(
          new XmlName(uri == null ? defaultNamespace : uri, parts.group("local")), step);
    }
    if (prefixed.matches()) {
      String uri = KNOWN_PREFIXES.get(prefixed.group("prefix"));
      if (uri != null) {
        return new XmlName(uri, prefixed.group("local"));
      }
      if (prefixed.group("prefix").equals("xmlns")) {
        throw declaration(step);
      }
      throw new InvalidPathSyntaxException(
          DocumentObject.quote(step)
              + " has a prefix, which means nothing here: write {namespace URI}name; an element's"
              + " name may also stand alone, in the table's \"namespace\"");
    }
    throw new InvalidPathSyntaxException(
        DocumentObject.quote(step)
            + " is no XML name: write a name, {namespace URI}name or, as a source's last step,"
            + " @name; a source may also be a single dot");
  }

  /** A name that some element or attribute may have. */
  private static XmlName possible(XmlName name, String step) throws InvalidPathSyntaxException {
    if (name.namespace().equals(XMLConstants.XMLNS_ATTRIBUTE_NS_URI)
        || name.local().equals(XMLConstants.XMLNS_ATTRIBUTE)) {
      throw declaration(step);
    }
    return name;
  }

  private static InvalidPathSyntaxException declaration(String step) {
    return new InvalidPathSyntaxException(
        DocumentObject.quote(step)
            + " declares a namespace and is no attribute, so it would never have a value: remove"
            + " the column");
  }
}
