package io.xmltobigquery.flow.write.bigquery;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableConstraints;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether a table has the primary key that the mapping gives it: BigQuery finds the row to change
 * by the table's own.
 */
final class KeyFit {

  private KeyFit() {}

  /**
   * Says what doesn't fit.
   *
   * @param wanted the table as it would be created
   * @param there the table that is there
   */
  static Optional<String> problem(Table wanted, Table there) {
    List<String> key = key(wanted);
    List<String> keyThere = key(there);
    if (key.isEmpty() || names(key).equals(names(keyThere))) {
      return Optional.empty();
    }
    String columns = "(" + String.join(", ", key) + ")";
    return Optional.of(
        keyThere.isEmpty()
            ? "it has no primary key: ALTER TABLE … ADD PRIMARY KEY " + columns + " NOT ENFORCED."
            : "its primary key is ("
                + String.join(", ", keyThere)
                + ") in the table and "
                + columns
                + " in the mapping.");
  }

  private static List<String> key(Table table) {
    return Optional.ofNullable(table.getTableConstraints())
        .map(TableConstraints::getPrimaryKey)
        .map(TableConstraints.PrimaryKey::getColumns)
        .orElse(List.of());
  }

  private static Set<String> names(List<String> columns) {
    return columns.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }
}
