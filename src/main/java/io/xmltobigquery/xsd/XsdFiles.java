package io.xmltobigquery.xsd;

import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.xsd.XsdFile.Kind;
import io.xmltobigquery.xsd.XsdFile.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.catalog.CatalogException;
import javax.xml.catalog.CatalogFeatures;
import javax.xml.catalog.CatalogManager;
import javax.xml.catalog.CatalogResolver;
import javax.xml.transform.Source;
import org.jspecify.annotations.Nullable;
import org.xml.sax.InputSource;

/**
 * The schema documents that were given, and those that they lead to on this machine. A reference is
 * looked up in the catalog, then at its place beside the document that has it, then among the given
 * ones by namespace. Nothing is ever looked up elsewhere.
 */
final class XsdFiles {

  /** The few names of {@code xml:}, which many schemas import from the network. */
  static final String XML_SCHEMA = "xml.xsd";

  private final Map<Path, XsdFile> files = new TreeMap<>();
  private final TreeSet<Path> given = new TreeSet<>();

  /** Those that were given by their own names. */
  private final TreeSet<Path> named = new TreeSet<>();

  private final List<String> problems = new ArrayList<>();
  private final Map<Asked, List<Path>> found = new HashMap<>();

  /** What given documents include or redefine. */
  private final Set<Path> included = new HashSet<>();

  private final int expansions;
  private final @Nullable CatalogResolver catalog;

  private XsdFiles(@Nullable CatalogResolver catalog, int expansions) {
    this.catalog = catalog;
    this.expansions = expansions;
  }

  /**
   * Reads what documents say of each other.
   *
   * @param names of files, and of folders, of which all that end in {@code .xsd} are taken
   * @param catalog an OASIS XML catalog; null for none
   * @param expansions of entities that one document may have
   * @throws XsdException if documents can't be used, all of them told
   * @throws IOException if one can't be read
   */
  static XsdFiles read(List<String> names, @Nullable String catalog, int expansions)
      throws XsdException, IOException {
    XsdFiles files =
        new XsdFiles(catalog == null ? null : resolver(catalog, expansions), expansions);
    for (String name : names) {
      files.give(name);
    }
    files.follow();
    if (!files.problems.isEmpty()) {
      throw new XsdException(files.problems);
    }
    return files;
  }

  private static CatalogResolver resolver(String name, int expansions)
      throws XsdException, IOException {
    Path path = localPath(name);
    if (path == null || !Files.isRegularFile(path)) {
      throw new XsdException("--catalog: there is no local file " + name);
    }
    List<String> problems = new ArrayList<>();
    CatalogScan.check(path, expansions, problems);
    if (!problems.isEmpty()) {
      throw new XsdException(problems);
    }
    CatalogFeatures features =
        CatalogFeatures.builder()
            .with(CatalogFeatures.Feature.RESOLVE, "continue")
            .with(CatalogFeatures.Feature.DEFER, "true")
            .build();
    try {
      return CatalogManager.catalogResolver(features, path.toUri());
    } catch (CatalogException e) {
      throw new XsdException("--catalog: " + name + " can't be used: " + e.getMessage());
    }
  }

  private static @Nullable Path localPath(String name) {
    try {
      return name.contains("://") ? null : Path.of(name).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      return null;
    }
  }

  private void give(String name) throws IOException {
    Path path = localPath(name);
    if (path == null) {
      problems.add("--xsd: " + name + " isn't a local name: copy the schema to this machine first");
    } else if (Files.isDirectory(path)) {
      List<Path> inside = inside(path);
      if (inside.isEmpty()) {
        problems.add("--xsd: there is no .xsd file in " + name);
      }
      given.addAll(inside);
    } else if (Files.isRegularFile(path)) {
      given.add(path);
      named.add(path);
    } else {
      problems.add("--xsd: there is no file or folder " + name);
    }
  }

