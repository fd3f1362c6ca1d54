package io.xmltobigquery.propose;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.explore.Explorer;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.propose.Decision.Sign;
import io.xmltobigquery.xsd.Xsd;
import io.xmltobigquery.xsd.XsdException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mappings made of a schema, and of a schema and samples. */
final class SchemaProposalTest {

  private static final Path SETS = Path.of("src/test/resources/schemas");

  @TempDir Path dir;

  private final FileStore store = FileStore.of(PipelineOptionsFactory.create());

  @ParameterizedTest
  @ValueSource(strings = {"trade", "transit", "payments", "clinic"})
  void bothTogetherTakeAllSamples(String set) throws Exception {
    List<FileVersion> files = samples(set);
    Xsd xsd = schema(set);
    for (boolean withLeaves : new boolean[] {false, true}) {
      Profile profile = xsd.declare(Explorer.explore(files, store).profile(), withLeaves, 2_000);

      Proposal proposal = Proposal.of(profile, List.of(), false);

      assertTakes(proposal, files);
      assertThat(proposal.decisions().stream().map(Decision::reason))
          .doesNotContain("isn't in the schema");
    }
  }

  /** Each of them is valid, so that what is made of the schema must take it. */
  @ParameterizedTest
  @ValueSource(strings = {"trade", "transit", "payments", "clinic"})
  void theSchemaAloneTakesAllSamples(String set) throws Exception {
    Proposal proposal =
        Proposal.of(schema(set).outline(List.of(), List.of(), 2_000), List.of(), false);

    assertThat(MappingReader.read(ProposalReport.mapping(proposal)).tables()).isNotEmpty();
    assertTakes(proposal, samples(set));
  }

  /** What half of the samples has doesn't decide what the other half may repeat. */
  @ParameterizedTest
  @ValueSource(strings = {"trade", "transit", "payments", "clinic"})
  void theOrderOfFilesChangesNothing(String set) throws Exception {
    List<FileVersion> files = new ArrayList<>(samples(set));
    List<String> names = new ArrayList<>(names(SETS.resolve(set).resolve("xsd")));
    String mapping = both(names, files);

    Collections.reverse(files);
    Collections.reverse(names);

    assertThat(both(names, files)).isEqualTo(mapping);
    assertThat(alone(names)).isEqualTo(alone(names(SETS.resolve(set).resolve("xsd"))));
  }

  @Test
  void typesAndRepetitionAreTheSchemasAndPathsTheSamples() throws Exception {
    List<FileVersion> files = samples("trade").subList(0, 1);
    Profile profile =
        schema("trade").declare(Explorer.explore(files, store).profile(), false, 2_000);

    assertThat(new String(ProposalReport.mapping(Proposal.of(profile, List.of(), false)), UTF_8))
        .isEqualTo(
            """
            {
              "namespaces": {
                "a": "urn:example:trade:aggregates",
                "b": "urn:example:trade:basics"
              },
              "tables": [
                {
                  "table": "Order",
                  "record": "/Order",
                  "namespace": "urn:example:trade:order",
                  "fields": [
                    {"name": "ID", "type": "STRING", "source": "b:ID", "description": "Tells it from others."},
                    {"name": "IssueDate", "type": "DATE", "source": "b:IssueDate"},
                    {"name": "CurrencyCode", "type": "STRING", "source": "b:CurrencyCode", "description": "One of: EUR, CHF, USD"},
                    {"name": "BuyerParty", "type": "RECORD", "source": "a:BuyerParty", "fields": [
                      {"name": "ID", "type": "RECORD", "mode": "REPEATED", "source": "b:ID", "description": "Tells it from others.", "fields": [
                        {"name": "schemeID", "type": "STRING", "source": "@schemeID"},
                        {"name": "value", "type": "STRING", "source": "."}
                      ]},
                      {"name": "Name", "type": "STRING", "source": "b:Name"}
                    ]},
                    {"name": "TotalAmount", "type": "RECORD", "source": "b:TotalAmount", "fields": [
                      {"name": "currencyID", "type": "STRING", "source": "@currencyID", "description": "One of: EUR, CHF, USD"},
                      {"name": "value", "type": "NUMERIC", "source": "."}
                    ]},
                    {"name": "OrderLine", "type": "RECORD", "mode": "REPEATED", "source": "a:OrderLine", "fields": [
                      {"name": "ID", "type": "STRING", "source": "b:ID", "description": "Tells it from others."},
                      {"name": "Quantity", "type": "RECORD", "source": "b:Quantity", "fields": [
                        {"name": "unitCode", "type": "STRING", "source": "@unitCode"},
                        {"name": "value", "type": "NUMERIC", "source": "."}
                      ]},
                      {"name": "Price", "type": "RECORD", "source": "b:Price", "fields": [
                        {"name": "currencyID", "type": "STRING", "source": "@currencyID", "description": "One of: EUR, CHF, USD"},
                        {"name": "value", "type": "NUMERIC", "source": "."}
                      ]}
                    ]}
                  ]
                }
              ]
            }
            """);
  }

