package io.xmltobigquery.mapping;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.XMLConstants;
import org.jspecify.annotations.Nullable;

/**
 * What the prefixes of a mapping's paths stand for; the empty one is that of bare element names.
 *
 * @param byPrefix the namespace URIs, of which {@code ""} stands for none and {@code *} for any
 */
public record Namespaces(Map<String, List<String>> byPrefix) implements Serializable {

  /** Those that every mapping knows. */
  static final Namespaces KNOWN =
      new Namespaces(
          Map.of(
              "", List.of(""),
              "xml", List.of(XMLConstants.XML_NS_URI),
              "xsi", List.of(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI)));

  /** Stands for any namespace, and for none. */
  private static final String ANY = "*";

  public Namespaces {
    byPrefix =
        byPrefix.entrySet().stream()
            .collect(toUnmodifiableMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
  }

  /** With more prefixes, or with another meaning of those that there are. */
  Namespaces with(Map<String, List<String>> declared) {
    Map<String, List<String>> all = new HashMap<>(byPrefix);
    all.putAll(declared);
    return new Namespaces(all);
  }

  boolean declaresDefault() {
    return !urisOf("").equals(List.of(""));
  }

  boolean knows(String prefix) {
    return byPrefix.containsKey(prefix);
  }

  /** Names of a local name, or of any if it is null, in the namespaces of a prefix. */
  NameTest test(String prefix, @Nullable String local) {
    List<String> uris = urisOf(prefix);
    return new NameTest(uris.contains(ANY) ? null : uris, local);
  }

  /**
   * An element's name as the mapping would write it: bare, or with the first prefix that stands for
   * its namespace, or else {@code Q{uri}local}. It doesn't depend on the prefixes of a document.
   */
  public String name(String uri, String local) {
    return name(uri, local, byPrefix);
  }

  /** The same for an attribute, which is bare if it has no namespace, and only then. */
  public String attributeName(String uri, String local) {
    if (uri.isEmpty()) {
      return local;
    }
    Map<String, List<String>> prefixes = new HashMap<>(byPrefix);
    prefixes.remove("");
    return name(uri, local, prefixes);
  }

  private static String name(String uri, String local, Map<String, List<String>> prefixes) {
    for (Map.Entry<String, List<String>> prefix : new TreeMap<>(prefixes).entrySet()) {
      if (prefix.getValue().contains(uri) || prefix.getValue().contains(ANY)) {
        return prefix.getKey().isEmpty() ? local : prefix.getKey() + ":" + local;
      }
    }
    return "Q{" + uri + "}" + local;
  }

  private List<String> urisOf(String prefix) {
    List<String> uris = byPrefix.get(prefix);
    if (uris == null) {
      throw new IllegalArgumentException(prefix + " is no prefix of the mapping");
    }
    return uris;
  }
}