  private static List<Path> inside(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return all.filter(
              file ->
                  file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".xsd")
                      && Files.isRegularFile(file))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Reads the given documents, and those that they refer to. */
  private void follow() throws IOException {
    Deque<Path> next = new ArrayDeque<>();
    Set<Path> seen = new HashSet<>(given);
    for (Path path : given) {
      read(path);
    }
    for (XsdFile file : List.copyOf(files.values())) {
      next.add(file.path());
      for (Reference reference : file.references()) {
        if (reference.kind() != Kind.IMPORT) {
          find(file.path(), reference).stream()
              .filter(path -> !path.equals(file.path()))
              .forEach(included::add);
        }
      }
    }
    while (!next.isEmpty()) {
      XsdFile file = files.get(next.pop());
      for (Reference reference : file == null ? List.<Reference>of() : file.references()) {
        for (Path target : find(file.path(), reference)) {
          if (seen.add(target)) {
            read(target);
            next.push(target);
          }
        }
      }
    }
  }

  private void read(Path path) throws IOException {
    XsdFile file = XsdScan.read(path, expansions, problems);
    if (file != null) {
      files.put(path, file);
    }
  }

  private record Asked(Path from, Reference reference) {}

  /** All documents, by path. */
  Collection<XsdFile> all() {
    return files.values();
  }

  /**
   * What a reference leads to: one document, or for an import all that make up its namespace.
   *
   * @return none if it leads nowhere on this machine
   */
  List<Path> find(Path from, Reference reference) {
    Asked asked = new Asked(from, reference);
    List<Path> paths = found.get(asked);
    if (paths == null) {
      // Looking may ask for others.
      paths = look(from, reference);
      found.put(asked, paths);
    }
    return paths;
  }

  private List<Path> look(Path from, Reference reference) {
    String location = reference.location();
    Path catalogued = inCatalog(from, reference);
    if (catalogued != null) {
      return List.of(catalogued);
    }
    Path beside = location == null ? null : beside(from, location);
    if (beside != null) {
      return List.of(beside);
    }
    if (reference.kind() == Kind.IMPORT) {
      return outermost(reference.namespace());
    }
    return location == null ? List.of() : byLastName(location, reference.namespace());
  }

