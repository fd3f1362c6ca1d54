package io.xmltobigquery;

import static com.google.common.truth.Truth.assertWithMessage;

import io.grpc.Status.Code;
import io.xmltobigquery.localstack.FaultyGrpcProxy;
import io.xmltobigquery.localstack.FaultyGrpcProxy.Fault;
import io.xmltobigquery.localstack.FaultyGrpcProxy.What;
import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.oracle.OracleTables;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens between a streaming job and BigQuery, on the way, in exactly-once mode. Streams are
 * buffered here and outlive their bundles. A job has all faults, since most of what a job takes is
 * its start.
 */
class StreamingFaultsIT {

  private static final int FILES = 8;
  private static final int ORDERS = 300;

  @RegisterExtension final LocalStack stack = new LocalStack();

  @TempDir Path dir;

  private final Mapping mapping = MappingReader.defaultMapping();

  @Test
  void everyRowIsThereOnce() throws Exception {
    String subscription = stack.pubsub().subscribeToUploads();
    OracleTables expected = new OracleTables(mapping);
    Tables tables = Tables.of(stack.bigQuery());
    try (FaultyGrpcProxy proxy = FaultyGrpcProxy.before(stack)) {
      Map<String, Fault> injected =
          Map.of(
              "append UNAVAILABLE",
              appends(proxy, 0).fail(Code.UNAVAILABLE),
              "append RESOURCE_EXHAUSTED",
              appends(proxy, 1).fail(Code.RESOURCE_EXHAUSTED),
              // The rows are there; sent again, they are answered ALREADY_EXISTS.
              "append's answer lost",
              appends(proxy, 2).loseAnswer(),
              "flush's answer lost",
              proxy.on("FlushRows").everyMessage(2).loseAnswer());
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
        injected.forEach((fault, its) -> assertWithMessage(fault).that(its.count()).isAtLeast(2));
        job.await("all outcomes are there", () -> tables.count("file_loads") == FILES);
      }
    }
    tables.read("orders", expected.table("orders")::found);
    expected.table("orders").assertSame();
  }

  /** Every second append has one of three faults, each another one than the one before. */
  private static What appends(FaultyGrpcProxy proxy, int turn) {
    return proxy.on("AppendRows").messages(n -> n % 2 == 0 && n / 2 % 3 == turn);
  }

  private void upload(String name, OracleTables expected) throws Exception {
    byte[] document = Documents.utf8(Documents.orders(ORDERS));
    stack.upload(name, document);
    expected.expect(document);
  }
}
