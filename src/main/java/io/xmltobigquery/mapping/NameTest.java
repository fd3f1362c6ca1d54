package io.xmltobigquery.mapping;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which names a step of a path takes.
 *
 * @param namespaces the namespace URIs, empty for none; null for any namespace and for none
 * @param local the local name, or null for any
 */
public record NameTest(@Nullable List<String> namespaces, @Nullable String local)
    implements Serializable {

  public NameTest {
    namespaces = namespaces == null ? null : List.copyOf(namespaces);
  }

  static NameTest of(XmlName name) {
    return new NameTest(List.of(name.namespace()), name.local());
  }

  /** Whether it takes a name. */
  public boolean matches(String namespace, String localName) {
    return (local == null || local.equals(localName))
        && (namespaces == null || namespaces.contains(namespace));
  }

  /** The only name that it takes, or null if it takes several. */
  @Nullable XmlName single() {
    return local == null || namespaces == null || namespaces.size() != 1
        ? null
        : new XmlName(namespaces.get(0), local);
  }

  @Override
  public String toString() {
    XmlName single = single();
    if (single != null) {
      return single.toString();
    }
    String name = local == null ? "*" : local;
    return namespaces == null
        ? local == null ? "*" : "*:" + name
        : "{" + String.join(" or ", namespaces) + "}" + name;
  }
}
