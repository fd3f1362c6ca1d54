package io.xmltobigquery.propose;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.explore.Explorer;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What other programs that make tables of XML get wrong: by reports of their users, mostly. */
final class EdgeCasesTest {

  @TempDir Path dir;

  private final FileStore store = FileStore.of(PipelineOptionsFactory.create());

  /** Each value comes ten times, in a column that is no code by its name. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Codes keep their zeros, and numbers that aren't ones their digits.
        "007 010|STRING",
        "+4930123 +4930124|STRING",
        "12345678901234567890 1|STRING",
        "1 2 3|INT64",
        "0 1|INT64",
        "true false 1|BOOL",
        "3000000000 1|INT64",
        "37,77 1|STRING",
        "1.50 2|NUMERIC",
        "1e5 2|FLOAT64",
        "INF 2.5|FLOAT64",
        "2024-05-01 2024-05-02|DATE",
        "2024-05-01Z 2024-05-02|STRING",
        "2024-05-01T10:00:00 2024-05-01T10:00:00Z|TIMESTAMP",
        "2024-05-01T10:00:00 2024-05-02T24:00:00|DATETIME",
        "10:00:00 11:30:00.5|TIME",
        // No year of BigQuery.
        "0000-01-01 2024-05-02|STRING",
        "10000-01-01 2024-05-02|STRING",
        "-0001-01-01 2024-05-02|STRING",
        "P1M P30D|STRING",
        "2024-05 2024-06|STRING",
      })
  void typesAreChosenByAllValues(String values, String type) throws Exception {
    String records =
        IntStream.range(0, 10)
            .mapToObj(i -> values)
            .flatMap(line -> Arrays.stream(line.split(" ")))
            .map(value -> "<o n='x'><v>" + value + "</v></o>")
            .collect(Collectors.joining());

    assertThat(field(propose("<r>" + records + "</r>"), "v").get("type").asText()).isEqualTo(type);
  }

  @Test
  void aValueThatComesLateCounts() throws Exception {
    String records = "<o n='x'><v>1</v></o>".repeat(20_000) + "<o n='x'><v>A</v></o>";

    assertThat(field(propose("<r>" + records + "</r>"), "v").get("type").asText())
        .isEqualTo("STRING");
  }

  @Test
  void nothingBesideNumbersIsNoText() throws Exception {
    String records = "<o n='x'><v>1</v></o><o n='x'><v/></o>".repeat(10);

    assertThat(field(propose("<r>" + records + "</r>"), "v").get("type").asText())
        .isEqualTo("INT64");
  }

  @Test
  void anAttributeThatOnlyTheLastRecordHasIsAColumn() throws Exception {
    assertThat(columns(propose("<r>" + "<o a='1' b='2'/>".repeat(50) + "<o a='1' late='x'/></r>")))
        .containsExactly("a", "b", "late");
  }

  @Test
  void whatRepeatsInDifferentShapesHasTheColumnsOfAll() throws Exception {
    assertThat(
            columns(propose("<r><o><a>1</a><b>1</b></o><o><b>1</b><c x='1'/></o><o d='1'/></r>")))
        .containsExactly("d", "a", "b", "c");
  }

  /** However seldom. */
  @Test
  void whatRepeatsOnceIsAnArray() throws Exception {
    String usual = "<o n='x'><line>1</line></o>";

    assertThat(
            field(
                    propose(
                        "<r>" + usual.repeat(30) + "</r>",
                        "<r><o n='x'><line>1</line><line>2</line></o>" + usual + "</r>"),
                    "line")
                .get("mode")
                .asText())
        .isEqualTo("REPEATED");
  }

  @Test
  void oneNameInTwoNamespacesIsTwoColumns() throws Exception {
    ObjectNode mapping =
        propose(
            "<r xmlns='urn:a' xmlns:q='urn:b'><o n='1'><v>1</v><q:v>x</q:v></o><o n='2'><v>1</v></o></r>");

    assertThat(columns(mapping)).containsExactly("n", "v", "v_element").inOrder();
    assertThat(field(mapping, "v_element").get("source").asText()).isEqualTo("q:v");
    assertThat(mapping.get("namespaces").get("q").asText()).isEqualTo("urn:b");
  }

  /** What xml, xsi and row mean in a mapping, they mean whatever documents say. */
  @Test
  void prefixesOfTheMappingItselfAreNotTaken() throws Exception {
    ObjectNode mapping =
        propose("<r xmlns:row='urn:b'><o xml:lang='de'><row:v>1</row:v></o><o xml:lang='en'/></r>");

    assertThat(mapping.has("namespaces")).isFalse();
    assertThat(field(mapping, "v").get("source").asText()).isEqualTo("{urn:b}v");
    assertThat(field(mapping, "lang").get("source").asText()).isEqualTo("@xml:lang");
  }

  @Test
  void whatSpeaksToASchemaProcessorIsNoColumn() throws Exception {
    assertThat(
            columns(
                propose(
                    "<r xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='urn:a a.xsd'>"
                        + "<o a='1' xml:lang='en' xsi:type='t'><v xsi:nil='true'/></o><o a='2'/></r>")))
        .containsExactly("a", "lang", "v");
  }

  @Test
  void typesOfElementsAreAColumnWhereTheyDiffer() throws Exception {
    assertThat(
            columns(
                propose(
                    "<r xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
                        + "<o a='1' xsi:type='t'/><o a='2' xsi:type='u'/></r>")))
        .containsExactly("a", "type");
  }

