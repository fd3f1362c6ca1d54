package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.bigquery.storage.v1.StorageError.StorageErrorCode;
import io.grpc.Status.Code;
import io.xmltobigquery.benchmark.GenerateOrders;
import io.xmltobigquery.localstack.FaultyGrpcProxy;
import io.xmltobigquery.localstack.FaultyGrpcProxy.Fault;
import io.xmltobigquery.localstack.FaultyGrpcProxy.What;
import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.oracle.OracleTables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What happens between us and BigQuery, on the way: exactly-once stays exactly once, at-least-once
 * loses nothing. Every third append fails, so that some fail again when they are repeated; a job
 * has all faults, since most of what a job takes is its start.
 */
class BigQueryFaultsIT {

  @RegisterExtension final LocalStack stack = new LocalStack();

  private static final String FEW_APPENDS = "--storageApiAppendThresholdBytes=300000";

  private final Mapping mapping = MappingReader.defaultMapping();

  /** A fault by its name, for the report. */
  private record Named(String name, Function<What, Fault> fault) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final Named UNAVAILABLE =
      new Named("UNAVAILABLE", to -> to.fail(Code.UNAVAILABLE));
  private static final Named LOST_ANSWER = new Named("lost answer", What::loseAnswer);

  private static final List<Named> FAULTS_OF_APPENDS =
      List.of(
          UNAVAILABLE,
          new Named("RESOURCE_EXHAUSTED", to -> to.fail(Code.RESOURCE_EXHAUSTED)),
          new Named(
              "RESOURCE_EXHAUSTED in the stream",
              to ->
                  to.answer(
                      FaultyGrpcProxy.appendError(
                          Code.RESOURCE_EXHAUSTED,
                          StorageErrorCode.STORAGE_ERROR_CODE_UNSPECIFIED))),
          LOST_ANSWER,
          new Named("lost answer and connection", What::loseAnswerAndConnection),
          new Named("dropped connection", What::dropConnection));

  /** Every third append fails, each in another way than the one before. */
  @ParameterizedTest
  @ValueSource(strings = {"exactly-once", "at-least-once"})
  void appendsAreRepeatedRightly(String writeMode) throws Exception {
    try (FaultyGrpcProxy proxy = FaultyGrpcProxy.before(stack)) {
      Map<Named, Fault> injected = new LinkedHashMap<>();
      for (Named fault : FAULTS_OF_APPENDS) {
        int turn = injected.size();
        injected.put(
            fault,
            fault
                .fault()
                .apply(
                    proxy
                        .on("AppendRows")
                        .messages(n -> n % 3 == 0 && n / 3 % FAULTS_OF_APPENDS.size() == turn)));
      }

      OracleTables expected = load(writeMode, "--storageApiAppendThresholdBytes=30000");

      injected.forEach(
          (fault, its) -> assertWithMessage("%s", fault).that(its.count()).isAtLeast(2));
      for (TableMapping table : mapping.tables()) {
        stack.bigQuery().rows(table.table(), expected.table(table.table())::found);
        if (writeMode.equals("exactly-once")) {
          expected.table(table.table()).assertSame();
        } else {
          expected.table(table.table()).assertNoneMissing();
        }
      }
    }
  }

  /**
   * A used-up quota that is back after the seventh try, in about 25 seconds; nothing else is tried
   * more than five times. It may be told as an answer or as the end of a connection.
   */
  @ParameterizedTest
  @ValueSource(strings = {"exactly-once", "at-least-once"})
  void aQuotaIsWaitedFor(String writeMode) throws Exception {
    try (FaultyGrpcProxy proxy = FaultyGrpcProxy.before(stack)) {
      Fault ends = proxy.on("AppendRows").messages(n -> n < 7).fail(Code.RESOURCE_EXHAUSTED);
      Fault answer =
          proxy
              .on("AppendRows")
              .message(7)
              .answer(
                  FaultyGrpcProxy.appendError(
                      Code.RESOURCE_EXHAUSTED, StorageErrorCode.STORAGE_ERROR_CODE_UNSPECIFIED));
      // All in one append, so that it is this one which is tried so often.
      byte[] document = Documents.utf8(Documents.orders(5));
      stack.upload("a.xml", document);

      CloudJob.run(stack, "--writeMode=" + writeMode);

      assertThat(ends.count()).isEqualTo(6);
      assertThat(answer.count()).isEqualTo(1);
      OracleTables expected = expected(document);
      stack.bigQuery().rows("orders", expected.table("orders")::found);
      expected.table("orders").assertSame();
    }
  }

