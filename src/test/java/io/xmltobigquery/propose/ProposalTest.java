package io.xmltobigquery.propose;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.explore.Explorer;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.propose.Decision.Sign;
import io.xmltobigquery.propose.Proposal.NoProposalException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProposalTest {

  @TempDir Path dir;

  private final FileStore store = FileStore.of(PipelineOptionsFactory.create());

  @Test
  void makesATableOfWhatRepeats() throws Exception {
    String orders =
        IntStream.range(0, 30)
            .mapToObj(
                i ->
                    "<Order id='00%d'><Date>2024-05-%02d</Date><Count>%d</Count><Lines><Line n='%d'>x</Line><Line n='2'/></Lines></Order>"
                        .formatted(i, 1 + i % 28, i, i))
            .collect(Collectors.joining());

    assertThat(mapping("<Orders xmlns='urn:o'>" + orders + "</Orders>"))
        .isEqualTo(
            """
            {
              "tables": [
                {
                  "table": "Order",
                  "record": "/Orders/Order",
                  "namespace": "urn:o",
                  "fields": [
                    {"name": "id", "type": "STRING", "source": "@id"},
                    {"name": "Date", "type": "DATE", "source": "Date"},
                    {"name": "Count", "type": "INT64", "source": "Count"},
                    {"name": "Lines", "type": "RECORD", "mode": "REPEATED", "source": "Lines/Line", "fields": [
                      {"name": "n", "type": "INT64", "source": "@n"},
                      {"name": "value", "type": "STRING", "source": "."}
                    ]}
                  ]
                }
              ]
            }
            """);
  }

  /** Nothing is left out: what is around the records is a row, too, and they have its key. */
  @Test
  void whatIsAroundRecordsIsATableOfItsOwn() throws Exception {
    Proposal proposal =
        assertTakes(
            "<Run tool='t'><Info><At>x</At><Tag>a</Tag><Tag>b</Tag></Info>"
                + "<Hosts><Host a='1'><Port n='1' t='x'/><Port n='2' t='y'/></Host><Host a='2'/></Hosts></Run>");

    assertThat(new String(ProposalReport.mapping(proposal), UTF_8))
        .isEqualTo(
            """
            {
              "tables": [
                {
                  "table": "Run",
                  "record": "/Run",
                  "fields": [
                    {"name": "Run_key", "type": "STRING", "source": "row:key()"},
                    {"name": "tool", "type": "STRING", "source": "@tool"},
                    {"name": "Info", "type": "RECORD", "source": "Info", "fields": [
                      {"name": "At", "type": "STRING", "source": "At"},
                      {"name": "Tag", "type": "STRING", "mode": "REPEATED", "source": "Tag"}
                    ]}
                  ]
                },
                {
                  "table": "Host",
                  "record": "/Run/Hosts/Host",
                  "fields": [
                    {"name": "Run_key", "type": "STRING", "source": "row:key(../..)"},
                    {"name": "position", "type": "INT64", "source": "row:position()"},
                    {"name": "a", "type": "STRING", "source": "@a"},
                    {"name": "Port", "type": "RECORD", "mode": "REPEATED", "source": "Port", "fields": [
                      {"name": "n", "type": "STRING", "source": "@n"},
                      {"name": "t", "type": "STRING", "source": "@t"}
                    ]}
                  ]
                }
              ]
            }
            """);
  }

  /** Many standards have their version in the namespace: one table takes all that came. */
  @Test
  void versionsOfANamespaceAreOneTable() throws Exception {
    String document =
        "<Doc xmlns='urn:x:stmt.001.%1$s'><Stmt><Id>%2$s</Id></Stmt><Stmt><Id>b</Id>%3$s</Stmt></Doc>";
    Proposal proposal =
        assertTakes(
            document.formatted("02", "a", "<Old k='x'/>"),
            document.formatted("10", "c", "<New/>"),
            "<Doc xmlns='urn:x:adv.001.02'><Advice/></Doc>");

    assertThat(new String(ProposalReport.mapping(proposal), UTF_8))
        .isEqualTo(
            """
            {
              "namespaces": {
                "ns2": ["urn:x:stmt.001.10","urn:x:stmt.001.02"]
              },
              "tables": [
                {
                  "table": "Doc",
                  "record": "/Doc",
                  "namespace": "urn:x:adv.001.02",
                  "fields": [
                    {"name": "Advice", "type": "STRING", "source": "Advice"}
                  ]
                },
                {
                  "table": "Stmt",
                  "record": "/ns2:Doc/ns2:Stmt",
                  "fields": [
                    {"name": "Id", "type": "STRING", "source": "ns2:Id"},
                    {"name": "Old", "type": "RECORD", "source": "ns2:Old", "fields": [
                      {"name": "k", "type": "STRING", "source": "@k"}
                    ]},
                    {"name": "New", "type": "STRING", "source": "ns2:New"}
                  ]
                }
              ]
            }
            """);
    Proposal alone =
        assertTakes(document.formatted("02", "a", ""), document.formatted("10", "c", ""));
    assertThat(alone.mapping().get("namespaces").get("").size()).isEqualTo(2);
    assertThat(alone.mapping().get("tables").get(0).get("record").asText()).isEqualTo("/Doc");
  }

  /** Other things are another table, though they have the same name, and those of one document. */
  @Test
  void namespacesOfDifferentThingsStayApart() throws Exception {
    assertThat(
            assertTakes("<d xmlns='urn:a1'><x/></d>", "<d xmlns='urn:a2'><y/></d>")
                .mapping()
                .get("tables")
                .size())
        .isEqualTo(2);
    assertThat(
            assertTakes(
                    "<d xmlns='urn:a1'><x/><d xmlns='urn:a2'><x/></d></d>",
                    "<d xmlns='urn:a2'><x/></d>")
                .mapping()
                .get("tables")
                .size())
        .isEqualTo(2);
  }

  /** What several documents have in common with others is one family, or none. */
  @Test
  void noRecordIsOfTwoTables() throws Exception {
    Proposal proposal =
        assertTakes(
            "<Invoice xmlns='urn:x:1'><a/></Invoice>",
            "<Invoice xmlns='urn:x:2'><a/></Invoice>",
            "<Order xmlns='urn:x:2'><a/></Order>",
            "<Order xmlns='urn:x:3'><a/></Order>");
    assertThat(proposal.mapping().get("tables").findValuesAsText("record"))
        .containsExactly("/Invoice", "/Order");
    assertThat(
            assertTakes(
                    "<d xmlns='urn:a1'><x/></d>",
                    "<d xmlns='urn:a2'><x/></d>",
                    "<all><d xmlns='urn:a1'><x/></d><d xmlns='urn:a2'><x/></d></all>")
                .mapping()
                .get("tables"))
        .hasSize(3);
  }

  @Test
  void manyTextsAreNoPartOfADocumentsRow() throws Exception {
    Proposal proposal =
        assertTakes(
            "<r v='1'><o a='1' b='2'/><o a='1' b='2'/>" + "<t k='x'>1</t>".repeat(100) + "</r>");

    assertThat(proposal.mapping().get("tables").findValuesAsText("table"))
        .containsExactly("r", "o", "t");
  }

  /** Texts with a language, say, are values of what they are in. */
  @Test
  void textsWithAttributesAreNoRecordsWhereThereAreOthers() throws Exception {
    Proposal proposal =
        assertTakes(
            "<r v='1'><h><n l='de'>x</n><n l='en'>y</n></h><o a='1' b='2'/><o a='1' b='2'/></r>");

    assertThat(proposal.mapping().get("tables").findValuesAsText("table"))
        .containsExactly("r", "o");
    assertThat(
            assertTakes("<r><n l='de'>x</n><n l='en'>y</n></r>")
                .mapping()
                .get("tables")
                .findValuesAsText("table"))
        .containsExactly("n");
  }

  @Test
  void whatRecursIsOneTable() throws Exception {
    Proposal proposal =
        assertTakes("<r><part n='1'><use t='x'/><use t='y'/><part n='2'/></part><part n='3'/></r>");

    assertThat(proposal.mapping().get("tables").findValuesAsText("record"))
        .containsExactly("/r/part | /r/part//part");
  }

  @Test
  void aDocumentIsARowWhereNothingRepeats() throws Exception {
    assertThat(mapping("<r a='x'><b>y</b></r>")).contains("\"record\": \"/r\"");
  }

  /** All of them are accepted, whatever they have. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<r/>",
        "<r>text</r>",
        "<r a='1'/>",
        "<r><v>1</v><v/><v>2</v></r>",
        "<r><e/></r>",
        "<r><e/><e a='1' b='2'/><e a='' b=''/></r>",
        "<r><p>See <a href='x'>this</a> or <a href='y'>that</a></p><p>none</p></r>",
        "<r>mixed <b>root</b></r>",
        "<r><p at='1'>See <b>this</b></p></r>",
        "<r><either>x</either><either><a/></either></r>",
        "<r><part n='1' t='x'><part n='2' t='y'><part n='3' t='z'/></part></part><part n='4' t='u'/></r>",
        "<r><o a='1' b='2'/><o a='1' b='2'/></r>",
        "<r run='7'><head>x</head><o a='1' b='2'/><o a='1' b='2'/>text</r>",
        "<r><A>1</A><a>2</a><o a='3' A='4'><a>5</a></o><a.b/><a_b/><_TABLE_x/><_file/><Ονομα/><名前/></r>",
        "<r xmlns='urn:a' xmlns:q='urn:b'><v q:x='2' x='1'/><q:v>1</q:v><v xmlns=''>2</v><w xmlns='urn:c'/></r>",
        "<r xml:lang='en' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><v xsi:nil='true'/><w xsi:type='a'/><w xsi:type='b'/></r>",
        "<r><w><i>1</i><i>2</i></w><w2><i a='1'/><i a='2'/></w2><w3><i><j/><j/></i><i/></w3></r>",
        "<r><o><w><i>1</i><i>2</i></w><x>1</x></o><o><w/><x>1</x></o><o><x>1</x></o></r>",
        "<r><value a='1'>x<value/></value><value a='2'>y</value></r>",
        "<file_loads><o a='1' b='2'/><o a='1' b='2'/></file_loads>",
        "<r><file_loads a='1' b='2'/><file_loads a='1' b='2'/></r>",
      })
  void takesItsOwnSamples(String document) throws Exception {
    assertTakes(document);
  }

  @Test
  void takesDeepSamples() throws Exception {
    String open =
        IntStream.range(0, 40)
            .mapToObj(
                i -> "<e" + i + " a='1'><f" + i + " b='2'><g c='3'/>x</f" + i + "><f" + i + "/>")
            .collect(Collectors.joining());
    String close =
        IntStream.range(0, 40).mapToObj(i -> "</e" + (39 - i) + ">").collect(Collectors.joining());

    Proposal proposal = assertTakes(open + "x" + close);

    assertThat(
            proposal.decisions().stream()
                .map(Decision::reason)
                .anyMatch(reason -> reason.contains("at most 15 deep: it is kept as XML")))
        .isTrue();
  }

  @Test
  void takesSamplesOfDifferentRoots() throws Exception {
    Proposal proposal =
        assertTakes("<a><x>1</x></a>", "<b><x>1</x></b>", "<a xmlns='urn:2'><x>1</x></a>", "<a/>");

    assertThat(proposal.mapping().get("tables").findValuesAsText("table"))
        .containsExactly("a", "a_2", "b");
  }

  @Test
  void takesSamplesWithoutAnyRecord() throws Exception {
    assertTakes("<r><s><o a='1' b='2'/><o a='1' b='2'/></s></r>", "<r/>", "<r><t/></r>");
  }

  @Test
  void takesRandomSamples() throws Exception {
    Random random = new Random(11);
    for (int i = 0; i < 60; i++) {
      assertTakes(RandomXml.documents(random, 1 + random.nextInt(4)).toArray(new String[0]));
    }
  }

  @Test
  void tellsWhatIsNotLoaded() throws Exception {
    Profile profile =
        profile("<r run='7'><head><date>x</date></head><o a='1' b='2'/><o a='1' b='2'/></r>");
    Proposal proposal = Proposal.of(profile, List.of("/r/o"), false);

    assertThat(
            proposal.decisions().stream()
                .filter(decision -> decision.sign() == Sign.LOSS)
                .map(Decision::path))
        .containsExactly("/r/@run", "/r/head/date");
    assertThat(proposal.mapping().get("outside").asText()).isEqualTo("ignore");
  }

  @Test
  void inDoubtItIsAString() throws Exception {
    Proposal proposal =
        assertTakes(
            "<r>"
                + "<o Few='x' CustomerNo='12' no='12' EmployeeID='3' zip='123' n='1'/>".repeat(30)
                + "</r>");

    assertThat(type(proposal, "o.CustomerNo")).isEqualTo("STRING");
    assertThat(type(proposal, "o.EmployeeID")).isEqualTo("STRING");
    assertThat(type(proposal, "o.zip")).isEqualTo("STRING");
    assertThat(type(proposal, "o.no")).isEqualTo("INT64");
    assertThat(type(proposal, "o.n")).isEqualTo("INT64");
    assertThat(type(assertTakes("<r><o n='1' m='1'/><o n='2' m='2'/></r>"), "o.n"))
        .isEqualTo("STRING");
  }

  @Test
  void everyColumnMayBeAString() throws Exception {
    Profile profile = profile("<r>" + "<o n='1' m='2'/>".repeat(30) + "</r>");

    assertThat(type(Proposal.of(profile, List.of(), true), "o.n")).isEqualTo("STRING");
  }

  @Test
  void recordsMayBeNamed() throws Exception {
    Profile profile =
        profile("<r><s><o a='1' b='2'/></s><t><p a='1' b='2'/><p a='1' b='2'/></t></r>");

    assertThat(
            Proposal.of(profile, List.of("/r/s/o", "/r/t"), false)
                .mapping()
                .get("tables")
                .findValuesAsText("record"))
        .containsExactly("/r/s/o", "/r/t");
    NoProposalException none =
        assertThrows(NoProposalException.class, () -> Proposal.of(profile, List.of("/r/x"), false));
    assertThat(none).hasMessageThat().contains("no element has the path /r/x");
  }

  @Test
  void aRecordMayBeInsideAnotherOne() throws Exception {
    List<FileVersion> files = write("<r n='1'><t><p a='1' b='2'/><p a='1' b='2'/></t></r>");
    Profile profile = Explorer.explore(files, store).profile();

    Proposal proposal = Proposal.of(profile, List.of("/r", "/r/t/p"), false);

    assertThat(SampleCheck.of(proposal.read(), files, store))
        .isEqualTo(new SampleCheck(1, 3, List.of()));
  }

  @Test
  void tooManyColumnsAreNoTable() throws Exception {
    StringBuilder xml = new StringBuilder("<r>");
    for (int i = 0; i <= 10_000; i++) {
      xml.append("<e").append(i).append("/>");
    }
    Profile profile = profile(xml + "</r>");

    NoProposalException none =
        assertThrows(
            NoProposalException.class, () -> Proposal.of(profile, List.of(), false).read());
    assertThat(none).hasMessageThat().contains("10001 columns");
    assertThrows(NoProposalException.class, () -> Proposal.of(profile("<r>"), List.of(), false));
  }

  /** Of four files, one has what no other has. */
  @Test
  void foretellsHowManyOthersItTakes() throws Exception {
    String usual = "<r><a>x</a></r>";
    List<FileVersion> files = write(usual, usual, usual, "<r><a>x</a><b/></r>");

    Forecast.Proposer proposer = profile -> Proposal.of(profile, List.of(), false);
    assertThat(Forecast.of(files, proposer, store)).hasValue(new Forecast(3, 4));
    assertThat(Forecast.of(files.subList(0, 3), proposer, store)).isEmpty();
    // Neither half has a proposal then.
    assertThat(Forecast.of(files, profile -> Proposal.of(profile, List.of("/no"), false), store))
        .hasValue(new Forecast(0, 4));
  }

  @Test
  void theOrderOfSamplesChangesNothing() throws Exception {
    Random random = new Random(3);
    List<String> documents = RandomXml.documents(random, 20);
    String mapping = mapping(documents.toArray(new String[0]));

    Collections.shuffle(documents, random);
    assertThat(mapping(documents.toArray(new String[0]))).isEqualTo(mapping);
  }

  private Proposal assertTakes(String... documents) throws Exception {
    List<FileVersion> files = write(documents);
    Proposal proposal = Proposal.of(Explorer.explore(files, store).profile(), List.of(), false);

    SampleCheck check = SampleCheck.of(proposal.read(), files, store);

    assertWithMessage(
            String.join("\n", documents)
                + "\n"
                + new String(ProposalReport.mapping(proposal), UTF_8))
        .that(check.rejected())
        .isEmpty();
    assertThat(check.accepted()).isEqualTo(documents.length);
    return proposal;
  }

  private String mapping(String... documents) throws Exception {
    return new String(
        ProposalReport.mapping(Proposal.of(profile(documents), List.of(), false)), UTF_8);
  }

  private Profile profile(String... documents) throws IOException {
    return Explorer.explore(write(documents), store).profile();
  }

  private List<FileVersion> write(String... documents) throws IOException {
    List<FileVersion> files = new ArrayList<>();
    for (int i = 0; i < documents.length; i++) {
      Path file = Files.writeString(dir.resolve(i + ".xml"), documents[i]);
      files.add(store.find(file.toString()));
    }
    return files;
  }

  private static String type(Proposal proposal, String column) {
    return proposal.decisions().stream()
        .filter(decision -> decision.column().equals(column))
        .findFirst()
        .orElseThrow()
        .type();
  }

  /** What the other half has besides, or has twice, is in the rest. */
  @Test
  void withARestFilesOfTheOtherHalfAreAccepted() throws Exception {
    Random random = new Random(1);
    List<FileVersion> files = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      StringBuilder xml = new StringBuilder("<Invoice id='").append(i).append("'>");
      for (String name : List.of("Note", "Due", "Buyer", "Ship", "Tax", "Ref")) {
        // Some come in few invoices, some twice, some with attributes or more inside.
        for (int n = random.nextInt(8) / 6; n >= 0 && random.nextInt(10) < 4; n--) {
          xml.append("<%s%s>".formatted(name, random.nextInt(9) == 0 ? " c='x'" : ""));
          xml.append(random.nextInt(9) == 0 ? "<New>y</New>" : "<Id>A%d</Id>".formatted(i));
          xml.append("</%s>".formatted(name));
        }
      }
      xml.append("<Line><Sku>K</Sku></Line><Line/></Invoice>");
      files.add(
          store.find(Files.writeString(dir.resolve("i%02d.xml".formatted(i)), xml).toString()));
    }

    Forecast strict =
        Forecast.of(files, half -> Proposal.of(half, List.of(), false), store).orElseThrow();
    Forecast withRest =
        Forecast.of(files, half -> Proposal.of(half, List.of(), false).withRest(), store)
            .orElseThrow();
    Forecast keys =
        Forecast.of(files, half -> Proposal.withKeys(half, List.of(), false).withRest(), store)
            .orElseThrow();

    assertThat(strict.accepted()).isLessThan(60);
    assertThat(withRest.accepted()).isEqualTo(60);
    assertThat(keys.accepted()).isEqualTo(60);
  }

  @Test
  void aRestHasANameOfItsOwn() throws Exception {
    Files.writeString(dir.resolve("a.xml"), "<r><_rest>1</_rest><b/></r>");
    List<FileVersion> files = List.of(store.find(dir.resolve("a.xml").toString()));

    Proposal proposal =
        Proposal.of(Explorer.explore(files, store).profile(), List.of(), false).withRest();

    assertThat(proposal.mapping().get("tables").get(0).get("fields").findValuesAsText("name"))
        .containsExactly("_rest", "b", "_rest_2")
        .inOrder();
    Decision last = proposal.decisions().get(proposal.decisions().size() - 1);
    assertThat(last.column()).isEqualTo("r._rest_2");
    assertThat(SampleCheck.of(proposal.read(), files, store).rejected()).isEmpty();
  }
}
