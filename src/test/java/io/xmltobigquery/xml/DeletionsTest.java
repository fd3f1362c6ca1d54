package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code deleteWhen}: which rows delete the row of their key. */
final class DeletionsTest {

  private static final String MAPPING =
      """
      {"tables": [{"table": "t", "record": "/l/r | /l/gone", "unknown": "%s",
        "primaryKey": {"columns": ["id"]}, "deleteWhen": "%s", "fields": [
          {"name": "id", "type": "STRING", "mode": "REQUIRED", "source": "@id"},
          {"name": "name", "type": "STRING"}]}]}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '^',
      quoteCharacter = '~',
      value = {
        "@op='D'               ^ <r id='1' op='D'/><r id='2' op='U'/><r id='3'/>       ^ -1 2 3",
        "@op                   ^ <r id='1' op=''/><r id='2'/>                          ^ -1 2",
        "not(name)             ^ <r id='1'/><r id='2'><name/></r>                      ^ -1 2",
        "state='gone'          ^ <r id='1'><state>gone</state></r><r id='2'><state> gone</state></r> ^ -1 2",
        "normalize-space(state)='gone' ^ <r id='1'><state>is</state></r><r id='2'><state> gone </state></r> ^ 1 -2",
        "a/state='gone'        ^ <r id='1'><a><state>gone</state></a></r><r id='2'/>   ^ -1 2",
        "a/@k                  ^ <r id='1'><a/></r><r id='2'><a/><a k=''/></r>         ^ 1 -2",
        "local-name()='gone'   ^ <r id='1'/><gone id='1'/>                             ^ 1 -1",
        "@op='D' and not(name) ^ <r id='1' op='D'/><r id='2' op='D'><name>x</name></r> ^ -1 2",
        "@op='D' or name='x'   ^ <r id='1' op='D'/><r id='2'><name>x</name></r><r id='3'/> ^ -1 -2 3",
        ".='x'                 ^ <r id='1'><name>x</name></r><r id='2'/>               ^ -1 2",
        "name='x'              ^ <r id='1'><name>x</name></r><r id='2'><name>y</name></r><r id='3'><name>x</name></r> ^ -1 2 -3",
      })
  void areToldByTheirCondition(String condition, String content, String rows) throws Exception {
    for (String unknown : List.of("ignore", "error")) {
      Engine engine = Engine.ofJson(MAPPING.formatted(unknown, condition.strip()));
      assertThat(rows(engine, "<l>" + content.strip() + "</l>")).isEqualTo(rows.strip());
    }
  }

  /** What a condition looks at is named by the mapping, and nothing else. */
  @Test
  void aStrictTableStillRefusesWhatNothingNames() {
    Engine engine = Engine.ofJson(MAPPING.formatted("error", "@op='D' and a/b"));

    assertThat(engine.rejection("<l><r id='1' op='D'><c/></r></l>").reason())
        .isEqualTo(RejectionReason.UNKNOWN_ELEMENT);
    assertThat(engine.rejection("<l><r id='1' other='D'/></l>").reason())
        .isEqualTo(RejectionReason.UNKNOWN_ATTRIBUTE);
  }

  @Test
  void aRowInARowHasAConditionOfItsOwn() throws Exception {
    Engine engine =
        Engine.of(
            """
            {'tables': [
              {'table': 'orders', 'record': '/l/o', 'primaryKey': {'columns': ['id']}, 'deleteWhen': '@gone', 'fields': [
                {'name': 'id', 'type': 'STRING', 'mode': 'REQUIRED', 'source': '@id'}]},
              {'table': 'lines', 'record': '/l/o/i', 'primaryKey': {'columns': ['id']}, 'deleteWhen': 'gone', 'fields': [
                {'name': 'id', 'type': 'STRING', 'mode': 'REQUIRED', 'source': '@id'}]}]}
            """);

    assertThat(
            rows(
                engine,
                "<l><o id='1' gone=''><i id='a'/><i id='b'><gone/></i></o><o id='2'><i id='c'/></o></l>"))
        .isEqualTo("a -b -1 c 2");
  }

  /** The ids of the rows, those that delete with a minus. */
  private static String rows(Engine engine, String document) throws Exception {
    List<String> rows = new ArrayList<>();
    try (RecordReader reader = engine.open(document)) {
      while (reader.next()) {
        if (reader.isInvalid()) {
          throw reader.invalidRecordRejection();
        }
        String id = RowJson.of(reader.row()).get("id").textValue();
        rows.add(reader.row().isDeletion() ? "-" + id : id);
      }
    }
    return String.join(" ", rows);
  }
}
