package io.xmltobigquery.options;

import com.google.api.services.bigquery.model.TableReference;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A BigQuery dataset, which a user writes as {@code PROJECT:DATASET}. */
public record DatasetName(String project, String dataset) {

  /** A project's name may begin with a domain and a colon. */
  private static final Pattern SYNTAX =
      Pattern.compile("((?:[a-z][a-z0-9.-]*:)?[a-z][a-z0-9-]+):([A-Za-z0-9_]{1,1024})");

  /** Reads a name; nothing if the text isn't one. */
  public static Optional<DatasetName> parse(String text) {
    Matcher name = SYNTAX.matcher(text);
    return name.matches()
        ? Optional.of(new DatasetName(name.group(1), name.group(2)))
        : Optional.empty();
  }

  public TableReference table(String table) {
    return new TableReference().setProjectId(project).setDatasetId(dataset).setTableId(table);
  }

  @Override
  public String toString() {
    return project + ":" + dataset;
  }
}
