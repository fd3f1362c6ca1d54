package io.xmltobigquery.flow.held;

import java.util.List;

/**
 * Records of a part that are held, and that nobody gets any more: they lie in one that turned out
 * to be invalid. Numbers count from the part's start.
 *
 * @param first the first one's number
 * @param last the last one's number
 */
record Dropped(long first, long last) {

  /**
   * Whether a record is one of these.
   *
   * @param dropped ascending, and apart from each other
   */
  static boolean contain(List<Dropped> dropped, long record) {
    int low = 0;
    int high = dropped.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (dropped.get(middle).last < record) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return low < dropped.size() && dropped.get(low).first <= record;
  }
}
