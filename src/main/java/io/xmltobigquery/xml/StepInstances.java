package io.xmltobigquery.xml;

import io.xmltobigquery.rows.ElementNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that the values of a row, or of one RECORD, come from one element wherever the paths
 * of several columns lead through elements of one place: the street of one address and the city of
 * another are no address.
 */
final class StepInstances {

  /** The elements of such places that are open, over all groups. */
  private ElementNode[] open = new ElementNode[8];

  /** Whether one of them has given a value. */
  private boolean[] hasGiven = new boolean[8];

  private int count;

  /** The first that is open within the current group. */
  private int first;

  /** For the row and each RECORD that is open in it: the places that values came from. */
  private final List<Set<ElementNode>> taken = new ArrayList<>();

  private int group = -1;

  /** Begins a row. */
  void clear() {
    count = 0;
    first = 0;
    while (group >= 0) {
      clearGroup();
    }
    openGroup();
  }

  /**
   * Begins a RECORD within the row.
   *
   * @return what {@link #closeGroup} wants
   */
  int openGroup() {
    int outer = first;
    first = count;
    if (++group == taken.size()) {
      taken.add(Collections.newSetFromMap(new IdentityHashMap<>()));
    }
    return outer;
  }

  void closeGroup(int outer) {
    clearGroup();
    first = outer;
  }

  private void clearGroup() {
    Set<ElementNode> places = taken.get(group--);
    if (!places.isEmpty()) {
      places.clear();
    }
  }

  /** Enters an element at a place that several columns take values from. */
  void enter(ElementNode place) {
    if (count == open.length) {
      open = Arrays.copyOf(open, 2 * count);
      hasGiven = Arrays.copyOf(hasGiven, 2 * count);
    }
    open[count] = place;
    hasGiven[count++] = false;
  }

  void leave() {
    count--;
  }

  /**
   * Notes that a column takes a value from where the reader is.
   *
   * @return the place of which an earlier element has given a value already, or null
   */
  @Nullable ElementNode take() {
    for (int i = first; i < count; i++) {
      if (!hasGiven[i]) {
        if (!taken.get(group).add(open[i])) {
          return open[i];
        }
        hasGiven[i] = true;
      }
    }
    return null;
  }
}
