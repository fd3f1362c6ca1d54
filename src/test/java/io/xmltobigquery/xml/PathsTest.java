package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import io.xmltobigquery.oracle.OracleRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths beyond names one inside the other; JSON is written with single quotes. */
class PathsTest {

  private static final String XSI = " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";

  /** The rows of all tables in their order, each after its table's name. */
  private static List<String> rows(String mapping, String document) throws Exception {
    return rows(Engine.of(mapping), document);
  }

  private static List<String> rows(Engine engine, String document) throws Exception {
    List<String> rows = new ArrayList<>();
    for (OracleRecord record : engine.records(Engine.source(document))) {
      rows.add(record.table() + " " + record.row().toString().replace('"', '\''));
    }
    return rows;
  }

  /** With a column v of /l/r. */
  private static Engine engine(String source, String mode) {
    String mapping =
        """
        {"tables": [{"table": "t", "record": "/l/r", "unknown": "ignore", "fields": [
          {"name": "v", "type": "STRING", "mode": "%s", "source": "%s"}]}]}
        """;
    return Engine.ofJson(mapping.formatted(mode, source.strip()));
  }

  private static List<String> value(String source, String content) throws Exception {
    return engine(source, "NULLABLE").rows("<l>" + content + "</l>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      quoteCharacter = '~',
      value = {
        // By attribute
        "a[@k='x']        ^ <r><a k='y'>1</a><a k='x'>2</a><a>3</a></r>          ^ {'v':'2'}",
        "a[@k]            ^ <r><a>1</a><a k=''>2</a></r>                         ^ {'v':'2'}",
        "a[not(@k)]       ^ <r><a>1</a><a k=''>2</a></r>                         ^ {'v':'1'}",
        "a[@k='x' and @j] ^ <r><a k='x'>1</a><a j='' k='x'>2</a></r>             ^ {'v':'2'}",
        "a[@k='x' or @j]  ^ <r><a k='z'>1</a><a j=''>2</a></r>                   ^ {'v':'2'}",
        "a[@k='x']/@w     ^ <r><a k='y' w='1'/><a w='2' k='x'/></r>              ^ {'v':'2'}",
        "a[@k='x']/b/c    ^ <r><a><b><c>1</c></b></a><a k='x'><b><c>2</c></b></a></r> ^ {'v':'2'}",
        "a[@xml:lang='en'] ^ <r><a xml:lang='de'>Haus</a><a xml:lang='en'>House</a></r> ^ {'v':'House'}",
        "a[@k='x'][@j='y'] ^ <r><a k='x'>1</a><a k='x' j='y'>2</a></r>           ^ {'v':'2'}",
        // By child
        "a[b='x']/c       ^ <r><a><b>y</b><c>1</c></a><a><c>2</c><b>x</b></a></r> ^ {'v':'2'}",
        "a[b/d='x']/c     ^ <r><a><b><d>x</d></b><c>1</c></a><a><c>2</c></a></r> ^ {'v':'1'}",
        "a[b]/c           ^ <r><a><c>1</c></a><a><c>2</c><b/></a></r>            ^ {'v':'2'}",
        "a[not(b)]/c      ^ <r><a><c>1</c></a><a><c>2</c><b/></a></r>            ^ {'v':'1'}",
        "a[.='x']/@k      ^ <r><a k='1'>y</a><a k='2'>x</a></r>                  ^ {'v':'2'}",
        "a[b/@k='x']/c    ^ <r><a><b k='y'/><c>1</c></a><a><c>2</c><b k='x'/></a></r> ^ {'v':'2'}",
        "a[normalize-space(b)='x y']/c ^ <r><a><b> x  y </b><c>1</c></a></r>     ^ {'v':'1'}",
        "a[b='15']/c      ^ <r><a><b> 15 </b><c>1</c></a><a><b>015</b><c>2</c></a></r> ^ {}",
        "a[b='x' and not(d)]/c ^ <r><a><b>x</b><d/><c>1</c></a><a><b>x</b><c>2</c></a></r> ^ {'v':'2'}",
        "a[local-name()='a']/c ^ <r><a><c>1</c></a></r>                          ^ {'v':'1'}",
        "a[b='x']         ^ <r><a>p<b>x</b>q</a></r>                             ^ {'v':'pxq'}",
        "a[b='x']/c[d='y']/e ^ <r><a><c><e>1</e><d>y</d></c><c><e>2</e></c><b>x</b></a><a><c><e>3</e><d>y</d></c></a></r> ^ {'v':'1'}",
        // By position
        "a[1]             ^ <r><a>1</a><a>2</a></r>                              ^ {'v':'1'}",
        "a[2]             ^ <r><a>1</a><b/><a>2</a></r>                          ^ {'v':'2'}",
        "a[last()]        ^ <r><a>1</a><a>2</a><b/></r>                          ^ {'v':'2'}",
        "a[@k][1]         ^ <r><a>1</a><a k=''>2</a><a k=''>3</a></r>            ^ {'v':'2'}",
        "a[2][@k]         ^ <r><a k=''>1</a><a>2</a><a k=''>3</a></r>            ^ {}",
        "a[@k][last()]    ^ <r><a k=''>1</a><a k=''>2</a><a>3</a></r>            ^ {'v':'2'}",
        "a[last()]/b      ^ <r><a><b>1</b></a><a><b>2</b></a></r>                ^ {'v':'2'}",
        "(a/b)[1]         ^ <r><a><b>1</b></a><a><b>2</b></a></r>                ^ {'v':'1'}",
        "(a/b)[last()]    ^ <r><a><b>1</b></a><a><b>2</b></a></r>                ^ {'v':'2'}",
        "(a/b)[3]         ^ <r><a><b>1</b></a><a><b>2</b></a></r>                ^ {}",
        "(a | b)[1]       ^ <r><b>1</b><a>2</a></r>                              ^ {'v':'1'}",
        // Any name, any depth
        "*                ^ <r><x>1</x></r>                                      ^ {'v':'1'}",
        "*/b              ^ <r><x><c/></x><y><b>1</b></y></r>                    ^ {'v':'1'}",
        ".//b             ^ <r><x><y><b>1</b></y></x></r>                        ^ {'v':'1'}",
        "a//b             ^ <r><b>0</b><a><c><b>1</b></c></a></r>                ^ {'v':'1'}",
        "a//@k            ^ <r><a><c k='1'/></a></r>                             ^ {'v':'1'}",
        "@*               ^ <r k='1'/>                                           ^ {'v':'1'}",
        "./a              ^ <r><a>1</a></r>                                      ^ {'v':'1'}",
        // Unions and functions
        "a | b            ^ <r><b>1</b></r>                                      ^ {'v':'1'}",
        "a/b | a/@b       ^ <r><a b='1'/></r>                                    ^ {'v':'1'}",
        "local-name(a/*)  ^ <r><a><x/></a></r>                                   ^ {'v':'x'}",
        "local-name()     ^ <r/>                                                 ^ {'v':'r'}",
        "namespace-uri(a) ^ <r><a xmlns='urn:x'/></r>                            ^ {}",
        "namespace-uri(*) ^ <r><a xmlns='urn:x'/></r>                            ^ {'v':'urn:x'}",
        "string(a)        ^ <r><a>x<b>y</b></a></r>                              ^ {'v':'xy'}",
        "concat(a, '-', b/c) ^ <r><b><c>2</c></b><a>1</a></r>                    ^ {'v':'1-2'}",
        "concat(a, '-', b) ^ <r><a>1</a></r>                                     ^ {'v':'1-'}",
        "concat(a, '-', b) ^ <r/>                                                ^ {}",
        "'fixed'          ^ <r/>                                                 ^ {'v':'fixed'}",
        "a/text()         ^ <r><a><b>x</b>y</a></r>                              ^ {'v':'y'}",
        // Text of elements and elements in it
        "a                ^ <r><a>x<b>y<c>z</c></b></a></r>                      ^ {'v':'xyz'}",
        ".                ^ <r>x<b>y</b></r>                                     ^ {'v':'xy'}",
      })
  void leadToAValue(String source, String content, String row) throws Exception {
    assertThat(value(source.strip(), content.strip())).containsExactly(row.strip());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      quoteCharacter = '~',
      value = {
        ".//b       ^ <b>1<b>2</b></b><a><b>3</b></a>      ^ ['12','2','3']",
        "a//b       ^ <a><a><b>1</b></a></a><a><b>2</b></a> ^ ['1','2']",
        "a | b      ^ <b>1</b><a>2</a><b>3</b>             ^ ['1','2','3']",
        "a | .//a   ^ <a>1</a><b><a>2</a></b>              ^ ['1','2']",
        "a[@k] | b  ^ <b>1</b><a>2</a><a k=''>3</a>        ^ ['1','3']",
        "a[1] | a[@k] ^ <a k=''>1</a><a k=''>2</a><a>3</a> ^ ['1','2']",
        "p/a[1]     ^ <p><a>1</a><a>2</a></p><p><a>3</a></p> ^ ['1','3']",
        "p/a[last()] ^ <p><a>1</a><a>2</a></p><p><a>3</a></p> ^ ['2','3']",
        "a[b='x']/c ^ <a><c>1</c><b>x</b></a><a><c>2</c></a><a><b>x</b><c>3</c><c>4</c></a> ^ ['1','3','4']",
        "a/text()   ^ <a>x<b>y</b>z<!-- -->w<![CDATA[v]]></a> ^ ['x','zwv']",
        "a//text()  ^ <a>x<b>y<c/>u</b>z</a>               ^ ['x','y','u','z']",
        ".//text()  ^ <a>x</a>y                            ^ ['x','y']",
        ".//*[@k]//b/a[2] ^ <c k=''><c k=''><b><a>1</a><a>2</a><a>3</a></b></c></c> ^ ['2']",
        ".//*[k]//b/a[last()] ^ <c><k/><c><k/><b><a>1</a><a>2</a></b></c></c> ^ ['2']",
        "*          ^ <a>1</a><b>2</b>                     ^ ['1','2']",
        "local-name(*) ^ <a/><b/>                          ^ ['a','b']",
      })
  void leadToAllValuesInTheDocumentsOrder(String source, String content, String array)
      throws Exception {
    assertThat(engine(source, "REPEATED").rows("<l><r>" + content.strip() + "</r></l>"))
        .containsExactly("{'v':" + array.strip() + "}");
  }

  @Test
  void listTakesTheFirstThatHasAValue() throws Exception {
    String mapping =
        """
        {'tables': [{'table': 't', 'record': '/l/r', 'unknown': 'ignore', 'fields': [
          {'name': 'd', 'type': 'DATE', 'source': ['a', 'b/c', '@d']},
          {'name': 's', 'type': 'STRING', 'mode': 'REPEATED', 'source': ['x', 'y']}]}]}
        """;
    assertThat(
            rows(
                mapping,
                """
                <l><r d='2024-01-03'><b><c>2024-01-02</c></b><a> </a><y>1</y><x>2</x><y>3</y></r>
                <r d='2024-01-03'><y>1</y></r></l>
                """))
        .containsExactly("t {'d':'2024-01-02','s':['2']}", "t {'d':'2024-01-03','s':['1']}")
        .inOrder();
  }

  @Test
  void recordsAreChosenToo() throws Exception {
    String mapping =
        """
        {"tables": [{"table": "t", "record": "/l/r", "unknown": "ignore", "fields": [
          {"name": "p", "type": "RECORD", "source": "a[k='x']", "fields": [
            {"name": "n", "type": "INT64", "mode": "REQUIRED"}]},
          {"name": "all", "type": "RECORD", "mode": "REPEATED", "source": "a | b", "fields": [
            {"name": "kind", "type": "STRING", "source": "local-name()"},
            {"name": "n", "type": "STRING"}]},
          {"name": "g", "type": "RECORD", "source": ".", "fields": [
            {"name": "z", "type": "STRING"}]}]}]}
        """;
    assertThat(
            rows(
                Engine.ofJson(mapping),
                "<l><r><b><n>0</n></b><a><n>bad</n></a><a><n>1</n><k>x</k></a><z>z</z></r></l>"))
        .containsExactly(
            "t {'p':{'n':1},'all':[{'kind':'b','n':'0'},{'kind':'a','n':'bad'},"
                + "{'kind':'a','n':'1'}],'g':{'z':'z'}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      quoteCharacter = '~',
      value = {
        "a           ^ <a>1</a><a>2</a>",
        "a/b         ^ <a><b>1</b></a><a><b>2</b></a>",
        "a/b[1]      ^ <a><b>1</b></a><a><b>2</b></a>",
        "a | b       ^ <a>1</a><b>2</b>",
        "a[k='x']/b  ^ <a><b>1</b><k>x</k></a><a><k>x</k><b>2</b></a>",
        "concat(a, b) ^ <a>1</a><a>2</a>",
      })
  void severalValuesAreTooMany(String source, String content) {
    assertThat(
            engine(source, "NULLABLE").rejection("<l><r>" + content.strip() + "</r></l>").reason())
        .isEqualTo(RejectionReason.REPEATED_FIELD);
  }

  @Test
  void valuesOfTwoElementsMakeNoRow() throws Exception {
    String mapping =
        """
        {"tables": [{"table": "t", "record": "/l/r", "unknown": "ignore", "fields": [
          {"name": "amount", "type": "STRING", "source": "b[c='x']/a"},
          {"name": "sign", "type": "STRING", "source": "b[c='x']/s"},
          {"name": "other", "type": "STRING", "source": "b[c='y']/a"}]}]}
        """;
    Engine engine = Engine.ofJson(mapping);
    assertThat(
            rows(
                engine,
                "<l><r><b><a>1</a><c>x</c><s>+</s></b><b><a>2</a><c>y</c><s>-</s></b></r></l>"))
        .containsExactly("t {'amount':'1','sign':'+','other':'2'}");
    assertThat(
            engine
                .rejection("<l><r><b><a>1</a><c>x</c></b><b><c>x</c><s>-</s></b></r></l>")
                .reason())
        .isEqualTo(RejectionReason.REPEATED_FIELD);
  }

  @Test
  void columnsMayTakeTheSameElementInSeveralWays() throws Exception {
    String mapping =
        """
        {'tables': [{'table': 't', 'record': '/l/r', 'fields': [
          {'name': 'all', 'type': 'STRING', 'source': '.'},
          {'name': 'a', 'type': 'STRING', 'source': 'a'},
          {'name': 'b', 'type': 'INT64', 'source': 'a/b'},
          {'name': 'k', 'type': 'STRING', 'source': 'a/@k'},
          {'name': 'r', 'type': 'RECORD', 'source': 'a', 'fields': [
            {'name': 'b', 'type': 'STRING'}, {'name': 'k', 'type': 'STRING', 'source': '@k'}]},
          {'name': 's', 'type': 'RECORD', 'source': 'a', 'fields': [
            {'name': 'b', 'type': 'STRING'}]}]}]}
        """;
    assertThat(rows(mapping, "<l><r>x<a k='1'>y<b>7</b></a>z</r></l>"))
        .containsExactly(
            "t {'all':'xy7z','a':'y7','b':7,'k':'1','r':{'b':'7','k':'1'},'s':{'b':'7'}}");
  }

  // Records

  @Test
  void rowsInRowsAreRowsOfTheirOwn() throws Exception {
    String mapping =
        """
        {'tables': [
          {'table': 'orders', 'record': '/Batch/Order', 'fields': [
            {'name': 'id', 'type': 'STRING', 'source': '@id'},
            {'name': 'customer', 'type': 'STRING', 'source': 'Customer'}]},
          {'table': 'lines', 'record': '/Batch/Order/Line', 'fields': [
            {'name': 'order_id', 'type': 'STRING', 'source': '../@id'},
            {'name': 'n', 'type': 'INT64', 'source': '@n'},
            {'name': 'pos', 'type': 'INT64', 'source': 'row:position()'},
            {'name': 'order_pos', 'type': 'INT64', 'source': 'row:position(..)'},
            {'name': 'customer', 'type': 'STRING', 'source': '../Customer'}]}]}
        """;
    assertThat(
            rows(
                mapping,
                """
                <Batch><Order id="A1"><Customer>Nordwind</Customer><Line n="1"/><Line n="2"/></Order>
                <Order id="A2"><Customer>Suedsee</Customer><Line n="1"/></Order></Batch>
                """))
        .containsExactly(
            "lines {'order_id':'A1','n':1,'pos':1,'order_pos':1,'customer':'Nordwind'}",
            "lines {'order_id':'A1','n':2,'pos':2,'order_pos':1,'customer':'Nordwind'}",
            "orders {'id':'A1','customer':'Nordwind'}",
            "lines {'order_id':'A2','n':1,'pos':1,'order_pos':2,'customer':'Suedsee'}",
            "orders {'id':'A2','customer':'Suedsee'}")
        .inOrder();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'': '*'}                              | /a/b/c",
        "{'': 'urn:a', 'n': ['urn:x', 'urn:b']} | /a/n:b/Q{}c",
        "{'': 'urn:a', 'm': '*'}                | /a/m:b/m:c",
        "{'n': 'urn:b'}                         | /Q{urn:a}a/n:b/c",
      })
  void pathsHaveThePrefixesOfTheMapping(String namespaces, String path) throws Exception {
    String mapping =
        """
        {'namespaces': %s, 'outside': 'ignore', 'tables': [
          {'table': 't', 'record': '//*:c', 'fields': [
            {'name': 'p', 'type': 'STRING', 'source': 'row:path()'}]}]}
        """;
    assertThat(
            rows(
                mapping.formatted(namespaces),
                "<x:a xmlns:x='urn:a'><b xmlns='urn:b'><c xmlns=''/></b></x:a>"))
        .containsExactly("t {'p':'" + path + "'}");
  }

