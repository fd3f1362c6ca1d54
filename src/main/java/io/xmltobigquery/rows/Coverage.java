package io.xmltobigquery.rows;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a mapping and what was read by it have covered each other: which columns had something to
 * take, and what nobody took. Those of a document's parts, and of documents, are {@linkplain #join
 * joined}; {@link Warning#of} says what of it people should know. Its size doesn't depend on the
 * document's.
 *
 * @param tables by the table's number in the mapping
 * @param outside what was skipped around records
 */
public record Coverage(List<OfTable> tables, Skipped outside) {

  /** So many different paths are told apart for each table; all others are one count. */
  public static final int MOST_PATHS = 100;

  public Coverage {
    tables = List.copyOf(tables);
  }

  /** That of nothing read yet. */
  public static Coverage none(int tables) {
    return new Coverage(Collections.nCopies(tables, OfTable.NONE), Skipped.NONE);
  }

  /** With that of what was read after it by the same mapping. */
  public Coverage join(Coverage next) {
    List<OfTable> joined = new ArrayList<>();
    for (int i = 0; i < tables.size(); i++) {
      joined.add(tables.get(i).join(next.tables.get(i)));
    }
    return new Coverage(joined, outside.join(next.outside));
  }

  /**
   * That of one table.
   *
   * @param filled the numbers of the columns whose sources had a value, be it in an invalid record;
   *     not to be changed
   * @param markup by the column's number: how many of its texts stood in elements inside its own,
   *     where the mapping doesn't ask for that by name
   * @param leftOut by the number of a REPEATED column: how many items are missing in it, being
   *     empty, nil or a null marker
   * @param parentInvalid rows that are left out since a row around them is invalid
   * @param skipped what was skipped in its records
   */
  public record OfTable(
      BitSet filled,
      SortedMap<Integer, Long> markup,
      SortedMap<Integer, Long> leftOut,
      long parentInvalid,
      Skipped skipped) {

    static final OfTable NONE =
        new OfTable(new BitSet(), new TreeMap<>(), new TreeMap<>(), 0, Skipped.NONE);

    public OfTable {
      markup = Collections.unmodifiableSortedMap(markup);
      leftOut = Collections.unmodifiableSortedMap(leftOut);
    }

    private OfTable join(OfTable next) {
      BitSet columns = (BitSet) filled.clone();
      columns.or(next.filled);
      return new OfTable(
          columns,
          sum(markup, next.markup),
          sum(leftOut, next.leftOut),
          parentInvalid + next.parentInvalid,
          skipped.join(next.skipped));
    }

    private static SortedMap<Integer, Long> sum(
        SortedMap<Integer, Long> one, SortedMap<Integer, Long> other) {
      SortedMap<Integer, Long> sum = new TreeMap<>(one);
      other.forEach((column, count) -> sum.merge(column, count, Long::sum));
      return sum;
    }
  }

  /**
   * Elements, attributes and texts that no path of the mapping takes. What is inside a skipped
   * element is skipped with it, and not counted.
   *
   * @param counts by the path from the root, as the mapping would write it ({@code /a/b}, {@code
   *     /a/@b}, {@code /a/text()}), the first that came first; {@link #MOST_PATHS} at most
   * @param others how many there were at other paths
   */
  public record Skipped(Map<String, Long> counts, long others) {

    public static final Skipped NONE = new Skipped(Map.of(), 0);

    public Skipped {
      counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }

    /** How many in all. */
    public long total() {
      return others + counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private Skipped join(Skipped next) {
      Map<String, Long> joined = new LinkedHashMap<>(counts);
      long more = others + next.others;
      for (Map.Entry<String, Long> path : next.counts.entrySet()) {
        if (joined.size() < MOST_PATHS || joined.containsKey(path.getKey())) {
          joined.merge(path.getKey(), path.getValue(), Long::sum);
        } else {
          more += path.getValue();
        }
      }
      return new Skipped(joined, more);
    }
  }
}
