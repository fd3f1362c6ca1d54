package io.xmltobigquery.mapping;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.Lexical;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.XMLConstants;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON is written here in single quotes, which the helpers at the end turn into double ones. */
class MappingReaderTest {

  private static final String A = "{'name': 'A', 'type': 'STRING'}";

  @Test
  void defaultMappingHasCustomersAndOrders() {
    List<TableMapping> tables = MappingReader.defaultMapping().tables();

    assertThat(tables.stream().map(TableMapping::table).toList())
        .containsExactly("customers", "orders")
        .inOrder();
    assertThat(tables.get(0).record())
        .containsExactly(name("Root"), name("Customers"), name("Customer"))
        .inOrder();
    assertThat(tables.get(0).fields()).hasSize(7);
    assertThat(tables.get(1).fields()).hasSize(5);
  }

  @Test
  void everythingThatAFieldSaysIsRead() throws Exception {
    Field field =
        onlyField(
            """
            {'name': 'Price', 'type': 'BIGNUMERIC', 'mode': 'REQUIRED', 'source': 'a/@b',
             'description': 'in euros', 'precision': 40, 'scale': 20}
            """);

    assertThat(field)
        .isEqualTo(
            new Field(
                "Price",
                ColumnType.BIGNUMERIC,
                Mode.REQUIRED,
                new Source(List.of(name("a")), name("b")),
                null,
                "in euros",
                null,
                40,
                20,
                null,
                "{}",
                List.of()));
  }

  @Test
  void lexicalAndMaxLengthAreRead() throws Exception {
    Field field =
        onlyField("{'name': 'A', 'type': 'STRING', 'lexical': 'dateTime', 'maxLength': 30}");

    assertThat(field.lexical()).isEqualTo(Lexical.DATE_TIME);
    assertThat(field.maxLength()).isEqualTo(30);
  }

  @Test
  void numbersMayBeStringsAsBigQueryWritesThem() throws Exception {
    Field field = onlyField("{'name': 'A', 'type': 'BYTES', 'maxLength': '30'}");

    assertThat(field.maxLength()).isEqualTo(30);
  }

  @Test
  void fieldIsNullableUnlessItSaysOtherwise() throws Exception {
    assertThat(onlyField("{'name': 'A', 'type': 'DATE'}").mode()).isEqualTo(Mode.NULLABLE);
  }

  @Test
  void unknownIsAnErrorUnlessTheTableSaysOtherwise() throws Exception {
    assertThat(onlyTable(document(A)).ignoreUnknown()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"error, false", "ignore, true"})
  void unknownIsRead(String unknown, boolean ignore) throws Exception {
    TableMapping table = onlyTable(documentWith("/R", "'unknown': '" + unknown + "',", A));

    assertThat(table.ignoreUnknown()).isEqualTo(ignore);
  }

  @Test
  void nestedFieldsAreRead() throws Exception {
    Field record = onlyField(record("A", "{'name': 'B', 'type': 'STRING', 'source': '.'}"));

    assertThat(record.fields()).hasSize(1);
    assertThat(record.fields().get(0).source().toString()).isEqualTo(".");
  }

  @Test
  void byteOrderMarkIsSkipped() throws Exception {
    assertThat(read("\uFEFF" + document(A)).tables()).hasSize(1);
  }

  @Nested
  class Json {

    @Test
    void commentsAndTrailingCommasAreTaken() throws Exception {
      String commented =
          """
          // Invoices.
          {'$schema': 'mapping.schema.json', 'tables': [
            {'table': 't', /* a path
               from the root */ 'record': '/R',
             'fields': [%s,], // more to come
            },
          ],}
          """
              .formatted(A);

      assertThat(read(commented).tables()).isEqualTo(read(document(A)).tables());
    }

    @Test
    void commentThatDoesNotEndIsRefused() {
      assertThat(onlyProblem(document(A) + "/* and so on")).contains("not valid JSON at line ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[,]", "[%s,,]", "[%s,,%s]"})
    void commaWithNothingBeforeItIsRefused(String fields) {
      String json = "{'tables': [{'table': 't', 'record': '/R', 'fields': %s}]}";

      assertThat(onlyProblem(json.formatted(fields.replace("%s", A))))
          .contains("not valid JSON at line ");
    }

    @Test
    void slashesWithinTextAreNoComment() throws Exception {
      assertThat(onlyField("{'name': 'A', 'type': 'STRING', 'description': 'a // b /* c'}"))
          .isEqualTo(
              onlyField("{'name': 'A', 'type': 'STRING', /*'*/ 'description': 'a // b /* c'}"));
    }

    @Test
    void schemaIsTextIfItIsThere() {
      assertThat(onlyProblem("{'$schema': 1, 'tables': [%s]}".formatted(table("t", "/R"))))
          .isEqualTo("/$schema: must be a string, but the JSON type is number");
    }

    @Test
    void syntaxErrorTellsLineAndColumn() {
      assertThat(onlyProblem("{\n  'tables': [}"))
          .startsWith("/tables: not valid JSON at line 2, column 15: Unexpected close marker '}'");
    }

    @Test
    void duplicateKeyIsPointedTo() {
      assertThat(problemsOf("{'tables': [{'table': 'a', 'table': 'b'}]}"))
          .containsExactly(
              "/tables/0/table: not valid JSON at line 1, column 35: Duplicate field 'table'");
    }