  private @Nullable Path inCatalog(Path from, Reference reference) {
    if (catalog == null) {
      return null;
    }
    String base = from.toUri().toString();
    List<String> keys = new ArrayList<>();
    if (reference.location() != null) {
      keys.add(reference.location());
      keys.add(resolved(base, reference.location()));
    }
    if (reference.kind() == Kind.IMPORT && !reference.namespace().isEmpty()) {
      keys.add(reference.namespace());
    }
    for (String key : keys) {
      Path found = inCatalog(key);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private @Nullable Path inCatalog(String key) {
    try {
      InputSource bySystem = catalog.resolveEntity(null, key);
      Path found = bySystem == null ? null : localFile(bySystem.getSystemId());
      if (found != null) {
        return found;
      }
      Source byUri = catalog.resolve(key, null);
      return byUri == null ? null : localFile(byUri.getSystemId());
    } catch (CatalogException | IllegalArgumentException e) {
      return null; // Nothing in it fits.
    }
  }

  private static String resolved(String base, String location) {
    try {
      return new URI(base).resolve(new URI(location)).toString();
    } catch (URISyntaxException e) {
      return location;
    }
  }

  private static @Nullable Path localFile(@Nullable String uri) {
    try {
      if (uri == null || !uri.startsWith("file:")) {
        return null;
      }
      Path path = Path.of(new URI(uri)).normalize();
      return Files.isRegularFile(path) ? path : null;
    } catch (URISyntaxException | IllegalArgumentException e) {
      return null;
    }
  }

  /** The file that a location names from the document that has it, or among the given ones. */
  private @Nullable Path beside(Path from, String location) {
    for (String name : names(location)) {
      try {
        Path path = from.resolveSibling(name).normalize();
        boolean isRelative = !Path.of(name).isAbsolute();
        if ((isRelative && Files.isRegularFile(path)) || given.contains(path)) {
          return path;
        }
      } catch (InvalidPathException e) {
        // Then it names no file.
      }
    }
    return null;
  }

  /** What a location may mean as the name of a file: as a URI has it, and as people write it. */
  private static Set<String> names(String location) {
    Set<String> names = new LinkedHashSet<>();
    try {
      URI uri = new URI(location);
      if (uri.getScheme() == null || uri.getScheme().equals("file")) {
        names.add(uri.getPath() == null ? "" : uri.getPath());
      }
    } catch (URISyntaxException e) {
      names.add(location);
      names.add(location.replace('\\', '/'));
    }
    names.remove("");
    return names;
  }

  /** The documents of a namespace that no other one of it includes. */
  private List<Path> outermost(String namespace) {
    List<XsdFile> own =
        given.stream()
            .map(files::get)
            .filter(file -> file != null && file.namespace().equals(namespace))
            .toList();
    return outermost(own).stream().map(XsdFile::path).toList();
  }

  /** The one given document of that name, if there is just one. */
  private List<Path> byLastName(String location, String namespace) {
    String name = location.substring(location.lastIndexOf('/') + 1);
    List<Path> found =
        given.stream()
            .filter(path -> path.getFileName().toString().equals(name))
            .filter(
                path -> {
                  XsdFile file = files.get(path);
                  return file != null
                      && (file.namespace().isEmpty() || file.namespace().equals(namespace));
                })
            .toList();
    return found.size() == 1 ? found : List.of();
  }

  /** The given documents that together have all: what others include comes with them. */
  List<XsdFile> outermost() {
    return outermost(given.stream().map(files::get).filter(file -> file != null).toList());
  }

  private List<XsdFile> outermost(List<XsdFile> of) {
    Set<Path> reached = new HashSet<>();
    List<XsdFile> outermost = new ArrayList<>();
    for (XsdFile file : of) {
      if (!included.contains(file.path())) {
        outermost.add(file);
        reach(file, reached);
      }
    }
    // Some include each other.
    for (XsdFile file : of) {
      if (!reached.contains(file.path()) && !isChameleon(file)) {
        outermost.add(file);
        reach(file, reached);
      }
    }
    return outermost;
  }

  /** Whether it is in the namespaces of those that include it. */
  private boolean isChameleon(XsdFile file) {
    return file.namespace().isEmpty() && included.contains(file.path());
  }

  private void reach(XsdFile from, Set<Path> reached) {
    Deque<XsdFile> next = new ArrayDeque<>(List.of(from));
    reached.add(from.path());
    while (!next.isEmpty()) {
      XsdFile file = next.pop();
      for (Reference reference : file.references()) {
        if (reference.kind() == Kind.IMPORT) {
          continue;
        }
        for (Path path : find(file.path(), reference)) {
          XsdFile target = files.get(path);
          if (reached.add(path) && target != null) {
            next.push(target);
          }
        }
      }
    }
  }

  /**
   * The global elements that somebody who gives these files most likely means: those of files that
   * were given by name, else those of files that no other one imports.
   */
  List<XmlName> likelyRoots() {
    List<XsdFile> outermost = outermost();
    List<XsdFile> meant = outermost.stream().filter(file -> named.contains(file.path())).toList();
    if (meant.isEmpty()) {
      Set<Path> imported = new HashSet<>();
      for (XsdFile file : files.values()) {
        for (Reference reference : file.references()) {
          if (reference.kind() == Kind.IMPORT) {
            imported.addAll(find(file.path(), reference));
          }
        }
      }
      meant = outermost.stream().filter(file -> !imported.contains(file.path())).toList();
    }
    Set<XmlName> names = new LinkedHashSet<>();
    for (XsdFile file : meant.isEmpty() ? outermost : meant) {
      Set<Path> parts = new HashSet<>();
      reach(file, parts);
      parts.stream()
          .sorted()
          .map(files::get)
          .filter(part -> part != null)
          .flatMap(part -> part.elements().stream())
          .forEach(name -> names.add(new XmlName(file.namespace(), name.local())));
    }
    return List.copyOf(names);
  }

  /** A prefix for each namespace that documents declare one for. */
  Map<String, String> prefixes() {
    Map<String, String> prefixes = new TreeMap<>();
    for (XsdFile file : files.values()) {
      file.prefixes()
          .forEach(
              (uri, prefix) -> prefixes.merge(uri, prefix, (a, b) -> a.compareTo(b) <= 0 ? a : b));
    }
    prefixes.put(XMLConstants.XML_NS_URI, XMLConstants.XML_NS_PREFIX);
    return prefixes;
  }
}
