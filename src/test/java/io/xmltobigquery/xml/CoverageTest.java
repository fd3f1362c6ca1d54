package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static java.util.stream.Collectors.joining;

import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Coverage;
import io.xmltobigquery.rows.Warning;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mapping leaves out of a document is told, and what of the mapping was of no use. */
class CoverageTest {

  private static List<String> warnings(Engine engine, String document) throws Exception {
    InParts inParts = new InParts(engine, Engine.source(document), true);
    inParts.check();
    return warnings(engine, inParts.whole().orElseThrow());
  }

  private static List<String> warnings(Engine engine, ReadDocument<?> read) {
    return Warning.of(CompiledMapping.of(engine.mapping()), read.coverage(), read.records())
        .stream()
        .map(Warning::sentence)
        .toList();
  }

  private static Engine engine(boolean byPaths, String tables) {
    // A union takes more than a tree of names.
    return Engine.of(
        "{'outside': 'ignore', 'tables': ["
            + tables.replace(
                "FIELDS",
                byPaths
                    ? "{'name': 'u', 'type': 'STRING', 'source': 'id | @id'}, "
                    : "{'name': 'u', 'type': 'STRING', 'source': 'id'}, ")
            + "]}");
  }

  private static final String TABLE =
      "{'table': 't', 'record': '/l/r', 'unknown': 'ignore', 'fields': [FIELDS%s]}";

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nothingIsToldWhereAllIsTaken(boolean byPaths) throws Exception {
    assertThat(
            warnings(
                engine(byPaths, TABLE.formatted("{'name': 'x', 'type': 'INT64'}")),
                "<l xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:noNamespaceSchemaLocation='x'>"
                    + "<r xml:lang='en'><id>1</id></r><r><id>2</id>\n<x>1</x></r></l>"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsSkippedIsCountedByItsPath(boolean byPaths) throws Exception {
    String records =
        IntStream.range(0, 30)
            .mapToObj(
                i ->
                    "<r k='1'><id>%d</id><a><deep/><deep/></a>text<a/><q:b xmlns:q='urn:q' q:c='1'/></r><between/>"
                        .formatted(i))
            .collect(joining());
    assertThat(
            warnings(
                engine(
                    byPaths,
                    TABLE.formatted(
                        "{'name': 'x', 'type': 'RECORD', 'source': 'c', 'fields': [{'name': 'y', 'type': 'STRING'}]}")),
                "<l day='1'><head><r/></head>" + records + "<r><id/><c z='1'><y/></c></r></l>"))
        .containsExactly(
            "t: /l/r/@k is skipped, 30×",
            "t: /l/r/a is skipped, 60×",
            "t: /l/r/text() is skipped, 30×",
            "t: /l/r/Q{urn:q}b is skipped, 30×",
            "t: /l/r/c/@z is skipped, 1×",
            "around records: /l/@day is skipped, 1×",
            "around records: /l/head is skipped, 1×",
            "around records: /l/between is skipped, 30×")
        .inOrder();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void columnsThatNeverHadAValueAreToldWithTheNearestPath(boolean byPaths) throws Exception {
    assertThat(
            warnings(
                engine(
                    byPaths,
                    TABLE.formatted(
                        """
                        {'name': 'city', 'type': 'STRING', 'source': 'Adress/City'},
                        {'name': 'mail', 'type': 'STRING', 'source': 'Mail', 'default': 'none'},
                        {'name': 'rec', 'type': 'RECORD', 'mode': 'REPEATED', 'fields': [
                          {'name': 'a', 'type': 'STRING'}, {'name': 'b', 'type': 'INT64', 'source': '@b'}]},
                        {'name': 'never', 'type': 'RECORD', 'fields': [{'name': 'a', 'type': 'STRING'}]},
                        {'name': 'is', 'type': 'INT64', 'source': 'if'}
                        """)),
                "<l><r><id>1</id><rec/></r><r><Address/><rec><a>1</a><b/></rec><contact><Mail/></contact></r><r><mail/><of/></r></l>"))
        .containsExactly(
            "t: city is in no record; there is /l/r/Address",
            "t: mail is in no record; there is /l/r/mail",
            "t: rec.b is in no record; there is /l/r/rec/b",
            "t: never is in no record",
            "t: is is in no record",
            "t: /l/r/Address is skipped, 1×; the mapping has /l/r/Adress/City",
            "t: /l/r/rec/b is skipped, 1×; the mapping has /l/r/rec/@b",
            "t: /l/r/contact is skipped, 1×",
            "t: /l/r/mail is skipped, 1×; the mapping has /l/r/Mail",
            "t: /l/r/of is skipped, 1×")
        .inOrder();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recordsThatMatchNothingAreToldWithTheNearestPath(boolean byPaths) throws Exception {
    String tables =
        TABLE.formatted("{'name': 'x', 'type': 'STRING'}")
            + ", {'table': 'o', 'record': '/l/Orders/Order', 'unknown': 'ignore', 'fields': ["
            + "{'name': 'x', 'type': 'STRING'}]}";
    assertThat(
            warnings(
                engine(byPaths, tables),
                "<l><r><id>1</id><x>1</x></r><Orders><order/><order/></Orders></l>"))
        .containsExactly(
            "o: no records at /l/Orders/Order; there is /l/Orders/order",
            "around records: /l/Orders/order is skipped, 2×; the mapping has /l/Orders/Order")
        .inOrder();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void markupAndItemsWithoutAValueAreTold(boolean byPaths) throws Exception {
    assertThat(
            warnings(
                engine(
                    byPaths,
                    TABLE.formatted(
                        """
                        {'name': 't', 'type': 'STRING'},
                        {'name': 'all', 'type': 'STRING', 'source': 'string(t)'},
                        {'name': 'n', 'type': 'INT64', 'mode': 'REPEATED', 'nullMarkers': ['-']},
                        {'name': 's', 'type': 'STRING', 'mode': 'REPEATED'},
                        {'name': 'p', 'type': 'RECORD', 'mode': 'REPEATED', 'fields': [
                          {'name': 'v', 'type': 'INT64', 'source': '.'}]}
                        """)),
                """
                <l xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>
                <r><id>1</id><t>a<b>c</b><b/></t><n>1</n><n> </n><n>-</n><n xsi:nil='1'/><s/></r>
                <r><t>a</t><s xsi:nil='true'/><p xsi:nil='true'/><p>1</p></r></l>
                """))
        .containsExactly(
            "t: t has elements in its text, 1×",
            "t: items without a value are left out of n, 3×",
            "t: items without a value are left out of s, 1×",
            "t: items without a value are left out of p, 1×")
        .inOrder();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onlySoManyPathsAreToldApart(boolean byPaths) throws Exception {
    String record =
        IntStream.range(0, 150).mapToObj("<n%d/>"::formatted).collect(joining("", "<r>", "</r>"));
    Engine engine = engine(byPaths, TABLE.formatted("{'name': 'x', 'type': 'STRING'}"));
    Coverage.Skipped skipped =
        engine
            .read(Engine.source("<l>" + record + record + "</l>"))
            .coverage()
            .tables()
            .get(0)
            .skipped();
    assertThat(skipped.counts()).hasSize(Coverage.MOST_PATHS);
    assertThat(skipped.counts()).containsEntry("/l/r/n99", 2L);
    assertThat(skipped.others()).isEqualTo(100);
    assertThat(skipped.total()).isEqualTo(300);
  }

  @Test
  void pathsOfRecursionAreBounded() throws Exception {
    Engine engine =
        engine(true, TABLE.formatted("{'name': 'x', 'type': 'STRING', 'source': './/y'}"));
    String deep = IntStream.range(0, 900).mapToObj(i -> "<a>t").collect(joining());
    String document = "<l><r>" + deep + "</a>".repeat(900) + "</r></l>";
    Coverage.Skipped skipped =
        engine.read(Engine.source(document)).coverage().tables().get(0).skipped();
    assertThat(skipped.counts()).hasSize(Coverage.MOST_PATHS);
    assertThat(skipped.total()).isEqualTo(900);
  }

  @Test
  void invalidRecordsAreRecordsAndWhatIsInThemBehindTheFaultIsNotTold() throws Exception {
    for (boolean byPaths : List.of(false, true)) {
      assertThat(
              warnings(
                  engine(byPaths, TABLE.formatted("{'name': 'n', 'type': 'INT64'}")),
                  "<l><r><id>1</id></r><r><a/><n>x</n><b/></r></l>"))
          .containsExactly("t: n is in no record", "t: /l/r/a is skipped, 1×");
    }
  }

  @Test
  void whatIsSkippedUnderAnyDepthIsToldByItsTextsAndAttributes() throws Exception {
    Engine engine =
        Engine.of(
            """
            {'outside': 'ignore', 'tables': [{'table': 't', 'record': '//r', 'unknown': 'ignore', 'fields': [
              {'name': 'parent', 'type': 'STRING', 'source': 'ancestor::r[1]/@n'},
              {'name': 'n', 'type': 'STRING', 'source': '@n'}]}]}
            """);
    XmlSource source =
        Engine.source(
            "<l><head v='1'><x>text</x></head>"
                + "<r n='1'><y>more</y><r n='2'><y k=''>more</y></r></r></l>");
    assertThat(warnings(engine, engine.read(source, List.of(), CountingSink::new)))
        .containsExactly(
            "t: /l/r/y/text() is skipped, 1×",
            "t: /l/r/r/y/@k is skipped, 1×",
            "t: /l/r/r/y/text() is skipped, 1×",
            "around records: /l/head/@v is skipped, 1×",
            "around records: /l/head/x/text() is skipped, 1×")
        .inOrder();
  }
}
