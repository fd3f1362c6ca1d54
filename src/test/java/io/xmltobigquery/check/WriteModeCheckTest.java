package io.xmltobigquery.check;

import static com.google.common.truth.Truth.assertThat;
import static java.util.stream.Collectors.joining;

import io.xmltobigquery.options.WriteMode;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WriteModeCheckTest {

  private static final String KEY = "\"primaryKey\": {\"columns\": [\"k\"]}, ";
  private static final String ORDERS = table("orders", KEY, "");
  private static final String NOTES = table("notes", "", "");

  @TempDir Path dir;

  private XmlToBigQueryOptions options;

  @BeforeEach
  void createGoodOptions() throws IOException {
    options = PipelineOptionsFactory.as(XmlToBigQueryOptions.class);
    options.setInput(Files.createFile(dir.resolve("a.xml")).toString());
    options.setOutput("my-project:dataset");
    options.setDeadLetterDir(dir + "/dead");
    options.setWriteMode(WriteMode.UPSERT);
  }

  @Test
  void tablesWithKeysAreChanged() throws IOException {
    assertThat(problems(ORDERS)).isEmpty();
  }

  @Test
  void aTableWithoutKeyCannotBeChanged() throws IOException {
    assertThat(problems(ORDERS, NOTES, table("more", "", "")))
        .containsExactly(
            "--writeMode: upsert needs a primaryKey in the mapping for each table, and there is none"
                + " for notes, more; add it, or choose another mode");
  }

  @Test
  void nothingIsAppendedToATableWithAKey() throws IOException {
    for (WriteMode mode : List.of(WriteMode.EXACTLY_ONCE, WriteMode.AT_LEAST_ONCE)) {
      options.setWriteMode(mode);

      assertThat(problems(ORDERS, NOTES))
          .containsExactly(
              "--writeMode: the mapping has a primaryKey for orders, and BigQuery believes it without"
                  + " looking, so that queries would be wrong when a row comes twice; choose upsert,"
                  + " or remove the key from the mapping and from the table"
                  + " (ALTER TABLE … DROP PRIMARY KEY)");
    }
  }

  @Test
  void aDirectoryHasNothingToChange() throws IOException {
    options.setOutput(dir + "/out");

    assertThat(problems(ORDERS))
        .containsExactly(
            "--writeMode: upsert changes rows of tables, and a directory has none; give a dataset, as"
                + " PROJECT:DATASET, or leave it out");
    options.setWriteMode(WriteMode.EXACTLY_ONCE);
    assertThat(problems(ORDERS)).isEmpty();
    assertThat(problems(table("orders", KEY + "\"deleteWhen\": \"@gone\", ", "")))
        .containsExactly(
            "--output: nothing is deleted in a directory, and the mapping has a deleteWhen for orders;"
                + " give a dataset and --writeMode=upsert, or remove deleteWhen");
  }

  @Test
  void lineageIsAColumn() throws IOException {
    String columns =
        IntStream.range(1, 2_000)
            .mapToObj(i -> ", {\"name\": \"c" + i + "\", \"type\": \"STRING\"}")
            .collect(joining());

    assertThat(problems(table("wide", KEY, columns))).isEmpty();
    options.setLineage(true);
    assertThat(problems(table("wide", KEY, columns)))
        .containsExactly(
            "--lineage: wide would have more than 2000 columns, and BigQuery takes no more of a table"
                + " with a primaryKey; leave it out");
  }

  /** Changes and other rows can't share one. */
  @Test
  void connectionsAreNotShared() throws IOException {
    options.as(BigQueryOptions.class).setUseStorageApiConnectionPool(true);

    assertThat(problems(ORDERS))
        .containsExactly(
            "--useStorageApiConnectionPool: only --writeMode=at-least-once can share connections");
  }

  private static String table(String name, String keys, String columns) {
    return """
        {"table": "%s", "record": "/r/%s", %s "fields": [
          {"name": "k", "type": "STRING", "mode": "REQUIRED"}%s]}
        """
        .formatted(name, name, keys, columns);
  }

  private List<String> problems(String... tables) throws IOException {
    Path mapping = dir.resolve("mapping.json");
    Files.writeString(mapping, "{\"tables\": [" + String.join(",", tables) + "]}");
    options.setMapping(mapping.toString());
    return OptionsCheck.of(options).problems();
  }
}
