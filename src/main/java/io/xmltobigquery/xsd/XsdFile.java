package io.xmltobigquery.xsd;

import io.xmltobigquery.mapping.XmlName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one schema document says of others, and of itself.
 *
 * @param path absolute and normalized
 * @param namespace its target namespace; empty for none
 * @param references to other documents, in order
 * @param elements its global elements, in its target namespace
 * @param prefixes those that it declares for namespaces, by the namespace
 */
record XsdFile(
    Path path,
    String namespace,
    List<Reference> references,
    List<XmlName> elements,
    Map<String, String> prefixes) {

  XsdFile {
    references = List.copyOf(references);
    elements = List.copyOf(elements);
    prefixes = Map.copyOf(prefixes);
  }

  /** How another document is referred to. */
  enum Kind {
    INCLUDE,
    REDEFINE,
    IMPORT
  }

  /**
   * A reference.
   *
   * @param namespace of what is referred to; for an include, that of the document itself
   * @param location as it is written; null if there is none
   */
  record Reference(Kind kind, String namespace, @Nullable String location, int line, int column) {}
}