  @Test
  void severalLevelsUpAreReached() throws Exception {
    String mapping =
        """
        {'tables': [{'table': 't', 'record': '/a/b/c/d', 'unknown': 'ignore', 'fields': [
          {'name': 'up2', 'type': 'STRING', 'source': '../../@id'},
          {'name': 'up3', 'type': 'STRING', 'source': '../../../x/y'},
          {'name': 'key', 'type': 'STRING', 'source': 'local-name(../..)'},
          {'name': 'pos', 'type': 'INT64', 'source': 'row:position(../..)'}]}]}
        """;
    assertThat(rows(mapping, "<a><x><y>Y</y></x><b id='1'/><b id='2'><c><d/></c></b></a>"))
        .containsExactly("t {'up2':'2','up3':'Y','key':'b','pos':2}");
  }

  @Test
  void headerIsOnEveryRow() throws Exception {
    String mapping =
        """
        {'outside': 'ignore', 'tables': [
          {'table': 'entries', 'record': '/Stmts/Entry', 'fields': [
            {'name': 'msg_id', 'type': 'STRING', 'source': '/Stmts/Hdr/MsgId'},
            {'name': 'created', 'type': 'TIMESTAMP', 'source': '../Hdr/Created'},
            {'name': 'id', 'type': 'STRING', 'source': '@id'}]}]}
        """;
    String header = "<Hdr><MsgId>M-7</MsgId><Created>2024-05-01T08:00:00Z</Created></Hdr>";
    assertThat(rows(mapping, "<Stmts>" + header + "<Entry id='1'/><Entry id='2'/></Stmts>"))
        .containsExactly(
            "entries {'msg_id':'M-7','created':'2024-05-01T08:00:00Z','id':'1'}",
            "entries {'msg_id':'M-7','created':'2024-05-01T08:00:00Z','id':'2'}");
    RejectedException late =
        Engine.of(mapping).rejection("<Stmts><Entry id='1'/>" + header + "</Stmts>");
    assertThat(late.reason()).isEqualTo(RejectionReason.LATE_VALUE);
    assertThat(late).hasMessageThat().contains("1 rows before this value");
    RejectedException twice =
        Engine.of(mapping).rejection("<Stmts>" + header + header + "<Entry id='1'/></Stmts>");
    assertThat(twice.reason()).isEqualTo(RejectionReason.REPEATED_FIELD);
  }

