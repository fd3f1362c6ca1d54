package io.xmltobigquery.mapping;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.Lexical;
import io.xmltobigquery.values.TimeFormat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the schema to the reader, in both directions. JSON is written in single quotes. */
class MappingSchemaTest {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .build();

  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(MappingSchema.json());

  private static final String A = "{'name': 'A', 'type': 'STRING'}";

  @Test
  void isASchemaItself() throws Exception {
    JsonSchema ofSchemas =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(MappingSchemaTest.class.getResourceAsStream("/draft/2020-12/schema"));

    assertThat(ofSchemas.validate(JSON.readTree(MappingSchema.json()))).isEmpty();
  }

  @Test
  void hasTheKeysThatTheReaderKnows() throws Exception {
    JsonNode schema = JSON.readTree(MappingSchema.json());
    JsonNode table = schema.at("/$defs/table");
    JsonNode field = schema.at("/$defs/field");

    assertKeys(schema, MappingReader.DOCUMENT_KEYS);
    assertKeys(table, MappingReader.TABLE_KEYS);
    assertKeys(field, FieldReader.KEYS);
    assertKeys(table.at("/properties/timePartitioning"), BigQueryKeys.OF_TIME_PARTITIONING);
    assertKeys(table.at("/properties/rangePartitioning"), BigQueryKeys.OF_RANGE_PARTITIONING);
    assertKeys(table.at("/properties/rangePartitioning/properties/range"), BigQueryKeys.OF_RANGE);
    assertKeys(table.at("/properties/clustering"), BigQueryKeys.OF_CLUSTERING);
    assertKeys(table.at("/properties/primaryKey"), PrimaryKey.KEYS);
    assertKeys(field.at("/properties/policyTags"), BigQueryKeys.OF_POLICY_TAGS);
    assertKeys(schema.at("/$defs/defaults"), ValueDefaults.KEYS);
    assertKeys(schema.at("/$defs/number"), ValueDefaults.OF_NUMBER);
    assertKeys(schema.at("/$defs/boolean"), ValueDefaults.OF_BOOLEAN);
  }

  @Test
  void hasTheNamesThatTheReaderKnows() throws Exception {
    JsonNode field = JSON.readTree(MappingSchema.json()).at("/$defs/field/properties");

    assertThat(texts(field.at("/type/enum")))
        .containsExactlyElementsIn(ColumnType.names().keySet());
    assertThat(texts(field.at("/lexical/enum")))
        .containsExactlyElementsIn(Stream.of(Lexical.values()).map(Lexical::xsdName).toList());
    JsonNode names = JSON.readTree(MappingSchema.json()).get("$defs");
    assertThat(texts(names.at("/whiteSpace/enum")))
        .containsExactlyElementsIn(ValueDefaults.WHITE_SPACE.keySet());
    assertThat(texts(names.at("/empty/enum")))
        .containsExactlyElementsIn(ValueDefaults.EMPTY.keySet());
    assertThat(texts(field.at("/format/oneOf/0/anyOf/0/enum")))
        .containsExactlyElementsIn(TimeFormat.names());
    assertThat(texts(field.at("/as/enum"))).containsExactlyElementsIn(FieldReader.FORMS.keySet());
    assertThat(texts(field.at("/mode/enum")))
        .containsExactlyElementsIn(Stream.of(Mode.values()).map(Mode::name).toList());
  }

  @Test
  void everyKeySaysWhatItIsFor() throws Exception {
    JsonNode schema = JSON.readTree(MappingSchema.json());
    for (JsonNode object : List.of(schema, schema.at("/$defs/table"), schema.at("/$defs/field"))) {
      object
          .get("properties")
          .fields()
          .forEachRemaining(
              key ->
                  assertWithMessage(key.getKey())
                      .that(key.getValue().has("description") || key.getValue().has("$ref"))
                      .isTrue());
    }
  }

