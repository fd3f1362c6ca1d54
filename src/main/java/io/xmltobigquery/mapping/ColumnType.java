package io.xmltobigquery.mapping;

/** The BigQuery column types that a mapping may use, by their names in BigQuery's JSON schema. */
public enum ColumnType {
  /** Text, as it stands; with a {@link Lexical}, white space collapsed and checked. */
  STRING,
  /** {@code xs:base64Binary}. */
  BYTES,
  /** {@code xs:integer} within 64 bits. */
  INT64,
  /** {@code xs:double}. */
  FLOAT64,
  /** {@code xs:decimal} with at most 29 digits before and 9 after the point. */
  NUMERIC,
  /** {@code xs:decimal} within BigQuery's 76.76 digits, at most 38 after the point. */
  BIGNUMERIC,
  /** {@code xs:boolean}. */
  BOOL,
  /** {@code xs:date} without a time zone. */
  DATE,
  /** {@code xs:dateTime} without a time zone. */
  DATETIME,
  /** {@code xs:time} without a time zone. */
  TIME,
  /** {@code xs:dateTime}; without a time zone it is UTC, as it is for BigQuery. */
  TIMESTAMP,
  /** An element with columns of its own. */
  RECORD
}
