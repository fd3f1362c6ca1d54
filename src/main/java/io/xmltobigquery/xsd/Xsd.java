package io.xmltobigquery.xsd;

import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.profile.ElementProfile;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.xsd.DeclaredTree.Unseen;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.xerces.xs.XSElementDeclaration;
import org.jspecify.annotations.Nullable;

/** A set of XML Schemas (XSD 1.0): what documents may have. Nothing is fetched for it. */
public final class Xsd {

  /** More than any schema has that isn't made to take long; XSD files hardly have entities. */
  private static final int MOST_EXPANSIONS = 1_000;

  private static final int MOST_NAMES_TOLD = 20;

  private final XsdFiles files;
  private final XsdModel model;

  private Xsd(XsdFiles files, XsdModel model) {
    this.files = files;
    this.model = model;
  }

  /**
   * Reads schemas.
   *
   * @param names local files and folders; of a folder, all files in it and below that end in {@code
   *     .xsd}
   * @param catalog a local OASIS XML catalog; null for none
   * @throws XsdException if they can't be used: all that is wrong, such as a document that is
   *     missing, or XSD 1.1
   * @throws IOException if a file can't be read
   */
  public static Xsd read(List<String> names, @Nullable String catalog)
      throws XsdException, IOException {
    return read(names, catalog, MOST_EXPANSIONS);
  }

  static Xsd read(List<String> names, @Nullable String catalog, int expansions)
      throws XsdException, IOException {
    XsdFiles files = XsdFiles.read(names, catalog, expansions);
    return new Xsd(files, XsdModel.load(files, expansions));
  }

  /**
   * Samples with what the schema says of each path.
   *
   * @param withLeaves whether attributes and elements with values are added that the schema has and
   *     no sample, in elements that samples have
   * @param maxColumns up to how many paths these are
   * @throws XsdException if the schema has no root of the samples
   */
  public Profile declare(Profile samples, boolean withLeaves, int maxColumns) throws XsdException {
    if (!samples.roots().isEmpty()
        && samples.roots().stream().allMatch(root -> model.element(root.name()) == null)) {
      throw new XsdException(
          "--xsd: the schema has no element "
              + samples.roots().get(0).name()
              + ", which is the root of samples"
              + sameLocalName(samples.roots().get(0).name())
              + ": pass the schema of these files");
    }
    DeclaredTree tree =
        new DeclaredTree(model, withLeaves ? Unseen.LEAVES : Unseen.NONE, maxColumns, List.of());
    Map<String, String> prefixes = new TreeMap<>(files.prefixes());
    prefixes.putAll(samples.prefixes());
    return new Profile(
        samples.documents(),
        samples.elements(),
        tree.of(samples.roots()),
        prefixes,
        samples.deepest());
  }

  private String sameLocalName(XmlName wanted) {
    Set<String> others = new LinkedHashSet<>();
    files.all().stream()
        .flatMap(file -> file.elements().stream())
        .filter(name -> name.local().equals(wanted.local()))
        .forEach(name -> others.add(name.toString()));
    return others.isEmpty() ? "" : "; it has " + told(others);
  }

  /**
   * What documents may have, without samples.
   *
   * @param roots their root elements, as {@code name} or <code>{uri}name</code>; empty to find them
   * @param records paths of the elements that become rows; empty if that isn't decided
   * @param maxColumns when there are as many paths, what lies deeper stays XML
   * @throws XsdException if a root isn't there, or which ones are meant isn't clear
   */
  public Profile outline(List<String> roots, List<String> records, int maxColumns)
      throws XsdException {
    Set<XmlName> chosen = roots.isEmpty() ? likelyRoots() : named(roots);
    DeclaredTree tree =
        new DeclaredTree(
            model, Unseen.ALL, maxColumns, records.stream().map(Xsd::localNames).toList());
    List<ElementProfile> elements = tree.of(chosen);
    return new Profile(0, 0, elements, files.prefixes(), Integer.MAX_VALUE);
  }

  /** The steps of a path without their prefixes. */
  private static List<String> localNames(String path) {
    List<String> names = new ArrayList<>();
    for (String step : path.split("/", -1)) {
      if (!step.isEmpty()) {
        names.add(step.substring(Math.max(step.lastIndexOf(':'), step.lastIndexOf('}')) + 1));
      }
    }
    return names;
  }

  private Set<XmlName> named(List<String> roots) throws XsdException {
    Set<XmlName> found = new LinkedHashSet<>();
    for (String root : roots) {
      Set<XmlName> fitting = new LinkedHashSet<>();
      for (XsdFile file : files.all()) {
        for (XmlName name : file.elements()) {
          if (name.toString().equals(root) || name.local().equals(root)) {
            fitting.add(name);
          }
        }
      }
      fitting.removeIf(name -> model.element(name) == null);
      if (fitting.size() != 1) {
        throw new XsdException(
            fitting.isEmpty()
                ? "--root: the schema has no global element " + root
                : "--root: " + root + " may be " + told(names(fitting)) + "; write one of these");
      }
      found.addAll(fitting);
    }
    return found;
  }

  /** The one element that no other one may contain. */
  private Set<XmlName> likelyRoots() throws XsdException {
    Set<XmlName> possible =
        files.likelyRoots().stream()
            .filter(
                name -> {
                  XSElementDeclaration element = model.element(name);
                  return element != null && !element.getAbstract();
                })
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Set<XmlName> outermost = new LinkedHashSet<>(possible);
    outermost.removeAll(model.referredTo());
    Set<XmlName> chosen = outermost.isEmpty() ? possible : outermost;
    if (chosen.isEmpty()) {
      throw new XsdException("--xsd: the schema has no global element, so that no document has it");
    }
    if (chosen.size() > 1) {
      throw new XsdException(
          "--root is missing: the schema has "
              + chosen.size()
              + " elements that may be roots: "
              + told(names(chosen))
              + "; name the one of your files, such as --root="
              + chosen.iterator().next());
    }
    return chosen;
  }

  private static Set<String> names(Set<XmlName> names) {
    return names.stream()
        .map(XmlName::toString)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static String told(Set<String> names) {
    return names.stream().limit(MOST_NAMES_TOLD).collect(Collectors.joining(", "))
        + (names.size() > MOST_NAMES_TOLD ? ", …" : "");
  }
}
