package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.outcome.Metrics;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.xml.RejectionReason;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricKey;
import org.apache.beam.sdk.metrics.MetricName;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricResults;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.metrics.StringSetResult;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SummaryTest {

  private static final Mapping MAPPING = MappingReader.defaultMapping();

  private final List<MetricResult<Long>> counters = new ArrayList<>();
  private final List<MetricResult<StringSetResult>> sets = new ArrayList<>();

  @Test
  void addsUpTheCountersOfAllSteps() {
    count("one", Metrics.files(Outcome.ACCEPTED), 1_000);
    count("two", Metrics.files(Outcome.ACCEPTED), 234);
    count("one", Metrics.rows("orders"), 5_000_000);
    count("one", Metrics.rows("customers"), 0);
    count("one", Metrics.FILE_BYTES, 2_500_000_000L);

    assertThat(summary().files()).isEqualTo(1_234);
    assertThat(print())
        .isEqualTo(
            """
            files accepted     1,234
            files rejected     0
            rows of customers  0
            rows of orders     5,000,000
            no records         customers: /Root/Customers/Customer
            input              2,500.0 MB in 10.0 s (250.0 MB/s)
            """);
  }

  @Test
  void tellsWhereRejectedFilesWent() {
    count("one", Metrics.files(Outcome.REJECTED), 3);
    count("one", Metrics.filesRejected(RejectionReason.TRUNCATED), 2);
    count("one", Metrics.filesRejected(RejectionReason.NOT_XML), 1);

    assertThat(summary().files()).isEqualTo(3);
    assertThat(print()).contains("files accepted     0\n");
    assertThat(print()).contains("files rejected     3, kept in dead/files\n");
  }

  @Test
  void tellsOfFilesThatWereGone() {
    count("one", Metrics.files(Outcome.MISSING), 1);
    count("one", Metrics.files(Outcome.SUPERSEDED), 2);

    assertThat(summary().files()).isEqualTo(3);
    assertThat(print())
        .contains("files gone         3, deleted or overwritten before they were read\n");
  }

  @Test
  void tellsOfInvalidRecordsIfThereAreAny() {
    count("one", Metrics.invalidRecords("orders"), 0);
    assertThat(print()).doesNotContain("invalid records");

    count("two", Metrics.invalidRecords("orders"), 7);
    assertThat(print()).contains("invalid records    orders 7, kept in dead/rows\n");
  }

  @Test
  void tellsOfRefusedRows() {
    count("one", Metrics.refusedRows("orders"), 3);
    count("two", Metrics.refusedRows("customers"), 1);

    assertThat(print()).contains("rows refused       customers 1, orders 3, kept in dead/rows\n");
  }

  @Test
  void tellsWhatTheMappingAndTheFilesHaveApart() {
    count("one", Metrics.files(Outcome.ACCEPTED), 2);
    count("one", Metrics.rows("customers"), 1);
    count("one", Metrics.rows("orders"), 3);
    texts("one", Metrics.filledColumns("orders"), "CustomerID", "ShipInfo", "ShipInfo.ShipVia");
    texts("two", Metrics.filledColumns("orders"), "ShipInfo.Freight", "OrderDate");
    count("one", Metrics.skipped("orders"), 1_660);
    count("one", Metrics.SKIPPED_OUTSIDE, 1);
    texts("one", Metrics.skippedPaths("orders"), "/Root/Orders/Order/EmployeID");
    texts("one", Metrics.skippedPaths(""), "/Root/Note");
    count("one", Metrics.leftOut("orders"), 4);

    assertThat(print())
        .contains(
            """
            never filled       orders: EmployeeID (there is /Root/Orders/Order/EmployeID)
            never filled       orders: RequiredDate
            """);
    assertThat(print())
        .contains(
            """
            skipped in         orders 1,660
            skipped            1 around records
            skipped            orders: /Root/Orders/Order/EmployeID (the mapping has /Root/Orders/Order/EmployeeID)
            skipped            /Root/Note
            items left out     orders 4
            """);
    // Of its columns nothing is known.
    assertThat(print()).doesNotContain("customers:");
  }

  @Test
  void isEmptyForAJobWithoutFiles() {
    assertThat(summary().files()).isEqualTo(0);
    assertThat(print()).contains("input              0.0 MB in 10.0 s (0.0 MB/s)\n");
  }

  private void count(String step, String name, long value) {
    MetricKey key = MetricKey.create(step, MetricName.named(Metrics.NAMESPACE, name));
    counters.add(MetricResult.attempted(key, value));
  }

  private void texts(String step, String name, String... texts) {
    MetricKey key = MetricKey.create(step, MetricName.named(Metrics.NAMESPACE, name));
    sets.add(MetricResult.attempted(key, StringSetResult.create(Set.of(texts))));
  }

  private String print() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    summary().print(new PrintStream(bytes, true, UTF_8), "dead//");
    return bytes.toString(UTF_8);
  }

  private Summary summary() {
    return new Summary(new FinishedResult(counters, sets), MAPPING, 10.0);
  }

  private record FinishedResult(
      List<MetricResult<Long>> counters, List<MetricResult<StringSetResult>> sets)
      implements PipelineResult {

    @Override
    public MetricResults metrics() {
      return new MetricResults() {
        @Override
        public MetricQueryResults queryMetrics(@Nullable MetricsFilter filter) {
          return MetricQueryResults.create(
              counters, List.of(), List.of(), sets, List.of(), List.of());
        }
      };
    }

    @Override
    public State getState() {
      return State.DONE;
    }

    @Override
    public State cancel() {
      return State.DONE;
    }

    @Override
    public State waitUntilFinish(Duration duration) {
      return State.DONE;
    }

    @Override
    public State waitUntilFinish() {
      return State.DONE;
    }
  }
}
