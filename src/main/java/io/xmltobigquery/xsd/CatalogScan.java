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
import org.xml.sax.Attributes;

/**
 * Looks through a catalog before the JDK reads it, which would fetch the catalogs that it leads to
 * from wherever they are.
 */
final class CatalogScan extends Scan {

  private static final String CATALOG = "urn:oasis:names:tc:entity:xmlns:xml:catalog";
  private static final Set<String> LEADING =
      Set.of("nextCatalog", "delegatePublic", "delegateSystem", "delegateURI");

  private final Deque<Path> next;
  private final Deque<URI> bases = new ArrayDeque<>();

  private CatalogScan(Path path, Deque<Path> next, List<String> problems) {
    super(path, problems);
    this.next = next;
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
