package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/** Elements as XML. */
class MarkupTest {

  private static final Engine ENGINE =
      Engine.of(
          "/l/r",
          "error",
          "{'name': 'xml', 'type': 'STRING', 'source': 'x', 'as': 'xml'},"
              + "{'name': 'inner', 'type': 'STRING', 'source': 'x', 'as': 'inner-xml'}");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          <x/>                             | <x/>                   | ``
          <x></x>                          | <x/>                   | ``
          <x>a<b c="1" d='2'>e</b>f</x>    | <x>a<b c="1" d="2">e</b>f</x> | a<b c="1" d="2">e</b>f
          <x><b></b><i/></x>               | <x><b/><i/></x>        | <b/><i/>
          <x><!-- a -->b<?c d?><e/></x>    | <x>b<e/></x>           | b<e/>
          <x>&lt;&amp;&gt;&#13;]]&gt;</x>  | <x>&lt;&amp;&gt;&#13;]]&gt;</x> | &lt;&amp;&gt;&#13;]]&gt;
          <x><![CDATA[<b>&]]></x>          | <x>&lt;b&gt;&amp;</x>  | &lt;b&gt;&amp;
          <x a="&quot;&lt;&#10;'"/>        | <x a="&quot;&lt;&#10;'"/> | ``
          <x xml:lang="de"><b/></x>        | <x xml:lang="de"><b/></x> | <b/>
          <x><x>a</x></x>                  | <x><x>a</x></x>        | <x>a</x>
          <x><h:b h:c="1"><h:i/></h:b></x> | <x><h:b xmlns:h="urn:h" h:c="1"><h:i/></h:b></x> | <h:b xmlns:h="urn:h" h:c="1"><h:i/></h:b>
          <x><h:b/><h:b/></x>              | <x><h:b xmlns:h="urn:h"/><h:b xmlns:h="urn:h"/></x> | <h:b xmlns:h="urn:h"/><h:b xmlns:h="urn:h"/>
          <x><b xmlns="urn:b"><c/><d xmlns=""/></b></x> | <x><b xmlns="urn:b"><c/><d xmlns=""/></b></x> | <b xmlns="urn:b"><c/><d xmlns=""/></b>
          <x xmlns:n="urn:unused"><b xmlns:h="urn:other"><h:c/></b><h:c/></x> | <x><b><h:c xmlns:h="urn:other"/></b><h:c xmlns:h="urn:h"/></x> | <b><h:c xmlns:h="urn:other"/></b><h:c xmlns:h="urn:h"/>
          """)
  void areSelfContained(String element, String xml, String inner) throws Exception {
    String document = "<l xmlns:h='urn:h'><r>%s</r></l>".formatted(element);

    assertThat(ENGINE.records(Engine.source(document)).get(0).row().get("xml").textValue())
        .isEqualTo(xml);
    assertThat(ENGINE.records(Engine.source(document)).get(0).row().get("inner").textValue())
        .isEqualTo(inner);
  }

  @Test
  void whatIsNilHasNone() throws Exception {
    assertThat(
            ENGINE.rows(
                "<l xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
                    + "<r><x xsi:nil='true'/></r><r/></l>"))
        .containsExactly("{}", "{}");
  }

  @Test
  void otherColumnsMayReadWhatIsInside() throws Exception {
    Engine engine =
        Engine.of(
            "/l/r",
            "error",
            "{'name': 'p', 'type': 'STRING', 'mode': 'REPEATED', 'source': 'x/p', 'as': 'inner-xml'},"
                + "{'name': 'x', 'type': 'STRING', 'as': 'xml'},"
                + "{'name': 'n', 'type': 'INT64', 'source': 'x/@n'},"
                + "{'name': 'r', 'type': 'STRING', 'source': '.', 'as': 'xml', 'whiteSpace': 'collapse'}");

    assertThat(engine.rows("<l><r>  <x n='1'><p>a<b/></p><p>c</p></x></r></l>"))
        .containsExactly(
            ("{'p':['a<b/>','c'],'x':'<x n=\\'1\\'><p>a<b/></p><p>c</p></x>','n':1,"
                + "'r':'<r> <x n=\\'1\\'><p>a<b/></p><p>c</p></x></r>'}"));
  }

  /** The JDK's parser reads from it what it reads from the document. */
  @Test
  void isTheSameTree() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      String element = "<x>" + text(random) + element(random, 4) + "</x>";
      String document = "<l xmlns:h='urn:h' xmlns:k='urn:k'><r>%s</r></l>".formatted(element);

      String xml = ENGINE.records(Engine.source(document)).get(0).row().get("xml").textValue();

      Element expected = (Element) tree(document).getFirstChild().getFirstChild();
      Element actual = tree(xml);
      strip(expected);
      strip(actual);
      assertWithMessage("%s\n%s", document, xml).that(actual.isEqualNode(expected)).isTrue();
    }
  }

  /** Another program that makes JSON of a tree says the same. */
  @Test
  void jsonIsWhatATreeHas() throws Exception {
    Engine engine =
        Engine.of("/l/r", "error", "{'name': 'x', 'type': 'JSON', 'source': 'x', 'as': 'json'}");
    Random random = new Random(2);
    int mixed = 0;
    for (int i = 0; i < 500; i++) {
      String x =
          element(random, 3).replaceFirst("^<[^ >]+", "<x").replaceFirst("</[^>]+>$", "</x>");
      String document =
          "<l xmlns:h='urn:h0' xmlns:k='urn:k'><r>%s</r></l>"
              .formatted(x.replaceFirst(" xmlns='[^']*'", ""));
      JsonNode json = engine.records(Engine.source(document)).get(0).row().get("x");
      Element tree = (Element) tree(document).getFirstChild().getFirstChild();
      strip(tree);
      assertWithMessage(document).that(comparable(json)).isEqualTo(json(tree));
      mixed += json.toString().contains("#xml") ? 1 : 0;
    }
    assertThat(mixed).isAtLeast(50);
  }

  /** With XML as a tree has it. */
  private static JsonNode comparable(JsonNode json) throws Exception {
    if (json.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      for (JsonNode item : json) {
        array.add(comparable(item));
      }
      return array;
    }
    if (!json.isObject()) {
      return json;
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      object.set(member.getKey(), comparable(member.getValue()));
    }
    if (object.has("#xml")) {
      Element content = tree("<x>" + object.get("#xml").textValue() + "</x>");
      strip(content);
      object.put("#xml", content(content));
    }
    return object;
  }

  private static String name(Node node) {
    String uri = String.valueOf(node.getNamespaceURI());
    return switch (uri) {
      case "null" -> node.getLocalName();
      case XMLConstants.XML_NS_URI -> "xml:" + node.getLocalName();
      default -> "Q{" + uri + "}" + node.getLocalName();
    };
  }

  private static List<Node> children(Element element) {
    List<Node> children = new ArrayList<>();
    for (Node child = element.getFirstChild(); child != null; child = child.getNextSibling()) {
      children.add(child);
    }
    return children;
  }

  private static JsonNode json(Element element) {
    List<Node> children = children(element);
    boolean elements = children.stream().anyMatch(Element.class::isInstance);
    boolean text =
        children.stream()
            .anyMatch(c -> !(c instanceof Element) && !c.getNodeValue().matches("[ \\t\\r\\n]*"));
    if (!elements && element.getAttributes().getLength() == 0) {
      return JsonNodeFactory.instance.textNode(element.getTextContent());
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < element.getAttributes().getLength(); i++) {
      Node attribute = element.getAttributes().item(i);
      object.put("@" + name(attribute), attribute.getNodeValue());
    }
    if (elements && text) {
      return object.put("#xml", content(element));
    }
    if (!elements && !element.getTextContent().isEmpty()) {
      return object.put("#text", element.getTextContent());
    }
    Map<String, List<JsonNode>> byName = new LinkedHashMap<>();
    for (Node child : children) {
      if (child instanceof Element inner) {
        byName.computeIfAbsent(name(inner), key -> new ArrayList<>()).add(json(inner));
      }
    }
    byName.forEach(
        (name, values) ->
            object.set(
                name,
                values.size() == 1
                    ? values.get(0)
                    : JsonNodeFactory.instance.arrayNode().addAll(values)));
    return object;
  }

  /** What is in an element, whatever its prefixes. */
  private static String content(Element element) {
    StringBuilder text = new StringBuilder();
    for (Node child : children(element)) {
      if (child instanceof Element inner) {
        Map<String, String> attributes = new TreeMap<>();
        for (int i = 0; i < inner.getAttributes().getLength(); i++) {
          Node attribute = inner.getAttributes().item(i);
          attributes.put(name(attribute), attribute.getNodeValue());
        }
        text.append('<').append(name(inner)).append(attributes).append('>');
        text.append(content(inner)).append("</>");
      } else {
        text.append(child.getNodeValue());
      }
    }
    return text.toString();
  }

  @Test
  void moreThanARecordMayHaveIsRefused() {
    Engine small = ENGINE.withMaxRecordBytes(20_000);
    String namespace = "urn:" + "n".repeat(1_000);
    String document =
        "<l xmlns:h='%s'><r><x>%s</x></r></l>".formatted(namespace, "<h:b/>".repeat(2_000));

    RejectedException rejection = small.rejection(document);

    assertThat(rejection.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(rejection)
        .hasMessageThat()
        .contains("the XML that columns take is longer than 20000");
  }

  private static String element(Random random, int depth) {
    String name = List.of("b", "i", "h:b", "k:i").get(random.nextInt(4));
    StringBuilder xml = new StringBuilder("<" + name);
    for (String attribute : List.of("a", "h:a", "k:b", "xml:lang")) {
      if (random.nextInt(5) == 0) {
        xml.append(" %s='%s'".formatted(attribute, text(random)));
      }
    }
    if (random.nextInt(5) == 0) {
      xml.append(" xmlns='%s'".formatted(random.nextBoolean() ? "" : "urn:d"));
    }
    if (random.nextInt(5) == 0) {
      xml.append(" xmlns:h='urn:h%d'".formatted(random.nextInt(2)));
    }
    xml.append('>');
    for (int i = depth == 0 ? 0 : random.nextInt(4); i > 0; i--) {
      xml.append(random.nextBoolean() ? text(random) : element(random, depth - 1));
      xml.append(random.nextInt(4) == 0 ? "<!-- a --><?b c?>" : "");
      xml.append(random.nextInt(6) == 0 ? "<![CDATA[<&]]>" : "");
    }
    return xml.append("</").append(name).append('>').toString();
  }

  private static String text(Random random) {
    return List.of("a", " ", "&lt;", "&amp;", "&#9;&#10;", "\"", "]]&gt;", "ü", "&#13;", "")
        .get(random.nextInt(10));
  }

  private static Element tree(String xml) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
    factory.setNamespaceAware(true);
    factory.setCoalescing(true);
    factory.setIgnoringComments(true);
    return factory
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)))
        .getDocumentElement();
  }

  /** Takes away what isn't kept: where namespaces are declared, and instructions. */
  private static void strip(Element element) {
    for (int i = element.getAttributes().getLength() - 1; i >= 0; i--) {
      Node attribute = element.getAttributes().item(i);
      if (attribute.getNodeName().startsWith("xmlns")) {
        element.removeAttribute(attribute.getNodeName());
      }
    }
    Node child = element.getFirstChild();
    while (child != null) {
      Node next = child.getNextSibling();
      if (child.getNodeType() == Node.PROCESSING_INSTRUCTION_NODE) {
        element.removeChild(child);
      } else if (child instanceof Element inner) {
        strip(inner);
      }
      child = next;
    }
    element.normalize();
  }
}
