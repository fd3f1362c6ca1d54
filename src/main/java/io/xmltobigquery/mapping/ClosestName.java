package io.xmltobigquery.mapping;

import static java.util.Comparator.comparingInt;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that a mistyped one was probably meant to be. */
public final class ClosestName {

  /** A name with more changes is another one. */
  public static final int MOST_EDITS = 2;

  private ClosestName() {}

  static Optional<String> to(String mistyped, Collection<String> names) {
    return names.stream()
        .filter(name -> edits(mistyped, name) <= MOST_EDITS)
        .min(comparingInt(name -> edits(mistyped, name)));
  }

  /**
   * The Levenshtein distance, ignoring case.
   *
   * @return any number above {@link #MOST_EDITS} if there are more
   */
  public static int edits(String from, String to) {
    // A long text is no typing error, and isn't worth the time.
    if (Math.abs(from.length() - to.length()) > MOST_EDITS) {
      return Integer.MAX_VALUE;
    }
    String a = from.toLowerCase(Locale.ROOT);
    String b = to.toLowerCase(Locale.ROOT);
    int same = 0;
    while (same < a.length() && same < b.length() && a.charAt(same) == b.charAt(same)) {
      same++;
    }
    a = a.substring(same);
    b = b.substring(same);
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
