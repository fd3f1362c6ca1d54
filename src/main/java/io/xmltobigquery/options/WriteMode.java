package io.xmltobigquery.options;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryIO.Write.Method;

/** How often a row gets into its table: {@code --writeMode}. */
public enum WriteMode {
  /** Through streams of this job's own, which are committed when all their rows are there. */
  @JsonProperty("exactly-once")
  EXACTLY_ONCE(Method.STORAGE_WRITE_API),
  /** Through the table's default stream: a row that is sent again may be there twice. */
  @JsonProperty("at-least-once")
  AT_LEAST_ONCE(Method.STORAGE_API_AT_LEAST_ONCE),
  /**
   * Through the default stream, too: a row replaces the one that has its key, or deletes it. So one
   * that is sent again changes nothing.
   */
  @JsonProperty("upsert")
  UPSERT(Method.STORAGE_API_AT_LEAST_ONCE);

  private final Method method;

  WriteMode(Method method) {
    this.method = method;
  }

  public Method method() {
    return method;
  }
}
