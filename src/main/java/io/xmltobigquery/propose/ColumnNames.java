package io.xmltobigquery.propose;

import java.text.Normalizer;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Names of the columns of one level, or of tables, made of XML names: letters, digits and
 * underscores, and no two that differ in case only, which BigQuery takes for the same.
 */
final class ColumnNames {

  /** BigQuery's limit is 300; the rest is room for what tells a name from another one. */
  private static final int MAX_LENGTH = 280;

  /** How names begin that are BigQuery's own, or ours: see its "Specify a schema". */
  private static final List<String> RESERVED =
      List.of(
          "_TABLE_",
          "_FILE",
          "_PARTITION",
          "_ROW_TIMESTAMP",
          "__ROOT__",
          "_COLIDENTIFIER",
          "_CHANGE_");

  /** In lower case. */
  private final Set<String> taken = new HashSet<>();

  /** With some that are taken. */
  static ColumnNames of(Stream<String> taken) {
    ColumnNames names = new ColumnNames();
    taken.forEach(names::isFree);
    return names;
  }

  /**
   * Takes a name that no other column has.
   *
   * @param xmlName what it is made of
   * @param suffix what comes behind it if another column has it
   */
  String take(String xmlName, String suffix) {
    String stem = plain(xmlName);
    if (isFree(stem)) {
      return stem;
    }
    String name = stem + suffix;
    for (int i = 2; !isFree(name); i++) {
      name = stem + suffix + "_" + i;
    }
    return name;
  }

  /** Takes a name, or another one if that is taken. */
  String takeOr(String xmlName, String other) {
    String stem = plain(xmlName);
    return isFree(stem) ? stem : take(other, "");
  }

  private boolean isFree(String name) {
    return taken.add(name.toLowerCase(Locale.ROOT));
  }

  /** A name of letters, digits and underscores that BigQuery doesn't reserve. */
  private static String plain(String xmlName) {
    String letters =
        Normalizer.normalize(xmlName, Normalizer.Form.NFD)
            .replaceAll("\\p{M}+", "")
            .replaceAll("[^A-Za-z0-9_]", "_");
    if (!letters.matches(".*[A-Za-z0-9].*")) {
      return "column"; // Nothing of it is left, as of a name in Greek.
    }
    String upper = letters.toUpperCase(Locale.ROOT);
    boolean needsLetter =
        Character.isDigit(letters.charAt(0)) || RESERVED.stream().anyMatch(upper::startsWith);
    String name = needsLetter ? "x" + letters : letters;
    return name.substring(0, Math.min(MAX_LENGTH, name.length()));
  }
}
