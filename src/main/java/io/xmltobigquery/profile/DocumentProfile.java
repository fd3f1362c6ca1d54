package io.xmltobigquery.profile;

import io.xmltobigquery.xml.ContentVisitor;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.StartTag;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.XMLConstants;

/**
 * The profile of one document after the other, while it is read. What was seen of a document counts
 * when {@link Profiler#add} takes it; what isn't taken before the next one begins is forgotten.
 */
public final class DocumentProfile implements ContentVisitor {

  /** Longer namespaces are cut off here, in UTF-16 code units. */
  private static final int NAMESPACE_LENGTH = 500;

  private static final String SCHEMA_INSTANCE = XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI;

  /** The parser lets no document be deeper. */
  static final int DEEPEST = Limits.MAX_DEPTH + 1;

  private final int mostPaths;
  private PathTree tree;

  /** The elements that are open and counted by path, by depth; the document first. */
  private final ElementStatistics[] open = new ElementStatistics[DEEPEST + 1];

  private final ValueText text = new ValueText();
  private final ValueText attributeText = new ValueText();
  private final TreeMap<String, String> prefixes = new TreeMap<>();
  private int depth;
  private long elements;

  DocumentProfile(int mostPaths) {
    this.mostPaths = mostPaths;
    this.tree = newTree(mostPaths);
  }

  static PathTree newTree(int mostPaths) {
    return new PathTree(mostPaths, DEEPEST);
  }

  /** Forgets the last document, and is ready for another one. */
  public void begin() {
    if (elements > 0) {
      // The names of a document that wasn't taken don't count against the limit.
      tree = newTree(mostPaths);
    }
    elements = 0;
    prefixes.clear();
    depth = 0;
    text.clear();
    open[0] = tree.document();
  }

  @Override
  public void startElement(StartTag tag) {
    elements++;
    declare(tag);
    ElementStatistics parent = open[depth];
    depth++;
    if (depth > tree.deepest() + 1) {
      countBelow();
      return;
    }
    endText(parent);
    parent.setHasChildren();
    if (depth > tree.deepest()) {
      countBelow();
      return;
    }
    ElementStatistics element = tree.child(parent, shortened(tag.namespace()), tag.localName());
    if (element == null) {
      countBelow();
      return;
    }
    open[depth] = element;
    element.begin(parent, tag.charOffset());
    text.clear();
    for (int i = 0; i < tag.attributeCount(); i++) {
      addAttribute(element, tag, i);
    }
  }

  private void countBelow() {
    open[tree.deepest()].countBelow(1);
  }

  /** What stood between the start of an element and its first child. */
  private void endText(ElementStatistics parent) {
    if (!parent.hasChildren()) {
      text.trim();
      if (text.hasText()) {
        parent.setHasText();
      }
    }
  }

  private void addAttribute(ElementStatistics element, StartTag tag, int attribute) {
    String namespace = tag.attributeNamespace(attribute);
    String name = tag.attributeLocalName(attribute);
    if (namespace.equals(SCHEMA_INSTANCE) && !name.equals("type")) {
      // These speak to a schema processor, and aren't content.
      if (name.equals("nil") && isTrue(tag.attributeValue(attribute))) {
        element.setNil();
      }
      return;
    }
    AttributeStatistics statistics = tree.attribute(element, shortened(namespace), name);
    if (statistics != null) {
      attributeText.clear();
      attributeText.append(tag.attributeValue(attribute));
      attributeText.trim();
      statistics.add(attributeText);
    }
  }

  private static boolean isTrue(String value) {
    String stripped = value.strip();
    return stripped.equals("true") || stripped.equals("1");
  }

  private void declare(StartTag tag) {
    for (int i = 0; i < tag.declarationCount(); i++) {
      String prefix = tag.declaredPrefix(i);
      if (!prefix.isEmpty()) {
        Prefixes.add(prefixes, shortened(tag.declaredNamespace(i)), prefix);
      }
    }
  }

  private static String shortened(String namespace) {
    return namespace.length() <= NAMESPACE_LENGTH
        ? namespace
        : namespace.substring(0, NAMESPACE_LENGTH) + "…";
  }

  @Override
  public void text(char[] chars, int start, int length) {
    if (depth > tree.deepest()) {
      return;
    }
    ElementStatistics element = open[depth];
    if (!element.hasChildren()) {
      text.append(chars, start, length);
    } else if (!element.hasText() && ValueText.hasText(chars, start, start + length)) {
      element.setHasText();
    }
  }

  @Override
  public void endElement(long charOffset) {
    if (depth <= tree.deepest()) {
      open[depth].end(text, charOffset);
    }
    depth--;
    if (depth == 0) {
      tree.document().endChildren();
    }
  }

  PathTree tree() {
    return tree;
  }

  long elements() {
    return elements;
  }

  /** Prefixes that are declared for namespaces. */
  Map<String, String> prefixes() {
    return prefixes;
  }

  /** Forgets what was taken; its paths likely come again. */
  void taken() {
    tree.clear();
    elements = 0;
  }
}
