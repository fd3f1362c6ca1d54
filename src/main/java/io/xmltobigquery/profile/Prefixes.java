package io.xmltobigquery.profile;

import java.util.Comparator;
import java.util.NavigableMap;

/**
 * One prefix for each namespace, of those that documents declare: the shortest, and of equally long
 * ones the first by the alphabet. So it doesn't depend on the order of the documents; nor do the
 * namespaces that are kept if there are too many, which are the first ones by the alphabet.
 */
final class Prefixes {

  /** Namespaces. */
  static final int MOST = 1_000;

  private static final Comparator<String> ORDER =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  private Prefixes() {}

  /** Adds a declaration. */
  static void add(NavigableMap<String, String> prefixes, String namespace, String prefix) {
    prefixes.merge(
        namespace, prefix, (known, other) -> ORDER.compare(known, other) <= 0 ? known : other);
    if (prefixes.size() > MOST) {
      prefixes.pollLastEntry();
    }
  }
}