  @Test
  void headerThatIsNilIsNoValue() throws Exception {
    String mapping =
        """
        {'outside': 'ignore', 'tables': [{'table': 't', 'record': '/Batch/Item', 'fields': [
          {'name': 'a', 'type': 'STRING', 'source': '/Batch/Id'},
          {'name': 'b', 'type': 'STRING', 'source': ['../Id', '../Other']}]}]}
        """;
    String document = "<Batch" + XSI + "><Id xsi:nil='true'>%s</Id><Other>o</Other><Item/></Batch>";

    assertThat(rows(mapping, document.formatted(""))).containsExactly("t {'b':'o'}");
    assertThat(Engine.of(mapping).rejection(document.formatted("x")))
        .hasMessageThat()
        .contains("xsi:nil");
    // Attributes around records never reject.
    assertThat(rows(mapping, "<Batch" + XSI + " xsi:nil='true'><Id>i</Id><Item/></Batch>"))
        .containsExactly("t {'a':'i','b':'i'}");
  }

  @Test
  void recordsAreAtSeveralPathsAndTheirNamesAreValues() throws Exception {
    String mapping =
        """
        {'tables': [
          {'table': 'publications', 'record': '/Lib/article | /Lib/book', 'fields': [
            {'name': 'kind', 'type': 'STRING', 'source': 'local-name()'},
            {'name': 'key', 'type': 'STRING', 'source': '@key'}]},
          {'table': 'titles', 'record': '/Lib/*', 'fields': [
            {'name': 'path', 'type': 'STRING', 'source': 'row:path()'},
            {'name': 'title', 'type': 'STRING'}]}]}
        """;
    assertThat(
            rows(
                mapping,
                "<Lib><article key='a1'><title>One</title></article>"
                    + "<book key='b1'><title>Two</title></book></Lib>"))
        .containsExactly(
            "publications {'kind':'article','key':'a1'}",
            "titles {'path':'/Lib/article','title':'One'}",
            "publications {'kind':'book','key':'b1'}",
            "titles {'path':'/Lib/book','title':'Two'}")
        .inOrder();
  }

