package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordReaderTest {

  /** Records /l/r with a text column x and a whole number n. */
  private static final Engine STRICT =
      Engine.of("/l/r", "error", "{'name': 'x', 'type': 'STRING'}, {'name': 'n', 'type': 'INT64'}");

  private static final Engine LOOSE =
      Engine.of(
          "/l/r", "ignore", "{'name': 'x', 'type': 'STRING'}, {'name': 'n', 'type': 'INT64'}");

  private static Engine withFields(String fields) {
    return Engine.of("/l/r", "error", fields);
  }

  @Nested
  class Records {

    @Test
    void areReadInTheirOrder() throws Exception {
      assertThat(STRICT.rows("<l><r><x>1</x></r><r><x>2</x></r></l>"))
          .containsExactly("{'x':'1'}", "{'x':'2'}")
          .inOrder();
    }

    @Test
    void areKnownByTheirPathAndNotByTheirName() throws Exception {
      assertThat(
              LOOSE.rows("<l><o><r><x>no</x></r></o><l><r><x>no</x></r></l><r><x>yes</x></r></l>"))
          .containsExactly("{'x':'yes'}");
    }

    @Test
    void mayHoldAnElementOfTheirOwnName() throws Exception {
      assertThat(LOOSE.rows("<l><r><r><x>no</x></r><x>yes</x><r/></r><r><x>too</x></r></l>"))
          .containsExactly("{'x':'yes'}", "{'x':'too'}")
          .inOrder();
    }

    @Test
    void mayBeTheRoot() throws Exception {
      Engine engine = Engine.of("/r", "error", "{'name': 'x', 'type': 'STRING'}");
      assertThat(engine.rows("<r><x>1</x></r>")).containsExactly("{'x':'1'}");
    }

    @Test
    void mayStandInSeveralSections() throws Exception {
      assertThat(
              Engine.of("/a/l/r", "error", "{'name': 'x', 'type': 'STRING'}")
                  .rows("<a><l><r><x>1</x></r></l><l/><l><r><x>2</x></r></l></a>"))
          .containsExactly("{'x':'1'}", "{'x':'2'}")
          .inOrder();
    }

    @Test
    void goToTheTableOfTheirPath() throws Exception {
      Engine engine =
          Engine.of(
              """
              {'tables': [
                {'table': 'b', 'record': '/l/b', 'fields': [{'name': 'x', 'type': 'STRING'}]},
                {'table': 'c', 'record': '/l/c', 'fields': [{'name': 'x', 'type': 'STRING'}]}]}
              """);
      List<String> tables = new ArrayList<>();
      try (RecordReader reader = engine.open("<l><c/><b/><c/></l>")) {
        while (reader.next()) {
          tables.add(reader.table().name() + reader.recordNumber());
        }
      }
      assertThat(tables).containsExactly("c1", "b2", "c3").inOrder();
    }

    @Test
    void keepNothingOfTheRecordBefore() throws Exception {
      assertThat(STRICT.rows("<l><r><x>1</x><n>1</n></r><r/><r><n>2</n></r></l>"))
          .containsExactly("{'x':'1','n':1}", "{}", "{'n':2}")
          .inOrder();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "<l><!-- <r><x>no</x></r> --><r><x>1</x></r></l>",
          "<l><?pi <r><x>no</x></r> ?><r><x>1</x></r></l>",
          "<?pi <l>?><!--<l>--><l><r><x>1</x></r></l><!--</l>--><?pi <l>?>",
          "<l>\n\r\n\r <r \n>\r\n<x>1</x\n></r\t></l>\n",
          "<l xmlns:u='u'><r><x>1</x></r></l>",
        })
    void areFoundAmongMarkupThatMeansNothing(String document) throws Exception {
      assertThat(STRICT.rows(document)).containsExactly("{'x':'1'}");
    }

    @Test
    void mayBeMissing() throws Exception {
      assertThat(STRICT.rows("<l/>")).isEmpty();
    }

    @Test
    void canBeEndedEarly() throws Exception {
      RecordReader reader = STRICT.open("<l><r/><r/></l>");
      assertThat(reader.next()).isTrue();
      reader.close();
    }
  }

  @Nested
  class Text {

    @ParameterizedTest
    @CsvSource({
      "a<![CDATA[<r><x>]]>b, a<r><x>b",
      "<![CDATA[]]>, ''",
      "<![CDATA[]]]]><![CDATA[>]]>, ]]>",
      "a<!-- <x> -->b, ab",
      "a<?pi <x>?>b, ab",
      "&lt;&gt;&amp;&quot;&apos;, '<>&\"'''",
      "&#65;&#x1F600;&#x42;, A\uD83D\uDE00B",
      "&amp;lt;, &lt;",
      "x&#13;y, x\ry",
    })
    void isWhatTheParserMakesOfIt(String xml, String expected) throws Exception {
      assertThat(STRICT.records(Engine.source("<l><r><x>" + xml + "</x></r></l>")).get(0).row())
          .isEqualTo(json().put("x", expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\r\nb", "a\rb"})
    void hasLineEndsNormalized(String text) throws Exception {
      assertThat(STRICT.records(Engine.source("<l><r><x>" + text + "</x></r></l>")).get(0).row())
          .isEqualTo(json().put("x", "a\nb"));
    }

    @Test
    void keepsItsWhiteSpaceInPlainStrings() throws Exception {
      assertThat(STRICT.rows("<l><r><x> a  b\t</x></r></l>")).containsExactly("{'x':' a  b\\t'}");
    }

    @Test
    void losesWhiteSpaceAroundOtherValues() throws Exception {
      assertThat(
              withFields(
                      """
                      {'name': 'n', 'type': 'INT64'},
                      {'name': 'd', 'type': 'STRING', 'lexical': 'date'},
                      {'name': 'a', 'type': 'BOOL', 'source': '@a'}
                      """)
                  .rows("<l><r a=' true '><n>\n 7\t</n><d> 2020-01-01\r\n</d></r></l>"))
          .containsExactly("{'n':7,'d':'2020-01-01','a':true}");
    }

    @Test
    void losesInnerWhiteSpaceWhereBase64MayHaveSome() throws Exception {
      assertThat(
              withFields(
                      """
                      {'name': 'bytes', 'type': 'BYTES', 'source': 'b'},
                      {'name': 'checked', 'type': 'STRING', 'lexical': 'base64Binary', 'source': 'b'},
                      {'name': 'plain', 'type': 'STRING', 'source': 'b'}
                      """)
                  .rows("<l><r><b> QU \n JD\tRA== </b></r></l>"))
          .containsExactly(
              "{'bytes':'QUJDRA==','checked':'QU JD RA==','plain':' QU \\n JD\\tRA== '}");
    }

    @Test
    void isEmptyInAnEmptyElementAndAbsentWithoutOne() throws Exception {
      assertThat(STRICT.rows("<l><r><x/></r><r><x></x></r><r><x><!-- --></x></r><r/></l>"))
          .containsExactly("{'x':''}", "{'x':''}", "{'x':''}", "{}")
          .inOrder();
    }

    @Test
    void ofAnEmptyElementIsNoNumber() throws Exception {
      assertThat(STRICT.rows("<l><r><n/></r></l>")).containsExactly("{}");
    }

    @Test
    void longerThanTheParsersBufferIsWhole() throws Exception {
      String text = "0123456789\uD83D\uDE00".repeat(20_000);
      assertThat(STRICT.rows("<l><r><x>" + text + "</x></r></l>"))
          .containsExactly("{'x':'" + text + "'}");
    }

    @Test
    void hasThatOfUnknownElements() throws Exception {
      assertThat(LOOSE.rows("<l><r><x>a<i>n</i>b</x></r></l>")).containsExactly("{'x':'anb'}");
    }
  }

  @Nested
  class Sources {

    @Test
    void mayBeAttributes() throws Exception {
      assertThat(
              withFields(
                      """
                      {'name': 'a', 'type': 'STRING', 'source': '@a'},
                      {'name': 'b', 'type': 'INT64', 'source': 'x/@b'},
                      {'name': 'x', 'type': 'STRING'}
                      """)
                  .rows("<l><r a=' \t&lt;&#10;\n'><x b=' 1 '>y</x></r><r a=\"\"/></l>"))
          .containsExactly("{'a':'  <\\n ','b':1,'x':'y'}", "{'a':''}")
          .inOrder();
    }

    @Test
    void mayBeTheElementsOwnText() throws Exception {
      assertThat(
              withFields(
                      """
                      {'name': 'own', 'type': 'STRING', 'source': '.'},
                      {'name': 'a', 'type': 'STRING', 'source': '@a'}
                      """)
                  .rows("<l><r a='1'>text</r><r/></l>"))
          .containsExactly("{'own':'text','a':'1'}", "{'own':''}")
          .inOrder();
    }

    @Test
    void mayLieDeeper() throws Exception {
      assertThat(
              withFields("{'name': 'x', 'type': 'STRING', 'source': 'a/b/c'}")
                  .rows("<l><r><a><b><c>1</c></b></a></r><r><a><b/></a></r></l>"))
          .containsExactly("{'x':'1'}", "{}")
          .inOrder();
    }

    @Test
    void mayServeSeveralColumns() throws Exception {
      assertThat(
              withFields(
                      """
                      {'name': 'n', 'type': 'INT64', 'source': 'v'},
                      {'name': 's', 'type': 'STRING', 'source': 'v'},
                      {'name': 'd', 'type': 'NUMERIC', 'source': 'v'}
                      """)
                  .rows("<l><r><v> 007</v></r></l>"))
          .containsExactly("{'n':7,'s':' 007','d':'7'}");
    }

    @Test
    void mayComeInAnyOrder() throws Exception {
      assertThat(STRICT.rows("<l><r><n>1</n><x>y</x></r></l>")).containsExactly("{'x':'y','n':1}");
    }

    @Test
    void ofRecordColumnsNest() throws Exception {
      assertThat(
              withFields(
                      """
                      {'name': 'a', 'type': 'RECORD', 'fields': [
                        {'name': 'b', 'type': 'RECORD', 'source': 'c/d', 'fields': [
                          {'name': 'x', 'type': 'STRING'}]},
                        {'name': 'k', 'type': 'STRING', 'source': '@k'}]},
                      {'name': 'x', 'type': 'STRING'}
                      """)
                  .rows("<l><r><a k='1'><c><d><x>in</x></d></c></a><x>out</x></r><r><a/></r></l>"))
          .containsExactly("{'a':{'b':{'x':'in'},'k':'1'},'x':'out'}", "{'a':{}}")
          .inOrder();
    }

    @Test
    void ofRepeatedRecordColumnsNestInEachOther() throws Exception {
      assertThat(
              withFields(
                      """
                      {'name': 'a', 'type': 'RECORD', 'mode': 'REPEATED', 'fields': [
                        {'name': 'b', 'type': 'RECORD', 'mode': 'REPEATED', 'fields': [
                          {'name': 'x', 'type': 'INT64', 'mode': 'REPEATED'}]}]}
                      """)
                  .rows(
                      """
                      <l><r>
                        <a><b><x>1</x><x>2</x></b><b/></a>
                        <a/>
                        <a><b><x>3</x></b></a>
                      </r></l>
                      """))
          .containsExactly("{'a':[{'b':[{'x':[1,2]},{}]},{},{'b':[{'x':[3]}]}]}");
    }

    @Test
    void ofRepeatedColumnsMayAlternateWithOthers() throws Exception {
      assertThat(
              withFields(
                      """
                      {'name': 'a', 'type': 'STRING', 'mode': 'REPEATED'},
                      {'name': 'b', 'type': 'STRING', 'mode': 'REPEATED', 'source': 'w/b'},
                      {'name': 'c', 'type': 'STRING'}
                      """)
                  .rows(
                      "<l><r><a>1</a><w><b>x</b><b>y</b></w><a>2</a><c/><w><b>z</b></w><a/></r></l>"))
          .containsExactly("{'a':['1','2',''],'b':['x','y','z'],'c':''}");
    }

    @Test
    void ofManyValuesAreAllKept() throws Exception {
      String values = "<a>1</a>".repeat(5_000);
      assertThat(
              withFields("{'name': 'a', 'type': 'INT64', 'mode': 'REPEATED'}")
                  .rows("<l><r>" + values + "</r></l>"))
          .containsExactly("{'a':[" + "1,".repeat(4_999) + "1]}");
    }
  }

  @Nested
  class Namespaces {

    private static final Engine ENGINE =
        Engine.of(
            """
            {'tables': [{'table': 't', 'namespace': 'urn:a', 'record': '/l/r', 'fields': [
              {'name': 'x', 'type': 'STRING'},
              {'name': 'y', 'type': 'STRING', 'source': '{urn:b}y'},
              {'name': 'z', 'type': 'STRING', 'source': '{}z'},
              {'name': 'k', 'type': 'STRING', 'source': '@k'},
              {'name': 'm', 'type': 'STRING', 'source': '@{urn:b}m'}]}]}
            """);

    private static final String ROW = "{'x':'1','y':'2','z':'3','k':'4','m':'5'}";

    @ParameterizedTest
    @ValueSource(
        strings = {
          """
          <l xmlns="urn:a" xmlns:b="urn:b">
          <r k="4" b:m="5"><x>1</x><b:y>2</b:y><z xmlns="">3</z></r></l>
          """,
          """
          <a:l xmlns:a="urn:a"><a:r k="4" b:m="5" xmlns:b="urn:b">
          <a:x>1</a:x><b:y>2</b:y><z>3</z></a:r></a:l>
          """,
          """
          <p:l xmlns:p="urn:a"><q:r xmlns:q="urn:a" k="4" p:m="5" xmlns:p="urn:b">
          <x xmlns="urn:a">1</x><p:y>2</p:y><z>3</z></q:r></p:l>
          """,
          """
          <l xmlns="urn:a"><a:r xmlns="urn:b" xmlns:a="urn:a" xmlns:b="urn:b" k="4" b:m="5">
          <a:x>1</a:x><y>2</y><z xmlns="">3</z></a:r></l>
          """,
        })
    void areComparedAndNotPrefixes(String document) throws Exception {
      assertThat(ENGINE.rows(document)).containsExactly(ROW);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "<l xmlns='urn:a'><r><y>2</y></r></l>",
          "<l xmlns='urn:a'><r><z>2</z></r></l>",
          "<l xmlns='urn:a'><r xmlns=''/></l>",
          "<l xmlns='urn:a'><b:r xmlns:b='urn:b'/></l>",
        })
    void ofAnElementMustFit(String document) {
      assertThat(ENGINE.rejection(document).reason()).isEqualTo(RejectionReason.UNKNOWN_ELEMENT);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "<a:l xmlns:a='urn:a'><a:r a:k='4'/></a:l>",
          "<l xmlns='urn:a'><r m='4'/></l>",
        })
    void ofAnAttributeMustFit(String document) {
      assertThat(ENGINE.rejection(document).reason()).isEqualTo(RejectionReason.UNKNOWN_ATTRIBUTE);
    }

    @Test
    void mustBeDeclared() {
      assertThat(STRICT.rejection("<l><r><p:x/></r></l>").reason())
          .isEqualTo(RejectionReason.NOT_WELL_FORMED);
      assertThat(STRICT.rejection("<p:l></p:l>").reason())
          .isEqualTo(RejectionReason.NOT_WELL_FORMED);
    }
  }

  @Nested
  class SchemaInstance {

    private static final String XSI = " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' ";

    @ParameterizedTest
    @ValueSource(
        strings = {
          "<n xsi:nil='true'/>",
          "<n xsi:nil='1'></n>",
          "<n xsi:nil=' true '> </n>",
        })
    void nilMakesAValueAbsent(String value) throws Exception {
      assertThat(STRICT.rows("<l" + XSI + "><r>" + value + "</r></l>")).containsExactly("{}");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "<n xsi:nil='true'>1</n>",
          "<n xsi:nil='true'><![CDATA[1]]></n>",
          "<n xsi:nil='true'><x/></n>",
        })
    void nilWithContentIsInvalid(String value) {
      assertThat(STRICT.rejection("<l" + XSI + "><r>" + value + "</r></l>").reason())
          .isEqualTo(RejectionReason.INVALID_VALUE);
    }

    @Test
    void nilRecordsWithContentAreInvalid() {
      String value = "<a xsi:nil='1'><x/></a>";
      String fields =
          "{'name': 'a', 'type': 'RECORD', 'fields': ["
              + "{'name': 'x', 'type': 'STRING'}, {'name': 'y', 'type': 'STRING', 'source': '@y'}]}";
      assertThat(withFields(fields).rejection("<l" + XSI + "><r>" + value + "</r></l>").reason())
          .isEqualTo(RejectionReason.INVALID_VALUE);
    }

    @Test
    void nilThatIsFalseChangesNothing() throws Exception {
      assertThat(STRICT.rows("<l" + XSI + "><r><x xsi:nil='false'/></r></l>"))
          .containsExactly("{'x':''}");
    }

    @Test
    void nilKeepsAttributes() throws Exception {
      assertThat(
              withFields(
                      """
                      {'name': 'x', 'type': 'STRING'},
                      {'name': 'a', 'type': 'STRING', 'source': 'x/@a'}
                      """)
                  .rows("<l" + XSI + "><r><x a='1' xsi:nil='true'/></r></l>"))
          .containsExactly("{'a':'1'}");
    }

    @Test
    void nilMakesARecordColumnAbsent() throws Exception {
      String fields =
          "{'name': 'a', 'type': 'RECORD', 'mode': 'REPEATED', 'fields': ["
              + "{'name': 'x', 'type': 'STRING', 'mode': 'REQUIRED'}]}";
      assertThat(withFields(fields).rows("<l" + XSI + "><r><a xsi:nil='1'/><a><x/></a></r></l>"))
          .containsExactly("{'a':[{'x':''}]}");
    }

    @Test
    void nilIsNoValueForARequiredColumn() {
      assertThat(
              withFields("{'name': 'x', 'type': 'STRING', 'mode': 'REQUIRED'}")
                  .rejection("<l" + XSI + "><r><x xsi:nil='true'/></r></l>")
                  .reason())
          .isEqualTo(RejectionReason.MISSING_FIELD);
    }

    @Test
    void attributesMayStandAnywhere() throws Exception {
      assertThat(
              STRICT.rows(
                  "<l"
                      + XSI
                      + "xsi:schemaLocation='a b'><r xsi:type='t'><x xsi:type='s'>1</x></r></l>"))
          .containsExactly("{'x':'1'}");
    }

    @Test
    void isKnownByItsNamespaceOnly() {
      assertThat(STRICT.rejection("<l xmlns:xsi='urn:x'><r><x xsi:nil='true'/></r></l>").reason())
          .isEqualTo(RejectionReason.UNKNOWN_ATTRIBUTE);
    }
  }

  @Nested
  class WhatTheMappingDoesNotName {

    @Test
    void isSkippedWhereTheTableSaysSo() throws Exception {
      assertThat(
              LOOSE.rows(
                  """
                  <l a="1">text<o>text<r><x>no</x></r></o>
                  <r b="2">text<x c="3">1</x><o/>text<!-- --></r><![CDATA[text]]></l>
                  """))
          .containsExactly("{'x':'1'}");
    }

    @Test
    void isAnErrorForAllTablesIfOneOfThoseThatShareTheElementIsStrict() {
      Engine engine =
          Engine.of(
              """
              {'tables': [
                {'table': 'b', 'record': '/l/b', 'unknown': 'ignore', 'fields': [
                  {'name': 'x', 'type': 'STRING'}]},
                {'table': 'c', 'record': '/l/c', 'fields': [{'name': 'x', 'type': 'STRING'}]}]}
              """);
      assertThat(engine.rejection("<l><b><y/></b><y/></l>").recordNumber()).isEqualTo(0);
    }

    @Test
    void mayBeTheRoot() {
      assertThat(LOOSE.rejection("<o><l><r/></l></o>").reason())
          .isEqualTo(RejectionReason.NO_SECTION);
    }

    @Test
    void mayBeTheRootInsteadOfTheRecord() {
      Engine engine = Engine.of("/r", "ignore", "{'name': 'x', 'type': 'STRING'}");
      assertThat(engine.rejection("<o><x/></o>").reason()).isEqualTo(RejectionReason.NO_SECTION);
    }
  }

  /** A fault's place is marked by a ¶, which isn't part of the document; ← is CR and ↵ is LF. */
  @Nested
  class Rejections {

    private static final Engine ENGINE =
        withFields(
            """
            {'name': 'x', 'type': 'STRING', 'mode': 'REQUIRED'},
            {'name': 'n', 'type': 'INT64', 'source': '@n'},
            {'name': 'm', 'type': 'INT64'},
            {'name': 'g', 'type': 'RECORD', 'fields': [
              {'name': 'y', 'type': 'STRING', 'mode': 'REQUIRED'}]}
            """);

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '"',
        value = {
          "UNKNOWN_ELEMENT   | 0 | ¶<k/>",
          "UNKNOWN_ELEMENT   | 0 | <l>¶<k/></l>",
          "UNKNOWN_ELEMENT   | 2 | <l><r><x/></r><r><!--é😀-->↵ ¶<k/></r></l>",
          "UNKNOWN_ELEMENT   | 1 | <l><r><x>←↵¶<k/></x></r></l>",
          "UNKNOWN_ELEMENT   | 1 | <l><r><g>←¶<k/></g></r></l>",
          "UNKNOWN_ATTRIBUTE | 1 | <l>¶<r n='1' a='1'/></l>",
          "UNKNOWN_ATTRIBUTE | 1 | <l><r>¶<x n='1'/></r></l>",
          "UNKNOWN_ATTRIBUTE | 1 | <l><r>¶<x lang='de'/></r></l>",
          "UNEXPECTED_TEXT   | 0 | <l>¶↵ a</l>",
          "UNEXPECTED_TEXT   | 1 | <l><r><x/>¶a</r></l>",
          "UNEXPECTED_TEXT   | 1 | <l><r><x/><!-- -->¶<![CDATA[a]]></r></l>",
          "UNEXPECTED_TEXT   | 0 | <l><r><x/></r>¶&#65;</l>",
          "MISSING_FIELD     | 1 | <l>¶<r></r></l>",
          "MISSING_FIELD     | 1 | <l><r><x/>¶<g/></r></l>",
          "REPEATED_FIELD    | 1 | <l><r><x/> ¶<x/></r></l>",
          "REPEATED_FIELD    | 1 | <l><r><x/><g><y/></g>¶<g/></r></l>",
          "REPEATED_FIELD    | 1 | <l><r><x/><g><y/>¶<y/></g></r></l>",
          "INVALID_VALUE     | 1 | <l>¶<r n='a'><x/></r></l>",
          "INVALID_VALUE     | 1 | <l><r>←↵←↵<!--😀-->¶<m>9223372036854775808</m></r></l>",
          "INVALID_VALUE     | 3 | <l><r><x/></r><r><x/></r><r>¶<m>1↵.0</m></r></l>",
          "UNKNOWN_ENTITY    | 1 | <l><r><x>a&e¶;b</x></r></l>",
          "UNKNOWN_ENTITY    | 0 | <l>&e¶;</l>",
          "CONTENT_AFTER_ROOT| 0 | <l/><¶l/>",
          "CONTENT_AFTER_ROOT| 0 | <l></l> ¶a",
          "CONTENT_AFTER_ROOT| 0 | <l/><!-- --> ¶&amp;",
          "CONTENT_AFTER_ROOT| 0 | <l/> <¶/l>",
          "NOT_XML           | 0 | ¶hello world",
          "NOT_XML           | 0 | ¶ï is what a misread byte order mark looks like",
          "NOT_XML           | 0 | ↵ ¶&amp;",
          "NOT_XML           | 0 | <?xml version='1.0'?>¶",
          "NOT_XML           | 0 | <?xml version='1.0' encoding='UTF-8'¶",
          "NOT_XML           | 0 | ↵<!-- -->↵¶",
          "NOT_XML           | 0 | \t←↵ ¶",
          "NOT_XML           | 0 | <¶",
          "NOT_XML           | 0 | <l¶",
          "TRUNCATED         | 0 | <l ¶",
          "TRUNCATED         | 0 | <l a='¶",
          "TRUNCATED         | 0 | <l>¶",
          "TRUNCATED         | 0 | <l><!-- ¶",
          "TRUNCATED         | 0 | <l><r><x/></r>↵¶",
          "TRUNCATED         | 1 | <l><r><x/></r¶",
          "TRUNCATED         | 0 | <l><r><x/></r></l¶",
          "TRUNCATED         | 1 | <l><r><x>é¶",
          "TRUNCATED         | 1 | <l><r><x><![CDATA[ ]]¶",
          "TRUNCATED         | 1 | <l><r><x>&am¶",
        })
    void tellReasonRecordAndPlace(RejectionReason reason, long record, String visible) {
      String marked = visible.replace('←', '\r').replace('↵', '\n');
      int mark = marked.indexOf('¶');
      RejectedException rejection = ENGINE.rejection(marked.replace("¶", ""));
      assertWithMessage(rejection.getMessage()).that(rejection.reason()).isEqualTo(reason);
      assertWithMessage(rejection.getMessage())
          .that(rejection.position())
          .isEqualTo(end(marked.substring(0, mark)));
      assertThat(rejection.recordNumber()).isEqualTo(record);
    }

    /** However few characters of a file are behind a record, a part of it may begin there. */
    @ParameterizedTest
    @ValueSource(
        strings = {
          "", "<", "<?", "<!", "</", "</l", "</l><", "</l><?", "</l><!", "</l></", "</l>a", "&",
          "&a", "&a;", "&#", "&#;", "a", "a<", "</>", "</k>", "]]>", "<a", "<?x", "<!-", "<!--"
        })
    void areTheSameInThePartThatBeginsRightBefore(String end) throws Exception {
      for (String version : List.of("", "<?xml version='1.0'?>", "<?xml version='1.1'?>")) {
        XmlSource source = Engine.source(version + "<l><r><x/></r>" + end);
        InParts document = new InParts(ENGINE, source, false);
        assertThat(document.starts()).hasSize(1);
        assertThat(document.rejection().isPresent()).isTrue();
        document.check();
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<l><r><x/></r><?", "<l/> <?", "<l><r><x>&am"})
    void ofAnEarlyEndQuoteNoCharacter(String document) {
      assertThat(ENGINE.rejection(document))
          .hasMessageThat()
          .isEqualTo("the file ends within markup");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "<l><r><x>¶</l>",
          "<l>¶</r></l>",
          "<l><r><x/>¶<</r></l>",
          "<l><r n=¶1/></l>",
          "<l><r n='1' ¶n='1'/></l>",
          "<l><r><x>a & ¶b</x></r></l>",
          "<l><r><x>¶&#0;</x></r></l>",
          "<l><r><x>]]¶></x></r></l>",
          "<l><r><x n='¶<'></x></r></l>",
          "<l>\r\n<!-- -¶- --></l>",
          "<l><?¶xml version='1.0'?></l>",
          "<l><r><x>\uFFFC¶\uFFFF</x></r></l>",
          "<l><r><x>¶\u0001</x></r></l>",
          "<¶!ELEMENT><l/>",
          "<l><p:x¶/></l>",
        })
    void ofBrokenXmlAreNearTheFault(String marked) {
      int mark = marked.indexOf('¶');
      RejectedException rejection = ENGINE.rejection(marked.replace("¶", ""));
      assertThat(rejection.reason())
          .isIn(List.of(RejectionReason.NOT_WELL_FORMED, RejectionReason.NOT_XML));
      Position expected = end(marked.substring(0, mark));
      Position position = Objects.requireNonNull(rejection.position());
      assertThat(position.line()).isEqualTo(expected.line());
      assertThat(Math.abs(position.byteOffset() - expected.byteOffset())).isAtMost(6);
      assertThat(position.column() - expected.column())
          .isEqualTo(position.byteOffset() - expected.byteOffset());
    }

    @Test
    void ofAnEmptyFileSayThatItIsEmpty() {
      RejectedException rejection = ENGINE.rejection("");
      assertThat(rejection.reason()).isEqualTo(RejectionReason.EMPTY_FILE);
      assertThat(rejection.position()).isEqualTo(new Position(1, 1, 0));
    }

    @Test
    void ofADocumentWithoutSectionsAreAtItsEnd() {
      RejectedException rejection =
          Engine.withDefaultMapping().rejection("<Root>\n<!-- nothing --></Root>\n");
      assertThat(rejection.reason()).isEqualTo(RejectionReason.NO_SECTION);
      assertThat(rejection.position()).isEqualTo(new Position(3, 1, 31));
    }

    @Test
    void ofTheRestOfASkippedRootAreOfTheRightKind() {
      assertThat(LOOSE.rejection("<o><a></o>").reason()).isEqualTo(RejectionReason.NOT_WELL_FORMED);
      assertThat(LOOSE.rejection("<o><a>").reason()).isEqualTo(RejectionReason.TRUNCATED);
      assertThat(LOOSE.rejection("<o/><l/>").reason())
          .isEqualTo(RejectionReason.CONTENT_AFTER_ROOT);
    }

    @Test
    void nameNoTextOfTheRecord() {
      assertThat(ENGINE.rejection("<l><r><x/><m>secret</m></r></l>"))
          .hasMessageThat()
          .doesNotContain("secret");
    }

    @Test
    void haveShortMessages() {
      String name = "n".repeat(10_000);
      assertThat(ENGINE.rejection("<l><" + name + "/></l>").getMessage().length()).isLessThan(600);
      assertThat(ENGINE.rejection("<l><x></" + name + "></l>").getMessage().length())
          .isLessThan(600);
    }

    @Test
    void endTheReaderForGood() throws Exception {
      try (RecordReader reader = ENGINE.open("<l><r></l>")) {
        assertThrows(RejectedException.class, reader::next);
        assertThrows(IllegalStateException.class, reader::next);
      }
    }

    @Test
    void comeOnlyAfterTheGoodRecords() throws Exception {
      try (RecordReader reader = ENGINE.open("<l><r><x/></r>&")) {
        assertThat(reader.next()).isTrue();
        assertThat(reader.isInvalid()).isFalse();
        assertThrows(RejectedException.class, reader::next);
      }
    }
  }

  /** The position behind a text, by counting. */
  private static Position end(String text) {
    return new RandomDocument(text, UTF_8, false, false, List.of(), List.of())
        .positions(List.of(text.length()))
        .get(0);
  }

  @Nested
  class InvalidRecords {

    private static List<InvalidRecord> invalidRecords(String document) throws Exception {
      List<InvalidRecord> invalid = new ArrayList<>();
      try (RecordReader reader = STRICT.open(document)) {
        while (reader.next()) {
          if (reader.isInvalid()) {
            invalid.add(reader.invalidRecord());
          }
        }
      }
      return invalid;
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "<r><k/></r>",
          "<r a='1'/>",
          "<r a='1'><x/><r><r/></r></r>",
          "<r>text<x/></r>",
          "<r><x/><x/></r>",
          "<r ><n>é😀</n><!-- </r> --><x><![CDATA[</r>]]></x>\r\n</r\r>",
          "<r><n>1</n><n><r>\r</r>&amp;</n></r>",
        })
    void areHandedOutAsTheyStandAndTheNextIsReadRight(String record) throws Exception {
      String document = "<l>\r\n <r/>\t" + record + "<r><x>next</x></r></l>";
      try (RecordReader reader = STRICT.open(document)) {
        assertThat(reader.next()).isTrue();
        assertThat(reader.next()).isTrue();
        assertThat(reader.isInvalid()).isTrue();
        assertThat(reader.invalidRecord().xml()).isEqualTo(record);
        assertThat(reader.invalidRecord().number()).isEqualTo(2);
        assertThat(reader.next()).isTrue();
        assertThat(reader.isInvalid()).isFalse();
        assertThat(RowJson.of(reader.row()).toString()).isEqualTo("{\"x\":\"next\"}");
        assertThat(reader.next()).isFalse();
      }
    }

    @Test
    void tellTheirTableReasonAndPlace() throws Exception {
      List<InvalidRecord> invalid =
          invalidRecords("<l><r/>\n<r><n>a</n></r>\r\n<r>😀</r><r>é<k/></r></l>");
      assertThat(invalid.stream().map(InvalidRecord::table).distinct()).containsExactly("t");
      assertThat(invalid.stream().map(InvalidRecord::number)).containsExactly(2L, 3L, 4L).inOrder();
      assertThat(invalid.stream().map(InvalidRecord::reason))
          .containsExactly(
              RejectionReason.INVALID_VALUE,
              RejectionReason.UNEXPECTED_TEXT,
              RejectionReason.UNEXPECTED_TEXT)
          .inOrder();
      assertThat(invalid.stream().map(InvalidRecord::position))
          .containsExactly(new Position(2, 4, 11), new Position(3, 4, 28), new Position(3, 13, 39))
          .inOrder();
    }

    @Test
    void canBeAskedForInAnyOrder() throws Exception {
      try (RecordReader reader = STRICT.open("<l><r/><r><k/></r></l>")) {
        reader.next();
        reader.next();
        Position end = reader.recordEnd();
        InvalidRecord first = reader.invalidRecord();
        assertThat(reader.invalidRecord()).isEqualTo(first);
        assertThat(reader.invalidRecordRejection().position()).isEqualTo(first.position());
        assertThat(end).isEqualTo(new Position(1, 19, 18));
      }
    }

    @Test
    void haveNoRow() throws Exception {
      try (RecordReader reader = STRICT.open("<l><r a='1'/></l>")) {
        reader.next();
        assertThrows(IllegalStateException.class, reader::row);
      }
    }

    @Test
    void areNotMadeOfValidOnes() throws Exception {
      try (RecordReader reader = STRICT.open("<l><r/></l>")) {
        reader.next();
        assertThrows(IllegalStateException.class, reader::invalidRecord);
      }
    }

    @Test
    void areReadAcrossManyBuffers() throws Exception {
      String record = "<r><n>" + "<k>\r\n漢</k>".repeat(20_000) + "</n></r>";
      List<InvalidRecord> invalid = invalidRecords("<l>" + record + record + "</l>");
      assertThat(invalid.stream().map(InvalidRecord::xml)).containsExactly(record, record);
    }

    @Test
    void doNotHideThatTheDocumentIsBroken() throws Exception {
      try (RecordReader reader = STRICT.open("<l><r><k/><x></r></l>")) {
        RejectedException rejection = assertThrows(RejectedException.class, reader::next);
        assertThat(rejection.reason()).isEqualTo(RejectionReason.NOT_WELL_FORMED);
        assertThat(rejection.recordNumber()).isEqualTo(1);
      }
    }
  }

  @Nested
  class Xml11 {

    @Test
    void allowsControlCharactersAsReferences() throws Exception {
      String document = "<?xml version='1.1'?><l><r><x>&#1;</x></r></l>";
      assertThat(STRICT.rows(document)).containsExactly("{'x':'\\u0001'}");
      assertThat(STRICT.rejection(document.replace("1.1", "1.0")).reason())
          .isEqualTo(RejectionReason.NOT_WELL_FORMED);
    }

    @Test
    void endsLinesWithTwoMoreCharacters() throws Exception {
      String document =
          "<?xml version='1.1'?>\u0085<l>\u2028<r\u0085><x>a\u0085b\u2028c\r\u0085d</x></r></l>";
      assertThat(STRICT.records(Engine.source(document)).get(0).row())
          .isEqualTo(json().put("x", "a\nb\nc\nd"));
      RejectedException rejection = STRICT.rejection(document.replace("</l>", "<k/></l>"));
      assertThat(rejection.position()).isEqualTo(new Position(7, 10, 57));
    }

    @Test
    void forbidsRawControlCharactersThatXml10Allows() {
      RejectedException rejection =
          STRICT.rejection("<?xml version='1.1'?><l><r><x>a\u0080</x></r></l>");
      assertThat(rejection.reason()).isEqualTo(RejectionReason.NOT_WELL_FORMED);
      assertThat(rejection.position()).isEqualTo(new Position(1, 32, 31));
    }

    @Test
    void isKeptInEveryPart() throws Exception {
      XmlSource source =
          Engine.source(
              "<?xml version='1.1'?><l xmlns:a='&#x85;é&#1;'><r><x>&#2;</x></r>\u0085"
                  + "<r><x>&#3;\u0085</x></r></l>");
      ReadDocument<HeldRecords> document = STRICT.read(source, STRICT.starts(source).subList(0, 1));
      assertThat(document.parts()).hasSize(2);
      assertThat(document.parts().get(0).held().records().get(0).row())
          .isEqualTo(json().put("x", "\u0002"));
      assertThat(document.parts().get(1).held().records().get(0).row())
          .isEqualTo(json().put("x", "\u0003\n"));
      new InParts(STRICT, source, false).check();
    }
  }

  @Nested
  class Failures {

    @Test
    void toReadAreNoRejections() {
      byte[] document = "<l><r/></l>".getBytes(UTF_8);
      for (int good = 0; good < document.length; good++) {
        XmlSource source = FailingStream.source(document, good);
        IOException failure = assertThrows(IOException.class, () -> STRICT.records(source));
        assertThat(failure).hasMessageThat().isEqualTo(FailingStream.MESSAGE);
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"\u00FF\u00D8\u00FF\u00E0", "<?xml version='9'?><l/>", "<?xml ?><l/>", "<l><r>"})
    void leaveNothingOpen(String document) {
      XmlSource source = Engine.source(document.getBytes(ISO_8859_1));
      Set<InputStream> open = new HashSet<>();
      XmlSource watched =
          offset -> {
            InputStream stream =
                new FilterInputStream(source.open(offset)) {
                  @Override
                  public void close() throws IOException {
                    open.remove(this);
                    super.close();
                  }
                };
            open.add(stream);
            return stream;
          };

      assertThrows(RejectedException.class, () -> STRICT.records(watched));

      assertThat(open).isEmpty();
    }
  }

  private static ObjectNode json() {
    return JsonNodeFactory.instance.objectNode();
  }
}
