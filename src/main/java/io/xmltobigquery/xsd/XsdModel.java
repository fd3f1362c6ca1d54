package io.xmltobigquery.xsd;

import io.xmltobigquery.mapping.XmlName;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.xerces.impl.xs.XMLSchemaLoader;
import org.apache.xerces.xni.XNIException;
import org.apache.xerces.xni.grammars.Grammar;
import org.apache.xerces.xni.grammars.XSGrammar;
import org.apache.xerces.xni.parser.XMLErrorHandler;
import org.apache.xerces.xni.parser.XMLParseException;
import org.apache.xerces.xs.XSAttributeDeclaration;
import org.apache.xerces.xs.XSComplexTypeDefinition;
import org.apache.xerces.xs.XSConstants;
import org.apache.xerces.xs.XSElementDeclaration;
import org.apache.xerces.xs.XSModel;
import org.apache.xerces.xs.XSNamedMap;
import org.apache.xerces.xs.XSObject;
import org.apache.xerces.xs.XSObjectList;
import org.apache.xerces.xs.XSTypeDefinition;
import org.jspecify.annotations.Nullable;

/** The declarations of all documents, as Xerces has resolved them. */
final class XsdModel {

  static final String SECURITY_MANAGER = "http://apache.org/xml/properties/security-manager";

  private static final String XERCES = "http://apache.org/xml/features/";

  private static final Comparator<XSObject> BY_NAME =
      Comparator.comparing((XSObject of) -> name(of).namespace())
          .thenComparing(of -> name(of).local());

  private final XSModel model;
  private final IdentityHashMap<XSTypeDefinition, List<XSComplexTypeDefinition>> derived =
      new IdentityHashMap<>();
  private final IdentityHashMap<XSComplexTypeDefinition, Content> contents =
      new IdentityHashMap<>();
  private final Content.Reader reader = new Content.Reader(this);

  private XsdModel(XSModel model) {
    this.model = model;
    XSNamedMap types = model.getComponents(XSConstants.TYPE_DEFINITION);
    List<XSComplexTypeDefinition> complex = new ArrayList<>();
    for (int i = 0; i < types.getLength(); i++) {
      if (types.item(i) instanceof XSComplexTypeDefinition type) {
        complex.add(type);
      }
    }
    complex.sort(BY_NAME);
    for (XSComplexTypeDefinition type : complex) {
      for (XSTypeDefinition base = type.getBaseType();
          base instanceof XSComplexTypeDefinition && !isAnyType(base);
          base = base.getBaseType()) {
        derived.computeIfAbsent(base, unused -> new ArrayList<>()).add(type);
      }
    }
  }

  /**
   * Reads all documents.
   *
   * @param expansions of entities that one document may have
   * @throws XsdException if something is wrong with them, or missing
   */
  static XsdModel load(XsdFiles files, int expansions) throws XsdException, IOException {
    XsdResolver resolver = new XsdResolver(files);
    Errors errors = new Errors();
    XMLSchemaLoader loader = new XMLSchemaLoader();
    loader.setProperty(SECURITY_MANAGER, Scan.limits(expansions));
    // All documents of a namespace count, whoever comes first.
    loader.setFeature(XERCES + "honour-all-schemaLocations", true);
    loader.setLocale(Locale.ROOT);
    loader.setEntityResolver(resolver);
    loader.setErrorHandler(errors);
    Grammar grammar = null;
    try {
      grammar = loader.loadGrammar(resolver.all());
    } catch (XMLParseException e) {
      errors.add(e);
    } catch (XNIException e) {
      if (e.getException() instanceof IOException failure) {
        throw failure;
      }
      errors.problems.add(e.getMessage());
    }
    if (!errors.problems.isEmpty() && !resolver.missing().isEmpty()) {
      throw new XsdException(resolver.missing()); // The others most likely come of it.
    }
    if (!errors.problems.isEmpty() || !(grammar instanceof XSGrammar found)) {
      throw new XsdException(errors.problems);
    }
    return new XsdModel(found.toXSModel());
  }