  @Test
  void recordsNestInThemselves() throws Exception {
    String mapping =
        """
        {'outside': 'ignore', 'tables': [
          {'table': 'c', 'record': '//components/component', 'fields': [
            {'name': 'name', 'type': 'STRING', 'source': '@n'},
            {'name': 'key', 'type': 'STRING', 'source': 'row:key()'},
            {'name': 'parent', 'type': 'STRING', 'source': 'row:key(ancestor::component[1])'},
            {'name': 'over', 'type': 'STRING', 'source': 'ancestor::component[1]/@n'},
            {'name': 'way', 'type': 'STRING', 'mode': 'REPEATED', 'source': 'ancestor::component/@n'},
            {'name': 'depth', 'type': 'INT64', 'source': 'row:depth()'},
            {'name': 'bom', 'type': 'STRING', 'source': '/bom/@serial'},
            {'name': 'version', 'type': 'STRING'}]}]}
        """;
    assertThat(
            rows(
                mapping,
                "<bom serial='s'><components><component n='a'><version>1</version><components>"
                    + "<component n='b'/></components></component></components></bom>"))
        .containsExactly(
            "c {'name':'b','key':'-77','parent':'-28','over':'a','way':['a'],'depth':2,'bom':'s'}",
            "c {'name':'a','key':'-28','depth':1,'bom':'s','version':'1'}")
        .inOrder();
  }

