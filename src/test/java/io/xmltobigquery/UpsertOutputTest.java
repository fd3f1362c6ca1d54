package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.flow.write.bigquery.BigQueryOutput;
import io.xmltobigquery.flow.write.bigquery.FakeChanges;
import io.xmltobigquery.flow.write.bigquery.beam.EnvelopeServices;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.options.DatasetName;
import io.xmltobigquery.options.WriteMode;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole pipeline into tables that take changes: see {@link FakeChanges}. */
final class UpsertOutputTest {

  private static final String MAPPING =
      """
      {"tables": [
        {"table": "items", "record": "/items/item", "primaryKey": {"columns": ["id"]},
         "deleteWhen": "@gone='yes' or state='gone'", "fields": [
          {"name": "id", "type": "STRING", "mode": "REQUIRED", "source": "@id"},
          {"name": "name", "type": "STRING"}]},
        {"table": "tags", "record": "/items/item/tag", "primaryKey": {"columns": ["item", "n"]},
         "fields": [
          {"name": "item", "type": "STRING", "mode": "REQUIRED", "source": "../@id"},
          {"name": "n", "type": "INT64", "mode": "REQUIRED", "source": "row:position()"},
          {"name": "tag", "type": "STRING", "source": "."}]}]}
      """;

  @TempDir Path dir;

  private final FakeChanges bigQuery =
      new FakeChanges(Map.of("items", List.of("id"), "tags", List.of("item", "n")));
  private Job job;

  @Test
  void loadingAgainOrOutOfOrderEndsInTheSameTable() throws Exception {
    job = new Job(dir);
    Path first =
        job.file(
            "z.xml",
            """
            <items><item id="1"><name>one</name><tag>a</tag><tag>b</tag></item>
            <item id="2"><name>two</name></item><item id="3"><name>three</name></item></items>
            """);
    Path second =
        later(
            first,
            "a.xml",
            """
            <items><item id="1"><name>uno</name><tag>c</tag></item><item id="2" gone="yes"/>
            <item id="4"><name>four</name></item><item id="4"><name>quattro</name></item></items>
            """
                .getBytes(UTF_8));
    Path third =
        later(
            second,
            "b.zip",
            Archives.zip(
                Archives.files(
                    "2.xml",
                    "<items><item id='5'><name>five</name></item></items>",
                    "1.xml",
                    "<items><item id='5'><name>cinque</name></item>"
                        + "<item id='3'><state>gone</state></item></items>")));

    run("--lineage");
    run("--input=" + first, "--lineage");

    assertThat(values("items", "name"))
        .containsExactly("[1]", "uno", "[4]", "quattro", "[5]", "cinque");
    // A version that has fewer of them leaves the others.
    assertThat(values("tags", "tag")).containsExactly("[1, 1]", "c", "[1, 2]", "b");
    assertThat(file("items", "[1]").get("uri")).isEqualTo(second.toString());
    assertThat(file("items", "[5]").get("uri")).isEqualTo(third + "!1.xml");
    assertThat(bigQuery.appended("file_loads").stream().map(row -> row.get("outcome")).distinct())
        .containsExactly("ACCEPTED");
    // Both files of the archive have a row, too.
    assertThat(bigQuery.appended("file_loads")).hasSize(5 + 1);
  }

  /** A file that was changed after another one: file systems don't look at the clock each time. */
  private Path later(Path than, String name, byte[] content) throws Exception {
    Path file;
    do {
      file = job.file(name, content);
    } while (Files.getAttribute(file, "unix:ctime").equals(Files.getAttribute(than, "unix:ctime")));
    return file;
  }

  private void run(String... more) throws Exception {
    XmlToBigQueryOptions options = job.options(more);
    Mapping mapping = MappingReader.read(MAPPING.getBytes(UTF_8));
    DatasetName dataset =
        new DatasetName("local-project", "d" + UUID.randomUUID().toString().replace("-", ""));
    job.run(
        options,
        mapping,
        new BigQueryOutput(
            dataset,
            mapping,
            WriteMode.UPSERT,
            options.getLineage(),
            new EnvelopeServices(bigQuery)));
  }

  private Map<String, Object> values(String table, String column) {
    Map<String, Object> values = new TreeMap<>();
    bigQuery.rows(table).forEach((key, row) -> values.put(key, row.get(column)));
    return values;
  }

  private Map<?, ?> file(String table, String key) {
    return (Map<?, ?>) bigQuery.rows(table).get(key).get("_file");
  }
}
