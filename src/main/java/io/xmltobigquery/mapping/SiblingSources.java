package io.xmltobigquery.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The sources of the columns of one level, which must not get into each other's way: what a RECORD
 * column's element holds belongs to that RECORD alone, and an element whose text is read holds no
 * elements.
 */
final class SiblingSources {

  private record Sibling(DocumentObject field, Source source, boolean isRecord) {

    List<XmlName> elements() {
      return source.elements();
    }

    boolean isText() {
      return !isRecord && source.attribute() == null;
    }
  }

  private final List<Sibling> siblings = new ArrayList<>();

  void add(DocumentObject field, Source source, boolean isRecord) {
    siblings.add(new Sibling(field, source, isRecord));
  }

  /** Reports at most one problem per column: the first that it has. */
  void check() {
    for (int i = 0; i < siblings.size(); i++) {
      DocumentObject field = siblings.get(i).field;
      conflict(i).ifPresent(message -> field.problem("source", message));
    }
  }

  private Optional<String> conflict(int index) {
    Sibling column = siblings.get(index);
    for (int i = 0; i < siblings.size(); i++) {
      Sibling other = siblings.get(i);
      if (i == index) {
        continue;
      }
      if (other.isRecord && column.isRecord && column.elements().equals(other.elements())) {
        // Told once, at the later of the two.
        if (i < index) {
          return Optional.of(
              "%s is already the source of the RECORD %s: make them one RECORD"
                  .formatted(path(column), pathAndPlace(other)));
        }
      } else if (other.isRecord && startsWith(column.elements(), other.elements())) {
        return Optional.of(
            "%s is in the element of the RECORD %s: move it into the RECORD"
                .formatted(path(column), pathAndPlace(other)));
      } else if (column.isText() && isInside(other.elements(), column.elements())) {
        return Optional.of(
            ("%s is read as text, but %s reads what is inside the same element; mixed content isn't"
                    + " supported: remove one of the two")
                .formatted(path(column), pathAndPlace(other)));
      }
    }
    return Optional.empty();
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
