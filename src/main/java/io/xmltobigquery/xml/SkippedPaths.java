package io.xmltobigquery.xml;

import io.xmltobigquery.mapping.Namespaces;
import io.xmltobigquery.rows.Coverage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a mapping leaves out, by its path. Of a document in which most is left out that is
 * most of the work, so to count once more at a known path is one look-up of a name.
 */
final class SkippedPaths {

  /** For what stands around records. */
  static final int OUTSIDE = -1;

  /** Places that are remembered: those with a count, and those on the way there. */
  private static final int MOST_PLACES = 5_000;

  /** Characters of a path that is told. */
  private static final int MAX_PATH_LENGTH = 1_000;

  private static final String TEXT = "text()";

  /** A place in the document: an element, an attribute or the text of an element. */
  static final class Place {
    private final @Nullable Place parent;
    private final String namespace;
    private final String local;
    private final boolean attribute;
    private @Nullable Place sameLocal;
    private @Nullable Map<String, Place> elements;
    private @Nullable Map<String, Place> attributes;
    private @Nullable Place text;

    /** The element inside that was skipped last. */
    private @Nullable Place last;

    /** The one that was skipped behind this: documents repeat themselves. */
    private @Nullable Place follower;

    /** Whose count it is, once there is one. */
    private int table = OUTSIDE - 1;

    private long count;

    private Place(@Nullable Place parent, String namespace, String local, boolean attribute) {
      this.parent = parent;
      this.namespace = namespace;
      this.local = local;
      this.attribute = attribute;
    }

    private void appendTo(StringBuilder path, Namespaces names) {
      if (parent == null) {
        return;
      }
      parent.appendTo(path, names);
      path.append('/');
      if (attribute) {
        path.append('@').append(names.attributeName(namespace, local));
      } else {
        path.append(local.equals(TEXT) ? TEXT : names.name(namespace, local));
      }
    }
  }

  private final Place document = new Place(null, "", "", false);

  /** Stands for all places beyond those that are remembered. */
  private final Place anyOther = new Place(null, "", "", false);

  private final List<List<Place>> counted = new ArrayList<>();
  private final long[] others;
  private int places;

  SkippedPaths(int tables) {
    others = new long[tables + 1];
    for (int i = 0; i <= tables; i++) {
      counted.add(new ArrayList<>());
    }
  }

  /** The place above the root element. */
  Place document() {
    return document;
  }

  /** The place of a child element. */
  Place child(Place parent, String namespace, String local) {
    if (parent == anyOther) {
      return anyOther;
    }
    if (parent.elements == null) {
      parent.elements = new HashMap<>();
    }
    return find(parent, parent.elements, namespace, local, false);
  }

  private Place find(
      Place parent, Map<String, Place> known, String namespace, String local, boolean attribute) {
    Place first = known.get(local);
    for (Place place = first; place != null; place = place.sameLocal) {
      if (place.namespace.equals(namespace)) {
        return place;
      }
    }
    if (places == MOST_PLACES) {
      return anyOther;
    }
    places++;
    Place place = new Place(parent, namespace, local, attribute);
    place.sameLocal = first;
    known.put(local, place);
    return place;
  }

  /**
   * Counts a child element.
   *
   * @param table the number of the table whose record it is in, or {@link #OUTSIDE}
   */
  void element(Place parent, String namespace, String local, int table) {
    // What stands for many places is followed by nothing.
    Place before = parent.last == anyOther ? null : parent.last;
    Place place = before == null ? null : before.follower;
    if (place == null || !place.local.equals(local) || !place.namespace.equals(namespace)) {
      place = child(parent, namespace, local);
      if (before != null) {
        before.follower = place;
      }
    }
    parent.last = place;
    count(place, table);
  }

  /** Counts an attribute. */
  void attribute(Place element, String namespace, String local, int table) {
    if (element == anyOther) {
      count(anyOther, table);
      return;
    }
    if (element.attributes == null) {
      element.attributes = new HashMap<>();
    }
    count(find(element, element.attributes, namespace, local, true), table);
  }

  /** Counts a text. */
  void text(Place element, int table) {
    if (element == anyOther) {
      count(anyOther, table);
      return;
    }
    if (element.text == null) {
      element.text = new Place(element, "", TEXT, false);
    }
    count(element.text, table);
  }

  private void count(Place place, int table) {
    if (place.table == table) {
      place.count++;
      return;
    }
    List<Place> its = counted.get(table + 1);
    if (place.count > 0) {
      // It is in records of one table here and of another one there: the first has it.
      place.count++;
    } else if (place == anyOther || its.size() == Coverage.MOST_PATHS) {
      others[table + 1]++;
    } else {
      its.add(place);
      place.table = table;
      place.count = 1;
    }
  }

  /**
   * What was counted for a table.
   *
   * @param table its number, or {@link #OUTSIDE}
   * @param names to write paths with
   */
  Coverage.Skipped of(int table, Namespaces names) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (Place place : counted.get(table + 1)) {
      StringBuilder path = new StringBuilder();
      place.appendTo(path, names);
      counts.merge(Fault.bounded(path.toString(), MAX_PATH_LENGTH), place.count, Long::sum);
    }
    return new Coverage.Skipped(counts, others[table + 1]);
  }
}
