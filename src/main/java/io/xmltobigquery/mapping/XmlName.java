package io.xmltobigquery.mapping;

import java.io.Serializable;

/**
 * An expanded name (Namespaces in XML 1.0, section 2.1): what names are compared by. Prefixes play
 * no part.
 *
 * <p>Both parts are interned.
 *
 * @param namespace the namespace URI, or the empty string for no namespace
 * @param local the local name
 */
public record XmlName(String namespace, String local) implements Serializable {

  public XmlName {
    namespace = namespace.intern();
    local = local.intern();
  }

  /**
   * The name in Clark notation, as mappings and messages write it: {@code {uri}local} or {@code
   * local}.
   */
  @Override
  public String toString() {
    return namespace.isEmpty() ? local : "{" + namespace + "}" + local;
  }
}
