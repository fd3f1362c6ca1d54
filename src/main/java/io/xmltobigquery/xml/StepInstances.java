package io.xmltobigquery.xml;

import io.xmltobigquery.rows.ElementNode;
import java.util.Arrays;
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

  /**
   * By the place's number: the last group that took a value from there. A place belongs to one
   * RECORD of the mapping, so groups in one another have different places.
   */
  private long[] takenBy = new long[8];

  private long groups;

  /** The row or RECORD value whose values are read, as a number that no other one has. */
  private long group;

  /** Begins a row. */
  void clear() {
    count = 0;
    first = 0;
    group = ++groups;
  }

  /** What {@link #closeGroup} wants to know of the group around a RECORD value. */
  long group() {
    return group;
  }

  /**
   * Begins a RECORD value within the row.
   *
   * @return what {@link #closeGroup} wants
   */
  int openGroup() {
    int outer = first;
    first = count;
    group = ++groups;
    return outer;
  }

  void closeGroup(long outerGroup, int outerFirst) {
    group = outerGroup;
    first = outerFirst;
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

  /** Whether the reader is in an element at such a place. */
  boolean isInside() {
    return count > first;
  }

  /**
   * Notes that a column takes a value from where the reader is.
   *
   * @return the place of which an earlier element has given a value already, or null
   */
  @Nullable ElementNode take() {
    for (int i = first; i < count; i++) {
      if (!hasGiven[i]) {
        int place = open[i].sharedPlace();
        if (place >= takenBy.length) {
          takenBy = Arrays.copyOf(takenBy, 2 * place);
        }
        if (takenBy[place] == group) {
          return open[i];
        }
        takenBy[place] = group;
        hasGiven[i] = true;
      }
    }
    return null;
  }
}
