package io.xmltobigquery.propose;

import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.profile.ElementProfile;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.profile.RecordCandidate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The elements that become rows where nobody names them. A small document is a row. Of a larger
 * one, or one in which something repeats often, each of the outermost elements that repeat is; and
 * so is the document, if there is something else in it, so that nothing is left out.
 *
 * @param records paths of the rows that aren't in others
 * @param inside paths of those that are
 * @param recursive those of {@code records} that may contain others of their kind
 */
record RecordChoice(
    List<List<XmlName>> records, Set<List<XmlName>> inside, Set<List<XmlName>> recursive) {

  /** A record has more values than one: what has one only is a value that repeats. */
  private static final int LEAST_COLUMNS = 2;

  /**
   * In characters. Rows in a row are read by one worker from a file's start to its end; of longer
   * documents, only what repeats is taken.
   */
  private static final long LONGEST_READ_BY_ONE = 64_000_000;

  RecordChoice {
    records = List.copyOf(records);
    inside = Set.copyOf(inside);
    recursive = Set.copyOf(recursive);
  }

  static RecordChoice of(Profile profile) {
    Set<XmlName> documents = documents(profile);
    List<List<XmlName>> records = new ArrayList<>();
    Set<List<XmlName>> inside = new HashSet<>();
    Set<List<XmlName>> recursive = new HashSet<>();
    for (ElementProfile root : profile.roots()) {
      List<XmlName> path = List.of(root.name());
      List<Found> found = documents.contains(root.name()) ? List.of() : outermost(path, root);
      Set<List<XmlName>> paths = found.stream().map(Found::path).collect(Collectors.toSet());
      if (found.isEmpty()) {
        records.add(path);
      } else if (root.isMixed()
          || root.mostCharacters() > LONGEST_READ_BY_ONE
          || !hasMore(root, List.of(), paths)) {
        records.addAll(found.stream().map(Found::path).toList());
        found.stream()
            .filter(one -> one.element().containsItself())
            .forEach(one -> recursive.add(one.path()));
        found.forEach(one -> divide(one.path(), one.element(), inside));
      } else {
        records.add(path);
        for (Found table : tables(root, found)) {
          inside.add(table.path());
          divide(table.path(), table.element(), inside);
        }
        divide(path, root, inside);
      }
    }
    return new RecordChoice(records, inside, recursive);
  }

  /** Those that aren't in others, and where there is nothing else, whole documents. */
  static List<List<XmlName>> withoutKeys(Profile profile) {
    Set<XmlName> documents = documents(profile);
    List<List<XmlName>> records = new ArrayList<>();
    for (ElementProfile root : profile.roots()) {
      List<XmlName> path = List.of(root.name());
      List<List<XmlName>> found =
          outermost(path, root).stream()
              .filter(one -> !one.element().containsItself())
              .map(Found::path)
              .toList();
      if (found.isEmpty() || documents.contains(root.name())) {
        records.add(path);
      } else {
        records.addAll(found);
      }
    }
    return records;
  }

  private static Set<XmlName> documents(Profile profile) {
    return RecordCandidate.of(profile).stream()
        .filter(RecordCandidate::isDocument)
        .map(candidate -> candidate.element().name())
        .collect(Collectors.toSet());
  }

  /** Whether there are rows in others, of the same element or of another one. */
  boolean hasKeys() {
    return !inside.isEmpty() || !recursive.isEmpty();
  }

  /** Whether the elements of a path become rows of their own. */
  boolean isTable(List<XmlName> path) {
    return inside.contains(path) || recursive.contains(path);
  }

  /** An element that repeats. */
  private record Found(List<XmlName> path, ElementProfile element) {}

  /** The outermost elements that repeat inside of another one. */
  private static List<Found> outermost(List<XmlName> path, ElementProfile element) {
    List<Found> found = new ArrayList<>();
    element.children().forEach(child -> find(child, path, found));
    return found;
  }

  private static void find(ElementProfile element, List<XmlName> around, List<Found> found) {
    List<XmlName> path = with(around, element.name());
    if (element.repeats() && isRecord(element)) {
      found.add(new Found(path, element));
    } else if (!element.repeats() && !element.isMixed()) {
      element.children().forEach(child -> find(child, path, found));
    }
  }

  private static List<XmlName> with(List<XmlName> path, XmlName step) {
    return Stream.concat(path.stream(), Stream.of(step)).toList();
  }

  private static boolean isRecord(ElementProfile element) {
    return element.columns() >= LEAST_COLUMNS
        && !element.isMixed()
        && !(element.containsItself() && Recursions.hasMarkup(element));
  }

  /**
   * Those that are tables rather than nested in a document's row: not what stays few in something
   * like a document, nor texts with attributes, which are values of what they are in; unless there
   * is nothing else.
   */
  private static List<Found> tables(ElementProfile root, List<Found> found) {
    List<Found> records =
        some(
            found,
            one ->
                !one.element().hasText()
                    || !one.element().children().isEmpty()
                    || RecordCandidate.isMany(one.element()));
    return RecordCandidate.isLikeDocument(root)
        ? some(records, one -> RecordCandidate.isMany(one.element()))
        : records;
  }

  private static List<Found> some(List<Found> found, Predicate<Found> wanted) {
    List<Found> some = found.stream().filter(wanted).toList();
    return some.isEmpty() ? found : some;
  }

  /** Makes tables of what repeats in a row that would have too many columns. */
  private static void divide(List<XmlName> path, ElementProfile row, Set<List<XmlName>> inside) {
    if (columns(row, path, inside) > RecordCandidate.MOST_COLUMNS) {
      for (Found found : outermost(path, row)) {
        inside.add(found.path());
        divide(found.path(), found.element(), inside);
      }
    }
  }

  /** Those that an element has apart from tables in it, and RECORDs. */
  private static int columns(
      ElementProfile element, List<XmlName> path, Set<List<XmlName>> tables) {
    return 1
        + element.attributes().size()
        + element.children().stream()
            .filter(child -> !tables.contains(with(path, child.name())))
            .mapToInt(child -> columns(child, with(path, child.name()), tables))
            .sum();
  }

  /** Whether an element has values that aren't in any of the records. */
  private static boolean hasMore(
      ElementProfile element, List<XmlName> around, Set<List<XmlName>> records) {
    List<XmlName> path = with(around, element.name());
    return !records.contains(path)
        && (!Proposal.attributes(element).isEmpty()
            || element.hasText()
            || element.children().stream().anyMatch(child -> hasMore(child, path, records)));
  }
}
