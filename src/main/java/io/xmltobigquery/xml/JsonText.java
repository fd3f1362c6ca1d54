package io.xmltobigquery.xml;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.xmltobigquery.mapping.Namespaces;
import io.xmltobigquery.xml.ContentTree.Kind;
import io.xmltobigquery.xml.ContentTree.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes elements as JSON: attributes as {@code "@a"}, text as {@code "#text"}, or alone as a
 * string; elements by their names, in an array where a name comes twice; text with elements beside
 * it as {@code "#xml"}. All values are strings, names are the mapping's.
 */
final class JsonText {

  /** It is longer than a record may be. */
  static final class TooLongException extends Exception {
    private static final long serialVersionUID = 1L;

    TooLongException(String message) {
      super(message);
    }
  }

  /**
   * BigQuery's limit for the data type JSON: "<a
   * href="https://cloud.google.com/bigquery/docs/json-data#limitations">Work with JSON data</a>".
   */
  private static final int MAX_DEPTH = 500;

  private static final JsonFactory JSON = new JsonFactory();

  private final Namespaces namespaces;
  private final Map<String, Map<String, String>> elements = new HashMap<>();
  private final Map<String, Map<String, String>> attributes = new HashMap<>();

  JsonText(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  private String name(Node node) {
    boolean element = node.kind == Kind.ELEMENT;
    return (element ? elements : attributes)
        .computeIfAbsent(node.namespace, uri -> new HashMap<>())
        .computeIfAbsent(
            node.local,
            local ->
                element
                    ? namespaces.name(node.namespace, local)
                    : "@" + namespaces.attributeName(node.namespace, local));
  }

  /** An element. */
  String value(ContentTree tree, Node element, long maxLength) throws TooLongException {
    return write(tree, element, maxLength, false);
  }

  /** What is in an element, as an object whatever it is. */
  String object(ContentTree tree, Node element, long maxLength) throws TooLongException {
    return write(tree, element, maxLength, true);
  }

  private String write(ContentTree tree, Node element, long maxLength, boolean object)
      throws TooLongException {
    Text text = new Text(maxLength);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      new Writing(tree, json, maxLength).write(element, object);
    } catch (IOException e) {
      throw new UncheckedIOException("writing into memory", e);
    }
    if (text.isFull) {
      throw tooLong(maxLength);
    }
    return text.out.toString();
  }

  private static TooLongException tooLong(long maxLength) {
    return new TooLongException("is longer than " + maxLength + " characters (--maxRecordBytes)");
  }

  private final class Writing {
    private final ContentTree tree;
    private final JsonGenerator json;
    private final long maxLength;
    private int depth;

    Writing(ContentTree tree, JsonGenerator json, long maxLength) {
      this.tree = tree;
      this.json = json;
      this.maxLength = maxLength;
    }

    private void write(Node element, boolean asObject) throws IOException, TooLongException {
      boolean hasAttributes = element.first != null && element.first.kind == Kind.ATTRIBUTE;
      boolean hasElements = false;
      boolean hasText = false;
      for (Node child = element.first; child != null; child = child.next) {
        hasElements |= child.kind == Kind.ELEMENT;
        // White space between elements is how the document is laid out.
        hasText |= child.kind == Kind.TEXT && (child.hasText() || !element.hasElements);
      }
      if (!asObject && !hasAttributes && !hasElements) {
        if (element.nil && !hasText) {
          json.writeNull();
        } else {
          json.writeString(hasText ? text(element) : "");
        }
        return;
      }
      open();
      json.writeStartObject();
      for (Node child = element.first; child != null; child = child.next) {
        if (child.kind == Kind.ATTRIBUTE) {
          json.writeFieldName(name(child));
          json.writeString(tree.text().subSequence(child.start, child.end).toString());
        }
      }
      if (hasElements && hasText) {
        json.writeFieldName("#xml");
        json.writeString(xml(element));
      } else if (hasElements) {
        writeElements(element);
      } else if (hasText) {
        json.writeFieldName("#text");
        json.writeString(text(element));
      } else if (element.nil) {
        json.writeNullField("#text");
      }
      json.writeEndObject();
      depth--;
    }

    private void open() throws TooLongException {
      if (++depth > MAX_DEPTH) {
        throw new TooLongException(
            "nests deeper than " + MAX_DEPTH + " levels, which is as much as BigQuery takes");
      }
    }

    private void writeElements(Node element) throws IOException, TooLongException {
      Map<String, List<Node>> byName = new LinkedHashMap<>();
      for (Node child = element.first; child != null; child = child.next) {
        if (child.kind == Kind.ELEMENT) {
          byName.computeIfAbsent(name(child), key -> new ArrayList<>(1)).add(child);
        }
      }
      for (Map.Entry<String, List<Node>> group : byName.entrySet()) {
        List<Node> nodes = group.getValue();
        json.writeFieldName(group.getKey());
        if (nodes.size() == 1 && !isItem(nodes.get(0))) {
          write(nodes.get(0), false);
          continue;
        }
        open();
        json.writeStartArray();
        for (Node node : nodes) {
          if (isItem(node) && node.first == null) {
            json.writeNull();
          } else {
            write(node, false);
          }
        }
        json.writeEndArray();
        depth--;
      }
    }

    private String text(Node element) {
      StringBuilder text = new StringBuilder();
      for (Node child = element.first; child != null; child = child.next) {
        if (child.kind == Kind.TEXT) {
          text.append(tree.text(), child.start, child.end);
        }
      }
      return text.toString();
    }

    private String xml(Node element) throws TooLongException {
      MarkupWriter xml = new MarkupWriter();
      writeXml(element, xml);
      return xml.result(Long.MAX_VALUE);
    }

    private void writeXml(Node element, MarkupWriter xml) throws TooLongException {
      for (Node child = element.first; child != null; child = child.next) {
        // Namespaces are declared again and again.
        if (xml.length() > maxLength) {
          throw tooLong(maxLength);
        }
        if (child.kind == Kind.TEXT) {
          xml.text(tree.text(), child.start, child.end);
        } else if (child.kind == Kind.ELEMENT) {
          xml.start(child.prefix, child.namespace, child.local);
          for (Node attribute = child.first; attribute != null; attribute = attribute.next) {
            if (attribute.kind == Kind.ATTRIBUTE) {
              xml.declareFor(attribute.prefix, attribute.namespace);
            }
          }
          for (Node attribute = child.first; attribute != null; attribute = attribute.next) {
            if (attribute.kind == Kind.ATTRIBUTE) {
              String value = tree.text().subSequence(attribute.start, attribute.end).toString();
              xml.attribute(attribute.prefix, attribute.local, value);
            }
          }
          writeXml(child, xml);
          xml.end(child.prefix, child.local);
        }
      }
    }
  }

  private static boolean isItem(Node node) {
    return node.fate != null && node.fate.item;
  }

  /** Takes no more than fits. */
  private static final class Text extends Writer {
    private final StringBuilder out = new StringBuilder();
    private final long maxLength;
    private boolean isFull;

    Text(long maxLength) {
      this.maxLength = maxLength;
    }

    @Override
    public void write(char[] chars, int start, int length) {
      isFull |= out.length() + (long) length > maxLength;
      if (!isFull) {
        out.append(chars, start, length);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
