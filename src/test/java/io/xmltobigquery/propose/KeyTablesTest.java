package io.xmltobigquery.propose;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.explore.Explorer;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.profile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyTablesTest {

  private static final String ORDERS =
      """
      <Orders xmlns="urn:o">
      <Order id="a"><To><Name>x</Name></To><Lines><Line n="1"><Part p="1" q="1"/><Part p="2" q="1"/></Line><Line n="2"/></Lines><Note>1</Note><Note>2</Note></Order>
      <Order id="b"><To><Name>y</Name><Phone k="1">1</Phone><Phone k="2">2</Phone></To></Order>
      </Orders>
      """;

  @TempDir Path dir;

  private final FileStore store = FileStore.of(PipelineOptionsFactory.create());

  @Test
  void eachRecordThatRepeatsIsATableOfItsOwn() throws Exception {
    Proposal proposal = withKeys(write(ORDERS));

    assertThat(new String(ProposalReport.mapping(proposal), UTF_8))
        .isEqualTo(
            """
            {
              "tables": [
                {
                  "table": "Order",
                  "record": "/Orders/Order",
                  "namespace": "urn:o",
                  "fields": [
                    {"name": "Order_key", "type": "STRING", "source": "row:key()"},
                    {"name": "id", "type": "STRING", "source": "@id"},
                    {"name": "To", "type": "RECORD", "source": "To", "fields": [
                      {"name": "Name", "type": "STRING", "source": "Name"}
                    ]},
                    {"name": "Note", "type": "STRING", "mode": "REPEATED", "source": "Note"}
                  ]
                },
                {
                  "table": "Phone",
                  "record": "/Orders/Order/To/Phone",
                  "namespace": "urn:o",
                  "fields": [
                    {"name": "Order_key", "type": "STRING", "source": "row:key(../..)"},
                    {"name": "position", "type": "INT64", "source": "row:position()"},
                    {"name": "k", "type": "STRING", "source": "@k"},
                    {"name": "value", "type": "STRING", "source": "."}
                  ]
                },
                {
                  "table": "Line",
                  "record": "/Orders/Order/Lines/Line",
                  "namespace": "urn:o",
                  "fields": [
                    {"name": "Order_key", "type": "STRING", "source": "row:key(../..)"},
                    {"name": "position", "type": "INT64", "source": "row:position()"},
                    {"name": "Line_key", "type": "STRING", "source": "row:key()"},
                    {"name": "n", "type": "STRING", "source": "@n"}
                  ]
                },
                {
                  "table": "Part",
                  "record": "/Orders/Order/Lines/Line/Part",
                  "namespace": "urn:o",
                  "fields": [
                    {"name": "Line_key", "type": "STRING", "source": "row:key(..)"},
                    {"name": "position", "type": "INT64", "source": "row:position()"},
                    {"name": "p", "type": "STRING", "source": "@p"},
                    {"name": "q", "type": "STRING", "source": "@q"}
                  ]
                }
              ]
            }
            """);
    assertThat(SampleCheck.of(proposal.read(), write(ORDERS), store))
        .isEqualTo(new SampleCheck(1, 8, List.of()));
  }

  @Test
  void decisionsAreThoseOfTheTables() throws Exception {
    List<Decision> decisions = withKeys(write(ORDERS)).decisions();

    assertThat(decisions.stream().map(Decision::column).toList())
        .containsExactly(
            "Order",
            "Order.id",
            "Order.To",
            "Order.To.Name",
            "Order.Note",
            "Phone",
            "Phone.k",
            "Phone.value",
            "Line",
            "Line.n",
            "Part",
            "Part.p",
            "Part.q")
        .inOrder();
    assertThat(decisions.get(8).type()).isEqualTo("TABLE");
    assertThat(decisions.get(8).reason()).isEqualTo("rows of Order, joined by Order_key");
  }

  /** However deep, and wherever: parts of parts have the key of the part around them. */
  @Test
  void whatRecursIsOneTable() throws Exception {
    List<FileVersion> files =
        write(
            "<r><part n='1'><part n='2'><use t='x'/><parts><part n='3' m='4'/><part n='5'/></parts></part></part><part n='6'><use t='y'/><use t='z'/></part></r>");
    Proposal proposal = Proposal.withKeys(profile(files), List.of(), false);

    assertThat(new String(ProposalReport.mapping(proposal), UTF_8))
        .isEqualTo(
            """
            {
              "tables": [
                {
                  "table": "part",
                  "record": "/r/part | /r/part//part",
                  "fields": [
                    {"name": "part_key", "type": "STRING", "source": "row:key()"},
                    {"name": "part_parent_key", "type": "STRING", "source": "row:key(ancestor::part[1])"},
                    {"name": "m", "type": "STRING", "source": "@m"},
                    {"name": "n", "type": "INT64", "source": "@n"}
                  ]
                },
                {
                  "table": "use",
                  "record": "/r/part/use | /r/part//part/use",
                  "fields": [
                    {"name": "part_key", "type": "STRING", "source": "row:key(..)"},
                    {"name": "position", "type": "INT64", "source": "row:position()"},
                    {"name": "t", "type": "STRING", "source": "@t"}
                  ]
                }
              ]
            }
            """);
    assertThat(SampleCheck.of(proposal.read(), files, store))
        .isEqualTo(new SampleCheck(1, 8, List.of()));
  }

  @Test
  void namesStayApart() throws Exception {
    List<FileVersion> files =
        write(
            "<r><o Order_key='x' position='1'><o n='1' Position='9' o_key='z'/><o n='2' o_key='z'/></o><o Order_key='y' position='2'/></r>");
    Proposal proposal = Proposal.withKeys(profile(files), List.of("/r/o"), false);

    assertThat(proposal.mapping().get("tables").findValuesAsText("table"))
        .containsExactly("o", "o_o");
    assertThat(proposal.mapping().get("tables").get(1).get("fields").findValuesAsText("name"))
        .containsExactly("o_key_of_parent", "position_in_parent", "n", "Position", "o_key");
    assertThat(SampleCheck.of(proposal.read(), files, store).accepted()).isEqualTo(1);
  }

  @Test
  void takesRandomSamples() throws Exception {
    Random random = new Random(12);
    for (int i = 0; i < 40; i++) {
      List<String> documents = RandomXml.documents(random, 3);
      List<FileVersion> files = write(documents.toArray(new String[0]));
      Proposal proposal = Proposal.withKeys(profile(files), List.of(), false);

      assertWithMessage(
              String.join("\n", documents)
                  + "\n"
                  + new String(ProposalReport.mapping(proposal), UTF_8))
          .that(SampleCheck.of(proposal.read(), files, store).rejected())
          .isEmpty();
    }
  }

  @Test
  void thePictureShowsWhatBelongsTogether() throws Exception {
    Proposal nested = nested(write(ORDERS));

    assertThat(TablesPicture.of(nested.read()).mermaid())
        .isEqualTo(
            """
            erDiagram
              Order {
                STRING id
                STRING To_Name
                STRING[] Note
              }
              Order_To_Phone {
                STRING k
                STRING value
              }
              Order ||--o{ Order_To_Phone : To_Phone
              Order_Lines {
                STRING n
              }
              Order_Lines_Part {
                STRING p
                STRING q
              }
              Order_Lines ||--o{ Order_Lines_Part : Part
              Order ||--o{ Order_Lines : Lines
            """);
    String keys = TablesPicture.of(withKeys(write(ORDERS)).read()).mermaid();
    assertThat(keys).contains("  Order ||--o{ Line : Order_key\n");
    assertThat(keys).contains("  Line ||--o{ Part : Line_key\n");
    assertThat(TablesPicture.of(nested.read()).html())
        .contains("<div class=\"box\"><b>Order.Lines</b>");
  }

  private Proposal withKeys(List<FileVersion> files) throws Exception {
    return Proposal.withKeys(profile(files), List.of(), false);
  }

  private Proposal nested(List<FileVersion> files) throws Exception {
    return Proposal.of(profile(files), List.of(), false);
  }

  private Profile profile(List<FileVersion> files) throws IOException {
    return Explorer.explore(files, store).profile();
  }

  private List<FileVersion> write(String... documents) throws IOException {
    List<FileVersion> files = new ArrayList<>();
    for (int i = 0; i < documents.length; i++) {
      Path file = Files.writeString(dir.resolve(i + ".xml"), documents[i]);
      files.add(store.find(file.toString()));
    }
    return files;
  }
}
