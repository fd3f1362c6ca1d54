package io.xmltobigquery.xml;

import io.xmltobigquery.xml.OpenRows.Found;
import java.util.ArrayList;
import java.util.List;
import org.codehaus.stax2.XMLStreamReader2;
import org.jspecify.annotations.Nullable;

/**
 * A part of a record that is to become JSON: an element with what is in it, or what of it no column
 * has taken. It has to wait in memory, since what makes an array of a value, or mixed content of a
 * text, comes after it; the row's limits are its bound.
 */
final class ContentTree {

  /** Something that is known at the row's end. */
  interface Claim {
    boolean holds();
  }

  enum Kind {
    ELEMENT,
    ATTRIBUTE,
    TEXT
  }

  /** An element, an attribute or a text. */
  static final class Node {
    final Kind kind;
    final String prefix;
    final String namespace;
    final String local;

    /** Of an attribute or a text. */
    int start;

    int end;

    @Nullable Node first;
    @Nullable Node last;
    @Nullable Node next;

    /** Whether {@code xsi:nil} says that it has no value. */
    boolean nil;

    /** Whether elements are in it, whatever became of them. */
    boolean hasElements;

    /** Where the text begins that goes on now; -1 if there is none. */
    private int runStart = -1;

    private boolean hasText;

    /** Null where all of it is left. */
    @Nullable Fate fate;

    /** Whether it is left, once that is known. */
    boolean left;

    private Node(Kind kind, String prefix, String namespace, String local) {
      this.kind = kind;
      this.prefix = prefix;
      this.namespace = namespace;
      this.local = local;
    }

    /** Whether it is a text that isn't white space. */
    boolean hasText() {
      return hasText;
    }

    void clear() {
      first = null;
      last = null;
    }

    void add(Node child) {
      if (last == null) {
        first = child;
      } else {
        last.next = child;
      }
      last = child;
    }
  }

  /** What columns do with an element, an attribute or a text of a record. */
  static final class Fate {
    /** Whether paths lead to an element or through it, so that nothing is to be told of it. */
    boolean named;

    /** Whether something is taken for good: the element, attribute or text, or what is in it. */
    boolean taken;

    /** Whether a column that would have taken it has a value already. */
    boolean refused;

    /** Whether it is an item of an array of RECORDs. */
    boolean item;

    /** What makes it one. */
    List<Found> items = List.of();

    /** Whether it is known later whether a column takes it. */
    boolean undecided;

    /** What makes a path lead there. */
    List<Claim> names = List.of();

    /** What may take something in it. */
    List<Claim> inside = List.of();

    /** The columns that may take the element. */
    List<Found> values = List.of();

    /** What may take it, with all that is in an element but for its attributes. */
    List<Claim> covers = List.of();

    /** The RECORDs of it that have a rest of their own. */
    List<Rest.OfRecord> rests = List.of();

    static <T> List<T> with(List<T> some, T one) {
      List<T> more = some.isEmpty() ? new ArrayList<>(1) : some;
      more.add(one);
      return more;
    }

    /** Whether it is sure that nothing is to be told of an empty element. */
    boolean isKnown() {
      return taken || (named && !refused && !undecided);
    }

    /** Whether there is nothing to wait for. */
    boolean isDecided() {
      return isKnown() && !item && items.isEmpty() && rests.isEmpty();
    }
  }

  private final StringBuilder text = new StringBuilder();
  private int size;

  /** How many elements, attributes and texts there are. */
  int size() {
    return size;
  }

  CharSequence text() {
    return text;
  }

  private Node node(Kind kind, @Nullable String prefix, @Nullable String uri, String local) {
    size++;
    return new Node(kind, Walk.orEmpty(prefix), Walk.orEmpty(uri), local);
  }

  /** The element whose start tag the parser is at, without its attributes. */
  Node element(XMLStreamReader2 xml) {
    Node node = node(Kind.ELEMENT, xml.getPrefix(), xml.getNamespaceURI(), xml.getLocalName());
    node.nil = Walk.isNil(xml);
    return node;
  }

  /** The element whose start tag the parser is at, with its attributes. */
  Node whole(XMLStreamReader2 xml) {
    Node element = element(xml);
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      if (!Walk.isForSchema(xml, i)) {
        attribute(element, xml, i);
      }
    }
    return element;
  }

  /** An attribute of the start tag that the parser is at. */
  Node attribute(Node element, XMLStreamReader2 xml, int attribute) {
    Node node =
        node(
            Kind.ATTRIBUTE,
            xml.getAttributePrefix(attribute),
            xml.getAttributeNamespace(attribute),
            xml.getAttributeLocalName(attribute));
    node.start = text.length();
    text.append(xml.getAttributeValue(attribute));
    node.end = text.length();
    element.add(node);
    return node;
  }

  /** Adds to the text that goes on in an element. */
  void text(Node element, char[] chars, int start, int length) {
    if (element.runStart < 0) {
      element.runStart = text.length();
    }
    text.append(chars, start, length);
  }

  /**
   * Ends a text: a tag follows.
   *
   * @param wanted whether it is to be kept
   * @return null if there is none
   */
  @Nullable Node endText(Node element, boolean wanted) {
    int start = element.runStart;
    element.runStart = -1;
    if (start < 0 || start == text.length()) {
      return null;
    }
    boolean space = isSpace(start, text.length());
    boolean known = element.fate != null && element.fate.isKnown();
    if (!wanted || (space && known)) {
      text.setLength(start);
      return null;
    }
    Node node = node(Kind.TEXT, "", "", "");
    node.start = start;
    node.end = text.length();
    node.hasText = !space;
    element.add(node);
    return node;
  }

  /** A child begins in an element of which everything is kept. */
  void childBegins(Node element) {
    endText(element, true);
    element.hasElements = true;
  }

  /** Ends an element of which everything is kept. */
  void end(Node element) {
    endText(element, true);
  }

  private boolean isSpace(int start, int end) {
    for (int i = start; i < end; i++) {
      if (text.charAt(i) > ' ') {
        return false;
      }
    }
    return true;
  }
}
