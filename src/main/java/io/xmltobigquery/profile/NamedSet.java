package io.xmltobigquery.profile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The elements or the attributes of one parent, by their names. They mostly come in the same order
 * again, so that a look at the one that came next the last time finds the name.
 */
final class NamedSet<T extends Named> {

  private final Map<String, T> byLocalName = new HashMap<>(4);
  private final List<T> all = new ArrayList<>(2);

  /** The place of the one that likely comes next. */
  private int likely;

  /** Tells that the parent begins again. */
  void begin() {
    likely = 0;
  }

  /** The one of a name, or null if there is none yet. */
  @Nullable T find(String namespace, String localName) {
    int first = likely;
    if (first < all.size() && all.get(first).isNamed(namespace, localName)) {
      likely = first + 1;
      return all.get(first);
    }
    // What repeats.
    if (first > 0 && all.get(first - 1).isNamed(namespace, localName)) {
      return all.get(first - 1);
    }
    return lookUp(namespace, localName);
  }

  @SuppressWarnings("unchecked") // All are added here.
  private @Nullable T lookUp(String namespace, String localName) {
    T found = byLocalName.get(localName);
    while (found != null && !found.isNamed(namespace, localName)) {
      found = (T) found.alike();
    }
    return found;
  }

  void add(T added) {
    added.setAlike(byLocalName.put(added.localName(), added));
    all.add(added);
  }

  List<T> all() {
    return all;
  }

  void clear() {
    byLocalName.clear();
    all.clear();
    likely = 0;
  }
}
