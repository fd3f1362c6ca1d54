package io.xmltobigquery.xsd;

import io.xmltobigquery.xsd.XsdFile.Kind;
import io.xmltobigquery.xsd.XsdFile.Reference;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.XMLConstants;
import org.apache.xerces.xni.XMLResourceIdentifier;
import org.apache.xerces.xni.grammars.XMLDTDDescription;
import org.apache.xerces.xni.grammars.XMLGrammarDescription;
import org.apache.xerces.xni.grammars.XMLSchemaDescription;
import org.apache.xerces.xni.parser.XMLEntityResolver;
import org.apache.xerces.xni.parser.XMLInputSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens for Xerces what {@link XsdFiles} finds, and nothing else: it always answers, since Xerces
 * itself would open what it gets no answer to.
 *
 * <p>A namespace that several documents make up is answered by a document of ours that includes
 * them, and so is the question for all that there is.
 */
final class XsdResolver implements XMLEntityResolver {

  private static final String ALL = "xml-to-bigquery:all.xsd";

  private final XsdFiles files;

  /** By their system identifiers. */
  private final Map<String, String> ours = new HashMap<>();

  /** The identifiers of documents that include others. */
  private final Map<String, String> ids = new HashMap<>();

  /** What was asked for and isn't there, for people. */
  private final Set<String> missing = new TreeSet<>();

  XsdResolver(XsdFiles files) {
    this.files = files;
    ours.put(ALL, importAll());
  }

  /** A document that imports all. */
  XMLInputSource all() {
    return own(ALL);
  }

  /** What can't be found, with the place where it is asked for and what to do. */
  List<String> missing() {
    return List.copyOf(missing);
  }

  private String importAll() {
    Map<String, List<Path>> byNamespace = new TreeMap<>();
    for (XsdFile file : files.outermost()) {
      byNamespace.computeIfAbsent(file.namespace(), unused -> new ArrayList<>()).add(file.path());
    }
    // In a namespace of its own, since only so may it import what is in none.
    StringBuilder all = begin("urn:xml-to-bigquery:all");
    byNamespace.forEach(
        (namespace, paths) ->
            all.append("<xs:import")
                .append(namespace.isEmpty() ? "" : " namespace='" + escape(namespace) + "'")
                .append(" schemaLocation='")
                .append(escape(location(namespace, paths)))
                .append("'/>"));
    return all.append("</xs:schema>").toString();
  }

  /** A location for what these documents make up. */
  private String location(String namespace, List<Path> paths) {
    if (paths.size() == 1) {
      return paths.get(0).toUri().toString();
    }
    StringBuilder text = begin(namespace);
    paths.forEach(
        path ->
            text.append("<xs:include schemaLocation='")
                .append(escape(path.toUri().toString()))
                .append("'/>"));
    String document = text.append("</xs:schema>").toString();
    return ids.computeIfAbsent(
        document,
        unused -> {
          String id = "xml-to-bigquery:" + ids.size() + ".xsd";
          ours.put(id, document);
          return id;
        });
  }

  private static StringBuilder begin(String namespace) {
    return new StringBuilder("<xs:schema xmlns:xs='")
        .append(XMLConstants.W3C_XML_SCHEMA_NS_URI)
        .append('\'')
        .append(namespace.isEmpty() ? "" : " targetNamespace='" + escape(namespace) + "'")
        .append('>');
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;");
  }

  @Override
  public XMLInputSource resolveEntity(XMLResourceIdentifier id) throws IOException {
    if (id instanceof XMLSchemaDescription schema) {
      return schema(schema);
    }
    if (id instanceof XMLDTDDescription
        || (id instanceof XMLGrammarDescription grammar
            && XMLGrammarDescription.XML_DTD.equals(grammar.getGrammarType()))) {
      // A DTD of schemas says nothing of what they declare.
      return new XMLInputSource(
          id.getPublicId(), id.getExpandedSystemId(), null, new StringReader(""), null);
    }
    throw new FileNotFoundException(
        "the entity " + id.getLiteralSystemId() + ": nothing but schemas is opened");
  }

  private XMLInputSource schema(XMLSchemaDescription asked) throws IOException {
    String location = asked.getLiteralSystemId();
    if (location != null && ours.containsKey(location)) {
      return own(location);
    }
    Path from = file(asked.getBaseSystemId());
    if (from == null) {
      // Our own documents name files as they are.
      Path exact = file(location);
      if (exact == null) {
        throw new FileNotFoundException(String.valueOf(location));
      }
      return source(exact);
    }
    String namespace = asked.getTargetNamespace() == null ? "" : asked.getTargetNamespace();
    Kind kind =
        switch (asked.getContextType()) {
          case XMLSchemaDescription.CONTEXT_INCLUDE -> Kind.INCLUDE;
          case XMLSchemaDescription.CONTEXT_REDEFINE -> Kind.REDEFINE;
          default -> Kind.IMPORT;
        };
    List<Path> found =
        files.find(
            from, new Reference(kind, namespace, location == null ? null : location.strip(), 0, 0));
    if (!found.isEmpty()) {
      String id = location(namespace, found);
      return ours.containsKey(id) ? own(id) : source(found.get(0));
    }
    if (kind == Kind.IMPORT && namespace.equals(XMLConstants.XML_NS_URI)) {
      return new XMLInputSource(
          null,
          "xml-to-bigquery:" + XsdFiles.XML_SCHEMA,
          null,
          XsdResolver.class.getResourceAsStream(XsdFiles.XML_SCHEMA),
          "UTF-8");
    }
    addMissing(from, kind, namespace, location);
    throw new FileNotFoundException(String.valueOf(location));
  }

  private XMLInputSource own(String id) {
    return new XMLInputSource(null, id, null, new StringReader(ours.get(id)), null);
  }

  private static XMLInputSource source(Path path) {
    return new XMLInputSource(null, path.toUri().toString(), null);
  }

  private static @Nullable Path file(@Nullable String uri) {
    return uri == null || !uri.startsWith("file:") ? null : Path.of(URI.create(uri));
  }

  private void addMissing(Path from, Kind kind, String namespace, @Nullable String location) {
    String place =
        files.all().stream()
            .filter(file -> file.path().equals(from))
            .flatMap(file -> file.references().stream())
            .filter(reference -> reference.kind() == kind)
            .filter(reference -> reference.namespace().equals(namespace) || kind != Kind.IMPORT)
            .filter(
                reference ->
                    location == null
                        ? reference.location() == null
                        : location.strip().equals(reference.location()))
            .findFirst()
            .map(reference -> ", line " + reference.line() + ", column " + reference.column())
            .orElse("");
    String what =
        kind == Kind.IMPORT
            ? "imports "
                + (namespace.isEmpty() ? "what is in no namespace" : "the namespace " + namespace)
            : (kind == Kind.INCLUDE ? "includes " : "redefines ") + location;
    String where = kind == Kind.IMPORT && location != null ? ", from " + location : "";
    missing.add(
        from
            + place
            + ": "
            + what
            + where
            + ", and no given file is it: pass that schema with --xsd, too, or a catalog that names it with --catalog; nothing is fetched");
  }
}
