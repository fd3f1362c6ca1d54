package io.xmltobigquery.xsd;

import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.xsd.XsdFile.Kind;
import io.xmltobigquery.xsd.XsdFile.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.XMLConstants;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;

/**
 * Reads a schema document for its references, and for what only XSD 1.1 has, which Xerces would
 * answer by a rule of XSD 1.0 that it breaks, or not at all.
 */
final class XsdScan extends Scan {

  static final String XSD = XMLConstants.W3C_XML_SCHEMA_NS_URI;

  private static final String VERSIONING = "http://www.w3.org/2007/XMLSchema-versioning";

  private static final Set<String> NEW_ELEMENTS =
      Set.of(
          "alternative",
          "assert",
          "assertion",
          "defaultOpenContent",
          "explicitTimezone",
          "openContent",
          "override");

  private static final Set<String> NEW_ATTRIBUTES =
      Set.of(
          "defaultAttributes",
          "defaultAttributesApply",
          "inheritable",
          "notNamespace",
          "notQName",
          "xpathDefaultNamespace");

  private static final Set<String> NEW_TYPES =
      Set.of("anyAtomicType", "dateTimeStamp", "dayTimeDuration", "error", "yearMonthDuration");

  private static final Set<String> TYPE_ATTRIBUTES =
      Set.of("base", "itemType", "memberTypes", "type");

  private static final String ADVICE =
      " is of XSD 1.1, which isn't read: give the schema in XSD 1.0, or propose from samples without --xsd";

  private final Map<String, Deque<String>> scopes = new HashMap<>();
  private final Map<String, String> prefixes = new HashMap<>();
  private final List<Reference> references = new ArrayList<>();
  private final List<XmlName> elements = new ArrayList<>();
  private String namespace = "";
  private boolean isSchema;
  private int depth;

  /** The depth of the annotation that is open; 0 for none. What is in it isn't of the schema. */
  private int annotation;

  private XsdScan(Path path, List<String> problems) {
    super(path, problems);
  }

  /**
   * Reads a document.
   *
   * @param problems where what is wrong is added
   * @param limit on expansions of entities
   * @return null if it can't be used
   * @throws IOException if it can't be read
   */
  static @Nullable XsdFile read(Path path, int limit, List<String> problems) throws IOException {
    XsdScan scan = new XsdScan(path, problems);
    int before = problems.size();
    scan.read(limit);
    return problems.size() > before || !scan.isSchema
        ? null
        : new XsdFile(path, scan.namespace, scan.references, scan.elements, scan.prefixes);
  }

  @Override
  public void startPrefixMapping(String prefix, String uri) {
    scopes.computeIfAbsent(prefix, unused -> new ArrayDeque<>()).push(uri);
    if (!prefix.isEmpty() && !uri.isEmpty()) {
      prefixes.putIfAbsent(uri, prefix);
    }
  }

  @Override
  public void endPrefixMapping(String prefix) {
    scopes.get(prefix).pop();
  }

  @Override
  public void startElement(String uri, String local, String qName, Attributes attributes) {
    depth++;
    if (depth == 1) {
      startRoot(uri, local, attributes);
    }
    if (annotation > 0 || !uri.equals(XSD)) {
      return;
    }
    if (local.equals("annotation")) {
      annotation = depth;
      return;
    }
    findNews(local, attributes);
    if (depth == 2) {
      startGlobal(local, attributes);
    }
  }

  private void startRoot(String uri, String local, Attributes attributes) {
    isSchema = uri.equals(XSD) && local.equals("schema");
    if (!isSchema) {
      problems.add(
          here()
              + "isn't an XML Schema: its root is <"
              + local
              + ">, and not <schema> of "
              + XSD
              + "; samples are given without --xsd");
      return;
    }
    namespace = orEmpty(attributes.getValue("", "targetNamespace"));
  }

  private void startGlobal(String local, Attributes attributes) {
    String location = attributes.getValue("", "schemaLocation");
    switch (local) {
      case "element" -> {
        String name = attributes.getValue("", "name");
        if (name != null) {
          elements.add(new XmlName(namespace, name.strip()));
        }
      }
      case "include" -> addReference(Kind.INCLUDE, namespace, location);
      case "redefine" -> addReference(Kind.REDEFINE, namespace, location);
      case "import" ->
          addReference(Kind.IMPORT, orEmpty(attributes.getValue("", "namespace")), location);
      default -> {
        // A type, a group or another component.
      }
    }
  }

  private void addReference(Kind kind, String of, @Nullable String location) {
    references.add(
        new Reference(
            kind,
            of,
            location == null ? null : location.strip(),
            locator == null ? 0 : locator.getLineNumber(),
            locator == null ? 0 : locator.getColumnNumber()));
  }

  private void findNews(String local, Attributes attributes) {
    if (NEW_ELEMENTS.contains(local)) {
      problems.add(here() + "xs:" + local + ADVICE);
    }
    for (int i = 0; i < attributes.getLength(); i++) {
      String name = attributes.getLocalName(i);
      if (attributes.getURI(i).equals(VERSIONING)) {
        if (!attributes.getValue(i).strip().equals("1.0")) {
          problems.add(here() + "vc:" + name + "=\"" + attributes.getValue(i) + "\"" + ADVICE);
        }
      } else if (attributes.getURI(i).isEmpty() && NEW_ATTRIBUTES.contains(name)) {
        problems.add(here() + "the attribute " + name + " of xs:" + local + ADVICE);
      } else if (attributes.getURI(i).isEmpty() && TYPE_ATTRIBUTES.contains(name)) {
        for (String type : attributes.getValue(i).strip().split("\\s+", -1)) {
          findNewType(type);
        }
      }
    }
  }

  private void findNewType(String type) {
    int colon = type.indexOf(':');
    Deque<String> scope = scopes.get(colon < 0 ? "" : type.substring(0, colon));
    String local = type.substring(colon + 1);
    if (scope != null && XSD.equals(scope.peek()) && NEW_TYPES.contains(local)) {
      problems.add(here() + "the type xs:" + local + ADVICE);
    }
  }

  @Override
  public void endElement(String uri, String local, String qName) {
    if (annotation == depth) {
      annotation = 0;
    }
    depth--;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text.strip();
  }
}
