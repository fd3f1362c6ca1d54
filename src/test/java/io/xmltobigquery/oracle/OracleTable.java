package io.xmltobigquery.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * The rows that a table should have, and those that it has: compared value by value, in no order.
 * Each different row is held once, as text, so that millions fit into a test's heap.
 */
public final class OracleTable {

  private static final int ROWS_SHOWN = 3;

  private final String name;
  private final Map<String, Counts> rows = new HashMap<>();

  private static final class Counts {
    private int expected;
    private int found;

    private int missing() {
      return Math.max(0, expected - found);
    }

    private int surplus() {
      return Math.max(0, found - expected);
    }
  }

  OracleTable(String name) {
    this.name = name;
  }

  void expect(JsonNode row) {
    counts(row).expected++;
  }

  /**
   * Takes a row that the table has.
   *
   * @param row in the oracle's form, its columns in the order of the mapping
   */
  public void found(JsonNode row) {
    counts(row).found++;
  }

  /** How many rows are expected. */
  public long size() {
    return rows.values().stream().mapToLong(counts -> counts.expected).sum();
  }

  /** How many of the expected rows weren't found. */
  public long missing() {
    return total(Counts::missing);
  }

  /** How many rows were found that aren't expected, or not so often. */
  public long surplus() {
    return total(Counts::surplus);
  }

  /** Exactly once. */
  public void assertSame() {
    String difference =
        show("missing", Counts::missing) + show("not expected, or too often", Counts::surplus);
    if (!difference.isEmpty()) {
      throw new AssertionError(name + ", of " + size() + " expected rows:" + difference);
    }
  }

  /** At least once: a row may be there again, but none that isn't expected. */
  public void assertNoneMissing() {
    String difference =
        show("missing", Counts::missing)
            + show("not expected", counts -> counts.expected == 0 ? counts.found : 0);
    if (!difference.isEmpty()) {
      throw new AssertionError(name + ", of " + size() + " expected rows:" + difference);
    }
  }

  private Counts counts(JsonNode row) {
    return rows.computeIfAbsent(row.toString(), key -> new Counts());
  }

  private long total(ToIntFunction<Counts> number) {
    return rows.values().stream().mapToLong(number::applyAsInt).sum();
  }

  private String show(String what, ToIntFunction<Counts> number) {
    long total = total(number);
    if (total == 0) {
      return "";
    }
    return rows.entrySet().stream()
        .filter(row -> number.applyAsInt(row.getValue()) > 0)
        .map(Map.Entry::getKey)
        .sorted()
        .limit(ROWS_SHOWN)
        .collect(Collectors.joining("\n  ", "\n" + total + " " + what + ", such as\n  ", ""));
  }
}