  @Test
  void recordsAreChosenByAttributes() throws Exception {
    String mapping =
        """
        {"tables": [
          {"table": "a", "record": "/f/g[@t='x']/i[not(@off)]", "unknown": "ignore", "fields": [
            {"name": "v", "type": "STRING", "source": "@v"},
            {"name": "t", "type": "STRING", "source": "../@t"}]}]}
        """;
    assertThat(
            rows(
                Engine.ofJson(mapping),
                "<f><g t='x'><i v='1'/><i v='2' off=''/></g><g t='y'><i v='3'/></g></f>"))
        .containsExactly("a {'v':'1','t':'x'}");
  }

  @Test
  void namespacesMayBeAnyOrSeveral() throws Exception {
    String table =
        "'tables': [{'table': 't', 'record': '/l/%sr', 'fields': [{'name': 'v', 'type': 'STRING',"
            + " 'source': '%sv'}]}]}";
    assertThat(
            rows(
                "{'namespaces': {'': '*'}, " + table.formatted("", ""),
                "<l xmlns='urn:1'><r xmlns='urn:2'><v>1</v></r><r><v>2</v></r></l>"))
        .containsExactly("t {'v':'1'}", "t {'v':'2'}");
    assertThat(
            rows(
                "{'namespaces': {'p': ['urn:1', 'urn:2']}, " + table.formatted("p:", "p:"),
                "<l><r xmlns='urn:1'><v>1</v></r><r xmlns='urn:2'><v>2</v></r></l>"))
        .containsExactly("t {'v':'1'}", "t {'v':'2'}");
    assertThat(
            rows(
                "{" + table.formatted("*:", "*:"),
                "<l><r xmlns='urn:1'><v>1</v></r><r><v>2</v></r></l>"))
        .containsExactly("t {'v':'1'}", "t {'v':'2'}");
  }

