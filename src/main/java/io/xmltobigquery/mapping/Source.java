package io.xmltobigquery.mapping;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a column's value stands, seen from the element of the record or RECORD column that holds
 * the column.
 *
 * @param elements the child elements to descend through; empty for the element itself
 * @param attribute the attribute to read, or null for the text of the element
 * @param wholeText whether the mapping asks for all text inside the element by name, so that
 *     elements among it are expected
 */
public record Source(List<XmlName> elements, @Nullable XmlName attribute, boolean wholeText)
    implements Serializable {

  public Source {
    elements = List.copyOf(elements);
  }

  /** An element's text or an attribute's value. */
  public Source(List<XmlName> elements, @Nullable XmlName attribute) {
    this(elements, attribute, false);
  }

  /**
   * The source as the mapping writes it: {@code a/b}, {@code a/@b}, {@code @b}, {@code .} or {@code
   * string(a/b)}.
   */
  @Override
  public String toString() {
    String path = elements.stream().map(XmlName::toString).collect(Collectors.joining("/"));
    if (attribute == null) {
      String element = path.isEmpty() ? "." : path;
      return wholeText ? "string(" + element + ")" : element;
    }
    return path.isEmpty() ? "@" + attribute : path + "/@" + attribute;
  }
}