  /** The schema's word counts as far as samples keep to it. */
  @Test
  void whatSamplesHaveAgainstTheSchemaIsTold() throws Exception {
    Xsd xsd =
        xsd(
            """
            <xs:element name="r"><xs:complexType><xs:sequence>
              <xs:element name="n" type="xs:int"/><xs:element name="code" type="xs:int"/>
              <xs:element name="flag" type="xs:boolean"/>
              <xs:element name="one" type="xs:string"/>
              <xs:element name="at" type="xs:dateTime"/><xs:element name="local" type="xs:dateTime"/>
              <xs:element name="day" type="xs:date"/><xs:element name="mid" type="xs:time"/>
              <xs:element name="old" type="xs:dateTime"/><xs:element name="sum" type="xs:decimal"/>
              <xs:element name="big" type="xs:integer"/><xs:element name="fine" type="xs:decimal"/>
            </xs:sequence><xs:attribute name="x" type="xs:date"/></xs:complexType></xs:element>
            """);
    List<FileVersion> files =
        write(
            "<r x='soon'><n>none</n><code>007</code><flag>1</flag><one>a</one><one>b</one><at>2024-01-01T00:00:00Z</at><local>2024-01-01T24:00:00</local>"
                + "<day>2024-01-01Z</day><mid>24:00:00</mid><old>-0001-01-01T00:00:00Z</old><sum>1.5</sum><big>12345678901234567890</big><fine>0.123456789012</fine><new a='1'>1</new></r>",
            "<r><flag>0</flag><at>2024-01-01T00:00:00</at></r>");

    Proposal proposal =
        Proposal.of(
            xsd.declare(Explorer.explore(files, store).profile(), false, 100), List.of(), false);

    assertTakes(proposal, files);
    assertThat(lines(proposal))
        .containsExactly(
            "  r TABLE: 2 rows in the samples",
            "? r.x STRING: xs:date; not all values of the samples fit DATE",
            "? r.n STRING: xs:int; not all values of the samples fit INT64",
            "? r.code STRING: xs:int; not all values of the samples fit INT64",
            "  r.flag BOOL: xs:boolean",
            "? r.one STRING REPEATED: repeats in the samples, and by the schema it mustn't; xs:string",
            "? r.at TIMESTAMP: xs:dateTime; some values have no time zone, and are taken for UTC",
            "  r.local DATETIME: xs:dateTime; no value of the samples has a time zone",
            "? r.day STRING: xs:date; not all values of the samples fit DATE",
            "  r.mid TIME: xs:time",
            "? r.old STRING: xs:dateTime; not all values of the samples fit TIMESTAMP",
            "  r.sum NUMERIC: xs:decimal of any length",
            "? r.big STRING: xs:integer of any length; not all values of the samples fit INT64",
            "  r.fine BIGNUMERIC: xs:decimal of any length",
            "? r.new RECORD: isn't in the schema",
            "? r.new.a STRING: isn't in the schema; INT64 fits, but there is only 1 value",
            "? r.new.value STRING: isn't in the schema; INT64 fits, but there is only 1 value")
        .inOrder();
  }

  @Test
  void whatSamplesNestDeeperThanTheOnesTakenIsXml() throws Exception {
    Xsd xsd =
        xsd(
            """
            <xs:complexType name="part"><xs:sequence><xs:element name="part" type="part" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
              <xs:attribute name="n" type="xs:int"/></xs:complexType>
            <xs:element name="r"><xs:complexType><xs:sequence><xs:element name="part" type="part"/></xs:sequence></xs:complexType></xs:element>
            """);
    List<FileVersion> files =
        write(
            "<r><part n='1'><part n='2'/></part></r>",
            "<r><part n='1'><part n='2'><part n='3'><part n='4'/></part></part></part></r>");
    Proposal proposal =
        Proposal.of(
            xsd.declare(Explorer.explore(files.subList(0, 1), store).profile(), false, 100),
            List.of("/r"),
            false);

    assertTakes(proposal, files);
    assertThat(lines(proposal))
        .contains(
            "? r.part.part.part STRING REPEATED: it may contain itself, deeper than in the samples: it is kept as XML");
  }