    @Test
    void textAfterTheDocumentIsRefused() {
      assertThat(onlyProblem(document(A) + "{}")).contains("not valid JSON at line ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void emptyDocumentIsRefused(String document) {
      assertThat(onlyProblem(document))
          .isEqualTo("the document is empty: write {\"tables\": [...]}");
    }

    @Test
    void cutDocumentIsRefused() {
      assertThat(onlyProblem("{'tables': [")).contains("Unexpected end-of-input");
    }

    @Test
    void tooDeepDocumentIsRefused() {
      assertThat(onlyProblem("[".repeat(1_001) + "]".repeat(1_001))).contains("not valid JSON");
    }

    @Test
    void otherEncodingIsRefusedWithItsPlace() {
      byte[] latin1 = "{\"é\": 1}".getBytes(StandardCharsets.ISO_8859_1);

      MappingException e = assertThrows(MappingException.class, () -> MappingReader.read(latin1));

      assertThat(e)
          .hasMessageThat()
          .isEqualTo("is not UTF-8 at byte 2: save the document as UTF-8");
    }

    @Test
    void documentMustBeAnObject() {
      assertThat(onlyProblem("[]")).isEqualTo("must be an object, but the JSON type is array");
    }

    @Test
    void wrongTypesAreRefused() {
      assertThat(
              problemsOf(
                  """
                  {'tables': [
                    7,
                    {'table': 1, 'record': null, 'namespace': [], 'unknown': true, 'fields': {}},
                    {'table': 't', 'record': '/R', 'fields': [{
                       'name': {}, 'type': 2, 'mode': 3, 'source': false, 'lexical': [],
                       'description': 4, 'maxLength': {}, 'precision': 1.5, 'scale': 'two'}]}
                  ]}
                  """))
          .containsExactly(
              "/tables/0: must be an object, but the JSON type is number",
              "/tables/1/table: must be a string, but the JSON type is number",
              "/tables/1/record: must be a string, but the JSON type is null",
              "/tables/1/namespace: must be a string, but the JSON type is array",
              "/tables/1/unknown: must be a string, but the JSON type is boolean",
              "/tables/1/fields: must be an array of objects, but the JSON type is object",
              "/tables/2/fields/0/name: must be a string, but the JSON type is object",
              "/tables/2/fields/0/type: must be a string, but the JSON type is number",
              "/tables/2/fields/0/mode: must be a string, but the JSON type is number",
              "/tables/2/fields/0/source: must be an array of strings, but the JSON type is boolean",
              "/tables/2/fields/0/lexical: must be a string, but the JSON type is array",
              "/tables/2/fields/0/description: must be a string, but the JSON type is number",
              "/tables/2/fields/0/maxLength: must be a whole number, but the JSON type is object",
              "/tables/2/fields/0/precision: must be a whole number",
              "/tables/2/fields/0/scale: must be a whole number, but the JSON type is string")
          .inOrder();
    }

    @Test
    void unknownKeyGetsASuggestionWhenOneIsClose() {
      assertThat(problemsOf(document("{'name': 'A', 'type': 'DATE', 'Lexcal': 'x'}")))
          .containsExactly("/tables/0/fields/0/Lexcal: unknown key: did you mean \"lexical\"?");
    }

    @Test
    void unknownKeyGetsTheKnownOnesWhenNoneIsClose() {
      assertThat(problemsOf(documentWith("/R", "'partition': 1,", A)))
          .containsExactly(
              "/tables/0/partition: unknown key: remove it; known are table, record, namespace,"
                  + " unknown, deleteWhen, fields, defaults, description, timePartitioning,"
                  + " rangePartitioning, clustering, primaryKey");
    }

    @Test
    void keysAreEscapedInPointers() {
      assertThat(onlyProblem(documentWith("/R", "'a/b~c': 1,", A)))
          .startsWith("/tables/0/a~1b~0c: ");
    }

    @Test
    void missingKeysAreReportedAtTheirObject() {
      assertThat(problemsOf("{'tables': [{'fields': [{}]}]}"))
          .containsExactly(
              "/tables/0: \"table\" is missing: add it",
              "/tables/0: \"record\" is missing: add it",
              "/tables/0/fields/0: \"name\" is missing: add it",
              "/tables/0/fields/0: \"type\" is missing: add it")
          .inOrder();
    }

    @Test
    void allMistakesAreReportedAtOnceInTheDocumentsOrder() {
      assertThat(
              problemsOf(
                  """
                  {'tables': [
                    {'fields': [
                       {'mode': 'OPTIONAL', 'type': 'STRNG', 'name': '1st'},
                       {'name': 'B', 'type': 'RECROD', 'fields': [{'name': 'C', 'type': 'INTERVAL'}]}],
                     'record': 'R',
                     'table': 'file_loads'}],
                   'version': 1}
                  """))
          .containsExactly(
              "/tables/0/fields/0/mode: \"OPTIONAL\" isn't known: use NULLABLE, REQUIRED, REPEATED",
              "/tables/0/fields/0/type: \"STRNG\" isn't known: did you mean \"STRING\"?",
              "/tables/0/fields/0/name: \"1st\" is no column name: use letters, digits and"
                  + " underscores, not a digit at the start, at most 300; give the XML name in"
                  + " \"source\"",
              "/tables/0/fields/1/type: \"RECROD\" isn't known: did you mean \"RECORD\"?",
              "/tables/0/fields/1/fields/0/type: INTERVAL isn't supported: use STRING, and convert the"
                  + " value in BigQuery",
              "/tables/0/record: \"R\": must start at the root element: write it as /Root/Item",
              "/tables/0/table: \"file_loads\" is the table of outcomes: choose another",
              "/version: unknown key: remove it; known are $schema, entities, namespaces,"
                  + " outside, emptyDocument, defaults, tables")
          .inOrder();
    }

    @Test
    void messageOfTheExceptionHoldsAllProblems() {
      MappingException e =
          assertThrows(MappingException.class, () -> read("{'tables': [{'fields': []}]}"));

      assertThat(e)
          .hasMessageThat()
          .isEqualTo(
              """
              /tables/0: "table" is missing: add it
              /tables/0: "record" is missing: add it
              /tables/0/fields: is empty: add at least one""");
    }
  }