  @Test
  void strictTablesKeepTheirGuards() throws Exception {
    String mapping =
        """
        {"tables": [{"table": "t", "record": "/l/r", "fields": [
          {"name": "x", "type": "STRING", "source": "a[@k='1']/x"},
          {"name": "deep", "type": "STRING", "source": "w/z"},
          {"name": "s", "type": "STRING"}]}]}
        """;
    Engine engine = Engine.ofJson(mapping);
    assertThat(rows(engine, "<l><r><a k='2'/><a k='1'><x>1</x></a></r></l>"))
        .containsExactly("t {'x':'1'}");
    for (String content :
        List.of("<a k='1'><y/></a>", "<b/>", "<a k='1'>text</a>", "<a j='1'/>", "<s>x<b/></s>")) {
      assertWithMessage(content)
          .that(engine.rejection("<l><r>" + content + "</r></l>").recordNumber())
          .isEqualTo(1);
    }
    assertThat(engine.rejection("<l><r/><n/></l>").reason())
        .isEqualTo(RejectionReason.UNKNOWN_ELEMENT);
  }

  @Test
  void invalidRowTakesTheRowsInside() throws Exception {
    String mapping =
        """
        {'tables': [
          {'table': 'o', 'record': '/b/o', 'fields': [{'name': 'n', 'type': 'INT64', 'source': '@n'}]},
          {'table': 'l', 'record': '/b/o/l', 'fields': [{'name': 'n', 'type': 'INT64', 'source': '@n'}]}]}
        """;
    Engine engine = Engine.of(mapping);
    List<String> found = new ArrayList<>();
    try (RecordReader reader =
        engine.open("<b><o n='x'><l n='1'/></o><o n='2'><l n='y'/><l n='3'/></o><o n='4'/></b>")) {
      while (reader.next()) {
        found.add(
            reader.recordNumber()
                + " "
                + (reader.isInvalid()
                    ? reader.invalidRecord().xml()
                    : RowJson.of(reader.row()).toString()));
      }
    }
    assertThat(found)
        .containsExactly(
            "1 <o n='x'><l n='1'/></o>",
            "3 <l n='y'/>",
            "4 {\"n\":3}",
            "2 {\"n\":2}",
            "5 {\"n\":4}")
        .inOrder();
    ReadDocument<Long> lost =
        engine.readAllowingInvalidRecords(
            Engine.source("<b><o n='1'><l n='1'/><k/></o></b>"), List.of(), CountingSink::new);
    assertThat(lost.rows()).containsExactly(0L, 0L);
    assertThat(lost.invalidRecords()).containsExactly(1L, 0L).inOrder();
  }

