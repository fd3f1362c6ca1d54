package io.xmltobigquery.xml;

import java.util.Map;
import java.util.TreeMap;

/**
 * An element that is open where a part starts, with what a parser needs to know of it.
 *
 * @param qualifiedName with its prefix, as it stands in the file
 * @param namespaces the namespace declarations on the element itself, by prefix; the empty prefix
 *     is the default namespace
 */
public record OpenElement(String qualifiedName, Map<String, String> namespaces) {

  public OpenElement {
    namespaces = Map.copyOf(namespaces);
  }

  String localName() {
    return qualifiedName.substring(qualifiedName.indexOf(':') + 1);
  }

  /**
   * Appends a start tag that opens the element with its namespaces, without its other attributes.
   */
  void appendStartTag(StringBuilder xml) {
    xml.append('<').append(qualifiedName);
    // In an order of their own: a map's is another one in each process.
    new TreeMap<>(namespaces)
        .forEach(
            (prefix, uri) -> {
              xml.append(prefix.isEmpty() ? " xmlns" : " xmlns:").append(prefix).append("=\"");
              appendEscaped(xml, uri);
              xml.append('"');
            });
    xml.append('>');
  }

  private static void appendEscaped(StringBuilder xml, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean plain = c >= ' ' && c <= '~' && c != '&' && c != '<' && c != '"';
      if (!plain && !Character.isSurrogate(c)) {
        xml.append("&#").append((int) c).append(';');
      } else {
        xml.append(c);
      }
    }
  }
}
