package io.xmltobigquery.cli;

import io.xmltobigquery.flow.settle.DeadLetter;
import io.xmltobigquery.outcome.Metrics;
import io.xmltobigquery.outcome.Outcome;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;

/** What a finished job has done, from its metrics. */
final class Summary {

  private final Map<String, Long> counters = new TreeMap<>();
  private final double seconds;

  /**
   * @param seconds from the launch of the job
   */
  Summary(PipelineResult result, double seconds) {
    this.seconds = seconds;
    MetricsFilter ours =
        MetricsFilter.builder()
            .addNameFilter(MetricNameFilter.inNamespace(Metrics.NAMESPACE))
            .build();
    for (MetricResult<Long> counter : result.metrics().queryMetrics(ours).getCounters()) {
      counters.merge(counter.getName().getName(), counter.getAttempted(), Long::sum);
    }
  }

  long files() {
    long files = 0;
    for (Outcome outcome : Outcome.values()) {
      files += files(outcome);
    }
    return files;
  }

  private long files(Outcome outcome) {
    return counters.getOrDefault(Metrics.files(outcome), 0L);
  }

  /**
   * Prints the summary.
   *
   * @param deadLetterDir as the user named it
   */
  void print(PrintStream out, String deadLetterDir) {
    String deadLetter = deadLetterDir.replaceFirst("/*$", "/");
    line(out, "files accepted", number(files(Outcome.ACCEPTED)));
    long rejected = files(Outcome.REJECTED);
    line(
        out,
        "files rejected",
        number(rejected)
            + (rejected > 0 ? ", kept in " + withoutSlash(deadLetter + DeadLetter.FILES) : ""));
    long gone = files(Outcome.MISSING) + files(Outcome.SUPERSEDED);
    if (gone > 0) {
      line(out, "files gone", number(gone) + ", deleted or overwritten before they were read");
    }
    counters(Metrics.rows(""))
        .forEach((table, rows) -> line(out, "rows of " + table, number(rows)));
    kept(out, "invalid records", Metrics.invalidRecords(""), deadLetter);
    kept(out, "rows refused", Metrics.refusedRows(""), deadLetter);
    double megabytes = counters.getOrDefault(Metrics.FILE_BYTES, 0L) / 1e6;
    line(
        out,
        "input",
        String.format(
            Locale.ROOT,
            "%,.1f MB in %.1f s (%.1f MB/s)",
            megabytes,
            seconds,
            megabytes / seconds));
  }

  private void kept(PrintStream out, String what, String prefix, String deadLetter) {
    String counts =
        counters(prefix).entrySet().stream()
            .filter(table -> table.getValue() > 0)
            .map(table -> table.getKey() + " " + number(table.getValue()))
            .collect(Collectors.joining(", "));
    if (!counts.isEmpty()) {
      line(out, what, counts + ", kept in " + withoutSlash(deadLetter + DeadLetter.ROWS));
    }
  }

  private static String withoutSlash(String directory) {
    return directory.substring(0, directory.length() - 1);
  }

  /** The counters whose names begin so, by the rest of their names. */
  private Map<String, Long> counters(String prefix) {
    Map<String, Long> found = new TreeMap<>();
    counters.forEach(
        (name, count) -> {
          if (name.startsWith(prefix)) {
            found.put(name.substring(prefix.length()), count);
          }
        });
    return found;
  }

  private static void line(PrintStream out, String what, String value) {
    out.printf("%-18s %s%n", what, value);
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