  @Test
  void limitOfARowIsWithoutTheRowsInside() throws Exception {
    String mapping =
        """
        {'tables': [
          {'table': 'o', 'record': '/b/o', 'fields': [{'name': 'n', 'type': 'STRING', 'source': '@n'}]},
          {'table': 'l', 'record': '/b/o/l', 'fields': [{'name': 'n', 'type': 'STRING', 'source': '@n'}]}]}
        """;
    String line = "<l n='" + "x".repeat(1000) + "'/>";
    Engine engine = Engine.of(mapping).withMaxRecordBytes(100_000);
    assertThat(engine.rowCounts(Engine.source("<b><o>" + line.repeat(1_000) + "</o></b>")))
        .containsExactly(1L, 1_000L)
        .inOrder();
  }

  @Test
  void documentWithRecordsAnywhereNeedsOne() {
    Engine engine =
        Engine.of(
            """
            {'outside': 'ignore', 'tables': [{'table': 't', 'record': '//r', 'fields': [
              {'name': 'v', 'type': 'STRING'}]}]}
            """);
    assertThat(engine.rejection("<html><body/></html>").reason())
        .isEqualTo(RejectionReason.NO_SECTION);
  }

  @Test
  void nilAndDefaultsCountForPathsToo() throws Exception {
    assertThat(
            engine("a[@k='x']", "NULLABLE")
                .rows(
                    "<!DOCTYPE l [<!ATTLIST a k CDATA 'x'>]><l"
                        + XSI
                        + "><r><a>1</a><a k='y'>2</a></r><r><a xsi:nil='true'/></r></l>"))
        .containsExactly("{'v':'1'}", "{}")
        .inOrder();
  }

  // Bounds

  @Test
  void choicesAreReadAlikeInParts() throws Exception {
    Engine engine =
        Engine.ofJson(
            """
            {"tables": [{"table": "t", "record": "/l/s/r", "unknown": "ignore", "fields": [
              {"name": "v", "type": "STRING", "source": "a[b='x']/c"},
              {"name": "w", "type": "STRING", "mode": "REPEATED", "source": ".//c | a"},
              {"name": "d", "type": "INT64", "source": ["d", "@d"]}]}]}
            """);
    String document =
        "<l><s><r d='1'><a><c>1</c><b>x</b></a></r><r/></s><s><r><d>2</d></r><r><d>z</d></r></s></l>";
    InParts allowing = new InParts(engine, Engine.source(document), true);
    assertThat(allowing.starts()).hasSize(4);
    allowing.check();
    new InParts(engine, Engine.source(document), false).check();
    assertThat(engine.guess(Engine.source(document), 30)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'record': '/l/r', 'fields': [{'name': 'v', 'type': 'STRING', 'source': '../@k'}]",
        "'record': '/l/r', 'fields': [{'name': 'v', 'type': 'STRING', 'source': '/l/@k'}]",
        "'record': '/l/r', 'fields': [{'name': 'v', 'type': 'STRING', 'source': 'row:key()'}]",
        "'record': '/l[@k]/r', 'fields': [{'name': 'v', 'type': 'STRING'}]",
        "'record': '//r', 'fields': [{'name': 'v', 'type': 'STRING'}]",
        "'record': '/l/r | /l/s', 'fields': [{'name': 'v', 'type': 'STRING'}]",
      })
  void whatRowsWantOfTheirSurroundingsIsReadInOnePart(String table) throws Exception {
    Engine engine = Engine.of("{'tables': [{'table': 't', " + table + "}]}");
    XmlSource source = Engine.source("<l k='1'><r/><r/><r/></l>");
    assertThat(engine.starts(source)).isEmpty();
    assertThat(engine.guess(source, 5)).isEmpty();
    assertThat(engine.records(source)).hasSize(3);
  }

