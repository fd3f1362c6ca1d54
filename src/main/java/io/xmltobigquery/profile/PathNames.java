package io.xmltobigquery.profile;

import io.xmltobigquery.mapping.XmlName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Paths as people read them: {@code /Batch/Invoice/cbc:ID/@scheme}. An element has a prefix if it
 * is in another namespace than the one around it; {@code {}} if it is in none, and that one is. A
 * root has one if there is another root of its local name.
 */
public final class PathNames {

  private final Map<String, String> prefixes;

  /** Local names that several roots have. */
  private final Set<String> ambiguousRoots;

  private PathNames(Map<String, String> prefixes, Set<String> ambiguousRoots) {
    this.prefixes = prefixes;
    this.ambiguousRoots = ambiguousRoots;
  }

  /** Names for the paths of a profile: no two namespaces get the same prefix. */
  public static PathNames of(Profile profile) {
    Set<String> namespaces = new TreeSet<>();
    profile.roots().forEach(root -> addNamespaces(root, namespaces));
    Map<String, String> prefixes = new HashMap<>(Map.of("", ""));
    Set<String> taken = new HashSet<>();
    for (String namespace : namespaces) {
      String wanted = profile.prefixes().getOrDefault(namespace, "ns");
      String prefix = wanted;
      for (int i = 2; !taken.add(prefix); i++) {
        prefix = wanted + i;
      }
      prefixes.put(namespace, prefix);
    }
    Set<String> roots = new HashSet<>();
    Set<String> ambiguousRoots = new HashSet<>();
    for (ElementProfile root : profile.roots()) {
      if (!roots.add(root.name().local())) {
        ambiguousRoots.add(root.name().local());
      }
    }
    return new PathNames(prefixes, ambiguousRoots);
  }

  private static void addNamespaces(ElementProfile element, Set<String> namespaces) {
    add(element.name(), namespaces);
    element.attributes().forEach(attribute -> add(attribute.name(), namespaces));
    element.children().forEach(child -> addNamespaces(child, namespaces));
  }

  private static void add(XmlName name, Set<String> namespaces) {
    if (!name.namespace().isEmpty()) {
      namespaces.add(name.namespace());
    }
  }

  /** The prefix of a namespace in the profile; empty for no namespace. */
  public String prefix(String namespace) {
    return prefixes.get(namespace);
  }

  /**
   * The last step of an element's path.
   *
   * @param parent null for a root
   */
  public String element(XmlName name, @Nullable XmlName parent) {
    boolean isClear =
        parent == null
            ? !ambiguousRoots.contains(name.local())
            : parent.namespace().equals(name.namespace());
    if (isClear) {
      return name.local();
    }
    return name.namespace().isEmpty() ? "{}" + name.local() : prefixed(name);
  }

  /** The last step of an attribute's path. */
  public String attribute(XmlName name) {
    return "@" + (name.namespace().isEmpty() ? name.local() : prefixed(name));
  }

  private String prefixed(XmlName name) {
    return prefix(name.namespace()) + ":" + name.local();
  }

  /** A path from the root. */
  public String path(List<XmlName> names) {
    StringBuilder path = new StringBuilder();
    XmlName parent = null;
    for (XmlName name : names) {
      path.append('/').append(element(name, parent));
      parent = name;
    }
    return path.toString();
  }
}
