package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.StringReader;
import java.util.List;
import java.util.Random;
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
