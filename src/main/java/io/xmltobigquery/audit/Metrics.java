package io.xmltobigquery.audit;

import io.xmltobigquery.xml.RejectionReason;
import java.util.Locale;
import org.apache.beam.sdk.metrics.Counter;

/** The names of all metrics. Dashboards, alerts and the command's summary rely on them. */
public final class Metrics {

  /** The namespace of all our metrics. */
  public static final String NAMESPACE = "xml-to-bigquery";

  /** Bytes of accepted and rejected files, as stored. */
  public static final String FILE_BYTES = "file-bytes";

  private static final String FILES = "files-";
  private static final String ROWS = "rows-";
  private static final String INVALID_RECORDS = "invalid-records-";
  private static final String REFUSED_ROWS = "refused-rows-";

  private Metrics() {}

  /** File versions with an outcome: {@code files-accepted}, … */
  public static String files(Outcome outcome) {
    return FILES + lowerCase(outcome);
  }

  /** Rejected file versions by reason: {@code files-rejected-truncated}, … */
  public static String filesRejected(RejectionReason reason) {
    return files(Outcome.REJECTED) + "-" + lowerCase(reason);
  }

  /** Rows handed to the write of a table: {@code rows-orders}, … */
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

  public static Counter counter(String name) {
    return org.apache.beam.sdk.metrics.Metrics.counter(NAMESPACE, name);
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
