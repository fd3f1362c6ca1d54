package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.google.cloud.bigquery.storage.v1.StorageError.StorageErrorCode;
import io.grpc.Status.Code;
import io.xmltobigquery.benchmark.GenerateOrders;
import io.xmltobigquery.localstack.FaultyGrpcProxy;
import io.xmltobigquery.localstack.FaultyGrpcProxy.Fault;
import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.oracle.OracleTables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What happens between us and BigQuery, on the way: exactly-once stays exactly once, at-least-once
 * loses nothing. Every third append fails, so that some fail again when they are repeated.
 */
class BigQueryFaultsIT {

  @RegisterExtension final LocalStack stack = new LocalStack();

  private final Mapping mapping = MappingReader.defaultMapping();

  /** A fault by its name, for the report. */
  private record Named(String name, Function<FaultyGrpcProxy, Fault> fault) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Arguments> faultsOfAppends() {
    return Stream.of(
            new Named(
                "UNAVAILABLE",
                proxy -> proxy.on("AppendRows").everyMessage(3).fail(Code.UNAVAILABLE)),
            new Named(
                "RESOURCE_EXHAUSTED",
                proxy -> proxy.on("AppendRows").everyMessage(3).fail(Code.RESOURCE_EXHAUSTED)),
            new Named(
                "RESOURCE_EXHAUSTED in the stream",
                proxy ->
                    proxy
                        .on("AppendRows")
                        .everyMessage(3)
                        .answer(
                            FaultyGrpcProxy.appendError(
                                Code.RESOURCE_EXHAUSTED,
                                StorageErrorCode.STORAGE_ERROR_CODE_UNSPECIFIED))),
            new Named("lost answer", proxy -> proxy.on("AppendRows").everyMessage(3).loseAnswer()),
            new Named(
                "lost answer and connection",
                proxy -> proxy.on("AppendRows").everyMessage(3).loseAnswerAndConnection()),
            new Named(
                "dropped connection",
                proxy -> proxy.on("AppendRows").everyMessage(3).dropConnection()))
        .flatMap(
            fault ->
                Stream.of(
                    Arguments.of(fault, "exactly-once"), Arguments.of(fault, "at-least-once")));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("faultsOfAppends")
  void appendsAreRepeatedRightly(Named fault, String writeMode) throws Exception {
    try (FaultyGrpcProxy proxy = FaultyGrpcProxy.before(stack)) {
      Fault injected = fault.fault().apply(proxy);

      OracleTables expected = load(writeMode);

      assertThat(injected.count()).isAtLeast(2);
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

  static Stream<Arguments> faultsOfStreams() {
    return Stream.of("CreateWriteStream", "FinalizeWriteStream", "BatchCommitWriteStreams")
        .flatMap(
            method ->
                Stream.of(
                    Arguments.of(
                        new Named(
                            method + " UNAVAILABLE",
                            proxy -> proxy.on(method).everyMessage(2).fail(Code.UNAVAILABLE))),
                    Arguments.of(
                        new Named(
                            method + " lost answer",
                            proxy -> proxy.on(method).everyMessage(2).loseAnswer()))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faultsOfStreams")
  void streamsAreCommittedOnce(Named fault) throws Exception {
    try (FaultyGrpcProxy proxy = FaultyGrpcProxy.before(stack)) {
      Fault injected = fault.fault().apply(proxy);

      OracleTables expected = load("exactly-once");

      assertWithMessage("%s", fault).that(injected.count()).isAtLeast(1);
      for (TableMapping table : mapping.tables()) {
        stack.bigQuery().rows(table.table(), expected.table(table.table())::found);
        expected.table(table.table()).assertSame();
      }
      assertThat(stack.bigQuery().rows("file_loads")).hasSize(1);
    }
  }

  /** Loads a file in chunks and appends enough for several faults. */
  private OracleTables load(String writeMode) throws Exception {
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    GenerateOrders.writeTo(document, 3_000_000, 7);
    stack.upload("a.xml", document.toByteArray());
    CloudJob.run(
        stack,
        "--writeMode=" + writeMode,
        "--chunkSizeMb=1",
        "--storageApiAppendThresholdBytes=300000");
    OracleTables expected = new OracleTables(mapping);
    expected.expectLarge(new ByteArrayInputStream(document.toByteArray()));
    return expected;
  }
}
