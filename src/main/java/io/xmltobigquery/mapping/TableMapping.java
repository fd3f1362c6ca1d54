package io.xmltobigquery.mapping;

import io.xmltobigquery.mapping.Path.Anchor;
import io.xmltobigquery.mapping.Path.Step;
import io.xmltobigquery.mapping.Path.Take;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which record elements go to which table, and how.
 *
 * @param table the table's name, without project and dataset
 * @param records the paths of the record elements from above the root element, at least one
 * @param recordText the paths as the mapping writes them
 * @param ignoreUnknown whether elements, attributes and text that the mapping doesn't name are
 *     skipped; otherwise they are errors
 * @param bigQuery what goes to BigQuery as it is, such as clustering: the members of a {@code
 *     Table} of BigQuery's REST API, as JSON
 * @param primaryKey the names of the columns that tell its rows apart; empty for a table that is
 *     only appended to
 * @param deleteWhen what holds for a record that deletes the row of its key, or null if none does
 * @param fields the columns, in the table's order
 * @param names what the prefixes of its paths stand for
 */
public record TableMapping(
    String table,
    List<Path> records,
    String recordText,
    boolean ignoreUnknown,
    String bigQuery,
    List<String> primaryKey,
    Path.@Nullable Predicate deleteWhen,
    List<Field> fields,
    Namespaces names)
    implements Serializable {

  /**
   * Columns of a table with a primary key, those inside RECORDs not counted. BigQuery: "Stream
   * table updates with change data capture", limitations.
   */
  public static final int MOST_COLUMNS_WITH_KEY = 2_000;

  public TableMapping {
    records = List.copyOf(records);
    primaryKey = List.copyOf(primaryKey);
    fields = List.copyOf(fields);
  }

  /**
   * A table whose records all have one path.
   *
   * @param record from the root element, never empty
   */
  public static TableMapping of(
      String table, List<XmlName> record, boolean ignoreUnknown, List<Field> fields) {
    List<Step> steps =
        record.stream().map(name -> new Step(false, NameTest.of(name), List.of())).toList();
    return new TableMapping(
        table,
        List.of(new Path(Anchor.ROOT, steps, false, Take.ELEMENT, null)),
        record.toString(),
        ignoreUnknown,
        "{}",
        List.of(),
        null,
        fields,
        Namespaces.KNOWN);
  }

  /**
   * The only path that records have, if it is known from the names of elements alone; empty if not.
   */
  public List<XmlName> record() {
    @Nullable List<XmlName> names = records.size() > 1 ? null : records.get(0).plainSteps();
    return names == null ? List.of() : List.copyOf(names);
  }
}
