package io.xmltobigquery.profile;

import io.xmltobigquery.mapping.XmlName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An element that may be a table's record.
 *
 * @param path from the root
 * @param element what is known of it
 * @param inside how many other candidates are around it
 * @param values how many values it and what is below have in all
 * @param columns how many paths of values it and what is below have
 * @param isDocument whether it is a root, of which a document has one only
 */
public record RecordCandidate(
    List<XmlName> path,
    ElementProfile element,
    int inside,
    long values,
    int columns,
    boolean isDocument) {

  /** A record has more values than one: what has one only is a value that repeats. */
  private static final int LEAST_COLUMNS = 2;

  /** A root that has as many values of its own may be what the document is about. */
  private static final int LEAST_COLUMNS_OF_DOCUMENT = 5;

  /** What repeats as often in one document is what the document is about. */
  private static final int MOST_REPEATED_IN_DOCUMENT = 100;

  /**
   * In characters, apart from its longest value, such as a picture. One that is longer is a
   * collection, and may become too long for a row.
   */
  private static final int LONGEST_DOCUMENT = 2_000_000;

  /** BigQuery's limit: "Quotas and limits", columns in a table, those in RECORDs included. */
  public static final int MOST_COLUMNS = 10_000;

  private static final Comparator<RecordCandidate> ORDER =
      Comparator.comparing((RecordCandidate candidate) -> !candidate.isDocument())
          .thenComparing(RecordCandidate::inside)
          .thenComparing(Comparator.comparing(RecordCandidate::values).reversed())
          .thenComparing(
              Comparator.comparingInt((RecordCandidate candidate) -> candidate.columns())
                  .reversed())
          .thenComparing(candidate -> candidate.path().toString());

  public RecordCandidate {
    path = List.copyOf(path);
  }

  /**
   * The candidates of a profile, the likeliest first. These are elements that repeat in their
   * parent and have several values, but for those that are markup within a text, or contain
   * themselves: of these, the ones that aren't inside another one come first, and of those the ones
   * that have the most values; without samples, the most columns. A root comes before all others if
   * it has values of its own and its documents are small.
   */
  public static List<RecordCandidate> of(Profile profile) {
    List<RecordCandidate> candidates = new ArrayList<>();
    for (ElementProfile root : profile.roots()) {
      List<RecordCandidate> found = new ArrayList<>();
      List<XmlName> path = List.of(root.name());
      for (ElementProfile child : root.children()) {
        find(child, new ArrayList<>(List.of(root)), 0, found);
      }
      if (isDocument(root, found)) {
        candidates.add(candidate(path, root, 0));
      }
      candidates.addAll(found);
    }
    return candidates.stream().sorted(ORDER).toList();
  }

  private static void find(
      ElementProfile element,
      List<ElementProfile> around,
      int inside,
      List<RecordCandidate> found) {
    boolean contained = around.stream().anyMatch(element::recurs);
    around.add(element);
    int insideChildren = inside;
    if (!contained && isRecord(element)) {
      List<XmlName> path = around.stream().map(ElementProfile::name).toList();
      found.add(candidate(path, element, inside));
      insideChildren++;
    }
    if (!element.isMixed()) {
      for (ElementProfile child : element.children()) {
        find(child, around, insideChildren, found);
      }
    }
    around.remove(around.size() - 1);
  }

  private static RecordCandidate candidate(List<XmlName> path, ElementProfile element, int inside) {
    return new RecordCandidate(
        path, element, inside, element.allValues(), element.columns(), path.size() == 1);
  }

  private static boolean isRecord(ElementProfile element) {
    return element.repeats()
        && !element.isMixed()
        && element.columns() >= LEAST_COLUMNS
        && !element.containsItself();
  }

  private static boolean isDocument(ElementProfile root, List<RecordCandidate> others) {
    return isLikeDocument(root)
        && others.stream().noneMatch(other -> other.inside() == 0 && isMany(other.element()))
        && root.paths() <= MOST_COLUMNS;
  }

  /** Whether a root has enough values of its own, and its documents are small enough for a row. */
  public static boolean isLikeDocument(ElementProfile root) {
    return !root.isMixed()
        && columnsOutsideOfWhatRepeats(root) >= LEAST_COLUMNS_OF_DOCUMENT
        && root.mostCharacters() - longestText(root) < LONGEST_DOCUMENT;
  }

  /** Whether an element comes as often in its parent as what a document is about. */
  public static boolean isMany(ElementProfile element) {
    return element.mostPerParent() >= MOST_REPEATED_IN_DOCUMENT;
  }

  private static long longestText(ElementProfile element) {
    long own = element.values() == null ? 0 : element.values().maxLength();
    return element.children().stream()
        .mapToLong(RecordCandidate::longestText)
        .reduce(own, Math::max);
  }

  private static int columnsOutsideOfWhatRepeats(ElementProfile element) {
    return element.ownColumns()
        + element.children().stream()
            .filter(child -> !child.repeats())
            .mapToInt(RecordCandidate::columnsOutsideOfWhatRepeats)
            .sum();
  }
}
