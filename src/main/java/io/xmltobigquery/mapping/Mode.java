package io.xmltobigquery.mapping;

/** How often a column's value may occur in a record: BigQuery's column modes. */
public enum Mode {
  /** At most once. */
  NULLABLE,
  /** Exactly once. */
  REQUIRED,
  /** Any number of times. */
  REPEATED
}
