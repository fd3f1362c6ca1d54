package io.xmltobigquery.xsd;

import io.xmltobigquery.mapping.XmlName;
import io.xmltobigquery.profile.AttributeProfile;
import io.xmltobigquery.profile.Declaration;
import io.xmltobigquery.profile.DeclaredValue;
import io.xmltobigquery.profile.ElementProfile;
import io.xmltobigquery.profile.ValueProfile;
import io.xmltobigquery.values.ColumnType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.XMLConstants;
import org.apache.xerces.xs.XSAnnotation;
import org.apache.xerces.xs.XSAttributeDeclaration;
import org.apache.xerces.xs.XSAttributeUse;
import org.apache.xerces.xs.XSComplexTypeDefinition;
import org.apache.xerces.xs.XSConstants;
import org.apache.xerces.xs.XSElementDeclaration;
import org.apache.xerces.xs.XSObjectList;
import org.apache.xerces.xs.XSSimpleTypeDefinition;
import org.apache.xerces.xs.XSTypeDefinition;
import org.apache.xerces.xs.XSValue;
import org.jspecify.annotations.Nullable;

/**
 * Elements with what the schema declares of each. Level by level, since deep below, types have
 * thousands of elements that no file has: when there are too many columns, what isn't taken apart
 * yet stays XML.
 */
final class DeclaredTree {

  /** What is taken of what the schema has and no sample does. */
  enum Unseen {
    NONE,
    /** Values, in elements that samples have. */
    LEAVES,
    ALL
  }

  /** With more, which of them a file will have is anybody's guess. */
  private static final int MOST_DERIVED = 8;

  private static final ValueProfile NO_VALUES =
      new ValueProfile(Map.of(), 0, 0, 0, 0, 0, List.of());

  private static final XmlName XSI_TYPE =
      new XmlName(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI, "type");

  private static final Comparator<XmlName> BY_NAME =
      Comparator.comparing(XmlName::local).thenComparing(XmlName::namespace);

  private final XsdModel model;
  private final Unseen unseen;
  private final int maxColumns;

  /** Paths that are taken apart first, and nothing beside them: local names. */
  private final List<List<String>> wanted;

  private final IdentityHashMap<XSSimpleTypeDefinition, DeclaredValue> values =
      new IdentityHashMap<>();
  private final Deque<Node> next = new ArrayDeque<>();
  private int columns;

  DeclaredTree(XsdModel model, Unseen unseen, int maxColumns, List<List<String>> wanted) {
    this.model = model;
    this.unseen = unseen;
    this.maxColumns = maxColumns;
    this.wanted = wanted;
  }

  /** One path. */
  private static final class Node {
    final XmlName name;
    final @Nullable Node parent;
    final @Nullable ElementProfile seen;
    final @Nullable XSElementDeclaration declared;
    final boolean repeats;
    final boolean optional;
    final List<Node> children = new ArrayList<>();
    List<AttributeProfile> attributes = List.of();
    @Nullable DeclaredValue value;
    boolean mixed;
    int members;

    /** Whether the schema allows it by a wildcard, and knows no more of it. */
    boolean anything;

    @Nullable String whole;
    String note = "";

    Node(
        XmlName name,
        @Nullable Node parent,
        @Nullable ElementProfile seen,
        @Nullable XSElementDeclaration declared,
        boolean repeats,
        boolean optional) {
      this.name = name;
      this.parent = parent;
      this.seen = seen;
      this.declared = declared;
      this.repeats = repeats;
      this.optional = optional;
    }

    XSTypeDefinition type() {
      return declared.getTypeDefinition();
    }

    /** How many elements around it, itself included, have a type. */
    int nesting(XSTypeDefinition type) {
      int nesting = 0;
      for (Node at = this; at != null; at = at.parent) {
        nesting += at.declared != null && at.type() == type ? 1 : 0;
      }
      return nesting;
    }

    List<String> path() {
      List<String> path = parent == null ? new ArrayList<>() : parent.path();
      path.add(name.local());
      return path;
    }
  }

