package io.xmltobigquery.mapping;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import org.jspecify.annotations.Nullable;

/**
 * What the prefixes of a mapping's paths stand for; the empty one is that of bare element names.
 */
final class Namespaces {

  /** Stands for any namespace, and for none. */
  private static final List<String> ANY = List.of("*");

  private final Map<String, List<String>> byPrefix = new HashMap<>();

  Namespaces() {
    byPrefix.put("", List.of(""));
    byPrefix.put("xml", List.of(XMLConstants.XML_NS_URI));
    byPrefix.put("xsi", List.of(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI));
  }

  private Namespaces(Namespaces others) {
    byPrefix.putAll(others.byPrefix);
  }

  /** With another meaning of bare element names. */
  Namespaces withDefault(String namespace) {
    Namespaces changed = new Namespaces(this);
    changed.byPrefix.put("", List.of(namespace));
    return changed;
  }

  void declare(String prefix, List<String> uris) {
    byPrefix.put(prefix, uris.contains("*") ? ANY : uris);
  }

  boolean declaresDefault() {
    return !byPrefix.get("").equals(List.of(""));
  }

  boolean knows(String prefix) {
    return byPrefix.containsKey(prefix);
  }

  /** Names of a local name, or of any if it is null, in the namespaces of a prefix. */
  NameTest test(String prefix, @Nullable String local) {
    List<String> uris = byPrefix.get(prefix);
    return new NameTest(uris.equals(ANY) ? null : uris, local);
  }
}