  @Test
  void namesAreThoseOfBigQuery() throws Exception {
    String name = "n".repeat(300);
    ObjectNode mapping =
        propose(
            "<r><o><a.b/><a_b/><A_B/><_TABLE_x/><_file/><Ä/><ß/><μ/><名/><"
                + name
                + "/><_1/></o><o/></r>");

    assertThat(columns(mapping))
        .containsExactly(
            "a_b",
            "a_b_element",
            "A_B_element_2",
            "x_TABLE_x",
            "x_file",
            "A",
            "column",
            "column_element",
            "column_element_2",
            "n".repeat(280),
            "_1");
  }

  @Test
  void aDocumentThatRepeatsNothingIsARow() throws Exception {
    for (String document : List.of("<r><a>1</a></r>", "<r/>", "<r a='1'/>", "<r>x</r>")) {
      assertThat(propose(document).get("tables").get(0).get("record").asText()).isEqualTo("/r");
    }
  }

  @Test
  void aRecordMayBeAnEmptyElement() throws Exception {
    assertThat(
            propose("<r><o a='1' b='2'/><o a='1' b='2'/></r>")
                .get("tables")
                .get(0)
                .get("record")
                .asText())
        .isEqualTo("/r/o");
  }

  /** Records are known by their path: the one inside is a column. */
  @Test
  void aRecordMayHoldAnotherElementOfItsName() throws Exception {
    ObjectNode mapping =
        propose("<r><o a='1' b='2'><x><o>7</o></x></o><o a='1' b='2'><x><o>8</o></x></o></r>");

    assertThat(mapping.get("tables").findValuesAsText("record")).containsExactly("/r/o");
    assertThat(mapping.get("tables").get(0).get("fields").findValuesAsText("source")).contains("x");
  }

  @Test
  void eachRootHasATable() throws Exception {
    assertThat(
            propose("<a><x>1</x></a>", "<b><y>1</y></b>", "<a xmlns='urn:2'><z>1</z></a>")
                .get("tables")
                .findValuesAsText("table"))
        .containsExactly("a", "a_2", "b");
  }

  @Test
  void anElementWithTextHereAndElementsThereIsKept() throws Exception {
    ObjectNode field =
        field(propose("<r><o n='1'><v>x</v></o><o n='2'><v><a>y</a></v></o></r>"), "v");

    assertThat(field.get("type").asText()).isEqualTo("STRING");
  }

  @Test
  void commentsAndSectionsAreNoEndOfAValue() throws Exception {
    String records =
        "<o n='x'><v>1<!-- --><![CDATA[2]]><?pi?>3</v></o><o n='y'><v>123</v></o>".repeat(10);

    assertThat(field(propose("<r>" + records + "</r>"), "v").get("type").asText())
        .isEqualTo("INT64");
  }

  /** Whatever the encoding; a file that is bad counts for nothing. */
  @Test
  void samplesAreReadAsALoadReadsThem() throws Exception {
    String xml = "<r><o a='1' b='2'/><o a='1' b='ü'/></r>";
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(gzip)) {
      out.write(xml.getBytes(UTF_8));
    }
    List<FileVersion> files = new ArrayList<>();
    files.add(write("16.xml", xml.getBytes(UTF_16)));
    files.add(write("bom.xml", ("\uFEFF" + xml).getBytes(UTF_8)));
    files.add(write("zip.xml", gzip.toByteArray()));
    Proposal proposal = proposal(files);

    assertThat(SampleCheck.of(proposal.read(), files, store))
        .isEqualTo(new SampleCheck(3, 6, List.of()));
    files.add(write("bad.xml", (xml + "<").getBytes(UTF_8)));
    files.add(write("cut.xml", "<r><o odd='1'/>".getBytes(UTF_8)));
    assertThat(proposal(files).mapping()).isEqualTo(proposal.mapping());
  }

  /** The samples must be taken: no proposal is one otherwise. */
  private ObjectNode propose(String... documents) throws Exception {
    List<FileVersion> files = new ArrayList<>();
    for (int i = 0; i < documents.length; i++) {
      files.add(write(i + ".xml", documents[i].getBytes(UTF_8)));
    }
    Proposal proposal = proposal(files);
    assertWithMessage(String.join("\n", documents))
        .that(SampleCheck.of(proposal.read(), files, store).rejected())
        .isEmpty();
    return proposal.mapping();
  }

  private Proposal proposal(List<FileVersion> files) throws Exception {
    return Proposal.of(Explorer.explore(files, store).profile(), List.of(), false);
  }

  private FileVersion write(String name, byte[] content) throws IOException {
    return store.find(Files.write(dir.resolve(name), content).toString());
  }

  private static List<String> columns(ObjectNode mapping) {
    List<String> names = new ArrayList<>();
    mapping
        .get("tables")
        .get(0)
        .get("fields")
        .forEach(field -> names.add(field.get("name").asText()));
    return names;
  }

  private static ObjectNode field(ObjectNode mapping, String name) {
    for (var field : mapping.get("tables").get(0).get("fields")) {
      if (field.get("name").asText().equals(name)) {
        return (ObjectNode) field;
      }
    }
    throw new AssertionError("no column " + name + " in " + mapping);
  }
}
