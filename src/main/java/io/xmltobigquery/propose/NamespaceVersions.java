package io.xmltobigquery.propose;

import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.profile.AttributeProfile;
import io.xmltobigquery.profile.ElementProfile;
import io.xmltobigquery.profile.NamespaceProfile;
import io.xmltobigquery.profile.Profile;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A profile in which documents of several versions are of one. Many standards have the version in
 * their namespace, and elements of the same names in it: tables of each version alone would be of
 * little use.
 *
 * @param profile with the namespace of the last version in place of the others
 * @param uris by that namespace, all versions of it, itself first; nothing for other namespaces
 */
record NamespaceVersions(Profile profile, Map<String, List<String>> uris) {

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** Of different documents. */
  private static final MergedElements MERGE = new MergedElements(Long::sum);

  static NamespaceVersions of(Profile profile) {
    Map<String, String> last = new HashMap<>();
    Map<String, List<String>> uris = new TreeMap<>();
    for (Set<String> family : families(profile.roots())) {
      List<String> newestFirst = family.stream().sorted(NamespaceVersions::compareNumbers).toList();
      uris.put(newestFirst.get(0), newestFirst);
      newestFirst.forEach(uri -> last.put(uri, newestFirst.get(0)));
    }
    if (uris.isEmpty()) {
      return new NamespaceVersions(profile, Map.of());
    }
    Map<XmlName, ElementProfile> merged = new LinkedHashMap<>();
    profile.roots().stream()
        .map(root -> renamed(root, last))
        .forEach(root -> merged.merge(root.name(), root, MERGE::elements));
    return new NamespaceVersions(
        new Profile(
            profile.documents(),
            profile.elements(),
            List.copyOf(merged.values()),
            profile.prefixes(),
            profile.deepest()),
        uris);
  }

  /** The name by which an element is known that may be of another version. */
  XmlName last(XmlName name) {
    return uris.entrySet().stream()
        .filter(entry -> entry.getValue().contains(name.namespace()))
        .findFirst()
        .map(entry -> new XmlName(entry.getKey(), name.local()))
        .orElse(name);
  }

  /** Namespaces that are versions of each other, of which no document has two. */
  private static List<Set<String>> families(List<ElementProfile> roots) {
    List<Set<String>> families = new ArrayList<>();
    for (List<ElementProfile> group : alike(roots)) {
      for (NamespaceProfile.Versions versions : versions(group)) {
        Set<String> family = new TreeSet<>(versions.uris());
        // What other documents have in common with these.
        for (Set<String> other : List.copyOf(families)) {
          if (!Collections.disjoint(other, family)) {
            family.addAll(other);
            families.remove(other);
          }
        }
        families.add(family);
      }
    }
    List<Set<String>> used = roots.stream().map(NamespaceVersions::namespaces).toList();
    families.removeIf(family -> used.stream().anyMatch(some -> hasSeveral(some, family)));
    return families;
  }

  private static boolean hasSeveral(Set<String> namespaces, Collection<String> of) {
    return of.stream().filter(namespaces::contains).count() > 1;
  }

  /** Roots that are most likely of versions of one standard: two or more in each list. */
  private static List<List<ElementProfile>> alike(List<ElementProfile> roots) {
    List<List<ElementProfile>> groups = new ArrayList<>();
    for (ElementProfile root : roots) {
      groups.stream()
          .filter(group -> group.stream().anyMatch(other -> isAlike(root, other)))
          .findFirst()
          .ifPresentOrElse(
              group -> group.add(root), () -> groups.add(new ArrayList<>(List.of(root))));
    }
    return groups.stream().filter(group -> group.size() > 1).toList();
  }

  /** Whether they have one name, and at least half of the one's children are the other's, too. */
  private static boolean isAlike(ElementProfile one, ElementProfile other) {
    if (!one.name().local().equals(other.name().local())
        || versions(List.of(one, other)).stream()
            .noneMatch(versions -> versions.uris().contains(one.name().namespace()))) {
      return false;
    }
    Set<String> ones = childNames(one);
    Set<String> others = childNames(other);
    long common = ones.stream().filter(others::contains).count();
    return 2 * common >= Math.min(ones.size(), others.size());
  }

  private static Set<String> childNames(ElementProfile element) {
    return element.children().stream()
        .map(child -> child.name().local())
        .collect(Collectors.toSet());
  }

  /** Those of which no root has two, since these would be different things. */
  private static List<NamespaceProfile.Versions> versions(List<ElementProfile> roots) {
    List<Set<String>> used = roots.stream().map(NamespaceVersions::namespaces).toList();
    Set<String> all = new TreeSet<>();
    used.forEach(all::addAll);
    List<NamespaceProfile> profiles =
        all.stream().map(uri -> new NamespaceProfile(uri, "", 0, 0)).toList();
    return NamespaceProfile.versions(profiles).stream()
        .filter(
            versions ->
                used.stream().noneMatch(namespaces -> hasSeveral(namespaces, versions.uris())))
        .toList();
  }

  private static Set<String> namespaces(ElementProfile root) {
    Set<String> namespaces = new HashSet<>();
    addNamespaces(root, namespaces);
    return namespaces;
  }

  private static void addNamespaces(ElementProfile element, Set<String> namespaces) {
    namespaces.add(element.name().namespace());
    element.attributes().forEach(attribute -> namespaces.add(attribute.name().namespace()));
    element.children().forEach(child -> addNamespaces(child, namespaces));
  }

  private static ElementProfile renamed(ElementProfile element, Map<String, String> last) {
    return element
        .withName(renamed(element.name(), last))
        .withAttributes(
            element.attributes().stream()
                .map(
                    attribute ->
                        new AttributeProfile(
                            renamed(attribute.name(), last),
                            attribute.count(),
                            attribute.files(),
                            attribute.values(),
                            attribute.declared()))
                .toList())
        .withChildren(element.children().stream().map(child -> renamed(child, last)).toList());
  }

  private static XmlName renamed(XmlName name, Map<String, String> last) {
    return new XmlName(last.getOrDefault(name.namespace(), name.namespace()), name.local());
  }

  /** Negative if the first of two that differ in numbers only has the higher ones. */
  private static int compareNumbers(String one, String other) {
    Iterator<BigInteger> others = numbers(other).iterator();
    return numbers(one).stream()
        .map(number -> others.next().compareTo(number))
        .filter(difference -> difference != 0)
        .findFirst()
        .orElse(0);
  }

  private static List<BigInteger> numbers(String uri) {
    return NUMBER.matcher(uri).results().map(found -> new BigInteger(found.group())).toList();
  }
}
