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
 */
public record Source(List<XmlName> elements, @Nullable XmlName attribute) implements Serializable {

  public Source {
    elements = List.copyOf(elements);
  }

  /** The source as the mapping writes it: {@code a/b}, {@code a/@b}, {@code @b} or {@code .}. */
  @Override
  public String toString() {
    String path = elements.stream().map(XmlName::toString).collect(Collectors.joining("/"));
    if (attribute == null) {
      return path.isEmpty() ? "." : path;
    }
    return path.isEmpty() ? "@" + attribute : path + "/@" + attribute;
  }
}