  @Nested
  class Tables {

    @Test
    void atLeastOneIsNeeded() {
      assertThat(problemsOf("{'tables': []}"))
          .containsExactly("/tables: is empty: add at least one");
    }

    @Test
    void atLeastOneFieldIsNeeded() {
      assertThat(problemsOf(document("")))
          .containsExactly("/tables/0/fields: is empty: add at least one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a.b", "a$20260101", "caf\u00E9"})
    void nameMustBeValid(String name) {
      assertThat(onlyProblem(tables(table(name, "/R")))).startsWith("/tables/0/table: ");
    }

    @Test
    void nameMayHave1024Characters() throws Exception {
      assertThat(read(tables(table("a".repeat(1024), "/R"))).tables()).hasSize(1);
      assertThat(onlyProblem(tables(table("a".repeat(1025), "/R")))).contains("at most 1024");
    }

    @Test
    void tableMayHave10000Columns() throws Exception {
      String[] most = new String[9_997];
      for (int i = 0; i < most.length; i++) {
        most[i] = column("c" + i, "e" + i);
      }
      String columns = String.join(", ", most);
      String three = record("A", column("B", "b"), column("C", "c"));
      assertThat(onlyTable(document(columns, three)).fields()).hasSize(9_998);
      assertThat(problemsOf(document(columns, three, column("D", "d"))))
          .containsExactly(
              "/tables/0/fields: has 10001 columns; BigQuery takes 10000: leave some out");
    }

    @Test
    void descriptionMayHave1024Characters() throws Exception {
      String field = "{'name': 'A', 'type': 'DATE', 'description': '%s'}";
      String longest = "\uD83D\uDE00".repeat(1_024);
      assertThat(onlyField(field.formatted(longest)).description()).isEqualTo(longest);
      assertThat(problemsOf(document(field.formatted(longest + "a"))))
          .containsExactly(
              "/tables/0/fields/0/description: has 1025 characters; BigQuery takes 1024: shorten"
                  + " it");
    }

    @Test
    void nameMustBeUniqueIgnoringCase() {
      assertThat(problemsOf(tables(table("a", "/R/A"), table("A", "/R/B"))))
          .containsExactly(
              "/tables/1/table: \"A\" is already at /tables/0/table, ignoring case: choose another");
    }

    @Test
    void tableOfOutcomesIsReserved() {
      assertThat(onlyProblem(tables(table("File_Loads", "/R")))).startsWith("/tables/0/table: ");
    }

    @Test
    void unknownMustBeErrorOrIgnore() {
      assertThat(problemsOf(documentWith("/R", "'unknown': 'skip',", A)))
          .containsExactly("/tables/0/unknown: \"skip\" isn't known: use error, ignore");
    }
  }

  @Nested
  class Records {

    @Test
    void namespaceIsThatOfTheTable() throws Exception {
      assertThat(onlyTable(documentWith("/R/A", "'namespace': 'urn:x',", A)).record())
          .containsExactly(new XmlName("urn:x", "R"), new XmlName("urn:x", "A"))
          .inOrder();
    }

