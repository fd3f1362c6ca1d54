package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;

import io.grpc.Status.Code;
import io.xmltobigquery.localstack.FaultyGrpcProxy;
import io.xmltobigquery.localstack.FaultyGrpcProxy.Fault;
import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.oracle.OracleTables;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What happens between a streaming job and BigQuery, on the way, in exactly-once mode. Streams are
 * buffered here and outlive their bundles.
 */
class StreamingFaultsIT {

  private static final int FILES = 6;
  private static final int ORDERS = 300;

  @RegisterExtension final LocalStack stack = new LocalStack();

  @TempDir Path dir;

  private final Mapping mapping = MappingReader.defaultMapping();

  /** A fault by its name, for the report. */
  private record Named(String name, Function<FaultyGrpcProxy, Fault> fault) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Named> faults() {
    return Stream.of(
        new Named(
            "append UNAVAILABLE",
            proxy -> proxy.on("AppendRows").everyMessage(3).fail(Code.UNAVAILABLE)),
        new Named(
            "append RESOURCE_EXHAUSTED",
            proxy -> proxy.on("AppendRows").everyMessage(3).fail(Code.RESOURCE_EXHAUSTED)),
        // The rows are there; sent again, they are answered ALREADY_EXISTS.
        new Named(
            "append's answer lost", proxy -> proxy.on("AppendRows").everyMessage(3).loseAnswer()),
        new Named(
            "flush's answer lost", proxy -> proxy.on("FlushRows").everyMessage(2).loseAnswer()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void everyRowIsThereOnce(Named fault) throws Exception {
    String subscription = stack.pubsub().subscribeToUploads();
    OracleTables expected = new OracleTables(mapping);
    Tables tables = Tables.of(stack.bigQuery());
    try (FaultyGrpcProxy proxy = FaultyGrpcProxy.before(stack)) {
      Fault injected = fault.fault().apply(proxy);
      try (StreamingJob job =
          StreamingJob.start(
              stack,
              dir,
              subscription,
              "--input=" + stack.input() + "/**",
              "--output=" + stack.output(),
              "--numStorageWriteApiStreams=1")) {
        for (int files = 1; files <= FILES; files++) {
          upload("a" + files + ".xml", expected);
          long rows = (long) files * ORDERS;
          job.await(rows + " rows are there", () -> tables.count("orders") >= rows);
        }
        assertThat(injected.count()).isAtLeast(2);
        job.await("all outcomes are there", () -> tables.count("file_loads") == FILES);
      }
    }
    tables.read("orders", expected.table("orders")::found);
    expected.table("orders").assertSame();
  }

  private void upload(String name, OracleTables expected) throws Exception {
    byte[] document = Documents.utf8(Documents.orders(ORDERS));
    stack.upload(name, document);
    expected.expect(document);
  }
}