  /**
   * Samples with what is declared of them. A root that the schema hasn't is declared as missing.
   */
  List<ElementProfile> of(List<ElementProfile> samples) {
    List<Node> roots = new ArrayList<>();
    for (ElementProfile root : samples) {
      columns += root.paths();
      roots.add(new Node(root.name(), null, root, model.element(root.name()), false, false));
    }
    return grow(roots);
  }

  /** What the schema has below some global elements. */
  List<ElementProfile> of(Set<XmlName> roots) {
    List<Node> nodes = new ArrayList<>();
    for (XmlName root : roots) {
      nodes.add(new Node(root, null, null, model.element(root), false, false));
    }
    return grow(nodes);
  }

  private List<ElementProfile> grow(List<Node> roots) {
    columns += roots.size();
    next.addAll(roots);
    while (!next.isEmpty()) {
      expand(next.remove());
    }
    return roots.stream().map(this::profile).toList();
  }

  private void expand(Node node) {
    if (node.declared == null) {
      expandMissing(node);
    } else if (node.type() instanceof XSSimpleTypeDefinition simple) {
      node.value = value(simple);
      node.attributes = attributes(node, Map.of(), false);
      addOtherSeen(node, new LinkedHashMap<>(), false);
    } else {
      expandComplex(node, (XSComplexTypeDefinition) node.type());
    }
    next.addAll(node.children);
  }

  private void expandMissing(Node node) {
    node.attributes =
        node.seen.attributes().stream()
            .map(attribute -> node.anything ? attribute : with(attribute, Declaration.missing()))
            .toList();
    for (ElementProfile child : node.seen.children()) {
      Node added = new Node(child.name(), node, child, null, false, true);
      added.anything = node.anything;
      node.children.add(added);
    }
  }

  private void expandComplex(Node node, XSComplexTypeDefinition type) {
    boolean isAny = XsdModel.isAnyType(type);
    List<XSComplexTypeDefinition> types = new ArrayList<>(List.of(type));
    List<XSComplexTypeDefinition> derived = isAny ? List.of() : model.derived(type);
    if (node.seen == null) {
      if (derived.size() <= MOST_DERIVED) {
        types.addAll(derived);
      } else if (type.getAbstract()) {
        node.whole = "its type is abstract, and " + derived.size() + " types are derived from it";
      } else {
        node.note =
            derived.size()
                + " types are derived from its type: what they add a load rejects, unless it ignores what is unknown";
      }
    } else {
      types.addAll(seenTypes(node.seen, type, derived));
    }
    Map<XmlName, Content.Child> declared = new LinkedHashMap<>();
    Map<XmlName, XSAttributeUse> uses = new TreeMap<>(BY_NAME);
    boolean isOpen = false;
    boolean hasOpenAttributes = false;
    for (XSComplexTypeDefinition one : types) {
      Content content = model.content(one);
      content.children().forEach((name, child) -> declared.merge(name, child, DeclaredTree::both));
      isOpen |= content.isOpen();
      hasOpenAttributes |= one.getAttributeWildcard() != null;
      XSObjectList list = one.getAttributeUses();
      for (int i = 0; i < list.getLength(); i++) {
        XSAttributeUse use = (XSAttributeUse) list.item(i);
        uses.putIfAbsent(XsdModel.name(use.getAttrDeclaration()), use);
      }
      node.mixed |= one.getContentType() == XSComplexTypeDefinition.CONTENTTYPE_MIXED && !isAny;
      if (one.getContentType() == XSComplexTypeDefinition.CONTENTTYPE_SIMPLE) {
        node.value = node.value == null ? value(one.getSimpleType()) : node.value;
      }
    }
    node.members =
        uses.size() + declared.size() + (isOpen ? 1 : 0) + (hasOpenAttributes || isAny ? 1 : 0);
    if (node.seen == null && node.whole == null) {
      boolean hasTextBeside = node.mixed || (node.value != null && !uses.isEmpty());
      int inside =
          uses.size() + declared.size() + (hasTextBeside ? 1 : 0) + (types.size() > 1 ? 1 : 0);
      node.whole = whole(node, type, declared, inside, isOpen || isAny);
    }
    if (node.whole != null && node.parent == null) {
      // A table's row is taken apart in any case: what is in it is a column.
      node.mixed = true;
      node.whole = null;
    }
    if (node.whole != null) {
      return;
    }
    if (isOpen || hasOpenAttributes) {
      node.note =
          "other "
              + (isOpen ? hasOpenAttributes ? "elements and attributes" : "elements" : "attributes")
              + " may come here: a load rejects them, unless it ignores what is unknown";
    }
    if (node.mixed && node.seen != null && isTakenApart(node.seen)) {
      node.mixed = false;
      node.note = "by the schema it may have text beside its elements: a load rejects that";
    }
    boolean isOneOfSeveral = node.seen == null && types.size() > 1;
    node.attributes = attributes(node, uses, hasOpenAttributes || isAny);
    if (isOneOfSeveral) {
      node.attributes = withXsiType(node.attributes);
    }
    if (node.seen == null && node.mixed) {
      return; // It is a text with markup: what is in it isn't taken apart.
    }
    Map<XmlName, ElementProfile> seen = new LinkedHashMap<>();
    if (node.seen != null) {
      node.seen.children().forEach(child -> seen.put(child.name(), child));
    }
    declared.forEach((name, child) -> addChild(node, name, child, seen.remove(name)));
    addOtherSeen(node, seen, isOpen || isAny);
  }

