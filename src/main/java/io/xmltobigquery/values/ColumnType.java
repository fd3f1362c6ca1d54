package io.xmltobigquery.values;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

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
  /** What is in an element, as JSON; no text of a document is taken for JSON. */
  JSON,
  /** An element with columns of its own. */
  RECORD;

  /** Digits that a NUMERIC has after the point at most. */
  public static final int NUMERIC_SCALE = 9;

  /** Digits that a BIGNUMERIC has after the point at most. */
  public static final int BIGNUMERIC_SCALE = 38;

  private static final Map<String, ColumnType> BY_NAME = byName();

  /** All types by BigQuery's names for them, some of which have two. */
  public static Map<String, ColumnType> names() {
    return BY_NAME;
  }

  private static Map<String, ColumnType> byName() {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    for (ColumnType type : values()) {
      types.put(type.name(), type);
    }
    types.put("INTEGER", INT64);
    types.put("FLOAT", FLOAT64);
    types.put("BOOLEAN", BOOL);
    types.put("DECIMAL", NUMERIC);
    types.put("BIGDECIMAL", BIGNUMERIC);
    types.put("STRUCT", RECORD);
    return Collections.unmodifiableMap(types);
  }
}
