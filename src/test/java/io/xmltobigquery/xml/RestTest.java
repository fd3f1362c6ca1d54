package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a record no column takes, and elements as JSON. */
class RestTest {

  private static final String REST = "{'name': '_rest', 'type': 'JSON', 'source': 'row:rest()'}";

  private static Engine engine(String... fields) {
    return Engine.of(
        "/l/r",
        "error",
        Stream.concat(Stream.of(fields), Stream.of(REST)).collect(Collectors.joining(", ")));
  }

  private static String row(Engine engine, String record) throws Exception {
    String document =
        "<l xmlns:h='urn:h' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>%s</l>"
            .formatted(record);
    return engine.rows(document).get(engine.rows(document).size() - 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          <r/>                               | {}
          <r> </r>                           | {}
          <r a="1"/>                         | {'_rest':{'@a':'1'}}
          <r h:a="1" xml:lang="de"/>         | {'_rest':{'@Q{urn:h}a':'1','@xml:lang':'de'}}
          <r>t</r>                           | {'_rest':{'#text':'t'}}
          <r><x/></r>                        | {'_rest':{'x':''}}
          <r><x>1</x></r>                    | {'_rest':{'x':'1'}}
          <r><x> 1 </x></r>                  | {'_rest':{'x':' 1 '}}
          <r><x> </x></r>                    | {'_rest':{'x':' '}}
          <r><x xsi:nil="true"/></r>         | {'_rest':{'x':null}}
          <r><x a="1" xsi:nil="true"/></r>   | {'_rest':{'x':{'@a':'1','#text':null}}}
          <r><x a="1">t</x></r>              | {'_rest':{'x':{'@a':'1','#text':'t'}}}
          <r><x a="1"/></r>                  | {'_rest':{'x':{'@a':'1'}}}
          <r><x xsi:type="T"/></r>           | {'_rest':{'x':{'@xsi:type':'T'}}}
          <r xsi:schemaLocation="a b"/>      | {}
          <r><h:x/></r>                      | {'_rest':{'Q{urn:h}x':''}}
          <r><x>1</x><y/><x>2</x></r>        | {'_rest':{'x':['1','2'],'y':''}}
          <r><x> <y>1</y> <z/> </x></r>      | {'_rest':{'x':{'y':'1','z':''}}}
          <r><x>a<!-- c --><![CDATA[b]]>&lt;</x></r> | {'_rest':{'x':'ab<'}}
          <r><x>a<h:b c="1">d</h:b> <i/></x></r> | {'_rest':{'x':{'#xml':'a<h:b xmlns:h=\\'urn:h\\' c=\\'1\\'>d</h:b> <i/>'}}}
          <r>a<b/></r>                       | {'_rest':{'#xml':'a<b/>'}}
          """)
  void isWhatNothingNames(String record, String row) throws Exception {
    assertThat(row(engine(), record)).isEqualTo(row);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          <r><a><b>1</b></a></r>                      | {'b':'1'}
          <r><a> <b>1</b> </a></r>                    | {'b':'1'}
          <r><a/></r>                                 | {}
          <r><a k="1"><b>1</b><c>2</c></a></r>        | {'b':'1','_rest':{'a':{'@k':'1','c':'2'}}}
          <r><a>t<b>1</b></a></r>                     | {'b':'1','_rest':{'a':'t'}}
          <r><a><b k="1">1</b></a></r>                | {'b':'1','_rest':{'a':{'b':{'@k':'1'}}}}
          <r><a><b>1<i k="1">2</i></b></a></r>        | {'b':'12'}
          <r><a><b>1</b><b>2</b></a></r>              | {'b':'1','_rest':{'a':{'b':'2'}}}
          <r><a><b>1</b><b>2<i/></b></a></r>          | {'b':'1','_rest':{'a':{'b':{'#xml':'2<i/>'}}}}
          <r><a><b>1</b><b/></a></r>                  | {'b':'1','_rest':{'a':{'b':''}}}
          <r><a><b>1</b></a><a><b>2</b></a></r>       | {'b':'1','_rest':{'a':{'b':'2'}}}
          <r><n>1</n><n>2</n></r>                     | {'n':[1,2]}
          <r><n/><n k="1">2</n></r>                   | {'n':[2],'_rest':{'n':{'@k':'1'}}}
          <r><d>1</d></r>                             | {'d':'1'}
          <r><d>1</d><e>2</e></r>                     | {'d':'1','_rest':{'e':'2'}}
          <r><e>2</e></r>                             | {'d':'2'}
          <r><f>1</f><f>2</f></r>                     | {'f':'1','_rest':{'f':'2'}}
          <r><p k="x" v="1" w="2"/><p k="y" v="3"/></r> | {'p':'1','_rest':{'p':[{'@w':'2'},{'@k':'y','@v':'3'}]}}
          <r><q><v>1</v><t>x</t><w/></q><q><t>y</t><v>2</v></q></r> | {'q':'1','_rest':{'q':[{'w':''},{'t':'y','v':'2'}]}}
          """)
  void columnsTakeTheirsFromIt(String record, String row) throws Exception {
    Engine engine =
        engine(
            "{'name': 'b', 'type': 'STRING', 'source': 'a/b'}",
            "{'name': 'n', 'type': 'INT64', 'mode': 'REPEATED'}",
            "{'name': 'd', 'type': 'STRING', 'source': ['d', 'e']}",
            "{'name': 'f', 'type': 'STRING', 'source': '(f)[1]'}",
            "{'name': 'p', 'type': 'STRING', 'source': 'p[@k=\\u0027x\\u0027]/@v'}",
            "{'name': 'q', 'type': 'STRING', 'source': 'q[t=\\u0027x\\u0027]/v'}");

    assertThat(row(engine, record)).isEqualTo(row);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          <r><i><v>1</v></i></r>              | {'i':[{'v':'1'}]}
          <r><i><v>1</v><w>2</w></i></r>      | {'i':[{'v':'1'}],'_rest':{'i':[{'w':'2'}]}}
          <r><i/><i k="1"/><i/></r>           | {'i':[{},{},{}],'_rest':{'i':[null,{'@k':'1'},null]}}
          <r><i><v>1</v><v>2</v></i></r>      | {'i':[{'v':'1'}],'_rest':{'i':[{'v':'2'}]}}
          <r><o><v>1</v><w>2</w></o><w/></r>  | {'o':{'v':'1','more':{'w':'2'}},'_rest':{'w':''}}
          <r><o/><o><v>1</v></o></r>          | {'o':{},'_rest':{'o':{'v':'1'}}}
          <r><s/><s/></r>                     | {'s':{},'_rest':{'s':''}}
          """)
  void recordsKeepTheirPlaces(String record, String row) throws Exception {
    Engine engine =
        engine(
            "{'name': 'i', 'type': 'RECORD', 'mode': 'REPEATED', 'fields': ["
                + "{'name': 'v', 'type': 'STRING'}]}",
            "{'name': 'o', 'type': 'RECORD', 'fields': [{'name': 'v', 'type': 'STRING'},"
                + "{'name': 'more', 'type': 'JSON', 'source': 'row:rest()'}]}",
            "{'name': 's', 'type': 'RECORD', 'fields': [{'name': 'v', 'type': 'STRING'}]}");

    assertThat(row(engine, record)).isEqualTo(row);
  }

  @Test
  void valuesOfAnotherElementAreLeft() throws Exception {
    Engine engine =
        engine(
            "{'name': 'street', 'type': 'STRING', 'source': 'a/street'}",
            "{'name': 'city', 'type': 'STRING', 'source': 'a/city'}");

    assertThat(row(engine, "<r><a><street>S</street></a><a><city>C</city></a></r>"))
        .isEqualTo("{'street':'S','_rest':{'a':{'city':'C'}}}");
  }

  @Test
  void rowsInsideAreNeverInIt() throws Exception {
    Engine engine =
        Engine.of(
            """
            {'tables': [
              {'table': 'n', 'record': '//n', 'fields': [
                {'name': 'k', 'type': 'STRING', 'source': '@k'},
                {'name': 'up', 'type': 'STRING', 'source': 'ancestor::n[1]/@up'}, %s]}]}
            """
                .formatted(REST));

    assertThat(engine.rows("<n k='1' up='u'><in x='1'><n k='2'><b/></n></in>t<c/></n>"))
        .containsExactly(
            "{'k':'2','up':'u','_rest':{'b':''}}",
            "{'k':'1','_rest':{'@up':'u','#xml':'<in x=\\'1\\'/>t<c/>'}}")
        .inOrder();
  }

  @Test
  void elementsThatAreTakenAsXmlOrAllOfTheirTextAreNotInIt() throws Exception {
    Engine engine =
        engine(
            "{'name': 'x', 'type': 'STRING', 'as': 'xml'}",
            "{'name': 'i', 'type': 'STRING', 'as': 'inner-xml'}",
            "{'name': 'j', 'type': 'JSON', 'as': 'json'}",
            "{'name': 't', 'type': 'STRING', 'source': 't//text()', 'join': '+'}",
            "{'name': 'k', 'type': 'STRING', 'source': 'local-name(k)'}");

    assertThat(
            row(
                engine,
                "<r><x a='1'>b<c/></x><i a='1'>b<c/></i><j a='1'><b/></j><t>a<b c='1'>d</b></t>"
                    + "<k>t</k></r>"))
        .isEqualTo(
            "{'x':'<x a=\\'1\\'>b<c/></x>','i':'b<c/>','j':{'@a':'1','b':''},'t':'a+d','k':'k',"
                + "'_rest':{'i':{'@a':'1'},'t':{'b':{'@c':'1'}},'k':'t'}}");
  }

  @Test
  void isTextForAStringColumn() throws Exception {
    Engine engine =
        Engine.of(
            "/l/r",
            "error",
            "{'name': 'a', 'type': 'STRING', 'mode': 'REPEATED', 'as': 'json'},"
                + "{'name': 'rest', 'type': 'STRING', 'source': 'row:rest()'}");

    assertThat(row(engine, "<r><a>1</a><a b='2'/><c/></r>"))
        .isEqualTo("{'a':['\\'1\\'','{\\'@b\\':\\'2\\'}'],'rest':'{\\'c\\':\\'\\'}'}");
  }

  @Test
  void isBoundedByTheRecord() {
    String deep =
        IntStream.range(0, 600).mapToObj(i -> "<a>").collect(Collectors.joining())
            + IntStream.range(0, 600).mapToObj(i -> "</a>").collect(Collectors.joining());

    assertThat(engine().rejection("<l><r>" + deep + "</r></l>").getMessage())
        .contains("_rest nests deeper than 500 levels");
    RejectedException many = engine().rejection("<l><r>" + "<a/>".repeat(1_000_001) + "</r></l>");
    assertThat(many.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    RejectedException taken =
        engine("{'name': 'a', 'type': 'JSON', 'as': 'json'}")
            .rejection("<l><r><a>" + deep + "</a></r></l>");
    assertThat(taken.getMessage()).contains("nests deeper than 500 levels");
  }

  @Test
  void nothingIsToldOfItAndRecordsStayEnterable() throws Exception {
    Engine engine = engine("{'name': 'b', 'type': 'STRING'}");
    XmlSource document = Engine.source("<l>" + "<r><b>1</b><c d='1'>t</c></r>".repeat(20) + "</l>");

    assertWithMessage("parts").that(engine.starts(document)).hasSize(20);
    ReadDocument<HeldRecords> parts = engine.read(document, engine.starts(document));
    assertThat(HeldRecords.records(parts)).isEqualTo(engine.records(document));
    assertThat(parts.coverage().tables().get(0).skipped().counts()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'name': 'a', 'type': 'JSON'}                                        | JSON is made of elements
          {'name': 'a', 'type': 'JSON', 'as': 'xml'}                           | JSON is made of elements
          {'name': 'a', 'type': 'JSON', 'as': 'json', 'join': ','}             | is only for
          {'name': 'a', 'type': 'INT64', 'source': 'row:rest()'}               | is JSON: the type is JSON, or STRING
          {'name': 'a', 'type': 'JSON', 'mode': 'REQUIRED', 'source': 'row:rest()'} | the mode is NULLABLE
          {'name': 'a', 'type': 'JSON', 'source': ['b', 'row:rest()']}         | it stands alone
          {'name': 'a', 'type': 'INT64', 'as': 'json'}                         | is only for STRING or JSON
          {'name': 'a', 'type': 'JSON', 'source': '@a', 'as': 'json'}          | needs elements
          {'name': 'a', 'type': 'RECORD', 'fields': [{'name': 'b', 'type': 'JSON', 'source': 'row:rest()'}]} | the table needs one, too
          {'name': 'a', 'type': 'JSON', 'source': 'row:rest()'}, {'name': 'b', 'type': 'JSON', 'source': 'row:rest()'} | a second time
          """)
  void mistakesInMappingsAreTold(String fields, String message) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Engine.of("/l/r", "error", fields));
    assertThat(e.getCause().getMessage()).contains(message);
  }
}
