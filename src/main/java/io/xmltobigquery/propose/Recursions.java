package io.xmltobigquery.propose;

import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.profile.ElementProfile;
import io.xmltobigquery.profile.Profile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A profile in which what recurs inside of itself is one element, however deep: with all that any
 * of them has, and none of them in it. So it makes one table.
 *
 * @param paths of these elements, from the root
 */
record Recursions(Profile profile, Set<List<XmlName>> paths) {

  /** What a table of its own has makes an array otherwise. */
  private static final long MORE_THAN_ONE = 2;

  /** Of the same documents. */
  private static final MergedElements MERGE = new MergedElements(Math::max);

  /**
   * @param wanted whether the element of a path may be one table
   */
  static Recursions of(Profile profile, Predicate<List<XmlName>> wanted) {
    Set<List<XmlName>> paths = new HashSet<>();
    List<ElementProfile> roots =
        profile.roots().stream().map(root -> collapsed(root, List.of(), wanted, paths)).toList();
    return new Recursions(
        new Profile(
            profile.documents(), profile.elements(), roots, profile.prefixes(), profile.deepest()),
        paths);
  }

  private static ElementProfile collapsed(
      ElementProfile element,
      List<XmlName> around,
      Predicate<List<XmlName>> wanted,
      Set<List<XmlName>> paths) {
    List<XmlName> path = new ArrayList<>(around);
    path.add(element.name());
    ElementProfile one = element;
    if (element.containsItself() && wanted.test(path)) {
      List<ElementProfile> inside = new ArrayList<>();
      ElementProfile merged = without(element, inside);
      for (int i = 0; i < inside.size(); i++) {
        // It may have more of them in it.
        merged = MERGE.elements(merged, without(inside.get(i), inside));
      }
      // With a table's path through any depth, a load looks at attributes within texts, too.
      if (!hasMarkup(merged)) {
        paths.add(List.copyOf(path));
        one = merged.withMostPerParent(Math.max(MORE_THAN_ONE, merged.mostPerParent()));
      }
    }
    return one.withChildren(
        one.children().stream().map(child -> collapsed(child, path, wanted, paths)).toList());
  }

  /** Whether there is text with elements in it, however deep. */
  static boolean hasMarkup(ElementProfile element) {
    return element.isMixed() || element.children().stream().anyMatch(Recursions::hasMarkup);
  }

  /**
   * An element without those of the collapsed one's name inside, which its record path takes,
   * whatever they are, and without what only held them.
   */
  private static ElementProfile without(ElementProfile element, List<ElementProfile> inside) {
    return without(element, element.name(), inside);
  }

  private static ElementProfile without(
      ElementProfile element, XmlName name, List<ElementProfile> inside) {
    List<ElementProfile> children = new ArrayList<>();
    for (ElementProfile child : element.children()) {
      if (child.name().equals(name)) {
        inside.add(child);
        continue;
      }
      ElementProfile kept = without(child, name, inside);
      boolean heldOnlyThem = !child.children().isEmpty() && kept.children().isEmpty();
      if (!heldOnlyThem || child.hasText() || !child.attributes().isEmpty()) {
        children.add(kept);
      }
    }
    return element.withChildren(children);
  }
}
