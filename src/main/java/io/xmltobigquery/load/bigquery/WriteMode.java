package io.xmltobigquery.load.bigquery;

import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO.Write.Method;

/** How often a row gets into its table. */
public enum WriteMode {
  /** Through streams of this job's own, which are committed when all their rows are there. */
  EXACTLY_ONCE("exactly-once", Method.STORAGE_WRITE_API),
  /** Through the table's default stream: a row that is sent again may be there twice. */
  AT_LEAST_ONCE("at-least-once", Method.STORAGE_API_AT_LEAST_ONCE);

  private final String option;
  private final Method method;

  WriteMode(String option, Method method) {
    this.option = option;
    this.method = method;
  }

  /** The values of {@code --writeMode}. */
  public static List<String> options() {
    return Arrays.stream(values()).map(mode -> mode.option).toList();
  }

  /**
   * Reads a value of {@code --writeMode}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static WriteMode of(String option) {
    return Arrays.stream(values())
        .filter(mode -> mode.option.equals(option))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(option));
  }

  /** The value of {@code --writeMode}. */
  public String option() {
    return option;
  }

  Method method() {
    return method;
  }
}
