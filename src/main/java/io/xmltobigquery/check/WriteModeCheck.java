package io.xmltobigquery.check;

import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.options.DatasetName;
import io.xmltobigquery.options.Problems;
import io.xmltobigquery.options.WriteMode;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Whether the tables of the mapping are such that they can be written to in the mode. */
final class WriteModeCheck {

  private WriteModeCheck() {}

  /** The problems, each with its option and what to do. */
  static List<String> problems(XmlToBigQueryOptions options, Mapping mapping) {
    Problems problems = new Problems();
    boolean upserts = options.getWriteMode() == WriteMode.UPSERT;
    boolean intoBigQuery =
        options.getOutput() != null && DatasetName.parse(options.getOutput()).isPresent();
    if (upserts && !intoBigQuery) {
      problems.add(
          "--writeMode",
          "upsert changes rows of tables, and a directory has none; give a dataset, as"
              + " PROJECT:DATASET, or leave it out");
    } else if (upserts) {
      String without = names(mapping, table -> table.primaryKey().isEmpty());
      if (!without.isEmpty()) {
        problems.add(
            "--writeMode",
            "upsert needs a primaryKey in the mapping for each table, and there is none for "
                + without
                + "; add it, or choose another mode");
      }
      checkLineage(options, mapping, problems);
    } else if (intoBigQuery) {
      String with = names(mapping, table -> !table.primaryKey().isEmpty());
      if (!with.isEmpty()) {
        problems.add(
            "--writeMode",
            "the mapping has a primaryKey for "
                + with
                + ", and BigQuery believes it without looking, so that queries would be wrong when a"
                + " row comes twice; choose upsert, or remove the key from the mapping and from the table"
                + " (ALTER TABLE … DROP PRIMARY KEY)");
      }
    } else {
      String deletes = names(mapping, table -> table.deleteWhen() != null);
      if (!deletes.isEmpty()) {
        problems.add(
            "--output",
            "nothing is deleted in a directory, and the mapping has a deleteWhen for "
                + deletes
                + "; give a dataset and --writeMode=upsert, or remove deleteWhen");
      }
    }
    return problems.lines();
  }

  private static void checkLineage(
      XmlToBigQueryOptions options, Mapping mapping, Problems problems) {
    String full =
        names(mapping, table -> table.fields().size() >= TableMapping.MOST_COLUMNS_WITH_KEY);
    if (options.getLineage() && !full.isEmpty()) {
      problems.add(
          "--lineage",
          full
              + " would have more than "
              + TableMapping.MOST_COLUMNS_WITH_KEY
              + " columns, and BigQuery takes no more of a table with a primaryKey; leave it out");
    }
  }

  private static String names(Mapping mapping, Predicate<TableMapping> of) {
    return mapping.tables().stream()
        .filter(of)
        .map(TableMapping::table)
        .collect(Collectors.joining(", "));
  }
}