  @Test
  void derivedTypesAreFoundByWhatSamplesHave() throws Exception {
    Profile profile =
        schema("clinic").declare(Explorer.explore(samples("clinic"), store).profile(), false, 100);

    assertThat(lines(Proposal.of(profile, List.of(), false)))
        .containsAtLeast(
            "  Report.section.observation.value.unit STRING: xs:token",
            "  Report.section.observation.value.value NUMERIC: xs:decimal of any length",
            "  Report.section.observation.value.type STRING: ");
  }

  @Test
  void leavesMayBeAddedThatNoSampleHas() throws Exception {
    Xsd xsd =
        xsd(
            """
            <xs:element name="r"><xs:complexType><xs:sequence>
              <xs:element name="a" type="xs:int" minOccurs="0"/><xs:element name="b" type="xs:date" minOccurs="0"/>
              <xs:element name="c" minOccurs="0"><xs:complexType><xs:sequence><xs:element name="d" type="xs:int"/></xs:sequence></xs:complexType></xs:element>
            </xs:sequence><xs:attribute name="x" type="xs:int"/></xs:complexType></xs:element>
            """);
    Profile samples = Explorer.explore(write("<r><a>1</a></r>"), store).profile();

    assertThat(columns(xsd.declare(samples, false, 100))).containsExactly("r", "r.a");
    assertThat(columns(xsd.declare(samples, true, 100))).containsExactly("r", "r.x", "r.a", "r.b");
    assertThat(columns(xsd.declare(samples, true, 4))).containsExactly("r", "r.x", "r.a");
  }

  @Test
  void aSchemaOfOtherFilesIsRefused() throws Exception {
    Xsd xsd = schema("payments");
    Profile samples =
        Explorer.explore(write("<Document xmlns='urn:example:payments:001'/>"), store).profile();

    assertThat(assertThrows(XsdException.class, () -> xsd.declare(samples, false, 100)).problems())
        .containsExactly(
            "--xsd: the schema has no element {urn:example:payments:001}Document, which is the root of samples; it has {urn:example:payments:002}Document: pass the schema of these files");
  }

  private List<String> columns(Profile profile) throws Exception {
    return Proposal.of(profile, List.of(), false).decisions().stream()
        .map(Decision::column)
        .toList();
  }

  private static List<String> lines(Proposal proposal) {
    return proposal.decisions().stream()
        .filter(decision -> decision.sign() != Sign.LOSS)
        .map(
            decision ->
                "%s %s %s: %s"
                    .formatted(
                        decision.sign().text(),
                        decision.column(),
                        decision.type(),
                        decision.reason()))
        .toList();
  }

  private String both(List<String> names, List<FileVersion> files) throws Exception {
    Profile profile =
        Xsd.read(names, null).declare(Explorer.explore(files, store).profile(), true, 2_000);
    return new String(ProposalReport.mapping(Proposal.of(profile, List.of(), false)), UTF_8);
  }

  private static String alone(List<String> names) throws Exception {
    Profile profile = Xsd.read(names, null).outline(List.of(), List.of(), 2_000);
    return new String(ProposalReport.mapping(Proposal.of(profile, List.of(), false)), UTF_8);
  }

  private void assertTakes(Proposal proposal, List<FileVersion> files) throws Exception {
    SampleCheck check = SampleCheck.of(proposal.read(), files, store);

    assertWithMessage(new String(ProposalReport.mapping(proposal), UTF_8))
        .that(check.rejected())
        .isEmpty();
    assertThat(check.accepted()).isEqualTo(files.size());
    assertThat(check.rows()).isGreaterThan(0);
  }

  private static Xsd schema(String set) throws Exception {
    return Xsd.read(List.of(SETS.resolve(set).resolve("xsd").toString()), null);
  }

  private Xsd xsd(String components) throws Exception {
    Path file = dir.resolve("a.xsd");
    Files.writeString(
        file,
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>" + components + "</xs:schema>");
    return Xsd.read(List.of(file.toString()), null);
  }

  private List<FileVersion> samples(String set) throws IOException {
    List<FileVersion> files = new ArrayList<>();
    for (String name : names(SETS.resolve(set).resolve("samples"))) {
      files.add(store.find(name));
    }
    return files;
  }

  private List<FileVersion> write(String... documents) throws IOException {
    List<FileVersion> files = new ArrayList<>();
    for (int i = 0; i < documents.length; i++) {
      Path file = Files.writeString(dir.resolve(i + ".xml"), documents[i]);
      files.add(store.find(file.toString()));
    }
    return files;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).map(Path::toString).sorted().toList();
    }
  }
}
