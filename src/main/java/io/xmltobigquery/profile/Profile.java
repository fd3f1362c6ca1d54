package io.xmltobigquery.profile;

import io.xmltobigquery.mapping.XmlName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is in a set of documents.
 *
 * @param documents how many there are
 * @param elements how many they have in all
 * @param roots mostly one
 * @param prefixes a prefix for each namespace that documents declare one for, as many as are kept
 * @param deepest the depth up to which elements are counted by path (a root has 1), since there are
 *     too many paths; {@code Integer.MAX_VALUE} if all are
 */
public record Profile(
    long documents,
    long elements,
    List<ElementProfile> roots,
    Map<String, String> prefixes,
    int deepest) {

  public Profile {
    roots = List.copyOf(roots);
    prefixes = Map.copyOf(prefixes);
  }

  /** Whether all elements are counted by path. */
  public boolean isComplete() {
    return deepest == Integer.MAX_VALUE;
  }

  /** Paths of elements and attributes. */
  public int paths() {
    return roots.stream().mapToInt(ElementProfile::paths).sum();
  }

  /**
   * An element that is inside of another one of its kind: {@link ElementProfile#recurs}.
   *
   * @param outermost the path of the outermost one, the root first
   * @param nesting how many of them are around each other at most, itself included; 2 or more
   */
  public record Recursion(List<XmlName> outermost, int nesting) {

    public Recursion {
      outermost = List.copyOf(outermost);
    }
  }

  /** All recursions, in the order of their outermost elements. */
  public List<Recursion> recursions() {
    Map<List<XmlName>, Integer> nestings = new LinkedHashMap<>();
    roots.forEach(root -> addRecursions(root, new ArrayList<>(), nestings));
    return nestings.entrySet().stream()
        .map(entry -> new Recursion(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static void addRecursions(
      ElementProfile element, List<ElementProfile> around, Map<List<XmlName>, Integer> nestings) {
    int outermost = -1;
    int alike = 0;
    for (int i = 0; i < around.size(); i++) {
      if (element.recurs(around.get(i))) {
        outermost = alike == 0 ? i : outermost;
        alike++;
      }
    }
    around.add(element);
    if (alike > 0) {
      List<XmlName> path =
          around.subList(0, outermost + 1).stream().map(ElementProfile::name).toList();
      nestings.merge(path, alike + 1, Math::max);
    }
    element.children().forEach(child -> addRecursions(child, around, nestings));
    around.remove(around.size() - 1);
  }

  /** All namespaces that elements or attributes are in, by their URIs; "" is for none. */
  public List<NamespaceProfile> namespaces() {
    TreeMap<String, long[]> counts = new TreeMap<>();
    roots.forEach(root -> countNamespaces(root, counts));
    PathNames names = PathNames.of(this);
    return counts.entrySet().stream()
        .map(
            entry ->
                new NamespaceProfile(
                    entry.getKey(),
                    names.prefix(entry.getKey()),
                    entry.getValue()[0],
                    entry.getValue()[1]))
        .toList();
  }

  private static void countNamespaces(ElementProfile element, Map<String, long[]> counts) {
    counts.computeIfAbsent(element.name().namespace(), uri -> new long[2])[0] += element.count();
    for (AttributeProfile attribute : element.attributes()) {
      if (!attribute.name().namespace().isEmpty()) {
        counts.computeIfAbsent(attribute.name().namespace(), uri -> new long[2])[1] +=
            attribute.count();
      }
    }
    element.children().forEach(child -> countNamespaces(child, counts));
  }
}
