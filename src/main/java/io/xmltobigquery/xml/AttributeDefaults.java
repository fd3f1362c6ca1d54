package io.xmltobigquery.xml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attribute values that a document's own DOCTYPE supplies where an element doesn't have the
 * attribute: XML 1.0, section 5.1, has every processor read them from the internal subset. Nothing
 * else of it is used, nothing is opened, and no entity is expanded. Behind a reference to a
 * parameter entity no declaration counts, as that section has it.
 */
final class AttributeDefaults {

  /**
   * A default.
   *
   * @param name qualified, as the document writes it
   */
  record Default(String name, String value) {

    /** Empty if it has none. */
    String prefix() {
      return name.substring(0, Math.max(0, name.indexOf(':')));
    }

    String local() {
      return name.substring(name.indexOf(':') + 1);
    }
  }

  private final Map<String, List<Default>> byElement = new HashMap<>();
  private final String subset;
  private int at;

  private AttributeDefaults(String subset) {
    this.subset = subset;
  }

  /**
   * Reads an internal subset, which a parser has found to be balanced.
   *
   * @return null if there are no defaults in it
   * @throws UnsupportedDefaultException if a default can't be told without expanding entities
   */
  static @Nullable AttributeDefaults of(@Nullable String subset)
      throws UnsupportedDefaultException {
    if (subset == null || !subset.contains("<!ATTLIST")) {
      return null;
    }
    AttributeDefaults defaults = new AttributeDefaults(subset);
    defaults.read();
    return defaults.byElement.isEmpty() ? null : defaults;
  }

  /** A default whose value isn't known here. */
  static final class UnsupportedDefaultException extends Exception {
    private static final long serialVersionUID = 1L;

    UnsupportedDefaultException(String message) {
      super(message);
    }
  }

  /** The defaults of an element by its qualified name. */
  List<Default> ofElement(String element) {
    return byElement.getOrDefault(element, List.of());
  }

  private void read() throws UnsupportedDefaultException {
    while (at < subset.length()) {
      if (skip("<!--", "-->") || skip("<?", "?>")) {
        continue;
      }
      if (subset.charAt(at) == '%') {
        return;
      }
      if (subset.startsWith("<!ATTLIST", at)) {
        at += "<!ATTLIST".length();
        readList();
      } else if (subset.startsWith("<!", at)) {
        skipDeclaration();
      } else {
        at++;
      }
    }
  }

  private boolean skip(String start, String end) {
    if (!subset.startsWith(start, at)) {
      return false;
    }
    int found = subset.indexOf(end, at + start.length());
    at = found < 0 ? subset.length() : found + end.length();
    return true;
  }

  private void skipDeclaration() {
    while (at < subset.length() && subset.charAt(at) != '>') {
      if (isQuote()) {
        literal();
      } else {
        at++;
      }
    }
    at++;
  }

  private void readList() throws UnsupportedDefaultException {
    String element = token();
    while (true) {
      String attribute = token();
      if (attribute.isEmpty()) {
        at++;
        return;
      }
      String type = token();
      if (type.equals("NOTATION")) {
        token();
      }
      String supplied = token();
      if (supplied.equals("#FIXED")) {
        supplied = token();
      }
      if (supplied.isEmpty() || "\"'".indexOf(supplied.charAt(0)) < 0) {
        continue;
      }
      String value = value(supplied.substring(1, supplied.length() - 1));
      boolean isCdata = type.equals("CDATA");
      List<Default> known = byElement.computeIfAbsent(element, name -> new ArrayList<>());
      // Of several declarations of an attribute the first counts.
      if (known.stream().noneMatch(other -> other.name.equals(attribute))) {
        known.add(
            new Default(
                attribute,
                isCdata ? value : value.replaceAll("^ +| +\\z", "").replaceAll(" +", " ")));
      }
    }
  }

  private boolean isQuote() {
    return at < subset.length() && (subset.charAt(at) == '"' || subset.charAt(at) == '\'');
  }

  /** A name, a list in parentheses or a literal in its quotes; empty at the declaration's end. */
  private String token() {
    while (at < subset.length() && subset.charAt(at) <= ' ') {
      at++;
    }
    int start = at;
    if (isQuote()) {
      literal();
    } else if (at < subset.length() && subset.charAt(at) == '(') {
      at = Math.max(at, subset.indexOf(')', at)) + 1;
    } else {
      while (at < subset.length()
          && subset.charAt(at) > ' '
          && "()\"'>".indexOf(subset.charAt(at)) < 0) {
        at++;
      }
    }
    return subset.substring(start, at);
  }

  private void literal() {
    int end = subset.indexOf(subset.charAt(at), at + 1);
    at = end < 0 ? subset.length() : end + 1;
  }

  /** XML 1.0, section 3.3.3. */
  private static String value(String literal) throws UnsupportedDefaultException {
    StringBuilder value = new StringBuilder();
    int i = 0;
    while (i < literal.length()) {
      char c = literal.charAt(i);
      int end = c == '&' ? literal.indexOf(';', i) : i;
      if (end < 0) {
        throw new UnsupportedDefaultException(literal);
      }
      if (c == '&') {
        value.append(reference(literal.substring(i + 1, end)));
      } else {
        value.append(c == '\t' || c == '\n' || c == '\r' ? ' ' : c);
      }
      i = end + 1;
    }
    return value.toString();
  }

  private static String reference(String name) throws UnsupportedDefaultException {
    try {
      if (name.startsWith("#x")) {
        return Character.toString(Integer.parseInt(name.substring(2), 16));
      }
      if (name.startsWith("#")) {
        return Character.toString(Integer.parseInt(name.substring(1)));
      }
    } catch (IllegalArgumentException e) {
      throw new UnsupportedDefaultException(name);
    }
    return switch (name) {
      case "lt" -> "<";
      case "gt" -> ">";
      case "amp" -> "&";
      case "quot" -> "\"";
      case "apos" -> "'";
      default -> throw new UnsupportedDefaultException(name);
    };
  }
}