  private static Content.Child both(Content.Child a, Content.Child b) {
    return new Content.Child(
        a.element(), Math.min(a.least(), b.least()), Math.max(a.most(), b.most()));
  }

  /** Those derived types that have something which samples have and the type itself hasn't. */
  private List<XSComplexTypeDefinition> seenTypes(
      ElementProfile seen, XSComplexTypeDefinition type, List<XSComplexTypeDefinition> derived) {
    Set<XSComplexTypeDefinition> found = new LinkedHashSet<>();
    if (derived.isEmpty()) {
      return List.of();
    }
    Set<XmlName> own = model.content(type).children().keySet();
    for (ElementProfile child : seen.children()) {
      if (!own.contains(child.name())) {
        derived.stream()
            .filter(one -> model.content(one).children().containsKey(child.name()))
            .findFirst()
            .ifPresent(found::add);
      }
    }
    Set<XmlName> ownAttributes = attributeNames(type);
    for (AttributeProfile attribute : seen.attributes()) {
      if (!ownAttributes.contains(attribute.name())) {
        derived.stream()
            .filter(one -> attributeNames(one).contains(attribute.name()))
            .findFirst()
            .ifPresent(found::add);
      }
    }
    if (found.isEmpty()
        && seen.text() > 0
        && type.getContentType() != XSComplexTypeDefinition.CONTENTTYPE_SIMPLE) {
      derived.stream()
          .filter(one -> one.getContentType() == XSComplexTypeDefinition.CONTENTTYPE_SIMPLE)
          .findFirst()
          .ifPresent(found::add);
    }
    return List.copyOf(found);
  }

  private static Set<XmlName> attributeNames(XSComplexTypeDefinition type) {
    Set<XmlName> names = new LinkedHashSet<>();
    XSObjectList list = type.getAttributeUses();
    for (int i = 0; i < list.getLength(); i++) {
      names.add(XsdModel.name(((XSAttributeUse) list.item(i)).getAttrDeclaration()));
    }
    return names;
  }

  /** Whether samples have elements in it, and never a text, though there may be one. */
  private static boolean isTakenApart(ElementProfile seen) {
    return seen.nested() > 0 && seen.text() + seen.mixed() == 0;
  }

