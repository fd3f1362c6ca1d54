package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.benchmark.GenerateOrders;
import io.xmltobigquery.flow.write.bigquery.LoadJobs;
import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.mapping.BigQuerySchema;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.options.DatasetName;
import io.xmltobigquery.oracle.OracleTables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Objects of Cloud Storage in, BigQuery's tables out, with emulators of both. What is in the tables
 * is read back by SQL and compared with the oracle, value by value.
 */
class BigQueryLoadIT {

  @RegisterExtension final LocalStack stack = new LocalStack();

  @TempDir Path dir;

  private final Mapping mapping = MappingReader.defaultMapping();

  @ParameterizedTest
  @ValueSource(strings = {"exactly-once", "at-least-once"})
  void sampleDataAndAFileOfSeveralChunksArrive(String writeMode) throws Exception {
    OracleTables expected = new OracleTables(mapping);
    for (Path file : samples()) {
      byte[] document = Files.readAllBytes(file);
      stack.upload(file.getFileName().toString(), document);
      if (!List.of("headers_only.xml", "invalid.xml").contains(file.getFileName().toString())) {
        expected.expect(document);
      }
    }
    ByteArrayOutputStream large = new ByteArrayOutputStream();
    GenerateOrders.writeTo(large, 5_000_000, 11);
    stack.upload("large.xml", large.toByteArray());
    expected.expectLarge(new ByteArrayInputStream(large.toByteArray()));

    run("--writeMode=" + writeMode, "--chunkSizeMb=1");

    assertTables(mapping, expected);
    assertThat(outcomes().values())
        .containsExactly(
            "ACCEPTED", "ACCEPTED", "ACCEPTED", "ACCEPTED", "ACCEPTED", "REJECTED", "REJECTED");
    assertThat(stack.names("landing")).containsNoneOf("headers_only.xml", "invalid.xml");
    assertThat(stack.names("landing")).hasSize(5);
    assertThat(stack.names("staging")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exactly-once", "at-least-once"})
  void everyTypeAndModeArrives(String writeMode) throws Exception {
    String mappingJson =
        """
        {"tables": [{"table": "types", "record": "/a/r", "fields": [
          {"name": "id", "type": "INT64", "mode": "REQUIRED", "source": "@id"},
          {"name": "text", "type": "STRING"},
          {"name": "float", "type": "FLOAT64"},
          {"name": "price", "type": "NUMERIC"},
          {"name": "exact", "type": "BIGNUMERIC"},
          {"name": "yes", "type": "BOOL"},
          {"name": "day", "type": "DATE"},
          {"name": "civil", "type": "DATETIME"},
          {"name": "clock", "type": "TIME"},
          {"name": "moment", "type": "TIMESTAMP"},
          {"name": "raw", "type": "BYTES"},
          {"name": "many", "type": "NUMERIC", "mode": "REPEATED"},
          {"name": "lines", "type": "RECORD", "mode": "REPEATED", "source": "line", "fields": [
            {"name": "text", "type": "STRING", "source": "@text"},
            {"name": "moments", "type": "TIMESTAMP", "mode": "REPEATED", "source": "at"}]}]}]}
        """;
    byte[] document =
        """
        <a>
        <r id="-9223372036854775808"/>
        <r id="1"><text/><float>-1.5E-300</float><price>+01.50</price><exact>0.10</exact><yes>1</yes>
        <day>0001-01-01</day><civil>9998-12-31T24:00:00</civil><clock>00:00:00.1</clock>
        <moment>1969-12-31T23:59:59.999999Z</moment><raw>AP8=</raw></r>
        <r id="9223372036854775807"><text>  日本 😀 &amp; "</text><float>0.1</float>
        <price>-99999999999999999999999999999.999999999</price>
        <exact>-12345678901234567890123456789012345678.12345678901234567890123456789012345678</exact>
        <yes>false</yes><day>9999-12-31</day><civil>2024-02-29T23:59:58.000001</civil>
        <clock>23:59:59</clock><moment>9999-12-31T23:59:59.999999</moment><raw/>
        <many>1</many><many>0.000000001</many><many>-0</many>
        <line text="a"/><line><at>2024-05-06T12:00:00+02:00</at><at>2024-05-06T00:00:00.5Z</at></line></r>
        </a>
        """
            .getBytes(UTF_8);
    Path mappingFile = Files.writeString(dir.resolve("mapping.json"), mappingJson);
    Mapping types = MappingReader.read(mappingJson.getBytes(UTF_8));
    stack.upload("types.xml", document);

    run("--writeMode=" + writeMode, "--mapping=" + mappingFile);

    OracleTables expected = new OracleTables(types);
    expected.expect(document);
    assertTables(types, expected);
  }

  @Test
  void oddNamesLoadAsTheyAreAndBadFilesAreKeptAsTheyAre() throws Exception {
    OracleTables expected = new OracleTables(mapping);
    for (String name : Documents.ODD_NAMES) {
      byte[] document = Documents.utf8(Documents.orders(Documents.ODD_NAMES.indexOf(name) + 1));
      stack.upload("good/" + name, document);
      stack.upload("bad/" + name, Documents.utf8("<Root>"));
      expected.expect(document);
    }
    // What the pattern-like names above would match.
    for (String name : List.of("bad/d1.xml", "bad/eX.xml", "bad/fX.xml", "bad/g.xml")) {
      byte[] document = Documents.utf8(Documents.orders(1));
      stack.upload(name, document);
      expected.expect(document);
    }

    byte[] cut = Documents.utf8(Documents.orders(3).replace("</Root>", ""));
    String generation = stack.upload("in/cut.xml", cut).getGeneration().toString();

    run("--lineage");

    Map<String, String> outcomes = outcomes();
    assertThat(outcomes).hasSize(2 * Documents.ODD_NAMES.size() + 4 + 1);
    assertThat(outcomes).containsEntry(stack.input() + "/in/cut.xml", "REJECTED");
    assertThat(stack.names("landing")).doesNotContain("in/cut.xml");
    String kept =
        stack.names("dead-letter").stream()
            .filter(name -> name.endsWith("/in/cut.xml#" + generation))
            .findFirst()
            .orElseThrow();
    assertThat(kept).startsWith("files/landing/");
    assertThat(stack.content("dead-letter", kept)).isEqualTo(cut);
    JsonNode report = new JsonMapper().readTree(stack.content("dead-letter", kept + ".error.json"));
    assertThat(report.get("reason").asText()).isEqualTo("TRUNCATED");
    assertThat(report.get("generation").asText()).isEqualTo(generation);
    for (String name : Documents.ODD_NAMES) {
      assertThat(outcomes).containsEntry(stack.input() + "/good/" + name, "ACCEPTED");
      assertThat(outcomes).containsEntry(stack.input() + "/bad/" + name, "REJECTED");
      assertThat(stack.names("landing")).contains("good/" + name);
      assertThat(stack.names("landing")).doesNotContain("bad/" + name);
    }
    assertThat(stack.names("landing")).containsAtLeast("bad/d1.xml", "bad/eX.xml", "bad/fX.xml");
    List<String> uris = new ArrayList<>();
    for (ObjectNode row : stack.bigQuery().rows("orders")) {
      JsonNode file = row.remove("_file");
      uris.add(file.get("uri").asText());
      expected.table("orders").found(row);
    }
    expected.table("orders").assertSame();
    assertThat(uris.stream().distinct().count()).isEqualTo(Documents.ODD_NAMES.size() + 4);
  }

  @Test
  void compressedObjectsAreReadAsTheyAreStored() throws Exception {
    OracleTables expected = new OracleTables(mapping);
    byte[] small = Documents.utf8(Documents.orders(3));
    byte[] large = Documents.utf8(Documents.orders(5_000));
    stack.upload("encoded.xml", Documents.gzip(small), "gzip");
    stack.upload("encoded-large.xml", Documents.gzip(large), "gzip");
    stack.upload("plain.xml.gz", Documents.gzip(small));
    // What the header says isn't so.
    stack.upload("lying.xml", small, "gzip");
    for (byte[] document : List.of(small, large, small, small)) {
      expected.expect(document);
    }

    run("--input=" + stack.input() + "/*", "--chunkSizeMb=1");

    assertTables(mapping, expected);
    assertThat(stack.names("staging")).isEmpty();
  }

  @Test
  void aTableThatDoesNotFitIsToldBeforeAnythingIsWritten() throws Exception {
    JsonNode fields =
        new JsonMapper().readTree(BigQuerySchema.json(mapping.tables().get(1), false));
    column(fields, "EmployeeID").put("type", "INT64");
    column(fields, "OrderDate").put("name", "ordered");
    stack.bigQuery().createTable("orders", fields);
    stack.upload("a.xml", Documents.utf8(Documents.orders(3)));

    IOException problem = assertThrows(IOException.class, this::run);

    assertThat(problem).hasMessageThat().contains("orders: EmployeeID");
    assertThat(problem).hasMessageThat().contains("OrderDate");
    assertThat(stack.bigQuery().tables()).containsExactly("orders");
    assertThat(stack.names("landing")).containsExactly("a.xml");
  }

  /** The queries that RUNBOOK gives, over a dataset of the test's own. */
  @Test
  void runbooksQueriesFindWhatIsMissing() throws Exception {
    stack.upload("a.xml", Documents.utf8(Documents.orders(3)));
    stack.upload("b.xml", Documents.utf8(Documents.orders(2)));
    run("--lineage");
    List<String> queries = runbooksQueries();
    assertThat(queries).hasSize(2);

    ObjectNode all = stack.bigQuery().query(queries.get(0)).get(0);
    assertThat(all.get("expected").asLong()).isEqualTo(5);
    assertThat(all.get("found").asLong()).isEqualTo(5);
    assertThat(stack.bigQuery().query(queries.get(1))).isEmpty();

    stack
        .bigQuery()
        .query("DELETE FROM " + stack.bigQuery().dataset() + ".orders WHERE EmployeeID = '3'");

    all = stack.bigQuery().query(queries.get(0)).get(0);
    assertThat(all.get("found").asLong()).isEqualTo(4);
    List<ObjectNode> wanting = stack.bigQuery().query(queries.get(1));
    assertThat(wanting).hasSize(1);
    assertThat(wanting.get(0).get("uri").asText()).isEqualTo(stack.input() + "/a.xml");
    assertThat(wanting.get(0).get("expected").asLong()).isEqualTo(3);
    assertThat(wanting.get(0).get("found").asLong()).isEqualTo(2);
  }

  private List<String> runbooksQueries() throws IOException {
    String runbook = Files.readString(Path.of("docs/RUNBOOK.md"));
    String section = runbook.split("\n## Is everything there\\?\n", 2)[1].split("\n## ", 2)[0];
    List<String> queries = new ArrayList<>();
    Matcher block = Pattern.compile("```sql\\n(.*?)```", Pattern.DOTALL).matcher(section);
    while (block.find()) {
      queries.add(block.group(1).replace("demo.", stack.bigQuery().dataset() + "."));
    }
    return queries;
  }

  @Test
  void theQueriesOfFileLoadsAnswer() throws Exception {
    String mappingJson =
        """
        {"tables": [{"table": "items", "record": "/a/r", "fields": [
          {"name": "id", "type": "INT64", "source": "@id"},
          {"name": "no", "type": "STRING", "source": "@nobody"},
          {"name": "some", "type": "STRING", "source": "@some"}]}]}
        """;
    Path mappingFile = Files.writeString(dir.resolve("mapping.json"), mappingJson);
    stack.upload("1.xml", Documents.utf8("<a><r id='1'/><r id='2' some='x'/></a>"));
    stack.upload("2.xml", Documents.utf8("<a><r id='3'/><r id='x'/></a>"));
    stack.upload("bad.xml", Documents.utf8("<a><r id='4'/>"));

    run("--mapping=" + mappingFile, "--onInvalidRecord=dead-letter");

    String digest = MappingReader.read(mappingJson.getBytes(UTF_8)).digest();
    Map<String, List<ObjectNode>> answers = new TreeMap<>();
    try (var queries = Files.list(Path.of("infra/queries"))) {
      for (Path query : queries.toList()) {
        answers.put(
            query.getFileName().toString().replace(".sql", ""),
            stack
                .bigQuery()
                .query(Files.readString(query).replace("${dataset}", stack.bigQuery().dataset())));
      }
    }
    Map<String, String> today = new TreeMap<>();
    for (ObjectNode row : answers.get("file_loads_today")) {
      today.put(
          row.get("outcome").asText() + row.path("table_name").asText(),
          row.get("files") + " " + row.path("rows_loaded") + " " + row.path("invalid_records"));
    }
    assertThat(today).containsExactly("ACCEPTEDitems", "2 3 1", "REJECTED", "1  ");
    List<ObjectNode> waiting = answers.get("file_loads_waiting");
    assertThat(waiting).hasSize(1);
    assertThat(waiting.get(0).get("uri").asText()).endsWith("/bad.xml");
    assertThat(waiting.get(0).get("reason").asText()).isEqualTo("TRUNCATED");
    List<ObjectNode> records = answers.get("file_loads_invalid_records");
    assertThat(records).hasSize(1);
    assertThat(records.get(0).get("uri").asText()).endsWith("/2.xml");
    assertThat(records.get(0).get("invalid_records").asInt()).isEqualTo(1);
    List<ObjectNode> unfilled = answers.get("file_loads_never_filled");
    assertThat(unfilled).hasSize(1);
    assertThat(unfilled.get(0).get("column_path").asText()).isEqualTo("no");
    assertThat(unfilled.get(0).get("files").asInt()).isEqualTo(2);
    List<ObjectNode> mappings = answers.get("file_loads_mappings");
    assertThat(mappings).hasSize(1);
    assertThat(mappings.get(0).get("mapping").asText()).isEqualTo(digest);
    assertThat(mappings.get(0).get("rows_loaded").asInt()).isEqualTo(3);
  }

  /**
   * What {@code replay} loads rows by. The emulator gives jobs other names than it is asked for, so
   * that a name loads once is for {@code LoadJobsTest}.
   */
  @Test
  void aLoadJobLoadsItsRows() throws Exception {
    stack.upload("1.xml", Documents.utf8(Documents.orders(1)));
    run();
    int before = stack.bigQuery().rows("orders").size();
    LoadJobs jobs =
        LoadJobs.into(
            DatasetName.parse(stack.output()).orElseThrow(),
            PipelineOptionsFactory.fromArgs(stack.options().toArray(new String[0]))
                .as(BigQueryOptions.class));

    assertThat(
            jobs.load(
                "replay-1",
                "orders",
                out -> out.write(Documents.utf8("{\"CustomerID\": \"A\"}\n"))))
        .isNull();

    assertThat(stack.bigQuery().rows("orders")).hasSize(before + 1);
  }

  @Test
  void aMissingDatasetIsTold() {
    stack.upload("a.xml", Documents.utf8(Documents.orders(1)));

    IOException problem =
        assertThrows(IOException.class, () -> run("--output=local-project:nowhere"));

    assertThat(problem).hasMessageThat().contains("no dataset local-project:nowhere");
  }

  private void run(String... more) throws Exception {
    CloudJob.run(stack, more);
  }

  private void assertTables(Mapping tables, OracleTables expected) throws IOException {
    for (TableMapping table : tables.tables()) {
      stack.bigQuery().rows(table.table(), expected.table(table.table())::found);
      expected.table(table.table()).assertSame();
    }
  }

  /** By URI. */
  private Map<String, String> outcomes() throws IOException {
    Map<String, String> outcomes = new TreeMap<>();
    for (ObjectNode load : stack.bigQuery().rows("file_loads")) {
      assertThat(outcomes.put(load.get("uri").asText(), load.get("outcome").asText())).isNull();
    }
    return outcomes;
  }

  private static ObjectNode column(Iterable<JsonNode> fields, String name) {
    for (JsonNode field : fields) {
      if (field.get("name").asText().equals(name)) {
        return (ObjectNode) field;
      }
    }
    throw new IllegalArgumentException(name);
  }

  private static List<Path> samples() throws IOException {
    try (var files = Files.list(Path.of("sample-data"))) {
      return files.filter(file -> file.toString().endsWith(".xml")).toList();
    }
  }
}