  @Test
  void rowsNestAsDeepAsElementsMay() throws Exception {
    int depth = Limits.MAX_DEPTH - 1;
    String document = "<l>" + "<r k='1'>".repeat(depth) + "</r>".repeat(depth) + "</l>";
    Engine engine =
        Engine.of(
            """
            {'tables': [{'table': 't', 'record': '//r', 'fields': [
              {'name': 'k', 'type': 'STRING', 'source': '@k'},
              {'name': 'up', 'type': 'STRING', 'source': 'ancestor::r[1]/@k'},
              {'name': 'depth', 'type': 'INT64', 'source': 'row:depth()'}]}]}
            """);
    List<OracleRecord> records = engine.records(Engine.source(document));
    assertThat(records).hasSize(depth);
    assertThat(records.get(0).row().get("depth").intValue()).isEqualTo(depth);
  }

  @Test
  void valuesAroundRowsAreBounded() {
    Engine engine =
        Engine.of(
            """
            {'outside': 'ignore', 'tables': [{'table': 't', 'record': '/l/r', 'fields': [
              {'name': 'h', 'type': 'STRING', 'mode': 'REPEATED', 'source': '../h'}]}]}
            """);
    String tooLong = "<l><h>" + "x".repeat(70_000) + "</h><r/></l>";
    String tooMany = "<l>" + ("<h>" + "x".repeat(1_000) + "</h>").repeat(70) + "<r/></l>";
    for (String document : List.of(tooLong, tooMany)) {
      assertThat(engine.rejection(document).reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    }
  }

  @Test
  void whatWaitsToBeChosenIsBoundedByTheRowsLimit() {
    Engine engine =
        Engine.ofJson(
                """
                {"tables": [{"table": "t", "record": "/l/r", "unknown": "ignore", "fields": [
                  {"name": "v", "type": "STRING", "source": "a[last()]"}]}]}
                """)
            .withMaxRecordBytes(200_000);
    assertThat(engine.rejection("<l><r>" + "<a>x</a>".repeat(50_000) + "</r></l>").reason())
        .isEqualTo(RejectionReason.LIMIT_EXCEEDED);
  }

  @Test
  void aNodeThatIsNilIsANode() throws Exception {
    Engine engine =
        Engine.of(
            """
            {'outside': 'ignore', 'tables': [{'table': 't', 'record': '/l/g/r', 'unknown': 'ignore', 'fields': [
              {'name': 'first', 'type': 'STRING', 'source': '(a)[1]'},
              {'name': 'second', 'type': 'STRING', 'source': '(a)[2]'},
              {'name': 'some', 'type': 'STRING', 'source': ['(a)[1]', 'b']},
              {'name': 'rec', 'type': 'RECORD', 'source': '(c)[1]', 'fields': [
                {'name': 'v', 'type': 'STRING'}]},
              {'name': 'up', 'type': 'STRING', 'source': '(../h)[1]'}]}]}
            """);
    assertThat(
            engine.rows(
                "<l"
                    + XSI
                    + "><g><h xsi:nil='true'/><h>x</h><r><a xsi:nil='true'/><a>A</a><b>B</b>"
                    + "<c xsi:nil='1'/><c><v>V</v></c></r></g></l>"))
        .containsExactly("{'second':'A','some':'B'}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0085", "\u2028"})
  void onlyTheWhiteSpaceOfXmlIsNormalized(String end) throws Exception {
    Engine engine =
        Engine.ofJson(
            """
            {"tables": [{"table": "t", "record": "/l/r", "unknown": "ignore", "fields": [
              {"name": "v", "type": "STRING", "source": "a[normalize-space(k) = 'x']/v"},
              {"name": "w", "type": "STRING", "source": "a[normalize-space(@k) = 'x']/v"}]}]}
            """);
    assertThat(
            engine.rows(
                ("<l><r><a k=' x END'><k> x END</k><v>1</v></a></r>"
                        + "<r><a k=' x '><k> x\t</k><v>2</v></a></r></l>")
                    .replace("END", end)))
        .containsExactly("{}", "{'v':'2','w':'2'}")
        .inOrder();
  }

  @Test
  void attributesInWholeTextAreExpectedAtAnyDepth() throws Exception {
    String mapping =
        """
        {"tables": [{"table": "t", "record": "//r", "fields": [
          {"name": "v", "type": "STRING", "source": "string(x)"}]}]}
        """;
    Engine engine = Engine.ofJson(mapping);

    assertThat(engine.rows("<l><r><x>a<b k='1'>c<i j='2'/></b></x></r></l>"))
        .containsExactly("{'v':'ac'}");
    assertThat(engine.rejection("<l><r><x k='1'>a</x></r></l>").reason())
        .isEqualTo(RejectionReason.UNKNOWN_ATTRIBUTE);
  }
}
