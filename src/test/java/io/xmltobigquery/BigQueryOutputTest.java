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
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole pipeline into Beam's BigQuery in memory. */
final class BigQueryOutputTest {

  private static final List<String> REFUSED = List.of("1007", "1023");

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

  /** One job has all that may become of a row, since most of what a job takes is its start. */
  @ParameterizedTest
  @EnumSource(value = WriteMode.class, names = "UPSERT", mode = EnumSource.Mode.EXCLUDE)
  void everyRowIsLoadedOnceOrKeptWithWhereItIsFrom(WriteMode mode) throws Exception {
    job.file("a.xml", Documents.orders(300));
    job.file("b.xml", "<Root><Orders/></Root>");
    job.file("bad.xml", "<Root>");
    String refusedOnes =
        IntStream.rangeClosed(1_001, 1_040)
            .mapToObj(Documents::order)
            .collect(Collectors.joining());
    Path refusing = job.file("a b#.xml", Documents.ordersOf(refusedOnes));
    bigQuery.refuse(
        (Function<TableRow, Boolean> & Serializable)
            row -> REFUSED.contains(String.valueOf(row.get("EmployeeID"))));
    String large = Documents.order(2_002).replace("Gade 1", "x".repeat(200_000));
    Path tooLarge =
        job.file(
            "large.xml",
            Documents.ordersOf(Documents.order(2_001) + large + Documents.order(2_003)));

    run(mode, "--storageWriteApiMaxRequestSize=100000", "--storageApiAppendThresholdBytes=50000");

    List<String> expected =
        Stream.of(
                IntStream.rangeClosed(1, 300),
                IntStream.rangeClosed(1_001, 1_040),
                IntStream.of(2_001, 2_003))
            .flatMap(IntStream::boxed)
            .map(String::valueOf)
            .filter(order -> !REFUSED.contains(order))
            .toList();
    List<TableRow> orders = bigQuery.rows("orders");
    assertThat(orders.stream().map(row -> row.get("EmployeeID")).toList())
        .containsExactlyElementsIn(expected);
    assertThat(orders.get(0).keySet())
        .containsExactly("CustomerID", "EmployeeID", "OrderDate", "RequiredDate", "ShipInfo");
    Map<String, JsonNode> kept = new TreeMap<>();
    for (JsonNode row : job.jsonLines("dead/rows", ".*")) {
      assertThat(row.get("table").asText()).isEqualTo("orders");
      assertThat(row.get("reason").asText()).isEqualTo("REFUSED");
      assertThat(row.get("generation").asText()).isNotEmpty();
      assertThat(row.get("row").get("ShipInfo").get("ShipCity").asText()).isEqualTo("København");
      assertThat(kept.put(row.get("row").get("EmployeeID").asText(), row)).isNull();
    }
    assertThat(kept.keySet()).containsExactly("1007", "1023", "2002").inOrder();
    for (String refused : REFUSED) {
      assertThat(kept.get(refused).get("record").asLong())
          .isEqualTo(Long.parseLong(refused) - 1_000);
      assertThat(kept.get(refused).get("message").asText()).startsWith("Failing row");
      assertThat(kept.get(refused).get("uri").asText()).isEqualTo(refusing.toString());
    }
    JsonNode keptLarge = kept.get("2002");
    assertThat(keptLarge.get("record").asLong()).isEqualTo(2);
    assertThat(keptLarge.get("uri").asText()).isEqualTo(tooLarge.toString());
    // BigQueryIO would say nothing of how many fit: it hasn't seen the row.
    assertThat(keptLarge.get("message").asText()).containsMatch("too large .* at most [\\d,]+ fit");
    assertThat(keptLarge.get("row").get("ShipInfo").get("ShipAddress").asText()).hasLength(200_000);
    assertThat(outcomes())
        .containsExactly("ACCEPTED", "ACCEPTED", "ACCEPTED", "ACCEPTED", "REJECTED");
  }

  @Test
  void addsLineageAndRecordsOutcomesWhenRowsAreCommitted() throws Exception {
    Path file = job.file("a.xml", Documents.orders(30));

    run(WriteMode.EXACTLY_ONCE, "--lineage");

    for (TableRow row : bigQuery.rows("orders")) {
      Map<?, ?> lineage = (Map<?, ?>) row.get("_file");
      assertThat(lineage.get("uri")).isEqualTo(file.toString());
      assertThat(lineage.get("record")).isEqualTo(row.get("EmployeeID"));
      assertThat((String) lineage.get("generation")).isNotEmpty();
    }
    assertThat(bigQuery.events())
        .containsAtLeast("create orders", "commit orders", "create file_loads", "commit file_loads")
        .inOrder();
    assertThat(bigQuery.events().lastIndexOf("commit orders"))
        .isLessThan(bigQuery.events().indexOf("create file_loads"));
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
