package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in a document isn't lost, or put where it doesn't belong, without a word. */
class SilentLossTest {

  private static final String XSI = " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";

  private static Engine strict(String fields) {
    return Engine.of("/l/r", "error", fields);
  }

  private static Engine loose(String fields) {
    return Engine.of("/l/r", "ignore", fields);
  }

  @Test
  void textInMarkupIsPartOfTheValue() throws Exception {
    assertThat(
            loose("{'name': 't', 'type': 'STRING'}")
                .rows(
                    """
                    <l><r><t>Effect of <i>Xylo</i> on CO<sub>2</sub><!-- x --> up<b><i>take</i></b></t></r>
                    <r>v1<t>x</t>v2</r></l>
                    """))
        .containsExactly("{'t':'Effect of Xylo on CO2 uptake'}", "{'t':'x'}")
        .inOrder();
  }

  @Test
  void markupIsUnknownInAStrictTableUnlessItAsksForAllText() throws Exception {
    String document = "<l><r><t>one <b k='1'>two</b> three</t></r></l>";
    assertThat(strict("{'name': 't', 'type': 'STRING'}").rejection(document).reason())
        .isEqualTo(RejectionReason.UNKNOWN_ELEMENT);
    assertThat(strict("{'name': 't', 'type': 'STRING', 'source': 'string(t)'}").rows(document))
        .containsExactly("{'t':'one two three'}");
  }

