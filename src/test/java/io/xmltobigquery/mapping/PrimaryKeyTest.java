package io.xmltobigquery.mapping;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrimaryKeyTest {

  private static final String COLUMNS =
      """
      {"name": "Id", "type": "STRING", "mode": "REQUIRED"},
      {"name": "n", "type": "INT64", "mode": "REQUIRED"},
      {"name": "x", "type": "FLOAT64", "mode": "REQUIRED"},
      {"name": "note", "type": "STRING"},
      {"name": "tags", "type": "STRING", "mode": "REPEATED"},
      {"name": "part", "type": "RECORD", "mode": "REQUIRED", "fields": [
        {"name": "id", "type": "STRING", "mode": "REQUIRED"}]}
      """;

  @Test
  void aKeyIsOneOfTheTableThatIsCreated() throws MappingException {
    TableMapping table = table("'primaryKey': {'columns': ['ID', 'n']}", COLUMNS);

    assertThat(table.primaryKey()).containsExactly("Id", "n").inOrder();
    assertThat(table.bigQuery())
        .isEqualTo("{\"tableConstraints\":{\"primaryKey\":{\"columns\":[\"Id\",\"n\"]}}}");
    assertThat(table.deleteWhen()).isNull();
    assertThat(table("'description': 'x'", COLUMNS).primaryKey()).isEmpty();
  }

  @Test
  void aRecordThatDeletesIsToldByACondition() throws MappingException {
    assertThat(deleteWhen("@gone")).isInstanceOf(Path.Exists.class);
    assertThat(deleteWhen("Status = \\\"x\\\" or not(Name)")).isInstanceOf(Path.Or.class);
    assertThat(deleteWhen("local-name()=\\\"Deleted\\\""))
        .isEqualTo(new Path.HasLocalName("Deleted"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          'primaryKey': ['Id']                        | primaryKey: must be an object, but the JSON type is array
          'primaryKey': {}                            | primaryKey: "columns" is missing: add it
          'primaryKey': {'fields': ['Id'], 'columns': ['Id']} | primaryKey/fields: unknown key: remove it; known are columns
          'primaryKey': {'columns': []}               | primaryKey/columns: is empty: add at least one
          'primaryKey': {'columns': ['Idd']}          | primaryKey/columns: "Idd" isn't a column of the table: did you mean "Id"?
          'primaryKey': {'columns': ['part.id']}      | primaryKey/columns: "part.id" isn't a column of the table: use one of Id, n, x, note, tags, part
          'primaryKey': {'columns': ['note']}         | primaryKey/columns: "note" may be NULL, and then it tells no row: make it REQUIRED
          'primaryKey': {'columns': ['x']}            | primaryKey/columns: "x" is a REQUIRED FLOAT64: use a column of type STRING, INT64, NUMERIC, BIGNUMERIC, BOOL, DATE, DATETIME or TIMESTAMP that isn't REPEATED
          'primaryKey': {'columns': ['tags']}         | primaryKey/columns: "tags" is a REPEATED STRING: use a column of type STRING, INT64, NUMERIC, BIGNUMERIC, BOOL, DATE, DATETIME or TIMESTAMP that isn't REPEATED
          'primaryKey': {'columns': ['part']}         | primaryKey/columns: "part" is a REQUIRED RECORD: use a column of type STRING, INT64, NUMERIC, BIGNUMERIC, BOOL, DATE, DATETIME or TIMESTAMP that isn't REPEATED
          'primaryKey': {'columns': ['n', 'N']}       | primaryKey/columns: "N" is there twice: remove one
          'deleteWhen': '@gone'                       | deleteWhen: needs a "primaryKey", by which the row to delete is found: add one
          'primaryKey': {'columns': ['n']}, 'deleteWhen': '1'        | deleteWhen: "1": expected a name at character 1
          'primaryKey': {'columns': ['n']}, 'deleteWhen': '@a]'      | deleteWhen: "@a]": expected an operator or the end at character 3
          'primaryKey': {'columns': ['n']}, 'deleteWhen': '../@a'    | deleteWhen: "../@a": in brackets stand paths from the element itself, without brackets in them
          'primaryKey': {'columns': ['n']}, 'deleteWhen': 'last()'   | deleteWhen: "last()": last() isn't supported in brackets: there are not, local-name and normalize-space
          'primaryKey': {'columns': ['n']}, 'deleteWhen': true       | deleteWhen: must be a string, but the JSON type is boolean
          """)
  void aKeyThatBigQueryWouldNotTakeIsRefused(String keys, String problem) {
    assertThat(problems(keys, COLUMNS)).isEqualTo("/tables/0/" + problem);
  }

  @Test
  void aKeyHasAtMostSixteenColumns() throws MappingException {
    assertThat(table(key(16), columns(17)).primaryKey()).hasSize(16);
    assertThat(problems(key(17), columns(17)))
        .isEqualTo(
            "/tables/0/primaryKey/columns: has 17 columns; BigQuery takes 16: leave some out");
  }

  @Test
  void aTableWithAKeyHasAtMostTwoThousandColumns() throws MappingException {
    assertThat(table(key(1), columns(2_000)).primaryKey()).containsExactly("c0");
    assertThat(table("'unknown': 'error'", columns(2_001)).primaryKey()).isEmpty();
    assertThat(problems(key(1), columns(2_001)))
        .isEqualTo(
            "/tables/0/primaryKey: the table has 2001 columns; BigQuery takes 2000 of one with a"
                + " key: leave some out, or put some into RECORDs");
  }

  private static String key(int columns) {
    return IntStream.range(0, columns)
        .mapToObj(i -> "'c" + i + "'")
        .collect(joining(",", "'primaryKey': {'columns': [", "]}"));
  }

  private static String columns(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{'name': 'c" + i + "', 'type': 'INT64', 'mode': 'REQUIRED'}")
        .collect(joining(","));
  }

  private static Path.Predicate deleteWhen(String condition) throws MappingException {
    String keys = "'primaryKey': {'columns': ['n']}, 'deleteWhen': '%s'".formatted(condition);
    return table(keys, COLUMNS).deleteWhen();
  }

  private static String problems(String keys, String columns) {
    return assertThrows(MappingException.class, () -> table(keys, columns)).problems().stream()
        .map(MappingProblem::toString)
        .collect(joining("; "));
  }

  private static TableMapping table(String keys, String columns) throws MappingException {
    String json =
        "{\"tables\": [{\"table\": \"t\", \"record\": \"/r/i\", %s, \"fields\": [%s]}]}"
            .formatted(keys, columns);
    return MappingReader.read(json.replace('\'', '"').getBytes(UTF_8)).tables().get(0);
  }
}
