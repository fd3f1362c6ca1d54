package io.xmltobigquery.mapping;

import static com.google.common.truth.Truth.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BigQuerySchemaTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void modeIsAlwaysWritten() throws Exception {
    assertThat(schemaOf("{'name': 'A', 'type': 'DATE'}"))
        .isEqualTo(json("[{'name': 'A', 'type': 'DATE', 'mode': 'NULLABLE'}]"));
  }

  @Test
  void aliasesBecomeStandardNames() throws Exception {
    assertThat(schemaOf("{'name': 'A', 'type': 'INTEGER', 'mode': 'REPEATED'}"))
        .isEqualTo(json("[{'name': 'A', 'type': 'INT64', 'mode': 'REPEATED'}]"));
  }

  @Test
  void whereTheValueComesFromIsLeftOut() throws Exception {
    assertThat(schemaOf("{'name': 'A', 'type': 'STRING', 'source': 'b/@c', 'lexical': 'decimal'}"))
        .isEqualTo(json("[{'name': 'A', 'type': 'STRING', 'mode': 'NULLABLE'}]"));
  }

  @Test
  void numbersAreStringsAsInBigQuerysRestApi() throws Exception {
    assertThat(
            schemaOf(
                """
                {'name': 'A', 'type': 'BYTES', 'maxLength': 16},
                {'name': 'B', 'type': 'NUMERIC', 'precision': 10, 'scale': 2}
                """))
        .isEqualTo(
            json(
                """
                [{'name': 'A', 'type': 'BYTES', 'mode': 'NULLABLE', 'maxLength': '16'},
                 {'name': 'B', 'type': 'NUMERIC', 'mode': 'NULLABLE', 'precision': '10', 'scale': '2'}]
                """));
  }

  @Test
  void bigQuerysOwnKeysAreKept() throws Exception {
    assertThat(
            schemaOf(
                """
                {'name': 'A', 'type': 'STRING', 'collation': 'und:ci', 'policyTags': {'names': ['t']}},
                {'name': 'B', 'type': 'RECORD', 'fields': [
                  {'name': 'C', 'type': 'NUMERIC', 'roundingMode': 'ROUND_HALF_EVEN',
                   'defaultValueExpression': '0'}]}
                """))
        .isEqualTo(
            json(
                """
                [{'name': 'A', 'type': 'STRING', 'mode': 'NULLABLE', 'policyTags': {'names': ['t']},
                  'collation': 'und:ci'},
                 {'name': 'B', 'type': 'RECORD', 'mode': 'NULLABLE', 'fields': [
                   {'name': 'C', 'type': 'NUMERIC', 'mode': 'NULLABLE', 'defaultValueExpression': '0',
                    'roundingMode': 'ROUND_HALF_EVEN'}]}]
                """));
  }

  @Test
  void descriptionsAndNestedFieldsAreKept() throws Exception {
    assertThat(
            schemaOf(
                """
                {'name': 'A', 'type': 'STRUCT', 'mode': 'REQUIRED', 'description': 'An "a"', 'fields': [
                  {'name': 'B', 'type': 'BOOL'}]}
                """))
        .isEqualTo(
            json(
                """
                [{'name': 'A', 'type': 'RECORD', 'mode': 'REQUIRED', 'description': 'An "a"', 'fields': [
                  {'name': 'B', 'type': 'BOOL', 'mode': 'NULLABLE'}]}]
                """));
  }

  @Test
  void schemaIsPrettyPrinted() throws Exception {
    String schema = BigQuerySchema.json(table("{'name': 'A', 'type': 'DATE'}"), false);

    assertThat(schema.lines().toList())
        .containsExactly(
            "[ {",
            "  \"name\" : \"A\",",
            "  \"type\" : \"DATE\",",
            "  \"mode\" : \"NULLABLE\"",
            "} ]")
        .inOrder();
  }

  @Test
  void schemaIsItselfAValidListOfFields() throws Exception {
    for (TableMapping table : MappingReader.defaultMapping().tables()) {
      String schema = BigQuerySchema.json(table, false);
      String mapping =
          """
          {"tables": [{"table": "t", "record": "/R", "fields": %s}]}"""
              .formatted(schema);

      TableMapping readAgain =
          MappingReader.read(mapping.getBytes(StandardCharsets.UTF_8)).tables().get(0);

      assertThat(BigQuerySchema.json(readAgain, false)).isEqualTo(schema);
    }
  }

  private static JsonNode schemaOf(String fields) throws Exception {
    return JSON.readTree(BigQuerySchema.json(table(fields), false));
  }

  private static TableMapping table(String fields) throws MappingException {
    String mapping =
        """
        {"tables": [{"table": "t", "record": "/R", "fields": [%s]}]}"""
            .formatted(doubleQuoted(fields));
    return MappingReader.read(mapping.getBytes(StandardCharsets.UTF_8)).tables().get(0);
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return JSON.readTree(doubleQuoted(text));
  }

  /** Lets a test write JSON in single quotes. */
  private static String doubleQuoted(String json) {
    return json.replace("\"", "\\\"").replace('\'', '"');
  }
}