  private static final class Errors implements XMLErrorHandler {
    final List<String> problems = new ArrayList<>();

    void add(XMLParseException e) {
      String id = e.getExpandedSystemId();
      String file =
          id == null ? "" : id.startsWith("file:") ? Path.of(URI.create(id)).toString() : id;
      String advice =
          String.valueOf(e.getMessage()).startsWith("sch-props-correct.2")
              ? " Two files declare it: pass one of the two folders or files only."
              : "";
      problems.add(
          file
              + ", line "
              + e.getLineNumber()
              + ", column "
              + e.getColumnNumber()
              + ": "
              + e.getMessage()
              + advice);
    }

    @Override
    public void warning(String domain, String key, XMLParseException e) {
      // Of a document that isn't there, only what it leaves unresolved counts.
    }

    @Override
    public void error(String domain, String key, XMLParseException e) {
      add(e);
    }

    @Override
    public void fatalError(String domain, String key, XMLParseException e) {
      add(e);
      throw e;
    }
  }

  static XmlName name(XSObject of) {
    String namespace = of.getNamespace();
    String local = of.getName();
    return new XmlName(namespace == null ? "" : namespace, local == null ? "" : local);
  }

  static boolean isAnyType(XSTypeDefinition type) {
    return XsdScan.XSD.equals(type.getNamespace()) && "anyType".equals(type.getName());
  }

  /** The global element of a name; null if there is none. */
  @Nullable XSElementDeclaration element(XmlName name) {
    return model.getElementDeclaration(name.local(), orNull(name.namespace()));
  }

  /** The global attribute of a name; null if there is none. */
  @Nullable XSAttributeDeclaration attribute(XmlName name) {
    return model.getAttributeDeclaration(name.local(), orNull(name.namespace()));
  }

  private static @Nullable String orNull(String namespace) {
    return namespace.isEmpty() ? null : namespace;
  }

  /** The elements that may stand in place of a global one, those that are abstract left out. */
  List<XSElementDeclaration> substitutes(XSElementDeclaration head) {
    XSObjectList group = model.getSubstitutionGroup(head);
    List<XSElementDeclaration> substitutes = new ArrayList<>();
    for (int i = 0; group != null && i < group.getLength(); i++) {
      XSElementDeclaration member = (XSElementDeclaration) group.item(i);
      if (!member.getAbstract()) {
        substitutes.add(member);
      }
    }
    substitutes.sort(BY_NAME);
    return substitutes;
  }

  /** The named types that an element of a type may name by {@code xsi:type}, by name. */
  List<XSComplexTypeDefinition> derived(XSTypeDefinition base) {
    return derived.getOrDefault(base, List.of());
  }

  Content content(XSComplexTypeDefinition type) {
    Content content = contents.get(type);
    if (content == null) {
      content = reader.read(type);
      contents.put(type, content);
    }
    return content;
  }

  /** All global elements that some content refers to, other elements' substitutes included. */
  Set<XmlName> referredTo() {
    Set<XmlName> names = new HashSet<>();
    Set<XSTypeDefinition> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<XSElementDeclaration> next = new ArrayDeque<>();
    XSNamedMap elements = model.getComponents(XSConstants.ELEMENT_DECLARATION);
    for (int i = 0; i < elements.getLength(); i++) {
      next.add((XSElementDeclaration) elements.item(i));
    }
    while (!next.isEmpty()) {
      XSElementDeclaration element = next.pop();
      if (!(element.getTypeDefinition() instanceof XSComplexTypeDefinition type)
          || !seen.add(type)) {
        continue;
      }
      for (Content.Child child : content(type).children().values()) {
        // One that only contains itself may still be a root.
        if (child.element().getScope() == XSConstants.SCOPE_GLOBAL && child.element() != element) {
          names.add(name(child.element()));
        }
        next.push(child.element());
      }
    }
    return names;
  }
}
