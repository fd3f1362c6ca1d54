package io.xmltobigquery.xsd;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.XMLConstants;
import org.apache.xerces.parsers.SAXParser;
import org.apache.xerces.parsers.XML11Configuration;
import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Looks through a catalog before the JDK reads it, which would fetch the catalogs that it leads to
 * from wherever they are.
 */
final class CatalogScan extends DefaultHandler {

  private static final String CATALOG = "urn:oasis:names:tc:entity:xmlns:xml:catalog";
  private static final Set<String> LEADING =
      Set.of("nextCatalog", "delegatePublic", "delegateSystem", "delegateURI");

  private final Path path;
  private final Deque<Path> next;
  private final List<String> problems;
  private final Deque<URI> bases = new ArrayDeque<>();
  private @Nullable Locator locator;

  private CatalogScan(Path path, Deque<Path> next, List<String> problems) {
    this.path = path;
    this.next = next;
    this.problems = problems;
    bases.push(path.toUri());
  }

  /**
   * Looks through it, and through all that it leads to.
   *
   * @param problems where each one is added that isn't on this machine, or can't be read as XML
   * @throws IOException if one can't be read
   */
  static void check(Path catalog, int limit, List<String> problems) throws IOException {
    Deque<Path> next = new ArrayDeque<>(List.of(catalog));
    Set<Path> seen = new HashSet<>();
    while (!next.isEmpty()) {
      Path path = next.pop();
      if (seen.add(path) && Files.isRegularFile(path)) {
        new CatalogScan(path, next, problems).read(limit);
      }
    }
  }

  private void read(int limit) throws IOException {
    try {
      SAXParser parser = new SAXParser(new XML11Configuration());
      parser.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
      parser.setProperty(XsdModel.SECURITY_MANAGER, XsdScan.limits(limit));
      parser.setContentHandler(this);
      parser.setErrorHandler(this);
      parser.setEntityResolver(this);
      parser.parse(new InputSource(path.toUri().toString()));
    } catch (SAXException e) {
      problems.add(here() + e.getMessage());
    }
  }

  private String here() {
    return path
        + (locator == null
            ? ": "
            : ", line " + locator.getLineNumber() + ", column " + locator.getColumnNumber() + ": ");
  }

  @Override
  public void setDocumentLocator(Locator locator) {
    this.locator = locator;
  }

  @Override
  public InputSource resolveEntity(@Nullable String publicId, @Nullable String systemId)
      throws SAXException {
    throw new SAXException("refers to the entity " + systemId + ": put its text in its place");
  }

  @Override
  public void fatalError(SAXParseException e) throws SAXException {
    throw e;
  }

  @Override
  public void startElement(String uri, String local, String qName, Attributes attributes) {
    String base = attributes.getValue(XMLConstants.XML_NS_URI, "base");
    bases.push(base == null ? bases.peek() : resolved(base));
    String catalog = attributes.getValue("", "catalog");
    if (!uri.equals(CATALOG) || !LEADING.contains(local) || catalog == null) {
      return;
    }
    URI target = resolved(catalog);
    if ("file".equals(target.getScheme()) && target.getAuthority() == null) {
      next.add(Path.of(target).normalize());
    } else {
      problems.add(
          here()
              + "leads to "
              + catalog
              + ", which isn't on this machine, and nothing is fetched: name a local catalog, or take it out");
    }
  }

  private URI resolved(String location) {
    try {
      return bases.peek().resolve(location.strip());
    } catch (IllegalArgumentException e) {
      return URI.create("none:"); // No URI leads to a file.
    }
  }

  @Override
  public void endElement(String uri, String local, String qName) {
    bases.pop();
  }
}
