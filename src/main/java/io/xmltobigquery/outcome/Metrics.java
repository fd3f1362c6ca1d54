package io.xmltobigquery.outcome;

import io.xmltobigquery.xml.RejectionReason;
import java.util.Locale;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.StringSet;

/** The names of all metrics. Dashboards, alerts and the command's summary rely on them. */
public final class Metrics {

  /** The namespace of all our metrics. */
  public static final String NAMESPACE = "xml-to-bigquery";

  /** Bytes of accepted and rejected files, as stored. */
  public static final String FILE_BYTES = "file-bytes";

  /** Bytes of rows that were held in files. */
  public static final String HELD_BYTES = "held-bytes";

  /**
   * Streaming: seconds from the event in Cloud Storage to the moment when all rows of a good file
   * are in the hands of the write. A distribution.
   */
  public static final String SECONDS_TO_ACCEPTED = "seconds-to-accepted";

  /**
   * Streaming: file versions that were found by looking before a notification told of them, if one
   * ever did.
   */
  public static final String FILES_WITHOUT_NOTIFICATION = "files-without-notification";

  /**
   * Elements, attributes and texts around the records of accepted files that the mapping doesn't
   * name.
   */
  public static final String SKIPPED_OUTSIDE = "skipped-outside-records";

  private static final String NOTIFICATIONS = "notifications-";
  private static final String FILES = "files-";
  private static final String ROWS = "rows-";
  private static final String INVALID_RECORDS = "invalid-records-";
  private static final String REFUSED_ROWS = "refused-rows-";
  private static final String PARENT_INVALID = "parent-invalid-";
  private static final String SKIPPED = "skipped-in-";
  private static final String SKIPPED_PATHS = "skipped-paths-";
  private static final String FILLED_COLUMNS = "filled-columns-";
  private static final String MARKUP = "texts-with-elements-";
  private static final String LEFT_OUT = "items-left-out-";

  private Metrics() {}

  /** Messages from the subscription: {@code notifications-wanted}, … */
  public static String notifications(NotificationResult result) {
    return NOTIFICATIONS + lowerCase(result);
  }

  /** File versions with an outcome: {@code files-accepted}, … */
  public static String files(Outcome outcome) {
    return FILES + lowerCase(outcome);
  }

  /** Rejected file versions by reason: {@code files-rejected-truncated}, … */
  public static String filesRejected(RejectionReason reason) {
    return files(Outcome.REJECTED) + "-" + lowerCase(reason);
  }

  /** Rows of good files that go to the write of a table: {@code rows-orders}, … */
  public static String rows(String table) {
    return ROWS + table;
  }

  /** Records of accepted files that went to the dead letter: {@code invalid-records-orders}, … */
  public static String invalidRecords(String table) {
    return INVALID_RECORDS + table;
  }

  /**
   * Rows that the table refused and that went to the dead letter: {@code refused-rows-orders}, …
   */
  public static String refusedRows(String table) {
    return REFUSED_ROWS + table;
  }

  /**
   * Rows of good files that are left out since a row around them is invalid: {@code
   * parent-invalid-lines}, …
   */
  public static String parentInvalid(String table) {
    return PARENT_INVALID + table;
  }

  /**
   * Elements, attributes and texts in records of accepted files that the mapping doesn't name:
   * {@code skipped-in-orders}, …
   */
  public static String skipped(String table) {
    return SKIPPED + table;
  }

  /**
   * Their paths, a set of texts: {@code skipped-paths-orders}, …; of what is around records it is
   * {@code skipped-paths-}.
   */
  public static String skippedPaths(String table) {
    return SKIPPED_PATHS + table;
  }

  /**
   * The columns that had a value in a good file, a set of texts: {@code filled-columns-orders}, …
   */
  public static String filledColumns(String table) {
    return FILLED_COLUMNS + table;
  }

  /** Texts that stood in elements inside the column's own: {@code texts-with-elements-orders}, … */
  public static String markup(String table) {
    return MARKUP + table;
  }

  /** Items of arrays that are empty, nil or a null marker: {@code items-left-out-orders}, … */
  public static String leftOut(String table) {
    return LEFT_OUT + table;
  }

  public static StringSet stringSet(String name) {
    return org.apache.beam.sdk.metrics.Metrics.stringSet(NAMESPACE, name);
  }

  public static Counter counter(String name) {
    return org.apache.beam.sdk.metrics.Metrics.counter(NAMESPACE, name);
  }

  public static Distribution distribution(String name) {
    return org.apache.beam.sdk.metrics.Metrics.distribution(NAMESPACE, name);
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
