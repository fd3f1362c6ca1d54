package io.xmltobigquery.propose;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.explore.Explorer;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.propose.Decision.Sign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdditionsTest {

  private static final String OLD =
      """
      {
        // What we load.
        "tables": [{
          "table": "items", "record": "/r/i",
          "fields": [
            {"name": "n", "type": "INT64"}, // a number
            {"name": "day", "type": "DATE", "source": "d"}, /* , */
            {"name": "part", "type": "RECORD", "source": "p", "fields": [{"name": "no", "type": "INT64"}]},
            {"name": "text", "type": "STRING", "source": "t"} // the last one
          ],
        }]
      }
      """;

  @TempDir Path dir;

  private final FileStore store = FileStore.of(PipelineOptionsFactory.create());

  @Test
  void addsNewElementsAndAttributesAndKeepsAllElseAsItIsWritten() throws Exception {
    Additions additions = add(OLD, "<r><i id='a'><n>1</n><New><x>1</x><x>2</x></New></i></r>");

    assertThat(additions.mapping())
        .isEqualTo(
            OLD.replace(
                "\"source\": \"t\"} // the last one\n",
                """
                "source": "t"}, // the last one
                      {"name": "id", "type": "STRING", "source": "@id"},
                      {"name": "New", "type": "STRING", "mode": "REPEATED", "source": "New/x"}
                """));
    assertThat(additions.statements())
        .containsExactly(
            "ALTER TABLE `items`\n  ADD COLUMN `id` STRING,\n  ADD COLUMN `New` ARRAY<STRING>;");
    assertThat(additions.trial().takesAll()).isTrue();
  }

  @Test
  void addsToARecordWhereItIs() throws Exception {
    Additions additions = add(OLD, "<r><i><p a='1'><no>1</no><q><z y='1'>2</z></q></p></i></r>");

    assertThat(additions.mapping())
        .contains(
            "[{\"name\": \"no\", \"type\": \"INT64\"}, {\"name\": \"a\", \"type\": \"STRING\", \"source\": \"@a\"}, {\"name\": \"q\", \"type\": \"RECORD\", \"source\": \"q\", \"fields\": [");
    assertThat(additions.statements()).hasSize(1);
    assertThat(additions.statements().get(0))
        .startsWith("-- items: new inside of RECORDs, where DDL adds no columns: part.a, part.q.");
    assertThat(additions.trial().takesAll()).isTrue();
  }

  @Test
  void makesTypesWider() throws Exception {
    Additions additions =
        add(OLD, "<r><i><n>1.5</n></i><i><n>007</n><d>soon</d><p><no>x</no></p></i></r>");

    assertThat(additions.mapping())
        .isEqualTo(
            OLD.replaceFirst("INT64", "NUMERIC")
                .replace("DATE", "STRING")
                .replace("INT64", "STRING"));
    assertThat(additions.statements().get(0))
        .isEqualTo("ALTER TABLE `items` ALTER COLUMN `n` SET DATA TYPE NUMERIC;");
    assertThat(additions.statements().get(1))
        .isEqualTo(
            """
            -- BigQuery doesn't change DATE into STRING: a copy takes its place.
            ALTER TABLE `items` ADD COLUMN `day_as_string` STRING;
            UPDATE `items` SET `day_as_string` = CAST(`day` AS STRING) WHERE TRUE;
            ALTER TABLE `items` DROP COLUMN `day`;
            ALTER TABLE `items` RENAME COLUMN `day_as_string` TO `day`;""");
    assertThat(additions.statements().get(2)).startsWith("-- items: part.no becomes STRING");
    assertThat(additions.trial().takesAll()).isTrue();
  }

  /** A table of several paths has each column once. */
  @Test
  void aTableOfSeveralPathsIsExtendedOnce() throws Exception {
    String old =
        """
        {"tables": [{"table": "items", "record": "/r/a | /r/b",
          "fields": [{"name": "n", "type": "INT64"}, {"name": "k", "type": "INT64", "mode": "REPEATED"}]}]}
        """;

    Additions additions =
        add(
            old,
            "<r><a><n>1.5</n><k>1</k><k>x</k><z>new</z></a><b><n>2.5</n><k>y</k><z>new</z></b></r>");

    assertThat(MappingReader.read(additions.mapping().getBytes(UTF_8)).tables().get(0).fields())
        .hasSize(3);
    assertThat(additions.mapping()).contains("{\"name\": \"n\", \"type\": \"NUMERIC\"}");
    assertThat(additions.statements())
        .containsExactly(
            "ALTER TABLE `items`\n  ADD COLUMN `z` STRING;",
            "ALTER TABLE `items` ALTER COLUMN `n` SET DATA TYPE NUMERIC;",
            "-- items: k becomes STRING, which DDL doesn't do inside of a RECORD or an array: make a new table, and copy the rows");
    assertThat(additions.trial().takesAll()).isTrue();
  }

  /** A mapping of several versions is known in each of them. */
  @Test
  void versionsOfANamespaceAreKnown() throws Exception {
    String old =
        """
        {"namespaces": {"": ["urn:x:2", "urn:x:1"]}, "tables": [{"table": "t", "record": "/d/i", "fields": [
          {"name": "n", "type": "STRING"}, {"name": "k", "type": "STRING", "source": "@k"}]}]}
        """;
    String document = "<d xmlns='urn:x:%d'><i k='1'><n>a</n>%s</i><i k='2'/></d>";

    assertThat(add(old, document.formatted(1, ""), document.formatted(2, "")).decisions())
        .isEmpty();
    Additions additions = add(old, document.formatted(1, "<z>1</z>"), document.formatted(2, ""));
    assertThat(additions.trial().takesAll()).isTrue();
    assertThat(additions.decisions()).hasSize(1);
  }

  /** They have no keys of rows that aren't rows. */
  @Test
  void newTablesStandAlone() throws Exception {
    String old =
        "{\"tables\": [{\"table\": \"t\", \"record\": \"/r/i\", \"fields\": [{\"name\": \"n\", \"type\": \"STRING\"}]}]}";

    Additions additions =
        add(
            old,
            "<r v='1'><i><n/></i><p:o xmlns:p='urn:p' a='1' b='2'/><p:o xmlns:p='urn:p' a='1' b='3'><p:c/></p:o></r>");

    assertThat(additions.mapping()).contains("\"table\": \"o\"");
    assertThat(additions.mapping()).doesNotContain("row:");
    assertThat(additions.trial().takesAll()).isTrue();
  }

  /** It has a value each time, though an empty one. */
  @Test
  void anEmptyElementThatRepeatsIsTold() throws Exception {
    String old =
        "{\"tables\": [{\"table\": \"t\", \"record\": \"/r/i\", \"fields\": [{\"name\": \"n\", \"type\": \"STRING\"}]}]}";

    Additions additions = add(old, "<r><i><n a='1'/><n a='2'/></i></r>");

    assertThat(additions.decisions().get(0).reason()).contains("comes more than once");
  }

  /** What a load takes isn't made wider, though it looks like something else. */
  @Test
  void aTypeThatTakesAllValuesStays() throws Exception {
    String old = OLD.replaceFirst("INT64", "BOOL");

    assertThat(add(old, "<r><i><n>1</n><p><no>007</no></p></i></r>").mapping()).isEqualTo(old);
    assertThat(add(OLD, "<r><i><n>007</n><n/></i></r>").mapping()).isEqualTo(OLD);
  }

  @Test
  void whatRepeatsIsToldWithWhatToDo() throws Exception {
    Additions additions = add(OLD, "<r><i><t>x</t><t>y</t></i><i><p/><p/></i></r>");

    assertThat(additions.mapping()).isEqualTo(OLD);
    assertThat(additions.decisions().stream().map(Decision::column).toList())
        .containsExactly("items.text", "items.part");
    assertThat(additions.decisions().stream().filter(d -> d.column().equals("items.text")).toList())
        .containsExactly(
            new Decision(
                Sign.LOOK,
                "/r/i/t",
                "items.text",
                "STRING",
                "comes more than once, and no column becomes an array: add one, \"name\": \"text_all\", \"mode\": \"REPEATED\", of the same source, and let this one take \"(t)[1]\""));
    assertThat(additions.trial().takesAll()).isFalse();
  }

  @Test
  void addsATableForRecordsOfAnotherKind() throws Exception {
    Additions additions =
        add(OLD, "<r><i><n>1</n></i><other a='1' b='2'/><other a='1' b='3'/></r>");

    assertThat(additions.mapping()).startsWith(OLD.substring(0, OLD.lastIndexOf("}]")));
    Mapping mapping = MappingReader.read(additions.mapping().getBytes(UTF_8));
    assertThat(mapping.tables().stream().map(TableMapping::table).toList())
        .containsExactly("items", "other");
    assertThat(additions.trial().takesAll()).isTrue();
  }

  @Test
  void whatSomebodyIgnoresIsNotAdded() throws Exception {
    String old = OLD.replace("\"record\"", "\"unknown\": \"ignore\", \"record\"");

    assertThat(add(old, "<r><x/><i z='1'><y/><n>1</n></i></r>").mapping()).isEqualTo(old);
  }

  @Test
  void knowsPathsOfEveryForm() throws Exception {
    String old =
        """
        {"namespaces": {"": "*", "q": "urn:q"}, "outside": "ignore", "tables": [{"table": "t", "record": "//i | /s/j[@k='1']", "fields": [
          {"name": "city", "type": "STRING", "source": "Address[@type='home']/City"},
          {"name": "home", "type": "STRING", "source": ["Home/Phone", "Home/Mobile"]},
          {"name": "all", "type": "STRING", "mode": "REPEATED", "source": "a//b"},
          {"name": "raw", "type": "STRING", "source": "Raw", "as": "xml"},
          {"name": "head", "type": "STRING", "source": "ancestor::r[1]/@head"},
          {"name": "key", "type": "STRING", "source": "row:key()"},
          {"name": "who", "type": "STRING", "source": "concat(First, ' ', q:Last)"}]}]}
        """;
    String known =
        "<r head='1' xmlns:z='urn:q'><i><Address type='home'><City>x</City></Address><Home><Mobile>1</Mobile></Home><a><c><b>1</b></c></a><Raw any='1'><thing/></Raw><First>x</First><z:Last>y</z:Last></i></r>";

    assertThat(add(old, known).mapping()).isEqualTo(old);
    Additions additions =
        add(
            old,
            "<r xmlns='urn:other'><i><Address type='home'><Zip>1</Zip></Address><Home><Fax/></Home></i></r>",
            "<s><j k='1' l='2'/></s>");
    assertThat(
            MappingReader.read(additions.mapping().getBytes(UTF_8))
                .tables()
                .get(0)
                .fields()
                .stream()
                .skip(7)
                .map(field -> field.name() + " " + field.source()))
        .containsExactly("Zip Address/Zip", "Fax Home/Fax", "k @k", "l @l");
    assertThat(additions.trial().takesAll()).isTrue();
  }

  /** Whatever comes: nothing of the old mapping changes but types, which become wider. */
  @Test
  void onlyAddsAndWidens() throws Exception {
    Random random = new Random(5);
    long taken = 0;
    long files = 0;
    for (int i = 0; i < 40; i++) {
      List<String> documents = RandomXml.documents(random, 8);
      List<FileVersion> samples = write(documents.subList(0, 4));
      Proposal proposal = Proposal.of(Explorer.explore(samples, store).profile(), List.of(), false);
      String old = new String(ProposalReport.mapping(proposal), UTF_8);

      Additions additions = add(old, documents.subList(4, 8).toArray(new String[0]));

      assertKept(
          MappingReader.read(old.getBytes(UTF_8)),
          MappingReader.read(additions.mapping().getBytes(UTF_8)));
      // What can't be added is told, and so is text that stands between elements now.
      boolean told =
          additions.decisions().stream().anyMatch(decision -> decision.reason().length() > 3);
      if (!told) {
        taken += additions.trial().accepted();
        files += additions.trial().files();
        assertWithMessage(String.join("\n", documents) + "\n" + additions.mapping())
            .that(additions.trial().complaints())
            .isEmpty();
      }
    }
    assertThat(taken).isEqualTo(files);
    assertThat(files).isAtLeast(20);
  }

  private static void assertKept(Mapping old, Mapping extended) {
    for (int i = 0; i < old.tables().size(); i++) {
      assertThat(extended.tables().get(i).table()).isEqualTo(old.tables().get(i).table());
      assertKept(old.tables().get(i).fields(), extended.tables().get(i).fields());
    }
  }

  private static void assertKept(List<Field> old, List<Field> extended) {
    for (int i = 0; i < old.size(); i++) {
      Field before = old.get(i);
      Field now = extended.get(i);
      assertThat(now.name()).isEqualTo(before.name());
      assertThat(now.mode()).isEqualTo(before.mode());
      assertThat(now.source()).isEqualTo(before.source());
      assertKept(before.fields(), now.fields());
    }
  }

  private Additions add(String old, String... documents) throws Exception {
    List<FileVersion> files = write(List.of(documents));
    Profile profile = Explorer.explore(files, store).profile();
    return Additions.of(
        old,
        MappingReader.read(old.getBytes(UTF_8)),
        profile,
        records -> Proposal.withoutKeys(profile, records, false),
        files,
        store);
  }

  private List<FileVersion> write(List<String> documents) throws IOException {
    List<FileVersion> files = new ArrayList<>();
    for (int i = 0; i < documents.size(); i++) {
      Path file = Files.writeString(dir.resolve(i + ".xml"), documents.get(i));
      files.add(store.find(file.toString()));
    }
    return files;
  }
}
