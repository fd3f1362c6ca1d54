package io.xmltobigquery.propose;

import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.profile.AttributeProfile;
import io.xmltobigquery.profile.ElementProfile;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.profile.ValueKind;
import io.xmltobigquery.profile.ValueProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A profile in which what recurs inside of itself is one element, however deep: with all that any
 * of them has, and none of them in it. So it makes one table.
 *
 * @param paths of these elements, from the root
 */
record Recursions(Profile profile, Set<List<XmlName>> paths) {

  /** What a table of its own has makes an array otherwise. */
  private static final long MORE_THAN_ONE = 2;

  private static final Comparator<AttributeProfile> BY_NAME =
      Comparator.comparing((AttributeProfile attribute) -> attribute.name().local())
          .thenComparing(attribute -> attribute.name().namespace());

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
        merged = merged(merged, without(inside.get(i), inside));
      }
      // With a table's path through any depth, a load looks at attributes within texts, too.
      if (!hasMarkup(merged)) {
        paths.add(List.copyOf(path));
        one = copy(merged, Math.max(MORE_THAN_ONE, merged.mostPerParent()), merged.children());
      }
    }
    return withChildren(
        one, one.children().stream().map(child -> collapsed(child, path, wanted, paths)).toList());
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
    return withChildren(element, children);
  }

  private static ElementProfile merged(ElementProfile one, ElementProfile other) {
    return new ElementProfile(
        one.name(),
        one.count() + other.count(),
        one.parents() + other.parents(),
        Math.max(one.mostPerParent(), other.mostPerParent()),
        Math.max(one.files(), other.files()),
        one.empty() + other.empty(),
        one.text() + other.text(),
        one.nested() + other.nested(),
        one.mixed() + other.mixed(),
        one.nil() + other.nil(),
        Math.max(one.mostCharacters(), other.mostCharacters()),
        merged(one.values(), other.values()),
        mergedAttributes(one.attributes(), other.attributes()),
        mergedChildren(one.children(), other.children()),
        one.below() + other.below(),
        one.declared() == null ? other.declared() : one.declared());
  }

  private static List<ElementProfile> mergedChildren(
      List<ElementProfile> some, List<ElementProfile> more) {
    List<ElementProfile> all = new ArrayList<>(some);
    for (ElementProfile child : more) {
      int same = -1;
      for (int i = 0; i < all.size(); i++) {
        same = all.get(i).name().equals(child.name()) ? i : same;
      }
      if (same < 0) {
        all.add(child);
      } else {
        all.set(same, merged(all.get(same), child));
      }
    }
    return all;
  }

  private static List<AttributeProfile> mergedAttributes(
      List<AttributeProfile> some, List<AttributeProfile> more) {
    List<AttributeProfile> all = new ArrayList<>(some);
    for (AttributeProfile attribute : more) {
      int same = -1;
      for (int i = 0; i < all.size(); i++) {
        same = all.get(i).name().equals(attribute.name()) ? i : same;
      }
      if (same < 0) {
        all.add(attribute);
      } else {
        AttributeProfile other = all.get(same);
        all.set(
            same,
            new AttributeProfile(
                other.name(),
                other.count() + attribute.count(),
                Math.max(other.files(), attribute.files()),
                merged(other.values(), attribute.values()),
                other.declared() == null ? attribute.declared() : other.declared()));
      }
    }
    all.sort(BY_NAME);
    return all;
  }

  private static @Nullable ValueProfile merged(
      @Nullable ValueProfile one, @Nullable ValueProfile other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    Map<ValueKind, Long> kinds = new HashMap<>(one.kinds());
    other.kinds().forEach((kind, count) -> kinds.merge(kind, count, Long::sum));
    Set<String> examples = new TreeSet<>(one.examples());
    examples.addAll(other.examples());
    return new ValueProfile(
        kinds,
        Math.min(one.minLength(), other.minLength()),
        Math.max(one.maxLength(), other.maxLength()),
        Math.max(one.integerDigits(), other.integerDigits()),
        Math.max(one.fractionDigits(), other.fractionDigits()),
        Math.max(one.distinct(), other.distinct()),
        examples.stream().limit(ValueProfile.MOST_EXAMPLES).toList());
  }

  private static ElementProfile withChildren(
      ElementProfile element, List<ElementProfile> children) {
    return copy(element, element.mostPerParent(), children);
  }

  private static ElementProfile copy(
      ElementProfile element, long mostPerParent, List<ElementProfile> children) {
    return new ElementProfile(
        element.name(),
        element.count(),
        element.parents(),
        mostPerParent,
        element.files(),
        element.empty(),
        element.text(),
        element.nested(),
        element.mixed(),
        element.nil(),
        element.mostCharacters(),
        element.values(),
        element.attributes(),
        children,
        element.below(),
        element.declared());
  }
}