  /** Why an element that no sample has isn't taken apart; null if it is. */
  private @Nullable String whole(
      Node node,
      XSComplexTypeDefinition type,
      Map<XmlName, Content.Child> declared,
      int members,
      boolean isOpen) {
    if (declared.isEmpty() && isOpen) {
      return "any elements may be in it";
    }
    if (node.nesting(type) > 1 && !XsdModel.isAnyType(type) && !declared.isEmpty()) {
      return "it may contain itself";
    }
    if (isForced(node)) {
      columns += members;
      return null;
    }
    if (!wanted.isEmpty() && !isInsideWanted(node)) {
      return "it is beside what --record names";
    }
    if (columns + members > maxColumns) {
      return "there would be more than " + maxColumns + " columns; see --maxColumns";
    }
    columns += members;
    return null;
  }

  private boolean isForced(Node node) {
    List<String> path = node.path();
    return wanted.stream()
        .anyMatch(
            record -> record.size() >= path.size() && record.subList(0, path.size()).equals(path));
  }

  private boolean isInsideWanted(Node node) {
    List<String> path = node.path();
    return wanted.stream()
        .anyMatch(
            record ->
                record.size() <= path.size() && path.subList(0, record.size()).equals(record));
  }

  private void addChild(
      Node node, XmlName name, Content.Child child, @Nullable ElementProfile seen) {
    boolean repeats = child.most() > 1;
    Node added = new Node(name, node, seen, child.element(), repeats, child.least() == 0);
    if (seen != null || unseen == Unseen.ALL) {
      node.children.add(added);
    } else if (node.nesting(node.type()) > 1 && node.nesting(added.type()) > 0) {
      // Samples nest as deep as this one; the next file may nest deeper.
      added.whole = "it may contain itself, deeper than in the samples";
      node.children.add(added);
      columns++;
    } else if (unseen == Unseen.LEAVES && isLeaf(added.type()) && columns < maxColumns) {
      node.children.add(added);
      columns += added.type() instanceof XSComplexTypeDefinition ? 2 : 1; // And its text.
    }
  }

  private static boolean isLeaf(XSTypeDefinition type) {
    return !(type instanceof XSComplexTypeDefinition complex)
        || complex.getContentType() == XSComplexTypeDefinition.CONTENTTYPE_SIMPLE;
  }

  /** Children that samples have, and the type hasn't: of any name, where it is open. */
  private void addOtherSeen(Node node, Map<XmlName, ElementProfile> others, boolean isOpen) {
    if (node.seen == null) {
      return;
    }
    if (node.type() instanceof XSSimpleTypeDefinition) {
      node.seen.children().forEach(child -> others.put(child.name(), child));
    }
    others.forEach(
        (name, child) -> {
          XSElementDeclaration global = isOpen ? model.element(name) : null;
          Node added = new Node(name, node, child, global, false, true);
          added.anything = isOpen && global == null;
          node.children.add(added);
        });
  }

  private List<AttributeProfile> attributes(
      Node node, Map<XmlName, XSAttributeUse> uses, boolean isOpen) {
    Map<XmlName, AttributeProfile> attributes = new TreeMap<>(BY_NAME);
    if (node.seen != null) {
      for (AttributeProfile attribute : node.seen.attributes()) {
        XSAttributeUse use = uses.get(attribute.name());
        attributes.put(
            attribute.name(),
            use != null ? with(attribute, declaration(use)) : other(attribute, isOpen));
      }
    }
    uses.forEach(
        (name, use) -> {
          if (unseen == Unseen.ALL || (unseen == Unseen.LEAVES && columns < maxColumns)) {
            if (attributes.putIfAbsent(
                        name, new AttributeProfile(name, 0, 0, NO_VALUES, declaration(use)))
                    == null
                && unseen == Unseen.LEAVES) {
              columns++;
            }
          }
        });
    return List.copyOf(attributes.values());
  }

