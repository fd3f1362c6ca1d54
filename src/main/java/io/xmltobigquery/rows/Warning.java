package io.xmltobigquery.rows;

import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.Namespaces;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What people should know of what was read by a mapping, though nothing is wrong with it.
 *
 * @param table null for what stands around records
 * @param path of the file for what was skipped, of the column or of the records otherwise; null if
 *     it stands for all others of its kind, which aren't told one by one
 * @param count how often; of columns that stand for others, how many they are; else 0
 * @param nearest the path of the file, or for what was skipped of the mapping, that was probably
 *     meant; null if none is like it
 */
public record Warning(
    Kind kind,
    @Nullable String table,
    @Nullable String path,
    long count,
    @Nullable String nearest) {

  /** So many of one kind and table are told one by one. */
  private static final int MOST = Coverage.MOST_PATHS;

  /** What it is about. */
  public enum Kind {
    /** No element is a record of the table. */
    NO_RECORDS("no records at %s"),
    /** Rows that are left out since a row around them is invalid. */
    PARENT_INVALID("rows are left out with an invalid row around them"),
    /** There are records, and the column's source is in none of them. */
    NEVER_FILLED("%s is in no record"),
    /** Elements, attributes or texts that the mapping doesn't name. */
    SKIPPED("%s is skipped"),
    /** Texts that stood in elements inside the column's own. */
    MARKUP("%s has elements in its text"),
    /** Items of an array that are empty, nil or a null marker. */
    ITEMS_LEFT_OUT("items without a value are left out of %s");

    private final String sentence;

    Kind(String sentence) {
      this.sentence = sentence;
    }
  }

  /**
   * All that is to be told.
   *
   * @param records by table: how many records were read, valid or not
   */
  public static List<Warning> of(CompiledMapping mapping, Coverage coverage, List<Long> records) {
    List<Warning> warnings = new ArrayList<>();
    List<String> skipped = new ArrayList<>(coverage.outside().counts().keySet());
    coverage.tables().forEach(table -> skipped.addAll(table.skipped().counts().keySet()));
    List<String> unmatched = new ArrayList<>();
    for (TableColumns table : mapping.tables()) {
      long parentInvalid = coverage.tables().get(table.id()).parentInvalid();
      if (parentInvalid > 0) {
        warnings.add(new Warning(Kind.PARENT_INVALID, table.name(), null, parentInvalid, null));
      }
      List<String> paths =
          MappedPaths.records(table.mapping()).stream()
              .map(steps -> String.join("", steps))
              .toList();
      if (records.get(table.id()) == 0) {
        unmatched.addAll(paths);
        String nearest =
            paths.stream()
                .map(path -> MappedPaths.nearest(path, skipped))
                .filter(path -> path != null)
                .findFirst()
                .orElse(null);
        warnings.add(
            new Warning(Kind.NO_RECORDS, table.name(), table.mapping().recordText(), 0, nearest));
      } else {
        of(table, coverage.tables().get(table.id()), skipped, warnings);
      }
    }
    skipped(null, coverage.outside(), unmatched, warnings);
    return warnings;
  }

  private static void of(
      TableColumns table, Coverage.OfTable coverage, List<String> skipped, List<Warning> warnings) {
    Map<String, List<String>> unfilled = new LinkedHashMap<>();
    long others =
        addUnfilled(
            table.columns(),
            table.mapping().fields(),
            MappedPaths.records(table.mapping()),
            table.mapping().names(),
            coverage,
            unfilled);
    unfilled.forEach(
        (column, sources) ->
            warnings.add(
                new Warning(
                    Kind.NEVER_FILLED,
                    table.name(),
                    column,
                    0,
                    sources.stream()
                        .map(source -> MappedPaths.nearest(source, skipped))
                        .filter(path -> path != null)
                        .findFirst()
                        .orElse(null))));
    if (others > 0) {
      warnings.add(new Warning(Kind.NEVER_FILLED, table.name(), null, others, null));
    }
    List<String> sources = unfilled.values().stream().flatMap(List::stream).toList();
    skipped(table.name(), coverage.skipped(), sources, warnings);
    if (coverage.markup().isEmpty() && coverage.leftOut().isEmpty()) {
      return;
    }
    List<String> columns = new ArrayList<>();
    addPaths(table.columns(), columns);
    counted(Kind.MARKUP, table, coverage.markup(), columns, warnings);
    counted(Kind.ITEMS_LEFT_OUT, table, coverage.leftOut(), columns, warnings);
  }

  /** How many columns there are beyond those that are added. */
  private static long addUnfilled(
      List<Column> columns,
      List<Field> fields,
      List<List<String>> from,
      Namespaces names,
      Coverage.OfTable coverage,
      Map<String, List<String>> unfilled) {
    long others = 0;
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      // That nothing is left is good news.
      boolean filled = coverage.filled().get(column.id()) || fields.get(i).source().isRest();
      if (filled && column.columns().isEmpty()) {
        continue;
      }
      if (!filled && unfilled.size() == MOST) {
        others++;
        continue;
      }
      List<List<String>> sources = MappedPaths.sources(from, fields.get(i), names);
      if (filled) {
        others +=
            addUnfilled(
                column.columns(), fields.get(i).fields(), sources, names, coverage, unfilled);
      } else {
        unfilled.put(column.path(), sources.stream().map(steps -> String.join("", steps)).toList());
      }
    }
    return others;
  }

  private static void skipped(
      @Nullable String table,
      Coverage.Skipped skipped,
      List<String> unused,
      List<Warning> warnings) {
    skipped
        .counts()
        .forEach(
            (path, count) ->
                warnings.add(
                    new Warning(
                        Kind.SKIPPED, table, path, count, MappedPaths.nearest(path, unused))));
    if (skipped.others() > 0) {
      warnings.add(new Warning(Kind.SKIPPED, table, null, skipped.others(), null));
    }
  }

  private static void addPaths(List<Column> columns, List<String> paths) {
    for (Column column : columns) {
      paths.add(column.path());
      addPaths(column.columns(), paths);
    }
  }

  private static void counted(
      Kind kind,
      TableColumns table,
      Map<Integer, Long> counts,
      List<String> columns,
      List<Warning> warnings) {
    counts.entrySet().stream()
        .limit(MOST)
        .forEach(
            count ->
                warnings.add(
                    new Warning(
                        kind, table.name(), columns.get(count.getKey()), count.getValue(), null)));
    long others = counts.values().stream().skip(MOST).mapToLong(Long::longValue).sum();
    if (others > 0) {
      warnings.add(new Warning(kind, table.name(), null, others, null));
    }
  }

  /** As people read it. */
  public String sentence() {
    StringBuilder sentence = new StringBuilder(table == null ? "around records" : table);
    sentence
        .append(": ")
        .append(kind.sentence.formatted(path == null ? "what isn't listed" : path));
    if (count > 0) {
      sentence.append(String.format(Locale.ROOT, ", %,d×", count));
    }
    if (nearest != null) {
      sentence.append(kind == Kind.SKIPPED ? "; the mapping has " : "; there is ").append(nearest);
    }
    return sentence.toString();
  }
}