  @Test
  void defaultMappingIsGood() throws Exception {
    try (var in = MappingReader.class.getResourceAsStream("customers-orders.json")) {
      assertThat(SCHEMA.validate(JSON.readTree(in))).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("goodMappings")
  void goodMappingsAreGoodForBoth(String mapping) throws Exception {
    assertThat(bySchema(mapping)).isEmpty();
    assertThat(byReader(mapping)).isEmpty();
  }

  static List<String> goodMappings() {
    List<String> good = new ArrayList<>();
    good.add("{'$schema': 'x', 'tables': [%s]} // end".formatted(table("")));
    good.add("{'entities': 'html', 'tables': [%s]}".formatted(table("")));
    good.add(
        "{'outside': 'ignore', 'emptyDocument': 'accept', 'namespaces': {'p': 'urn:p', '': ['a', 'b'],"
            + " 'q': '*'}, 'tables': [%s]}".formatted(table("")));
    good.add(
        "{'entities': {'uuml': 'ü', 'a.b-c_1': '<', 'clef': '\\uD834\\uDD1E'}, 'tables': [%s]}"
            .formatted(table("")));
    good.add(
        "{'defaults': {'whiteSpace': 'collapse', 'empty': 'keep', 'nullMarkers': ['-'],"
            + " 'timeZone': 'UTC', 'number': {}, 'boolean': {}}, 'tables': [%s]}"
                .formatted(table("'defaults': {},")));
    for (String keys : GOOD_TABLE_KEYS) {
      good.add(document(keys));
    }
    for (String keys : GOOD_FIELD_KEYS) {
      good.add(withField("{'name': 'A', %s}".formatted(keys)));
    }
    return good;
  }

  private static final List<String> GOOD_TABLE_KEYS =
      List.of(
          "'namespace': 'urn:x',",
          "'unknown': 'ignore',",
          "'description': 'x',",
          "'timePartitioning': {'type': 'DAY'},",
          "'timePartitioning': {'type': 'HOUR', 'field': 'at', 'expirationMs': '1'},",
          "'rangePartitioning': {'field': 'n', 'range': {'start': -1, 'end': '5', 'interval': 2}},",
          "'clustering': {'fields': ['n', 'at']},",
          "'primaryKey': {'columns': ['k']},",
          "'primaryKey': {'columns': ['k']}, 'deleteWhen': '@gone',");

  private static final List<String> GOOD_FIELD_KEYS =
      List.of(
          "'type': 'BIGDECIMAL', 'precision': 40, 'scale': '20'",
          "'type': 'NUMERIC', 'precision': '5', 'roundingMode': 'ROUND_HALF_EVEN'",
          "'type': 'BYTES', 'maxLength': 5, 'mode': 'REPEATED'",
          "'type': 'STRING', 'lexical': 'dateTime', 'collation': '', 'source': '@a'",
          "'type': 'STRUCT', 'fields': [{'name': 'B', 'type': 'INTEGER', 'mode': 'REQUIRED'}]",
          "'type': 'DATE', 'description': 'x', 'defaultValueExpression': 'CURRENT_DATE()'",
          "'type': 'STRING', 'whiteSpace': 'collapse', 'empty': 'null', 'nullMarkers': ['-']",
          "'type': 'STRING', 'whiteSpace': 'collapse', 'lexical': 'date', 'default': '2024-01-01'",
          "'type': 'DATE', 'format': '%d.%m.%Y', 'empty': 'error'",
          "'type': 'DATE', 'format': ['date', 'dateTime'], 'timeZone': 'Europe/Berlin'",
          "'type': 'TIMESTAMP', 'timeZone': '+01:00', 'format': 'epoch-millis', 'default': '2024-01-01T00:00:00Z'",
          "'type': 'FLOAT', 'number': {'decimal': ',', 'group': ' ', 'trailingSign': true, 'exponent': true}",
          "'type': 'BOOL', 'boolean': {'true': ['Y', '1'], 'false': ['N']}, 'default': false",
          "'type': 'INT64', 'mode': 'REPEATED', 'split': ' '",
          "'type': 'STRING', 'join': '', 'mode': 'REQUIRED'",
          "'type': 'STRING', 'as': 'inner-xml', 'source': 'a/b'",
          "'type': 'JSON', 'as': 'json', 'mode': 'REPEATED'",
          "'type': 'JSON', 'source': 'row:rest()'",
          "'type': 'STRING', 'source': 'row:rest()', 'mode': 'NULLABLE'",
          "'type': 'INT64', 'default': 0",
          "'type': 'DATE', 'policyTags': {'names': ['t']}");

  @ParameterizedTest
  @MethodSource("badMappings")
  void badMappingsAreBadForBoth(String mapping) throws Exception {
    assertThat(bySchema(mapping)).isNotEmpty();
    assertThat(byReader(mapping)).isNotEmpty();
  }

  static List<String> badMappings() {
    List<String> bad = new ArrayList<>();
    bad.addAll(
        List.of(
            "[]",
            "{}",
            "{'tables': []}",
            "{'tables': {}}",
            "{'tables': [1]}",
            "{'$schema': 1, 'tables': [%s]}".formatted(table("")),
            "{'version': 1, 'tables': [%s]}".formatted(table("")),
            "{'defaults': {'mode': 'REQUIRED'}, 'tables': [%s]}".formatted(table("")),
            "{'defaults': {'empty': 'none'}, 'tables': [%s]}".formatted(table("")),
            "{'tables': [{'record': '/r', 'fields': [%s]}]}".formatted(A),
            "{'tables': [{'table': 't', 'fields': [%s]}]}".formatted(A),
            "{'tables': [{'table': 't', 'record': '/r'}]}",
            "{'tables': [{'table': 't', 'record': '/r', 'fields': []}]}",
            "{'tables': [{'table': 't.u', 'record': '/r', 'fields': [%s]}]}".formatted(A),
            "{'tables': [{'table': 'FILE_loads', 'record': '/r', 'fields': [%s]}]}".formatted(A),
            "{'tables': [{'table': 't', 'record': 'r', 'fields': [%s]}]}".formatted(A)));
    for (String entities :
        List.of(
            "'xml'", "1", "{'a': 1}", "{'a': ''}", "{'a': 'bc'}", "{'lt': '<'}", "{'&a;': 'b'}")) {
      bad.add("{'entities': %s, 'tables': [%s]}".formatted(entities, table("")));
    }
    for (String keys :
        List.of(
            "'name': 't',",
            "'namespace': 1,",
            "'unknown': 'warn',",
            "'description': 1,",
            "'timePartitioning': 'DAY',",
            "'timePartitioning': {},",
            "'timePartitioning': {'type': 'WEEK'},",
            "'timePartitioning': {'type': 'DAY', 'column': 'at'},",
            "'timePartitioning': {'type': 'DAY', 'expirationMs': 0},",
            "'timePartitioning': {'type': 'DAY', 'expirationMs': '-1'},",
            "'rangePartitioning': {'field': 'n'},",
            "'rangePartitioning': {'field': 'n', 'range': {'start': 1, 'end': 2}},",
            "'rangePartitioning': {'field': 'n', 'range': {'start': 1, 'end': 2, 'interval': 0}},",
            "'rangePartitioning': {'field': 'n', 'range': {'start': 1.5, 'end': 2, 'interval': 1}},",
            "'timePartitioning': {'type': 'DAY'}, 'rangePartitioning':"
                + " {'field': 'n', 'range': {'start': 1, 'end': 2, 'interval': 1}},",
            "'clustering': ['n'],",
            "'clustering': {'fields': []},",
            "'clustering': {'fields': ['n', 'n', 'n', 'n', 'n']},",
            "'primaryKey': ['k'],",
            "'primaryKey': {'columns': []},",
            "'primaryKey': {'columns': ['k', 'k']},",
            "'primaryKey': {'columns': ['k'], 'deleteWhen': '@gone'},",
            "'deleteWhen': '@gone',",
            "'primaryKey': {'columns': ['k']}, 'deleteWhen': ['@gone'],")) {
      bad.add(document(keys));
    }
    for (String field :
        List.of(
            "1",
            "{}",
            "{'name': 'A'}",
            "{'type': 'STRING'}",
            "{'name': '1A', 'type': 'STRING'}",
            "{'name': 'A', 'type': 'string'}",
            "{'name': 'A', 'type': 'GEOGRAPHY'}",
            "{'name': 'A', 'type': 'STRING', 'mode': 'OPTIONAL'}",
            "{'name': 'A', 'type': 'STRING', 'source': 1}",
            "{'name': 'A', 'type': 'STRING', 'lexcal': 'date'}",
            "{'name': 'A', 'type': 'STRING', 'lexical': 'anySimpleType'}",
            "{'name': 'A', 'type': 'DATE', 'lexical': 'date'}",
            "{'name': 'A', 'type': 'DATE', 'maxLength': 5}",
            "{'name': 'A', 'type': 'STRING', 'maxLength': 0}",
            "{'name': 'A', 'type': 'STRING', 'maxLength': '5.5'}",
            "{'name': 'A', 'type': 'NUMERIC', 'scale': 2}",
            "{'name': 'A', 'type': 'INT64', 'precision': 2}",
            "{'name': 'A', 'type': 'RECORD'}",
            "{'name': 'A', 'type': 'RECORD', 'fields': []}",
            "{'name': 'A', 'type': 'STRING', 'fields': [{'name': 'B', 'type': 'STRING'}]}",
            "{'name': 'A', 'type': 'RECORD', 'fields': [{'name': 'B', 'type': 'TEXT'}]}",
            "{'name': 'A', 'type': 'INT64', 'collation': 'und:ci'}",
            "{'name': 'A', 'type': 'STRING', 'collation': 'de'}",
            "{'name': 'A', 'type': 'NUMERIC', 'roundingMode': 'UP'}",
            "{'name': 'A', 'type': 'STRING', 'roundingMode': 'ROUND_HALF_EVEN'}",
            "{'name': 'A', 'type': 'STRING', 'as': 'html'}",
            "{'name': 'A', 'type': 'INT64', 'as': 'xml'}",
            "{'name': 'A', 'type': 'INT64', 'as': 'json'}",
            "{'name': 'A', 'type': 'JSON'}",
            "{'name': 'A', 'type': 'JSON', 'as': 'xml'}",
            "{'name': 'A', 'type': 'JSON', 'source': 'a'}",
            "{'name': 'A', 'type': 'JSON', 'as': 'json', 'nullMarkers': ['-']}",
            "{'name': 'A', 'type': 'JSON', 'as': 'json', 'default': 'x'}",
            "{'name': 'A', 'type': 'INT64', 'source': 'row:rest()'}",
            "{'name': 'A', 'type': 'JSON', 'mode': 'REQUIRED', 'source': 'row:rest()'}",
            "{'name': 'A', 'type': 'INT64', 'whiteSpace': 'collapse'}",
            "{'name': 'A', 'type': 'STRING', 'whiteSpace': 'replace'}",
            "{'name': 'A', 'type': 'STRING', 'whiteSpace': 'preserve', 'lexical': 'date'}",
            "{'name': 'A', 'type': 'STRING', 'empty': 'NULL'}",
            "{'name': 'A', 'type': 'INT64', 'empty': 'keep'}",
            "{'name': 'A', 'type': 'STRING', 'nullMarkers': '-'}",
            "{'name': 'A', 'type': 'STRING', 'nullMarkers': []}",
            "{'name': 'A', 'type': 'STRING', 'nullMarkers': ['']}",
            "{'name': 'A', 'type': 'STRING', 'format': 'date'}",
            "{'name': 'A', 'type': 'DATE', 'format': 'dd.MM.yyyy'}",
            "{'name': 'A', 'type': 'DATE', 'format': []}",
            "{'name': 'A', 'type': 'DATE', 'format': ['date', 1]}",
            "{'name': 'A', 'type': 'STRING', 'timeZone': 'UTC'}",
            "{'name': 'A', 'type': 'STRING', 'number': {'decimal': ','}}",
            "{'name': 'A', 'type': 'INT64', 'number': {'decimal': '1'}}",
            "{'name': 'A', 'type': 'INT64', 'number': {'group': '--'}}",
            "{'name': 'A', 'type': 'INT64', 'number': {'groups': '.'}}",
            "{'name': 'A', 'type': 'INT64', 'number': {'exponent': 'yes'}}",
            "{'name': 'A', 'type': 'STRING', 'boolean': {'true': ['Y']}}",
            "{'name': 'A', 'type': 'BOOL', 'boolean': {'yes': ['Y']}}",
            "{'name': 'A', 'type': 'BOOL', 'boolean': {'true': ['0']}}",
            "{'name': 'A', 'type': 'BOOL', 'boolean': {'false': []}}",
            "{'name': 'A', 'type': 'STRING', 'split': ','}",
            "{'name': 'A', 'type': 'STRING', 'split': '', 'mode': 'REPEATED'}",
            "{'name': 'A', 'type': 'STRING', 'split': ',', 'join': ',', 'mode': 'REPEATED'}",
            "{'name': 'A', 'type': 'STRING', 'join': ',', 'mode': 'REPEATED'}",
            "{'name': 'A', 'type': 'STRING', 'default': '', 'mode': 'REPEATED'}",
            "{'name': 'A', 'type': 'STRING', 'default': ['a']}",
            "{'name': 'A', 'type': 'RECORD', 'default': 'a', 'fields': [%s]}".formatted(A),
            "{'name': 'A', 'type': 'RECORD', 'empty': 'null', 'fields': [%s]}".formatted(A),
            "{'name': 'A', 'type': 'STRING', 'policyTags': ['t']}",
            "{'name': 'A', 'type': 'STRING', 'policyTags': {'names': []}}",
            "{'name': 'A', 'type': 'STRING', 'defaultValueExpression': 1}")) {
      bad.add(withField(field));
    }
    return bad;
  }

  /** What lies between two places of the document, or within a path. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'name': 'A', 'type': 'STRING'}, {'name': 'a', 'type': 'STRING'}",
        "{'name': '_TABLE_SUFFIX', 'type': 'STRING'}",
        "{'name': 'A', 'type': 'STRING', 'source': 'a//@b/c'}",
        "{'name': 'A', 'type': 'NUMERIC', 'precision': 40}",
        "{'name': 'A', 'type': 'STRING', 'mode': 'REPEATED', 'source': '@a'}",
        "{'name': 'A', 'type': 'STRING', 'source': '@a', 'as': 'xml'}",
        "{'name': 'A', 'type': 'JSON', 'source': ['a', 'row:rest()'], 'as': 'json'}",
        "{'name': 'A', 'type': 'DATE', 'format': '%Q %F'}",
        "{'name': 'A', 'type': 'DATE', 'format': '%m/%d'}",
        "{'name': 'A', 'type': 'DATE', 'timeZone': 'UTC'}",
        "{'name': 'A', 'type': 'TIMESTAMP', 'timeZone': 'Berlin'}",
        "{'name': 'A', 'type': 'INT64', 'default': 'many'}",
        "{'name': 'A', 'type': 'INT64', 'number': {'group': '.'}}",
        "{'name': 'A', 'type': 'BOOL', 'boolean': {'true': ['Y'], 'false': ['Y']}}",
      })
  void someMistakesOnlyTheReaderFinds(String fields) throws Exception {
    assertThat(bySchema(withField(fields))).isEmpty();
    assertThat(byReader(withField(fields))).isNotEmpty();
  }

  private static void assertKeys(JsonNode object, Collection<String> keys) {
    List<String> known = new ArrayList<>();
    object.get("properties").fieldNames().forEachRemaining(known::add);
    assertThat(known).containsExactlyElementsIn(keys);
    assertThat(object.get("additionalProperties").booleanValue()).isFalse();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.textValue()));
    return texts;
  }

  private static Set<ValidationMessage> bySchema(String mapping) throws JsonProcessingException {
    return SCHEMA.validate(JSON.readTree(quoted(mapping)));
  }

  private static List<MappingProblem> byReader(String mapping) {
    try {
      var unused = MappingReader.read(quoted(mapping).getBytes(UTF_8));
      return List.of();
    } catch (MappingException e) {
      return e.problems();
    }
  }

  private static String quoted(String json) {
    return json.replace('\'', '"');
  }

  private static String document(String tableKeys) {
    return "{'tables': [%s]}".formatted(table(tableKeys));
  }

  private static String table(String keys) {
    return ("{'table': 't', 'record': '/r/i', %s 'fields': [{'name': 'n', 'type': 'INT64'},"
            + " {'name': 'at', 'type': 'TIMESTAMP'},"
            + " {'name': 'k', 'type': 'STRING', 'mode': 'REQUIRED'}]}")
        .formatted(keys);
  }

  private static String withField(String field) {
    return "{'tables': [{'table': 't', 'record': '/r/i', 'fields': [%s]}]}".formatted(field);
  }
}
