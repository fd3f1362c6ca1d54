package io.xmltobigquery.xml;

import java.nio.CharBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.codehaus.stax2.XMLStreamReader2;

/**
 * Writes a part of a document as XML that stands alone: namespaces are declared where they are used
 * first, and only those, so that the same comes out wherever reading began. Prefixes are the
 * document's; comments and processing instructions are left out.
 */
final class MarkupWriter implements TakenContent {

  private final StringBuilder out = new StringBuilder();

  /** What is declared in the open elements, the innermost last. */
  private final List<String> prefixes = new ArrayList<>();

  private final List<String> uris = new ArrayList<>();

  /** For each open element, how many were declared before it. */
  private final Deque<Integer> declaredBefore = new ArrayDeque<>();

  private boolean inStartTag;

  /** Characters that were written. */
  @Override
  public int length() {
    return out.length();
  }

  /** Writes the start tag that the parser is at. */
  @Override
  public void start(XMLStreamReader2 xml) {
    start(Walk.orEmpty(xml.getPrefix()), Walk.orEmpty(xml.getNamespaceURI()), xml.getLocalName());
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      declareFor(
          Walk.orEmpty(xml.getAttributePrefix(i)), Walk.orEmpty(xml.getAttributeNamespace(i)));
    }
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      attribute(
          Walk.orEmpty(xml.getAttributePrefix(i)),
          xml.getAttributeLocalName(i),
          xml.getAttributeValue(i));
    }
  }

  /** Begins a start tag, which may get attributes. */
  void start(String prefix, String uri, String local) {
    endStartTag();
    declaredBefore.push(prefixes.size());
    out.append('<').append(name(prefix, local));
    declare(prefix, uri);
    inStartTag = true;
  }

  /** Declares what an attribute needs. */
  void declareFor(String prefix, String uri) {
    if (!prefix.isEmpty()) {
      declare(prefix, uri);
    }
  }

  void attribute(String prefix, String local, String value) {
    attribute(name(prefix, local), value);
  }

  private static String name(String prefix, String local) {
    return prefix.isEmpty() ? local : prefix + ":" + local;
  }

  private void declare(String prefix, String uri) {
    int declared = prefixes.lastIndexOf(prefix);
    // Without a declaration, no prefix is no namespace; a prefix has none.
    boolean known = declared < 0 ? uri.isEmpty() : uris.get(declared).equals(uri);
    if (!known && !prefix.equals("xml")) {
      attribute(prefix.isEmpty() ? "xmlns" : "xmlns:" + prefix, uri);
      prefixes.add(prefix);
      uris.add(uri);
    }
  }

  private void attribute(String name, String value) {
    out.append(' ').append(name).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      char character = value.charAt(i);
      switch (character) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '"' -> out.append("&quot;");
        default -> {
          if (character < ' ') {
            reference(character);
          } else {
            out.append(character);
          }
        }
      }
    }
    out.append('"');
  }

  /** Writes text. */
  @Override
  public void text(char[] text, int start, int length) {
    text(CharBuffer.wrap(text, start, length), 0, length);
  }

  /** Writes text. */
  void text(CharSequence text, int start, int end) {
    if (end > start) {
      endStartTag();
    }
    for (int i = start; i < end; i++) {
      char character = text.charAt(i);
      switch (character) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '\n', '\t' -> out.append(character);
        default -> {
          if (character < ' ') {
            reference(character);
          } else {
            out.append(character);
          }
        }
      }
    }
  }

  private void reference(char character) {
    out.append("&#").append((int) character).append(';');
  }

  /** Writes the end tag that the parser is at. */
  @Override
  public void end(XMLStreamReader2 xml) {
    end(Walk.orEmpty(xml.getPrefix()), xml.getLocalName());
  }

  void end(String prefix, String local) {
    if (inStartTag) {
      out.append("/>");
      inStartTag = false;
    } else {
      out.append("</").append(name(prefix, local)).append('>');
    }
    int before = declaredBefore.pop();
    prefixes.subList(before, prefixes.size()).clear();
    uris.subList(before, uris.size()).clear();
  }

  private void endStartTag() {
    if (inStartTag) {
      out.append('>');
      inStartTag = false;
    }
  }

  /** All that was written. */
  @Override
  public String result(long maxLength) {
    return out.toString();
  }
}