  static Stream<Named> faultsOfStreams() {
    return Stream.of(UNAVAILABLE, LOST_ANSWER);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faultsOfStreams")
  void streamsAreCommittedOnce(Named fault) throws Exception {
    try (FaultyGrpcProxy proxy = FaultyGrpcProxy.before(stack)) {
      Map<String, Fault> injected = new LinkedHashMap<>();
      for (String method :
          List.of("CreateWriteStream", "FinalizeWriteStream", "BatchCommitWriteStreams")) {
        injected.put(method, fault.fault().apply(proxy.on(method).everyMessage(2)));
      }

      OracleTables expected = load("exactly-once", FEW_APPENDS);

      injected.forEach(
          (method, its) ->
              assertWithMessage("%s %s", method, fault).that(its.count()).isAtLeast(1));
      for (TableMapping table : mapping.tables()) {
        stack.bigQuery().rows(table.table(), expected.table(table.table())::found);
        expected.table(table.table()).assertSame();
      }
      assertThat(stack.bigQuery().rows("file_loads")).hasSize(1);
    }
  }

  private OracleTables load(String writeMode, String appends) throws Exception {
    byte[] document = document();
    stack.upload("a.xml", document);
    run(writeMode, appends);
    return expected(document);
  }

  private static byte[] document() throws IOException {
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    GenerateOrders.writeTo(document, 3_000_000, 7);
    return document.toByteArray();
  }

  /** Runs in several chunks. */
  private void run(String writeMode, String... more) throws Exception {
    List<String> options = new ArrayList<>(List.of(more));
    options.add("--writeMode=" + writeMode);
    options.add("--chunkSizeMb=1");
    CloudJob.run(stack, options.toArray(new String[0]));
  }

  private OracleTables expected(byte[] document) throws Exception {
    OracleTables expected = new OracleTables(mapping);
    expected.expectLarge(new ByteArrayInputStream(document));
    return expected;
  }

  /** What docs/RUNBOOK.md says of a run that ends while it commits, and its queries. */
  @Test
  void aRunThatEndsWhileCommittingLeavesWhatTheRunbookSays() throws Exception {
    List<String> queries = runbooksQueries();
    byte[] document = document();
    stack.upload("a.xml", document);
    try (FaultyGrpcProxy proxy = FaultyGrpcProxy.before(stack)) {
      Fault injected = proxy.on("BatchCommitWriteStreams").messages(n -> n > 1).fail(Code.INTERNAL);

      assertThrows(RuntimeException.class, () -> run("exactly-once", FEW_APPENDS, "--lineage"));

      assertThat(injected.count()).isAtLeast(1);
    }
    // A row from elsewhere has no lineage, and is nobody's leftover.
    stack
        .bigQuery()
        .query(
            "INSERT INTO "
                + stack.bigQuery().dataset()
                + ".orders (CustomerID, EmployeeID, OrderDate, RequiredDate) VALUES ('a', 'b', 'c', 'd')");
    int left = stack.bigQuery().rows("orders").size() + stack.bigQuery().rows("customers").size();
    assertThat(left).isGreaterThan(0);
    assertThat(stack.bigQuery().rows("file_loads")).isEmpty();
    for (TableMapping table : mapping.tables()) {
      String name = table.table();
      int rows = stack.bigQuery().rows(name).size();
      List<ObjectNode> found =
          stack.bigQuery().query(queries.get(0).replace(".orders", "." + name));
      int others = name.equals("orders") ? 1 : 0;
      assertThat(found.stream().mapToInt(row -> row.get("rows_left").asInt()).sum())
          .isEqualTo(rows - others);
      stack.bigQuery().query(queries.get(1).replace(".orders", "." + name));
      assertThat(stack.bigQuery().rows(name)).hasSize(others);
    }

    run("exactly-once", FEW_APPENDS, "--lineage");

    OracleTables expected = expected(document);
    for (TableMapping table : mapping.tables()) {
      stack
          .bigQuery()
          .rows(
              table.table(),
              row -> {
                if (row.remove("_file") != null) {
                  expected.table(table.table()).found(row);
                }
              });
      expected.table(table.table()).assertSame();
    }
    for (int query : new int[] {0, 2, 3}) {
      assertThat(stack.bigQuery().query(queries.get(query))).isEmpty();
    }

    run("exactly-once", FEW_APPENDS, "--lineage");

    assertThat(stack.bigQuery().query(queries.get(2)))
        .hasSize((int) expected.table("orders").size());
    assertThat(stack.bigQuery().query(queries.get(3))).hasSize(1);
  }

  private List<String> runbooksQueries() throws IOException {
    String runbook = Files.readString(Path.of("docs/RUNBOOK.md"));
    List<String> queries = new ArrayList<>();
    Matcher block = Pattern.compile("```sql\\n(.*?)```", Pattern.DOTALL).matcher(runbook);
    while (block.find()) {
      queries.add(block.group(1).replace("demo.", stack.bigQuery().dataset() + "."));
    }
    return queries;
  }
}
