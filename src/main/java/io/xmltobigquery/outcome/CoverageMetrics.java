package io.xmltobigquery.outcome;

import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Coverage;
import io.xmltobigquery.rows.TableColumns;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.metrics.StringSet;

/**
 * The coverages of good files as metrics, from which that of a whole run is made when it is over. A
 * metric is a number or a set of texts, so the run's coverage has no count for each path.
 */
public final class CoverageMetrics {

  private CoverageMetrics() {}

  /** Adds that of a good file. */
  public static void add(CompiledMapping mapping, Coverage coverage) {
    for (TableColumns table : mapping.tables()) {
      Coverage.OfTable its = coverage.tables().get(table.id());
      if (!its.filled().isEmpty()) {
        addFilled(
            table.columns(), its.filled(), Metrics.stringSet(Metrics.filledColumns(table.name())));
      }
      count(Metrics.parentInvalid(table.name()), its.parentInvalid());
      count(Metrics.markup(table.name()), sum(its.markup()));
      count(Metrics.leftOut(table.name()), sum(its.leftOut()));
      addSkipped(Metrics.skipped(table.name()), table.name(), its.skipped());
    }
    addSkipped(Metrics.SKIPPED_OUTSIDE, "", coverage.outside());
  }

  private static void addFilled(List<Column> columns, BitSet filled, StringSet names) {
    for (Column column : columns) {
      if (filled.get(column.id())) {
        names.add(column.path());
        addFilled(column.columns(), filled, names);
      }
    }
  }

  private static void addSkipped(String counter, String table, Coverage.Skipped skipped) {
    count(counter, skipped.total());
    if (!skipped.counts().isEmpty()) {
      Metrics.stringSet(Metrics.skippedPaths(table))
          .add(skipped.counts().keySet().toArray(new String[0]));
    }
  }

  private static void count(String counter, long more) {
    if (more > 0) {
      Metrics.counter(counter).inc(more);
    }
  }

  private static long sum(Map<Integer, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * That of all files.
   *
   * @param counter gives the value of a counter, or 0
   * @param texts gives a set of texts, or an empty one
   */
  public static Coverage of(
      CompiledMapping mapping,
      ToLongFunction<String> counter,
      Function<String, Set<String>> texts) {
    List<Coverage.OfTable> tables = new ArrayList<>();
    for (TableColumns table : mapping.tables()) {
      Set<String> names = texts.apply(Metrics.filledColumns(table.name()));
      BitSet filled = new BitSet();
      if (names.isEmpty()) {
        // The runner doesn't tell sets of texts: better to say nothing of columns.
        filled.set(0, table.columnCount());
      }
      setFilled(table.columns(), names, filled);
      tables.add(
          new Coverage.OfTable(
              filled,
              new TreeMap<>(),
              new TreeMap<>(),
              counter.applyAsLong(Metrics.parentInvalid(table.name())),
              skipped(
                  counter.applyAsLong(Metrics.skipped(table.name())),
                  texts.apply(Metrics.skippedPaths(table.name())))));
    }
    return new Coverage(
        tables,
        skipped(
            counter.applyAsLong(Metrics.SKIPPED_OUTSIDE), texts.apply(Metrics.skippedPaths(""))));
  }

  private static void setFilled(List<Column> columns, Set<String> names, BitSet filled) {
    for (Column column : columns) {
      if (names.contains(column.path())) {
        filled.set(column.id());
      }
      setFilled(column.columns(), names, filled);
    }
  }

  private static Coverage.Skipped skipped(long total, Set<String> paths) {
    Map<String, Long> counts = new LinkedHashMap<>();
    new TreeSet<>(paths).forEach(path -> counts.put(path, 0L));
    return new Coverage.Skipped(counts, total);
  }
}
