package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.api.services.bigquery.model.TableRow;
import io.xmltobigquery.flow.write.bigquery.BigQueryOutput;
import io.xmltobigquery.mapping.BigQuerySchema;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.options.WriteMode;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import io.xmltobigquery.outcome.FileLoads;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole pipeline into Beam's BigQuery in memory. */
final class BigQueryOutputTest {

  private static final List<String> REFUSED = List.of("7", "23");

  @TempDir Path dir;

  private final Mapping mapping = MappingReader.defaultMapping();
  private Job job;
  private FakeBigQuery bigQuery;

  @BeforeEach
  void setUp() throws Exception {
    job = new Job(dir);
    bigQuery = new FakeBigQuery();
    bigQuery.createTable(FileLoads.TABLE, FileLoads.schema());
  }

  @ParameterizedTest
  @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
  void loadsEveryRowOnce(WriteMode mode) throws Exception {
    job.file("a.xml", Documents.orders(300));
    job.file("b.xml", "<Root><Orders/></Root>");
    job.file("bad.xml", "<Root>");

    run(mode);

    List<TableRow> orders = bigQuery.rows("orders");
    assertThat(orders.stream().map(row -> row.get("EmployeeID")).distinct().count()).isEqualTo(300);
    assertThat(orders).hasSize(300);
    assertThat(orders.get(0).keySet())
        .containsExactly("CustomerID", "EmployeeID", "OrderDate", "RequiredDate", "ShipInfo");
    assertThat(outcomes()).containsExactly("ACCEPTED", "ACCEPTED", "REJECTED");
  }

  @Test
  void recordsOutcomesWhenRowsAreCommitted() throws Exception {
    job.file("a.xml", Documents.orders(30));

    run(WriteMode.EXACTLY_ONCE);

    assertThat(bigQuery.events())
        .containsAtLeast("create orders", "commit orders", "create file_loads", "commit file_loads")
        .inOrder();
    assertThat(bigQuery.events().lastIndexOf("commit orders"))
        .isLessThan(bigQuery.events().indexOf("create file_loads"));
  }

  @ParameterizedTest
  @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
  void keepsRefusedRowsWithWhereTheyAreFrom(WriteMode mode) throws Exception {
    Path file = job.file("a b#.xml", Documents.orders(40));
    bigQuery.refuse(
        (Function<TableRow, Boolean> & Serializable)
            row -> REFUSED.contains(String.valueOf(row.get("EmployeeID"))));

    run(mode);

    assertThat(bigQuery.rows("orders")).hasSize(38);
    List<JsonNode> refused = job.jsonLines("dead/rows", ".*");
    assertThat(refused.stream().map(row -> row.get("record").asLong()).toList())
        .containsExactly(7L, 23L);
    for (JsonNode row : refused) {
      assertThat(row.get("table").asText()).isEqualTo("orders");
      assertThat(row.get("reason").asText()).isEqualTo("REFUSED");
      assertThat(row.get("message").asText()).startsWith("Failing row");
      assertThat(row.get("uri").asText()).isEqualTo(file.toString());
      assertThat(row.get("generation").asText()).isNotEmpty();
      assertThat(row.get("row").get("EmployeeID").asText()).isEqualTo(row.get("record").asText());
      assertThat(row.get("row").get("ShipInfo").get("ShipCity").asText()).isEqualTo("København");
    }
    assertThat(outcomes()).containsExactly("ACCEPTED");
  }

  @ParameterizedTest
  @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
  void keepsRowsThatAreTooLargeForARequest(WriteMode mode) throws Exception {
    String large = Documents.order(2).replace("Gade 1", "x".repeat(200_000));
    job.file("a.xml", Documents.ordersOf(Documents.order(1) + large + Documents.order(3)));

    run(mode, "--storageWriteApiMaxRequestSize=100000", "--storageApiAppendThresholdBytes=50000");

    assertThat(bigQuery.rows("orders").stream().map(row -> row.get("EmployeeID")).toList())
        .containsExactly("1", "3");
    JsonNode refused = job.jsonLines("dead/rows", ".*").get(0);
    assertThat(refused.get("record").asLong()).isEqualTo(2);
    // BigQueryIO would say nothing of how many fit: it hasn't seen the row.
    assertThat(refused.get("message").asText()).containsMatch("too large .* at most [\\d,]+ fit");
    assertThat(refused.get("row").get("ShipInfo").get("ShipAddress").asText()).hasLength(200_000);
    assertThat(outcomes()).containsExactly("ACCEPTED");
  }

  @Test
  void addsLineage() throws Exception {
    Path file = job.file("a.xml", Documents.orders(3));

    run(WriteMode.EXACTLY_ONCE, "--lineage");

    for (TableRow row : bigQuery.rows("orders")) {
      Map<?, ?> lineage = (Map<?, ?>) row.get("_file");
      assertThat(lineage.get("uri")).isEqualTo(file.toString());
      assertThat(lineage.get("record")).isEqualTo(row.get("EmployeeID"));
      assertThat((String) lineage.get("generation")).isNotEmpty();
    }
  }

  /** A table that is made anew has no rows, and none of what else somebody gave it. */
  @ParameterizedTest
  @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
  void aTableThatIsGoneIsNotMadeAnew(WriteMode mode) throws Exception {
    job.file("a.xml", Documents.orders(3));

    assertThrows(RuntimeException.class, () -> load(mode));

    assertThat(bigQuery.hasTable("orders")).isFalse();
  }

  private void createTables(boolean lineage) throws Exception {
    for (TableMapping table : mapping.tables()) {
      bigQuery.createTable(table.table(), BigQuerySchema.json(table, lineage));
    }
  }

  private void run(WriteMode mode, String... more) throws Exception {
    createTables(List.of(more).contains("--lineage"));
    load(mode, more);
  }

  private void load(WriteMode mode, String... more) throws Exception {
    XmlToBigQueryOptions options = job.options(more);
    job.run(
        options,
        mapping,
        new BigQueryOutput(
            bigQuery.dataset(), mapping, mode, options.getLineage(), bigQuery.services()));
  }

  private List<Object> outcomes() throws Exception {
    return bigQuery.rows("file_loads").stream().map(row -> row.get("outcome")).toList();
  }
}
