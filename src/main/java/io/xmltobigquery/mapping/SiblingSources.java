package io.xmltobigquery.mapping;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sources of the columns of one level, which must not get into each other's way: what a RECORD
 * column's element holds belongs to that RECORD alone, and an element whose text is read holds no
 * elements.
 */
final class SiblingSources {

  private record Sibling(DocumentObject field, Source source, boolean isRecord, int index) {

    boolean isText() {
      return !isRecord && source.attribute() == null;
    }
  }

  /** An element that sources name, and of the columns there those that were added first. */
  private static final class Element {
    private final Map<XmlName, Element> children = new HashMap<>();
    private @Nullable Sibling record;
    private @Nullable Sibling inside;
  }

  private final List<Sibling> siblings = new ArrayList<>();
  private final Element root = new Element();

  void add(DocumentObject field, Source source, boolean isRecord) {
    Sibling sibling = new Sibling(field, source, isRecord, siblings.size());
    siblings.add(sibling);
    Element element = root;
    for (XmlName step : source.elements()) {
      if (element.inside == null) {
        element.inside = sibling;
      }
      element = element.children.computeIfAbsent(step, name -> new Element());
    }
    if (isRecord && element.record == null) {
      element.record = sibling;
    }
  }

  /** Reports at most one problem per column: that with the first of the others. */
  void check() {
    for (Sibling column : siblings) {
      String message = conflict(column);
      if (message != null) {
        column.field.problem("source", message);
      }
    }
  }

  /** Looks at the elements on the column's way only: a table may have 10,000 columns. */
  @SuppressWarnings(
      "ReferenceEquality") // Two columns may look the same, which is what is reported.
  private @Nullable String conflict(Sibling column) {
    Sibling record = null;
    Element element = root;
    for (XmlName step : column.source.elements()) {
      record = first(record, element.record);
      element = element.children.get(step);
    }
    // Of two RECORDs with the same element the later one is told.
    if (element.record != column) {
      record = first(record, element.record);
    }
    Sibling inside = column.isText() ? element.inside : null;
    if (record != null && record == first(record, inside)) {
      return column.isRecord && record == element.record
          ? "%s is already the source of the RECORD %s: make them one RECORD"
              .formatted(path(column), pathAndPlace(record))
          : "%s is in the element of the RECORD %s: move it into the RECORD"
              .formatted(path(column), pathAndPlace(record));
    }
    return inside == null
        ? null
        : ("%s is read as text, but %s reads what is inside the same element; mixed content isn't"
                + " supported: remove one of the two")
            .formatted(path(column), pathAndPlace(inside));
  }

  /** The one that was added first. */
  private static @Nullable Sibling first(@Nullable Sibling a, @Nullable Sibling b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.index <= b.index ? a : b;
  }

  private static String path(Sibling column) {
    return DocumentObject.quote(column.source.toString());
  }

  private static String pathAndPlace(Sibling column) {
    return path(column) + " at " + column.field.pointer("source");
  }

  /** Whether the path leads to an element inside the outer path's element. */
  static boolean isInside(List<XmlName> path, List<XmlName> outer) {
    return path.size() > outer.size() && startsWith(path, outer);
  }

  private static boolean startsWith(List<XmlName> path, List<XmlName> start) {
    return path.size() >= start.size() && path.subList(0, start.size()).equals(start);
  }
}
