package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What mappings say of texts, from XML to rows; docs/MAPPING.md has an example of each key, which
 * MappingDocumentTest runs.
 */
class ConversionsTest {

  /** The content of x, the keys of its column, and the row. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'STRING', 'whiteSpace': 'collapse'                     | ` a↵ b ` | {'x':'a b'}
          'STRING', 'whiteSpace': 'preserve'                     | ` a↵ b ` | {'x':' a\\n b '}
          'STRING', 'whiteSpace': 'collapse'                     | ` ↵ `    | {'x':''}
          'STRING', 'whiteSpace': 'collapse', 'empty': 'null'    | ` ↵ `    | {}
          'STRING', 'empty': 'null'                              | ` `      | {'x':' '}
          'STRING', 'empty': 'null'                              | ``       | {}
          'BYTES', 'empty': 'null'                               | ` `      | {}
          'BYTES', 'empty': 'keep'                               | ` `      | {'x':''}
          'INT64', 'empty': 'null'                               | ` `      | {}
          'STRING', 'nullMarkers': ['-', 'N/A']                  | -        | {}
          'STRING', 'nullMarkers': ['-', 'N/A']                  | ` - `    | {'x':' - '}
          'STRING', 'nullMarkers': ['-'], 'whiteSpace': 'collapse' | ` - `  | {}
          'DATE', 'nullMarkers': ['0000-00-00']                  | 0000-00-00 | {}
          'DATE', 'format': '%d.%m.%Y'                           | ` 9.2.2024 ` | {'x':'2024-02-09'}
          'DATE', 'format': ['date', '%d.%m.%Y', '%Y']           | 2024     | {'x':'2024-01-01'}
          'DATETIME', 'format': '%b %e %Y %H:%M'                 | Feb  9↵2024 10:11 | {'x':'2024-02-09T10:11:00'}
          'TIMESTAMP', 'timeZone': 'Europe/Berlin'               | 2024-07-01T10:00:00 | {'x':'2024-07-01T08:00:00Z'}
          'TIMESTAMP', 'timeZone': '-05:00'                      | 2024-07-01T10:00:00+01:00 | {'x':'2024-07-01T09:00:00Z'}
          'TIMESTAMP', 'format': 'epoch-seconds'                 | 1619688396 | {'x':'2021-04-29T09:26:36Z'}
          'NUMERIC', 'number': {'decimal': ',', 'group': '.'}    | 1.234,50 | {'x':'1234.5'}
          'NUMERIC', 'number': {'decimal': ',', 'group': ' '}    | 1 234,50 | {'x':'1234.5'}
          'NUMERIC', 'number': {'trailingSign': true}            | 12.50-   | {'x':'-12.5'}
          'BIGNUMERIC', 'number': {'exponent': true}             | 1.5E3    | {'x':'1500'}
          'INT64', 'number': {'exponent': true}                  | 1E3      | {'x':1000}
          'INT64', 'number': {'group': ','}                      | 1,000.0  | {'x':1000}
          'FLOAT64', 'number': {'decimal': ','}                  | 1,5e3    | {'x':1500.0}
          'BOOL', 'boolean': {'true': ['Y'], 'false': ['N']}     | Y        | {'x':true}
          'BOOL', 'boolean': {'true': ['Y'], 'false': ['N']}     | N        | {'x':false}
          'BOOL', 'boolean': {'true': ['Y'], 'false': ['N']}     | 1        | {'x':true}
          'STRING', 'mode': 'REPEATED', 'split': ';'             | a;;b; c  | {'x':['a','b',' c']}
          'STRING', 'mode': 'REPEATED', 'split': '::'            | a:b::c:  | {'x':['a:b','c:']}
          'INT64', 'mode': 'REPEATED', 'split': ' '              | ` 1↵2  3 ` | {'x':[1,2,3]}
          'INT64', 'mode': 'REPEATED', 'split': ','              | 1, ,3    | {'x':[1,3]}
          'STRING', 'mode': 'REPEATED', 'split': ','             | ,,       | {}
          'STRING', 'mode': 'REPEATED', 'split': ',', 'nullMarkers': ['-'] | a,-,b | {'x':['a','b']}
          'STRING', 'default': 'none'                            | ``       | {'x':''}
          'STRING', 'default': 'none', 'empty': 'null'           | ``       | {'x':'none'}
          'INT64', 'default': 7                                  | ``       | {'x':7}
          'BOOL', 'default': false, 'nullMarkers': ['?']         | ?        | {'x':false}
          'NUMERIC', 'mode': 'REQUIRED', 'default': '0.0'        | ``       | {'x':'0'}
          'BYTES', 'default': 'YQ = =', 'empty': 'null'          | ``       | {'x':'YQ=='}
          """)
  void becomeValues(String keys, String content, String row) throws Exception {
    Engine engine = Engine.of("/l/r", "error", "{'name': 'x', 'type': %s}".formatted(keys));

    assertThat(engine.rows("<l><r><x>" + content.replace('↵', '\n') + "</x></r></l>"))
        .containsExactly(row);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'STRING', 'empty': 'error'                   | ``       | x is empty, which the mapping makes an error
          'INT64', 'empty': 'error'                    | ` `      | x is empty, which the mapping makes an error
          'DATE', 'format': ['date', '%d.%m.%Y']       | 1/2/2024 | x matches none of the formats [date, %d.%m.%Y]
          'NUMERIC', 'number': {'decimal': ','}        | 1.5      | x isn't a number as the mapping's "number" says: expected a digit or the end at position 2
          'NUMERIC', 'number': {'exponent': true}      | 1E40     | x has 41 digits before the point; NUMERIC holds 29
          'INT64', 'number': {'exponent': true}        | 15E-1    | x is not an xs:integer: expected a digit or the end at position 2
          'BOOL', 'boolean': {'true': ['Y']}           | y        | x is not an xs:boolean: expected true, false, 1 or 0, or a word of the mapping's "boolean"
          'STRING', 'maxLength': 3, 'join': '--'       | abcd     | x has a length of 4; its maxLength is 3
          'INT64', 'mode': 'REPEATED', 'split': ' '    | 1 a      | x is not an xs:integer: expected a digit at position 1
          """)
  void orAreInvalid(String keys, String content, String message) {
    Engine engine = Engine.of("/l/r", "error", "{'name': 'x', 'type': %s}".formatted(keys));

    RejectedException rejection =
        engine.rejection("<l><r><x>" + content.replace('↵', '\n') + "</x></r></l>");

    assertThat(rejection.reason()).isEqualTo(RejectionReason.INVALID_VALUE);
    assertThat(rejection).hasMessageThat().contains(message);
  }

  @Test
  void severalTextsAreJoinedInTheirOrder() throws Exception {
    Engine engine =
        Engine.of(
            "/l/r",
            "error",
            "{'name': 'x', 'type': 'STRING', 'join': ', ', 'maxLength': 8, 'source': 'g/x'},"
                + "{'name': 'y', 'type': 'STRING', 'source': 'y'},"
                + "{'name': 'n', 'type': 'INT64', 'join': '', 'source': 'n'},"
                + "{'name': 'd', 'type': 'DATE', 'join': '-', 'source': 'd', 'default': '2000-01-01'}");

    assertThat(
            engine.rows(
                "<l><r><g><x>a</x></g><y>b</y><n>1</n><d>2024</d><d>02</d><g><x>c</x><x/></g>"
                    + "<n>2</n><d>09</d></r><r/></l>"))
        .containsExactly("{'x':'a, c, ','y':'b','n':12,'d':'2024-02-09'}", "{'d':'2000-01-01'}")
        .inOrder();
    RejectedException tooLong = engine.rejection("<l><r><g><x>12345</x><x>6789</x></g></r></l>");
    assertThat(tooLong).hasMessageThat().contains("x has a length of 11; its maxLength is 8");
  }

  @Test
  void defaultsStandForWhatIsNil() throws Exception {
    Engine engine =
        Engine.of(
            "/l/r",
            "error",
            "{'name': 'x', 'type': 'STRING', 'mode': 'REQUIRED', 'default': 'none'},"
                + "{'name': 'g', 'type': 'RECORD', 'mode': 'REPEATED', 'fields': ["
                + "{'name': 'y', 'type': 'INT64', 'default': 0}]}");

    assertThat(
            engine.rows(
                "<l xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
                    + "<r><x xsi:nil='true'/><g/><g><y>1</y></g></r></l>"))
        .containsExactly("{'x':'none','g':[{'y':0},{'y':1}]}");
  }

  @Test
  void theRecordsOwnTextsMayBeSplit() throws Exception {
    Engine engine =
        Engine.of(
            "/l/r",
            "error",
            "{'name': 'a', 'type': 'INT64', 'mode': 'REPEATED', 'source': '@a', 'split': ' '},"
                + "{'name': 't', 'type': 'STRING', 'mode': 'REPEATED', 'source': '.', 'split': ','}");

    assertThat(engine.rows("<l><r a='1 2'>x,y</r></l>"))
        .containsExactly("{'a':[1,2],'t':['x','y']}");
  }

  @Test
  void oneTextMayBeReadInSeveralWays() throws Exception {
    Engine engine =
        Engine.of(
            "/l/r",
            "error",
            "{'name': 'raw', 'type': 'STRING', 'source': 'x'},"
                + "{'name': 'number', 'type': 'NUMERIC', 'source': 'x', 'number': {'decimal': ','}},"
                + "{'name': 'short', 'type': 'STRING', 'source': 'x', 'whiteSpace': 'collapse'},"
                + "{'name': 'raw2', 'type': 'STRING', 'source': 'x'}");

    assertThat(engine.rows("<l><r><x>  1,5 </x></r></l>"))
        .containsExactly("{'raw':'  1,5 ','number':'1.5','short':'1,5','raw2':'  1,5 '}");
  }

  @Test
  void whatAllSayIsSaidByTableAndFieldAgain() throws Exception {
    Engine engine =
        Engine.of(
            """
            {'defaults': {'whiteSpace': 'collapse', 'empty': 'null', 'nullMarkers': ['-'],
               'number': {'decimal': ','}, 'boolean': {'true': ['J'], 'false': ['N']}, 'timeZone': '+01:00'},
             'tables': [
              {'table': 'a', 'record': '/l/a', 'defaults': {'nullMarkers': ['?'], 'empty': 'keep'}, 'fields': [
                {'name': 's', 'type': 'STRING'}, {'name': 'n', 'type': 'NUMERIC'}, {'name': 'b', 'type': 'BOOL'},
                {'name': 't', 'type': 'TIMESTAMP'}, {'name': 'd', 'type': 'DATE'}]},
              {'table': 'b', 'record': '/l/b', 'fields': [
                {'name': 's', 'type': 'STRING', 'whiteSpace': 'preserve', 'empty': 'keep', 'nullMarkers': ['x']},
                {'name': 'g', 'type': 'RECORD', 'fields': [{'name': 's', 'type': 'STRING'}]}]}]}
            """);
    String values = "<s> - </s><n>1,5</n><b>J</b><t>2024-01-01T00:00:00</t><d>2024-01-01</d>";

    assertThat(
            engine.rows(
                "<l><a>%s</a><a><s> </s><n> </n><t>?</t></a><b><s> - </s></b>".formatted(values)
                    + "<b><s>x</s><g><s> - </s></g></b><b><s/><g><s> </s></g></b></l>"))
        .containsExactly(
            "{'s':'-','n':'1.5','b':true,'t':'2023-12-31T23:00:00Z','d':'2024-01-01'}",
            "{'s':''}",
            "{'s':' - '}",
            "{'g':{}}",
            "{'s':'','g':{}}")
        .inOrder();
  }

  @Test
  void manyItemsAreTooManyValues() {
    Engine engine =
        Engine.of(
            "/l/r", "error", "{'name': 'x', 'type': 'STRING', 'mode': 'REPEATED', 'split': ' '}");

    RejectedException rejection =
        engine.rejection("<l><r><x>" + "a ".repeat(1_100_000) + "</x></r></l>");

    assertThat(rejection.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
  }

  @Test
  void veryLongNumbersAndDatesAreRefused() {
    String digits = "9".repeat(2_000_000);
    for (Map.Entry<String, String> each :
        Map.of(
                "'NUMERIC', 'number': {'exponent': true}", "1E" + digits,
                "'BIGNUMERIC', 'number': {'exponent': true}", digits + "E-1",
                "'INT64', 'number': {'decimal': ','}", digits,
                "'DATE', 'format': '%d.%m.%Y'", digits,
                "'TIMESTAMP', 'format': 'epoch-seconds'", digits,
                "'TIMESTAMP', 'format': ['epoch-millis', 'dateTime']", "0." + digits,
                "'BOOL', 'boolean': {'true': ['Y']}", digits)
            .entrySet()) {
      Engine engine =
          Engine.of("/l/r", "error", "{'name': 'x', 'type': %s}".formatted(each.getKey()));

      RejectedException rejection =
          engine.rejection("<l><r><x>" + each.getValue() + "</x></r></l>");

      assertThat(rejection.reason()).isEqualTo(RejectionReason.INVALID_VALUE);
      assertThat(rejection.getMessage().length()).isLessThan(300);
    }
  }
}