  @Test
  void markupInANumberIsNoValue() {
    RejectedException rejection =
        loose("{'name': 'n', 'type': 'INT64'}").rejection("<l><r><n>12<note/></n></r></l>");
    assertThat(rejection.reason()).isEqualTo(RejectionReason.INVALID_VALUE);
    assertThat(rejection).hasMessageThat().contains("n has the element <note> in its text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"@xsi:type", "@{http://www.w3.org/2001/XMLSchema-instance}type"})
  void typeOfAnInstanceIsASource(String source) throws Exception {
    assertThat(
            strict(
                    """
                    {'name': 'kind', 'type': 'STRING', 'source': 'p/%s'},
                    {'name': 't', 'type': 'STRING', 'source': 'p/@type'},
                    {'name': 'n', 'type': 'STRING', 'source': 'p/n'},
                    {'name': 'nil', 'type': 'BOOL', 'source': 'p/@xsi:nil'},
                    {'name': 'lang', 'type': 'STRING', 'source': '@xml:lang'}
                    """
                        .formatted(source))
                .rows(
                    "<l"
                        + XSI
                        + "><r xml:lang='de'><p xsi:type='Card' type='x'><n>1</n></p></r>"
                        + "<r><p xsi:nil='true'/></r></l>"))
        .containsExactly("{'kind':'Card','t':'x','n':'1','lang':'de'}", "{'nil':true}")
        .inOrder();
  }

  @Test
  void attributesOfXmlItselfMayStandAnywhere() throws Exception {
    assertThat(
            strict("{'name': 'x', 'type': 'STRING'}")
                .rows("<l xml:lang='en'><r xml:space='preserve'><x xml:id='i'>1</x></r></l>"))
        .containsExactly("{'x':'1'}");
  }

  @Test
  void attributesOfElementsThatAreNilAreRead() throws Exception {
    String fields =
        """
        {'name': 'price', 'type': 'RECORD', 'mode': 'REPEATED', 'fields': [
          {'name': 'amount', 'type': 'NUMERIC', 'source': '.'},
          {'name': 'currency', 'type': 'STRING', 'source': '@currency'}]},
        {'name': 'flat', 'type': 'NUMERIC'},
        {'name': 'of', 'type': 'STRING', 'source': 'flat/@of'}
        """;
    assertThat(
            strict(fields)
                .rows(
                    "<l"
                        + XSI
                        + "><r><price currency='EUR' xsi:nil='true'/><price xsi:nil='1'/>"
                        + "<flat of='x' xsi:nil='true'/></r></l>"))
        .containsExactly("{'price':[{'currency':'EUR'}],'of':'x'}");
    assertThat(
            strict(fields)
                .rejection("<l" + XSI + "><r><price x='EUR' xsi:nil='true'/></r></l>")
                .reason())
        .isEqualTo(RejectionReason.UNKNOWN_ATTRIBUTE);
  }

  @ParameterizedTest
  @CsvSource({
    "INT64",
    "FLOAT64",
    "NUMERIC",
    "BIGNUMERIC",
    "BOOL",
    "DATE",
    "DATETIME",
    "TIME",
    "TIMESTAMP"
  })
  void emptyValuesAreNoneButForTextAndBytes(String type) throws Exception {
    String fields =
        """
        {'name': 'v', 'type': '%1$s', 'source': 'v'},
        {'name': 'a', 'type': '%1$s', 'source': '@a'},
        {'name': 'many', 'type': '%1$s', 'mode': 'REPEATED'},
        {'name': 's', 'type': 'STRING'}, {'name': 'b', 'type': 'BYTES'}
        """
            .formatted(type);
    assertThat(
            strict(fields).rows("<l><r a=''><v/><many> </many><s/><b/></r><r><s>   </s></r></l>"))
        .containsExactly("{'s':'','b':''}", "{'s':'   '}")
        .inOrder();
    assertThat(
            strict("{'name': 'v', 'type': '%s', 'mode': 'REQUIRED'}".formatted(type))
                .rejection("<l><r><v/></r></l>")
                .reason())
        .isEqualTo(RejectionReason.MISSING_FIELD);
  }

  @Test
  void emptyRecordIsThereAndANilItemIsNot() throws Exception {
    assertThat(
            strict(
                    """
                    {'name': 'rec', 'type': 'RECORD', 'fields': [{'name': 'v', 'type': 'STRING'}]},
                    {'name': 'many', 'type': 'STRING', 'mode': 'REPEATED'}
                    """)
                .rows("<l" + XSI + "><r><rec/><many>a</many><many xsi:nil='true'/><many/></r></l>"))
        .containsExactly("{'rec':{},'many':['a','']}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a><city>A</city></a><a><zip>1</zip></a>",
        "<a><city>A</city></a><a><city>B</city></a>",
        "<a><city>A</city></a><a k='1'/>",
        "<a><b><city/></b></a><a><zip/></a>",
      })
  void rowIsNotPutTogetherFromTwoElements(String content) {
    Engine engine =
        loose(
            """
            {'name': 'city', 'type': 'STRING', 'source': 'a/city'},
            {'name': 'deep', 'type': 'STRING', 'source': 'a/b/city'},
            {'name': 'zip', 'type': 'STRING', 'source': 'a/zip'},
            {'name': 'k', 'type': 'STRING', 'source': 'a/@k'}
            """);
    assertThat(engine.rejection("<l><r>" + content + "</r></l>").reason())
        .isEqualTo(RejectionReason.REPEATED_FIELD);
  }

  @Test
  void elementsThatGiveNothingDoNotCount() throws Exception {
    assertThat(
            loose(
                    """
                    {'name': 'city', 'type': 'STRING', 'source': 'a/city'},
                    {'name': 'zip', 'type': 'INT64', 'source': 'a/zip'},
                    {'name': 'tags', 'type': 'STRING', 'mode': 'REPEATED', 'source': 'a/tag'},
                    {'name': 'p', 'type': 'RECORD', 'mode': 'REPEATED', 'fields': [
                      {'name': 'x', 'type': 'STRING', 'source': 'q/x'},
                      {'name': 'y', 'type': 'STRING', 'source': 'q/y'}]}
                    """)
                .rows(
                    """
                    <l><r><a><other/></a><a><zip/><tag>1</tag></a><a><city>A</city><zip>1</zip></a>
                    <a><tag>2</tag></a><p><q><x>1</x></q></p><p><q><y>2</y></q></p></r>
                    <r><a><city>B</city></a></r></l>
                    """))
        .containsExactly(
            "{'city':'A','zip':1,'tags':['1','2'],'p':[{'x':'1'},{'y':'2'}]}", "{'city':'B'}")
        .inOrder();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      value = {
        "<!ATTLIST r k CDATA 'standard'>             ^ standard",
        "<!ATTLIST r id ID #IMPLIED k (a|b) \"b\">   ^ b",
        "<!ATTLIST r k NMTOKENS #FIXED ' a  b '>     ^ a b",
        "<!ATTLIST r k CDATA 'a'> <!ATTLIST r k CDATA 'b'> ^ a",
        "<!ENTITY e '<!ATTLIST r k CDATA \"no\">'><!-- > --><?p > ?><!ATTLIST r k CDATA '&lt;&#65;'> ^ <A",
      })
  void defaultsOfADoctypeAreValues(String subset, String value) throws Exception {
    String fields = "{'name': 'k', 'type': 'STRING', 'source': '@k'}";
    String document = "<!DOCTYPE l [" + subset + "]><l><r/><r k='own'/></l>";
    assertThat(loose(fields).rows(document))
        .containsExactly("{'k':'" + value + "'}", "{'k':'own'}")
        .inOrder();
    new InParts(loose(fields), Engine.source(document), false).check();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!ATTLIST r other CDATA 'x'>",
        "<!ATTLIST r k CDATA #REQUIRED j CDATA #IMPLIED>",
        "<!ENTITY % p ''>%p;<!ATTLIST r k CDATA 'x'>",
        "<!ELEMENT r (#PCDATA)><!NOTATION n SYSTEM '<!ATTLIST r k CDATA x'>",
      })
  void whatADoctypeSuppliesIsNeverUnknown(String subset) throws Exception {
    assertThat(
            strict("{'name': 'k', 'type': 'STRING', 'source': '@k'}")
                .rows("<!DOCTYPE l [" + subset + "]><l><r/></l>"))
        .containsExactly("{}");
  }

  @Test
  void defaultWithAnEntityIsTold() {
    RejectedException rejection =
        loose("{'name': 'k', 'type': 'STRING', 'source': '@k'}")
            .rejection("<!DOCTYPE l [<!ENTITY e 'x'><!ATTLIST r k CDATA '&e;'>]><l><r/></l>");
    assertThat(rejection.reason()).isEqualTo(RejectionReason.UNKNOWN_ENTITY);
  }

  @Test
  void attributesAroundRecordsNeverReject() throws Exception {
    assertThat(
            strict("{'name': 'x', 'type': 'STRING'}")
                .rows("<l version='2.1' generated='2024-01-01'><r><x>a</x></r></l>"))
        .containsExactly("{'x':'a'}");
  }

  private static Engine withKeys(String keys) {
    return Engine.of(
        """
        {%s, 'tables': [{'table': 't', 'record': '/l/r', 'fields': [
          {'name': 'x', 'type': 'STRING'}]}]}
        """
            .formatted(keys));
  }

  @Test
  void elementsAroundRecordsAreErrorsUnlessTheMappingSaysOtherwise() throws Exception {
    String document = "<l><h><id>1</id></h><r><x>a</x></r>t<t/></l>";
    RejectedException rejection = withKeys("'outside': 'error'").rejection(document);
    assertThat(rejection.reason()).isEqualTo(RejectionReason.UNKNOWN_ELEMENT);
    assertThat(rejection).hasMessageThat().contains("\"outside\": \"ignore\"");
    assertThat(withKeys("'outside': 'ignore'").rows(document)).containsExactly("{'x':'a'}");
    assertThat(withKeys("'outside': 'ignore'").rejection("<l><r><y/></r></l>").reason())
        .isEqualTo(RejectionReason.UNKNOWN_ELEMENT);
  }

  @Test
  void outsideGoesBeforeWhatTablesSay() {
    Engine engine =
        Engine.of(
            """
            {'outside': 'error', 'tables': [
              {'table': 't', 'record': '/l/r', 'unknown': 'ignore', 'fields': [
                {'name': 'x', 'type': 'STRING'}]}]}
            """);
    assertThat(engine.rejection("<l><h/></l>").reason()).isEqualTo(RejectionReason.UNKNOWN_ELEMENT);
  }

  @Test
  void documentWithoutSectionsMayBeAccepted() throws Exception {
    String mapping =
        """
        {'emptyDocument': '%s', 'outside': 'ignore', 'tables': [
          {'table': 't', 'record': '/l/s/r', 'fields': [{'name': 'x', 'type': 'STRING'}]}]}
        """;
    assertThat(Engine.of(mapping.formatted("accept")).rows("<l><made/></l>")).isEmpty();
    for (String keyword : new String[] {"accept", "reject"}) {
      assertThat(Engine.of(mapping.formatted(keyword)).rejection("<html><l/></html>").reason())
          .isEqualTo(RejectionReason.NO_SECTION);
    }
    assertThat(Engine.of(mapping.formatted("reject")).rejection("<l><made/></l>"))
        .hasMessageThat()
        .contains("its root is l, and the mapping's records are /l/s/r");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<l xmlns='urn:v2'><r/></l>          | no element <l> in the namespace urn:v2; | urn:v1",
        "<l><r/></l>                         | no element <l> in no namespace;         | urn:v1",
        "<p:l xmlns:p='urn:v1'><r/></p:l>    | no element <r> in no namespace;         | urn:v1",
      })
  void otherNamespaceIsNamedBesideTheExpectedOne(String document, String found, String expected) {
    Engine engine =
        Engine.of(
            """
            {'tables': [{'table': 't', 'record': '/l/r', 'namespace': 'urn:v1', 'fields': [
              {'name': 'x', 'type': 'STRING'}]}]}
            """);
    RejectedException rejection = engine.rejection(document);
    assertThat(rejection).hasMessageThat().contains(found);
    assertThat(rejection)
        .hasMessageThat()
        .contains("it expects one of that name in the namespace " + expected);
  }
}