    @Test
    void stepMayHaveItsOwnNamespace() throws Exception {
      assertThat(
              onlyTable(documentWith("/{http://x/y}R/A/{}B", "'namespace': 'urn:x',", A)).record())
          .containsExactly(new XmlName("http://x/y", "R"), new XmlName("urn:x", "A"), name("B"))
          .inOrder();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", "R", "/", "/R/", "/R/@a", "/R/.", "/x:R", "/1", "/R S", "/{urn:x", "/{a}"})
    void pathMustBeValid(String path) {
      assertThat(onlyProblem(documentWith(path, "", A))).startsWith("/tables/0/record: ");
    }

    @Test
    void rootElementMayBeTheRecord() throws Exception {
      assertThat(onlyTable(documentWith("/R", "", A)).record()).containsExactly(name("R"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"/R/A", "/R/A/B/C", "/R", "//A", "/R/A | /R/B", "/R/*", "/R//A", "/R/A[@k]"})
    void mayBeShared(String path) throws Exception {
      assertThat(read(tables(table("a", "/R/A"), table("b", path))).tables()).hasSize(2);
    }

    @Test
    void recordsOfDifferentNamespacesAreDifferent() throws Exception {
      assertThat(read(tables(table("a", "/R/{urn:x}A"), table("b", "/R/A"))).tables()).hasSize(2);
    }

    @Test
    void recordsWhoseNamesBeginAlikeAreDifferent() throws Exception {
      assertThat(read(tables(table("a", "/R/A"), table("b", "/R/AB"))).tables()).hasSize(2);
    }
  }

  @Nested
  class Columns {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "1a",
          "a-b",
          "a.b",
          "caf\u00E9",
          "_table_x",
          "_FILE_",
          "_PARTITIONTIME",
          "_row_timestamp",
          "__ROOT__a",
          "_COLIDENTIFIERS",
          "_CHANGE_TYPE",
          "_change_sequence_number",
          "_CHANGE_TIMESTAMP_1",
          "_file",
          "_FILE"
        })
    void nameMustBeValid(String name) {
      assertThat(onlyProblem(document("{'name': '" + name + "', 'type': 'DATE'}")))
          .startsWith("/tables/0/fields/0/name: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"_", "_1", "_files", "_change_", "TABLE_", "Row"})
    void unusualNameMayBeValid(String name) throws Exception {
      assertThat(onlyField("{'name': '" + name + "', 'type': 'DATE'}").name()).isEqualTo(name);
    }

    @Test
    void nameMayHave300Characters() throws Exception {
      assertThat(onlyField(column("a".repeat(300), "a")).name()).hasLength(300);
      assertThat(onlyProblem(document(column("a".repeat(301), "a")))).contains("at most 300");
    }

    @Test
    void nameMustBeUniqueIgnoringCase() {
      assertThat(problemsOf(document(column("City", "a"), column("CITY", "b"))))
          .containsExactly(
              "/tables/0/fields/1/name: \"CITY\" is already at /tables/0/fields/0/name, ignoring"
                  + " case: choose another");
    }

    @Test
    void namesOfDifferentLevelsMayBeTheSame() throws Exception {
      assertThat(onlyField(record("A", record("A", column("A", "."))))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
      "STRING, STRING",
      "BYTES, BYTES",
      "INT64, INT64",
      "INTEGER, INT64",
      "FLOAT64, FLOAT64",
      "FLOAT, FLOAT64",
      "NUMERIC, NUMERIC",
      "DECIMAL, NUMERIC",
      "BIGNUMERIC, BIGNUMERIC",
      "BIGDECIMAL, BIGNUMERIC",
      "BOOL, BOOL",
      "BOOLEAN, BOOL",
      "DATE, DATE",
      "DATETIME, DATETIME",
      "TIME, TIME",
      "TIMESTAMP, TIMESTAMP"
    })
    void typesHaveBigQuerysNames(String type, ColumnType expected) throws Exception {
      assertThat(onlyField(typed(type, "")).type()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RECORD", "STRUCT"})
    void recordMayBeCalledStruct(String type) throws Exception {
      assertThat(onlyField(typed(type, "'fields': [" + A + "],")).type())
          .isEqualTo(ColumnType.RECORD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GEOGRAPHY", "INTERVAL", "RANGE", "interval"})
    void unsupportedTypesAreNamed(String type) {
      assertThat(onlyProblem(document(typed(type, ""))))
          .isEqualTo(
              "/tables/0/fields/0/type: "
                  + type
                  + " isn't supported: use STRING, and convert the value in BigQuery");
    }

    @Test
    void typeInLowerCaseGetsASuggestion() {
      assertThat(onlyProblem(document(typed("int64", ""))))
          .isEqualTo("/tables/0/fields/0/type: \"int64\" isn't known: did you mean \"INT64\"?");
    }

    @Test
    void lexicalMustBeKnown() {
      assertThat(onlyProblem(document(typed("STRING", "'lexical': 'datetime',"))))
          .isEqualTo(
              "/tables/0/fields/0/lexical: \"datetime\" isn't known: did you mean \"dateTime\"?");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "INT64  | 'lexical': 'integer'",
          "INT64  | 'maxLength': 5",
          "STRING | 'precision': 5",
          "FLOAT  | 'scale': 0",
          "STRING | 'fields': []",
        })
    void whatDoesNotFitTheTypeIsRefused(String type, String extra) {
      String key = extra.substring(1, extra.indexOf("':"));

      assertThat(onlyProblem(document(typed(type, extra + ","))))
          .startsWith("/tables/0/fields/0/" + key + ": is only for ");
    }

    @Test
    void recordHasNoLexical() {
      assertThat(
              onlyProblem(document(typed("RECORD", "'lexical': 'date', 'fields': [" + A + "],"))))
          .isEqualTo("/tables/0/fields/0/lexical: is only for STRING, not for RECORD: remove it");
    }

    @Test
    void recordNeedsFields() {
      assertThat(onlyProblem(document(typed("RECORD", ""))))
          .isEqualTo("/tables/0/fields/0: \"fields\" is missing: add it");
      assertThat(onlyProblem(document(typed("RECORD", "'fields': [],"))))
          .isEqualTo("/tables/0/fields/0/fields: is empty: add at least one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1"})
    void maxLengthMustBePositive(String maxLength) {
      assertThat(onlyProblem(document(typed("STRING", "'maxLength': " + maxLength + ","))))
          .isEqualTo("/tables/0/fields/0/maxLength: must be 1 or more");
    }

    @Test
    void maxLengthMustFitInto64Bits() {
      assertThat(onlyProblem(document(typed("STRING", "'maxLength': 9223372036854775808,"))))
          .isEqualTo("/tables/0/fields/0/maxLength: must be a whole number");
    }

    @ParameterizedTest
    @CsvSource({
      "NUMERIC, 1,",
      "NUMERIC, 29,",
      "NUMERIC, 1, 0",
      "NUMERIC, 9, 9",
      "NUMERIC, 38, 9",
      "BIGNUMERIC, 38,",
      "BIGNUMERIC, 38, 38",
      "BIGNUMERIC, 76, 38"
    })
    void precisionAndScaleWithinBigQuerysBoundsAreRead(String type, int precision, Integer scale)
        throws Exception {
      Field field = onlyField(typed(type, precisionAndScale(precision, scale)));

      assertThat(field.precision()).isEqualTo(precision);
      assertThat(field.scale()).isEqualTo(scale);
    }

    @ParameterizedTest
    @CsvSource({
      "NUMERIC, 0,, precision: must be from 1 to 29",
      "NUMERIC, 30,, precision: must be from 1 to 29",
      "NUMERIC, 4, 5, precision: must be from 5 to 34",
      "NUMERIC, 39, 9, precision: must be from 9 to 38",
      "NUMERIC, 30, 10, scale: must be from 0 to 9",
      "NUMERIC, 30, -1, scale: must be from 0 to 9",
      "BIGNUMERIC, 39,, precision: must be from 1 to 38",
      "BIGNUMERIC, 77, 38, precision: must be from 38 to 76",
      "BIGNUMERIC, 50, 39, scale: must be from 0 to 38",
      "NUMERIC, , 2, scale: needs a \"precision\"",
    })
    void precisionAndScaleOutsideBigQuerysBoundsAreRefused(
        String type, Integer precision, Integer scale, String problem) {
      assertThat(onlyProblem(document(typed(type, precisionAndScale(precision, scale)))))
          .startsWith("/tables/0/fields/0/" + problem);
    }

    @Test
    void recordsMayBeNested15Deep() throws Exception {
      assertThat(read(document(nested(15))).tables()).hasSize(1);
      assertThat(onlyProblem(document(nested(16))))
          .isEqualTo(
              "/tables/0/fields/0"
                  + "/fields/0".repeat(15)
                  + ": BigQuery nests RECORDs at most 15 deep: flatten some of them");
    }

    private static String nested(int levels) {
      return levels == 0 ? A : record("A", nested(levels - 1));
    }

    private static String precisionAndScale(Integer precision, Integer scale) {
      return (precision == null ? "" : "'precision': " + precision + ",")
          + (scale == null ? "" : "'scale': " + scale + ",");
    }

    private static String typed(String type, String extra) {
      return "{" + extra + "'name': 'A', 'type': '" + type + "'}";
    }
  }

  @Nested
  class Sources {

    @Test
    void defaultIsTheChildElementOfTheColumnsName() throws Exception {
      assertThat(
              onlyTable(
                      documentWith("/R", "'namespace': 'urn:x',", "{'name': 'A', 'type': 'DATE'}"))
                  .fields()
                  .get(0)
                  .source())
          .isEqualTo(new Source(List.of(new XmlName("urn:x", "A")), null));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          ".",
          "@a",
          "a",
          "a/b/c",
          "a/b/@c",
          "{urn:x}a/@{urn:y}b",
          "{http://x/y}a/{http://z/}b",
          "stra\u00DFe",
          "a-b.c\u00B7",
          "\uD801\uDC00"
        })
    void pathIsRead(String path) throws Exception {
      assertThat(onlyField(column("A", path)).source().toString()).isEqualTo(path);
    }

    @Test
    void elementsAreInTheTablesNamespaceAndAttributesInNone() throws Exception {
      assertThat(sourceInNamespace("urn:x", "a/@b"))
          .isEqualTo(new Source(List.of(new XmlName("urn:x", "a")), name("b")));
    }

    @Test
    void bracesOverrideTheNamespace() throws Exception {
      assertThat(sourceInNamespace("urn:x", "{http://y/z}a/{}b/@{urn:z}c"))
          .isEqualTo(
              new Source(
                  List.of(new XmlName("http://y/z", "a"), name("b")), new XmlName("urn:z", "c")));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "/",
          "a/",
          "@",
          "a/@",
          "@a/b",
          "@@a",
          "a/.",
          "..",
          "1a",
          "-a",
          "a b",
          "a*",
          "{urn:x}",
          "{urn:x",
          "urn:x}a",
          "{a}{b}c",
          "a\uD7FF\uFFFF"
        })
    void pathMustBeValid(String path) {
      assertThat(onlyProblem(document(column("A", path))))
          .startsWith("/tables/0/fields/0/source: ");
    }

    @Test
    void prefixIsExplained() {
      assertThat(onlyProblem(document(column("A", "@x:lang"))))
          .isEqualTo(
              "/tables/0/fields/0/source: \"x:lang\" has a prefix that isn't declared: add it to the"
                  + " mapping's \"namespaces\", or write {namespace URI}name");
    }

    @Test
    void prefixesOfXmlAndSchemaInstancesAreKnown() throws Exception {
      assertThat(onlyField(column("A", "@xml:lang")).source().attribute())
          .isEqualTo(new XmlName(XMLConstants.XML_NS_URI, "lang"));
      assertThat(onlyField(column("A", "a/@xsi:type")).source().attribute())
          .isEqualTo(new XmlName(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI, "type"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "@xmlns",
          "@xmlns:a",
          "a/@xmlns:b",
          "@{http://www.w3.org/2000/xmlns/}x",
          "xmlns"
        })
    void declarationOfANamespaceIsNoAttribute(String path) {
      assertThat(onlyProblem(document(column("A", path)))).contains("declares a namespace");
    }

    @Test
    void allTextOfAnElementIsASource() throws Exception {
      assertThat(onlyField("{'name': 'A', 'type': 'STRING', 'source': 'string(a/b)'}").source())
          .isEqualTo(new Source(List.of(name("a"), name("b")), null, true));
      assertThat(onlyProblem(document("{'name': 'A', 'type': 'INT64', 'source': 'string(a)'}")))
          .contains("only a STRING takes it");
      assertThat(onlyProblem(document("{'name': 'A', 'type': 'STRING', 'source': 'string(@a)'}")))
          .contains("write it alone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"@a", "a/@b"})
    void recordNeedsAnElement(String path) {
      assertThat(onlyProblem(document(recordFrom(path, A), column("B", "@b"))))
          .isEqualTo(
              "/tables/0/fields/0/source: \"" + path + "\" is no element: a RECORD needs one");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "@a"})
    void whatOccursOnceCannotBeRepeated(String path) {
      assertThat(onlyProblem(document(repeated(path))))
          .isEqualTo(
              "/tables/0/fields/0/mode: \""
                  + path
                  + "\" occurs at most once: use NULLABLE or REQUIRED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/b", "a/@b"})
    void whatMayOccurMoreThanOnceCanBeRepeated(String path) throws Exception {
      assertThat(onlyField(repeated(path)).mode()).isEqualTo(Mode.REPEATED);
    }

    private static String repeated(String path) {
      return "{'name': 'A', 'type': 'DATE', 'mode': 'REPEATED', 'source': '" + path + "'}";
    }

    private static Source sourceInNamespace(String namespace, String path) throws MappingException {
      String document = documentWith("/R", "'namespace': '" + namespace + "',", column("A", path));
      return onlyTable(document).fields().get(0).source();
    }
  }

  /** What of XPath, or of what looks like it, is refused, and what to write instead. */
  @Nested
  class RefusedPaths {

    @ParameterizedTest
    @CsvSource(
        delimiter = '^',
        quoteCharacter = '~',
        value = {
          "//a                  ^ write .//",
          "a/string()           ^ write string(a)",
          "a/(b|c)              ^ write a/b | a/c",
          "a[b != 'x']          ^ write not(path = 'text')",
          "a[b = 15]            ^ write = 'text'",
          "a[b > '1']           ^ filter in SQL",
          "a[position() = 1]    ^ write [1]",
          "a[0]                 ^ positions begin with 1",
          "a[b='x'][1]          ^ write (path)[1]",
          "a[b[c]]              ^ without brackets in them",
          "a[../b]              ^ paths from the element itself",
          "name()               ^ write local-name() or namespace-uri()",
          "count(a)             ^ count in SQL",
          "sum(a)               ^ add up in SQL",
          "foo(a)               ^ there are string, local-name",
          "following::a         ^ following:: isn't supported",
          "preceding-sibling::a ^ write ../name",
          "child::a             ^ write the name alone",
          "a/ancestor::b        ^ at the start of a path only",
          "a/..                 ^ at the start of a path only",
          "{*}a                 ^ write *: before the name",
          "x:a                  ^ add it to the mapping's \"namespaces\"",
          "@a/b                 ^ it is the last step",
          "@a[1]                ^ takes no brackets",
          "(a)/b                ^ write the whole path",
          "(a)[b]               ^ only [1]",
          "concat('x')          ^ needs a path",
          "concat(a, ../b)      ^ stand in one place",
          "row:key(a)           ^ takes .., ../.. or ancestor::Name[1]",
          "'x                   ^ a quote is missing",
          "a b                  ^ expected an operator or the end at character 3",
          "../../a              ^ leads above the root element",
          "../a[b]              ^ chosen by their attributes only",
        })
    void tellWhatToWrite(String path, String hint) throws Exception {
      String json =
          """
          {"tables": [{"table": "t", "record": "/R/A", "fields": [
            {"name": "A", "type": "STRING", "source": "%s"}]}]}
          """
              .formatted(path.strip());
      MappingException e =
          assertThrows(
              MappingException.class,
              () -> MappingReader.read(json.getBytes(StandardCharsets.UTF_8)));
      assertThat(e.problems()).hasSize(1);
      assertThat(e.problems().get(0).toString()).startsWith("/tables/0/fields/0/source: ");
      assertThat(e).hasMessageThat().contains(hint.strip());
    }

    @Test
    void ofAListAreAllTold() {
      assertThat(problemsOf(document("{'name': 'A', 'type': 'STRING', 'source': ['a/', '1']}")))
          .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '^',
        value = {
          "'type': 'RECORD', 'source': '../x', 'fields': [{'name': 'B', 'type': 'DATE'}] ^ beside",
          "'type': 'RECORD', 'source': '@x', 'fields': [{'name': 'B', 'type': 'DATE'}] ^ no element",
          "'type': 'STRING', 'mode': 'REPEATED', 'source': '/R/x' ^ of the whole document",
          "'type': 'INT64', 'source': 'string(x)' ^ only a STRING",
        })
    void dependOnTheColumn(String keys, String hint) {
      assertThat(onlyProblem(documentWith("/R/A", "", "{'name': 'A', " + keys + "}")))
          .contains(hint.strip());
    }

    @Test
    void nearestOfSeveralAncestorsMustBeSaid() throws Exception {
      String column = "{'name': 'A', 'type': 'STRING', 'source': 'ancestor::x%s/y'}";
      assertThat(onlyProblem(documentWith("//x/a", "", column.formatted(""))))
          .contains("write ancestor::x[1], the nearest");
      assertThat(read(documentWith("//x/a", "", column.formatted("[1]"))).tables()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/R/A[1]", "/R/A[b]", "/R/A[b]/C", "/R/A[last()]"})
    void ofRecordsAreThoseByMoreThanAttributes(String record) {
      assertThat(onlyProblem(documentWith(record, "", A))).contains("by its attributes only");
    }
  }

  @Nested
  class EntityNames {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            'xhtml'        | : must be an object, such as {"uuml": "ü"}, or "html"
            1              | : must be an object, but the JSON type is number
            {'uuml': 252}  | /uuml: must be a string, but the JSON type is number
            {'a b': 'ü'}   | /a b: "a b" can't be an entity's name
            {'&uuml;': 'ü'} | /&uuml;: "&uuml;" can't be an entity's name
            {'amp': '&'}   | /amp: XML itself says what &amp; is: remove it
            {'ue': ''}     | /ue: must be one character that XML allows
            {'ue': 'ue'}   | /ue: must be one character that XML allows
            {'nul': '\\u0000'} | /nul: must be one character that XML allows
            {'half': '\\uD834'} | /half: must be one character that XML allows
            """)
    void areChecked(String entities, String problem) {
      String json = "{'entities': %s, 'tables': [%s]}".formatted(entities, table("t", "/R"));

      assertThat(problemsOf(json)).containsExactly("/entities" + problem);
    }

    @Test
    void areRead() throws Exception {
      String json = "{'entities': {'uuml': 'ü', 'clef': '\\uD834\\uDD1E'}, 'tables': [%s]}";

      assertThat(read(json.formatted(table("t", "/R"))).entities())
          .containsExactly("uuml", 0xFC, "clef", 0x1D11E);
      assertThat(read(document(A)).entities()).isEmpty();
    }
  }

  @Nested
  class BigQuerysOwnKeys {

    private static final String COLUMNS =
        "{'name': 'at', 'type': 'TIMESTAMP'}, {'name': 'day', 'type': 'DATE'},"
            + " {'name': 'n', 'type': 'INT64'}, {'name': 'x', 'type': 'FLOAT64'},"
            + " {'name': 'tags', 'type': 'STRING', 'mode': 'REPEATED'}";

    @Test
    void ofFieldsAreRead() throws Exception {
      Field text =
          onlyField(
              """
              {'name': 'A', 'type': 'STRING', 'collation': 'und:ci', 'defaultValueExpression': '"x"',
               'policyTags': {'names': ['projects/p/locations/l/taxonomies/1/policyTags/2']}}
              """
                  .replace("'\"x\"'", "'SESSION_USER()'"));

      assertThat(text.bigQuery().replace('"', '\''))
          .isEqualTo(
              "{'policyTags':{'names':['projects/p/locations/l/taxonomies/1/policyTags/2']},"
                  + "'defaultValueExpression':'SESSION_USER()','collation':'und:ci'}");
      assertThat(
              onlyField("{'name': 'A', 'type': 'NUMERIC', 'roundingMode': 'ROUND_HALF_EVEN'}")
                  .bigQuery())
          .isEqualTo("{\"roundingMode\":\"ROUND_HALF_EVEN\"}");
    }

    @Test
    void ofTablesAreReadAndNumbersAreText() throws Exception {
      assertThat(
              tableKeys(
                  "'description': 'all', 'timePartitioning': {'type': 'HOUR', 'field': 'AT',"
                      + " 'expirationMs': 86400000}, 'clustering': {'fields': ['n', 'day']}"))
          .isEqualTo(
              "{'description':'all','timePartitioning':{'type':'HOUR','field':'AT',"
                  + "'expirationMs':'86400000'},'clustering':{'fields':['n','day']}}");
      assertThat(
              tableKeys(
                  "'rangePartitioning': {'field': 'n', 'range': {'start': '-5', 'end': 10,"
                      + " 'interval': 5}}"))
          .isEqualTo(
              "{'rangePartitioning':{'field':'n','range':{'start':'-5','end':'10',"
                  + "'interval':'5'}}}");
      assertThat(tableKeys("'timePartitioning': {'type': 'DAY'}"))
          .isEqualTo("{'timePartitioning':{'type':'DAY'}}");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            'timePartitioning': {'type': 'WEEK'}                  | timePartitioning/type: "WEEK" isn't known: use HOUR, DAY, MONTH, YEAR
            'timePartitioning': {}                                | timePartitioning: "type" is missing: add it
            'timePartitioning': {'type': 'DAY', 'filed': 'day'}   | timePartitioning/filed: unknown key: did you mean "field"?
            'timePartitioning': {'type': 'DAY', 'field': 'days'}  | timePartitioning/field: "days" isn't a column of the table: did you mean "day"?
            'timePartitioning': {'type': 'HOUR', 'field': 'day'}  | timePartitioning/type: HOUR needs a DATETIME or TIMESTAMP: a DATE has no hours
            'timePartitioning': {'type': 'DAY', 'field': 'n'}     | timePartitioning/field: "n" is a NULLABLE INT64: use a column of type DATE, DATETIME or TIMESTAMP that isn't REPEATED
            'timePartitioning': {'type': 'DAY', 'expirationMs': 0} | timePartitioning/expirationMs: must be 1 or more
            'timePartitioning': 'DAY'                             | timePartitioning: must be an object, but the JSON type is string
            'rangePartitioning': {'field': 'at', 'range': {'start': 0, 'end': 1, 'interval': 1}} | rangePartitioning/field: "at" is a NULLABLE TIMESTAMP: use a column of type INT64 that isn't REPEATED
            'rangePartitioning': {'field': 'n', 'range': {'start': 1, 'end': 1, 'interval': 1}} | rangePartitioning/range/end: must be more than start
            'rangePartitioning': {'field': 'n', 'range': {'start': 0, 'end': 1, 'interval': 0}} | rangePartitioning/range/interval: must be 1 or more
            'rangePartitioning': {'field': 'n'}                   | rangePartitioning: "range" is missing: add it
            'clustering': {'fields': []}                          | clustering/fields: is empty: add at least one
            'clustering': {'fields': ['x']}                       | clustering/fields: "x" is a NULLABLE FLOAT64: use a column of type STRING, INT64, NUMERIC, BIGNUMERIC, BOOL, DATE, DATETIME or TIMESTAMP that isn't REPEATED
            'clustering': {'fields': ['tags']}                    | clustering/fields: "tags" is a REPEATED STRING: use a column of type STRING, INT64, NUMERIC, BIGNUMERIC, BOOL, DATE, DATETIME or TIMESTAMP that isn't REPEATED
            'clustering': {'fields': ['n', 'n', 'n', 'n', 'n']}   | clustering/fields: has 5 columns; BigQuery takes 4: leave some out
            'clustering': {'fields': ['n', 1]}                    | clustering/fields/1: must be a string, but the JSON type is number
            """)
    void ofTablesAreChecked(String keys, String problem) {
      assertThat(problemsOf(documentWith("/R", keys + ",", COLUMNS)))
          .containsExactly("/tables/0/" + problem);
    }

    @Test
    void aTableIsNotPartitionedTwice() {
      assertThat(
              onlyProblem(
                  documentWith(
                      "/R",
                      "'timePartitioning': {'type': 'DAY'}, 'rangePartitioning': {'field': 'n',"
                          + " 'range': {'start': 0, 'end': 1, 'interval': 1}},",
                      COLUMNS)))
          .isEqualTo(
              "/tables/0/rangePartitioning: a table is partitioned by time or by range, not both:"
                  + " remove one");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            'type': 'INT64', 'collation': 'und:ci'      | collation: is only for STRING, not for INT64: remove it
            'type': 'STRING', 'collation': 'de'         | collation: must be "und:ci", or empty for none
            'type': 'FLOAT64', 'roundingMode': 'ROUND_HALF_EVEN' | roundingMode: is only for NUMERIC or BIGNUMERIC, not for FLOAT64: remove it
            'type': 'STRING', 'policyTags': ['a']       | policyTags: must be an object, but the JSON type is array
            'type': 'STRING', 'policyTags': {'tags': []} | policyTags/tags: unknown key: remove it; known are names
            """)
    void ofFieldsAreChecked(String keys, String problem) {
      assertThat(problemsOf(document("{'name': 'A', %s}".formatted(keys))))
          .containsExactly("/tables/0/fields/0/" + problem);
    }

    private static String tableKeys(String keys) throws MappingException {
      return onlyTable(documentWith("/R", keys + ",", COLUMNS)).bigQuery().replace('"', '\'');
    }
  }

  private static XmlName name(String local) {
    return new XmlName("", local);
  }

  private static String column(String name, String source) {
    return "{'name': '%s', 'type': 'STRING', 'source': '%s'}".formatted(name, source);
  }

  /** A RECORD column whose source is the element of its own name. */
  private static String record(String name, String... fields) {
    return "{'name': '%s', 'type': 'RECORD', 'fields': [%s]}"
        .formatted(name, String.join(",", fields));
  }

  private static String recordFrom(String source, String field) {
    return "{'name': 'Rec', 'type': 'RECORD', 'source': '%s', 'fields': [%s]}"
        .formatted(source, field);
  }

  private static String table(String name, String record) {
    return "{'table': '%s', 'record': '%s', 'fields': [%s]}".formatted(name, record, A);
  }

  private static String tables(String... tables) {
    return "{'tables': [%s]}".formatted(String.join(",", tables));
  }

  /** A document of one table with the columns. */
  private static String document(String... fields) {
    return documentWith("/R", "", fields);
  }

  private static String documentWith(String record, String keys, String... fields) {
    return "{'tables': [{'table': 't', 'record': '%s', %s 'fields': [%s]}]}"
        .formatted(record, keys, String.join(",", fields));
  }

  private static Mapping read(String json) throws MappingException {
    return MappingReader.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static TableMapping onlyTable(String json) throws MappingException {
    List<TableMapping> tables = read(json).tables();
    assertThat(tables).hasSize(1);
    return tables.get(0);
  }

  private static Field onlyField(String field) throws MappingException {
    List<Field> fields = onlyTable(document(field)).fields();
    assertThat(fields).hasSize(1);
    return fields.get(0);
  }

  private static List<String> problemsOf(String json) {
    MappingException e = assertThrows(MappingException.class, () -> read(json));
    return e.problems().stream().map(MappingProblem::toString).toList();
  }

  private static String onlyProblem(String json) {
    List<String> problems = problemsOf(json);
    assertThat(problems).hasSize(1);
    return problems.get(0);
  }
}
