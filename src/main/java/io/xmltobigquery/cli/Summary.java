package io.xmltobigquery.cli;

import io.xmltobigquery.explore.TreeText;
import io.xmltobigquery.flow.settle.DeadLetter;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.outcome.CoverageMetrics;
import io.xmltobigquery.outcome.Metrics;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Coverage;
import io.xmltobigquery.rows.Warning;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.metrics.StringSetResult;
import org.jspecify.annotations.Nullable;

/** What a finished job has done, from its metrics. */
final class Summary {

  /** So many lines of one kind of warning are printed. */
  private static final int MOST_WARNINGS = 10;

  private final Map<String, Long> counters = new TreeMap<>();
  private final Map<String, Set<String>> texts = new HashMap<>();
  private final Mapping mapping;
  private final double seconds;

  /**
   * @param seconds from the launch of the job
   */
  Summary(PipelineResult result, Mapping mapping, double seconds) {
    this.mapping = mapping;
    this.seconds = seconds;
    MetricsFilter ours =
        MetricsFilter.builder()
            .addNameFilter(MetricNameFilter.inNamespace(Metrics.NAMESPACE))
            .build();
    MetricQueryResults metrics = result.metrics().queryMetrics(ours);
    for (MetricResult<Long> counter : metrics.getCounters()) {
      counters.merge(counter.getName().getName(), counter.getAttempted(), Long::sum);
    }
    for (MetricResult<StringSetResult> set : metrics.getStringSets()) {
      texts
          .computeIfAbsent(set.getName().getName(), name -> new HashSet<>())
          .addAll(set.getAttempted().getStringSet());
    }
  }

  long files() {
    long files = 0;
    for (Outcome outcome : Outcome.values()) {
      // What is left out is in an archive that counts.
      files += outcome == Outcome.LEFT_OUT ? 0 : files(outcome);
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
    line(out, "files accepted", TreeText.number(files(Outcome.ACCEPTED)));
    long rejected = files(Outcome.REJECTED);
    line(
        out,
        "files rejected",
        TreeText.number(rejected)
            + (rejected > 0 ? ", kept in " + withoutSlash(deadLetter + DeadLetter.FILES) : ""));
    long gone = files(Outcome.MISSING) + files(Outcome.SUPERSEDED);
    if (gone > 0) {
      line(
          out,
          "files gone",
          TreeText.number(gone) + ", deleted or overwritten before they were read");
    }
    counters(Metrics.rows(""))
        .forEach((table, rows) -> line(out, "rows of " + table, TreeText.number(rows)));
    kept(out, "invalid records", Metrics.invalidRecords(""), deadLetter);
    kept(out, "rows refused", Metrics.refusedRows(""), deadLetter);
    // Some of a rejected archive may be loaded.
    if (files(Outcome.ACCEPTED) > 0 || !counters(Metrics.rows("")).isEmpty()) {
      printWarnings(out);
    }
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

  /** What people should know though nothing is wrong: see {@link Warning}. */
  private void printWarnings(PrintStream out) {
    CompiledMapping compiled = CompiledMapping.of(mapping);
    Coverage coverage =
        CoverageMetrics.of(
            compiled,
            name -> counters.getOrDefault(name, 0L),
            name -> texts.getOrDefault(name, Set.of()));
    List<Long> records =
        compiled.tables().stream()
            .map(
                table ->
                    counters.getOrDefault(Metrics.rows(table.name()), 0L)
                        + counters.getOrDefault(Metrics.invalidRecords(table.name()), 0L))
            .toList();
    Map<Warning.Kind, List<Warning>> byKind =
        Warning.of(compiled, coverage, records).stream()
            .filter(warning -> warning.path() != null)
            .collect(Collectors.groupingBy(Warning::kind));
    counted(out, "parents invalid", Metrics.parentInvalid(""));
    print(out, "no records", byKind.get(Warning.Kind.NO_RECORDS));
    print(out, "never filled", byKind.get(Warning.Kind.NEVER_FILLED));
    counted(out, "skipped in", Metrics.skipped(""));
    long outside = counters.getOrDefault(Metrics.SKIPPED_OUTSIDE, 0L);
    if (outside > 0) {
      line(out, "skipped", TreeText.number(outside) + " around records");
    }
    print(out, "skipped", byKind.get(Warning.Kind.SKIPPED));
    counted(out, "elements in text", Metrics.markup(""));
    counted(out, "items left out", Metrics.leftOut(""));
  }

  private static void print(PrintStream out, String what, @Nullable List<Warning> warnings) {
    if (warnings == null) {
      return;
    }
    for (Warning warning : warnings.subList(0, Math.min(warnings.size(), MOST_WARNINGS))) {
      line(
          out,
          what,
          (warning.table() == null ? "" : warning.table() + ": ")
              + warning.path()
              + (warning.nearest() == null
                  ? ""
                  : (warning.kind() == Warning.Kind.SKIPPED ? " (the mapping has " : " (there is ")
                      + warning.nearest()
                      + ")"));
    }
    if (warnings.size() > MOST_WARNINGS) {
      line(out, what, (warnings.size() - MOST_WARNINGS) + " more: see warnings in file_loads");
    }
  }

  private void counted(PrintStream out, String what, String prefix) {
    String counts = counts(prefix);
    if (!counts.isEmpty()) {
      line(out, what, counts);
    }
  }

  private void kept(PrintStream out, String what, String prefix, String deadLetter) {
    String counts = counts(prefix);
    if (!counts.isEmpty()) {
      line(out, what, counts + ", kept in " + withoutSlash(deadLetter + DeadLetter.ROWS));
    }
  }

  /** By table, where there are any. */
  private String counts(String prefix) {
    return counters(prefix).entrySet().stream()
        .filter(table -> table.getValue() > 0)
        .map(table -> table.getKey() + " " + TreeText.number(table.getValue()))
        .collect(Collectors.joining(", "));
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
}