  /** An attribute that samples have and the type hasn't by name. */
  private AttributeProfile other(AttributeProfile attribute, boolean isOpen) {
    String namespace = attribute.name().namespace();
    if (namespace.equals(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI)
        || namespace.equals(XMLConstants.XML_NS_URI)) {
      return attribute; // Any element may have it.
    }
    XSAttributeDeclaration global = isOpen ? model.attribute(attribute.name()) : null;
    if (global != null) {
      return with(
          attribute,
          declaration(
              value(global.getTypeDefinition()), true, Documentation.of(global.getAnnotation())));
    }
    return isOpen ? attribute : with(attribute, Declaration.missing());
  }

  private static List<AttributeProfile> withXsiType(List<AttributeProfile> attributes) {
    List<AttributeProfile> all = new ArrayList<>(attributes);
    Declaration declared =
        declaration(
            new DeclaredValue(ColumnType.STRING, true, false, "xs:QName", List.of()), true, "");
    all.add(new AttributeProfile(XSI_TYPE, 0, 0, NO_VALUES, declared));
    return all;
  }

  private static AttributeProfile with(AttributeProfile attribute, Declaration declared) {
    return new AttributeProfile(
        attribute.name(), attribute.count(), attribute.files(), attribute.values(), declared);
  }

  private Declaration declaration(XSAttributeUse use) {
    XSAttributeDeclaration attribute = use.getAttrDeclaration();
    String words = Documentation.of(attribute.getAnnotation());
    boolean isHere = use.getConstraintType() != XSConstants.VC_NONE;
    short constraint = isHere ? use.getConstraintType() : attribute.getConstraintType();
    XSValue value = isHere ? use.getValueConstraintValue() : attribute.getValueConstraintValue();
    return declaration(
        value(attribute.getTypeDefinition()),
        !use.getRequired(),
        withConstraint(words, constraint, value));
  }

  private static Declaration declaration(
      DeclaredValue value, boolean optional, String documentation) {
    return new Declaration(false, optional, false, value, 0, null, "", documentation);
  }

  /** A default isn't filled in, since the file doesn't say it: it is told. */
  private static String withConstraint(String words, short constraint, @Nullable XSValue value) {
    if (constraint == XSConstants.VC_NONE || value == null) {
      return words;
    }
    String told =
        (constraint == XSConstants.VC_FIXED ? "Always " : "If it is missing: ")
            + value.getNormalizedValue()
            + ".";
    return words.isEmpty() ? told : words + " " + told;
  }

  private DeclaredValue value(XSSimpleTypeDefinition type) {
    return values.computeIfAbsent(type, SimpleTypes::of);
  }

  private ElementProfile profile(Node node) {
    List<ElementProfile> children = node.children.stream().map(this::profile).toList();
    ElementProfile seen = node.seen;
    if (seen == null) {
      return new ElementProfile(
          node.name,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          0,
          null,
          node.attributes,
          children,
          0,
          declaration(node));
    }
    return new ElementProfile(
        node.name,
        seen.count(),
        seen.parents(),
        seen.mostPerParent(),
        seen.files(),
        seen.empty(),
        seen.text(),
        seen.nested(),
        seen.mixed(),
        seen.nil(),
        seen.mostCharacters(),
        seen.values(),
        node.attributes,
        children,
        seen.below(),
        declaration(node));
  }

  private static @Nullable Declaration declaration(Node node) {
    XSElementDeclaration declared = node.declared;
    if (declared == null) {
      return node.anything ? null : Declaration.missing();
    }
    String words = Documentation.of(declared.getAnnotation());
    if (words.isEmpty() && !XsdScan.XSD.equals(node.type().getNamespace())) {
      words = typeWords(node.type());
    }
    return new Declaration(
        node.repeats,
        node.optional,
        node.mixed,
        node.value,
        node.members,
        node.whole,
        node.note,
        withConstraint(words, declared.getConstraintType(), declared.getValueConstraintValue()));
  }

  private static String typeWords(XSTypeDefinition type) {
    XSObjectList annotations =
        type instanceof XSComplexTypeDefinition complex
            ? complex.getAnnotations()
            : ((XSSimpleTypeDefinition) type).getAnnotations();
    return annotations.getLength() == 0 ? "" : Documentation.of((XSAnnotation) annotations.item(0));
  }
}
