package io.xmltobigquery.values;

/** Units of time in microseconds, as BigQuery counts. */
public final class Micros {

  public static final long PER_SECOND = 1_000_000;
  public static final long PER_MINUTE = 60 * PER_SECOND;
  public static final long PER_HOUR = 60 * PER_MINUTE;
  public static final long PER_DAY = 24 * PER_HOUR;

  private Micros() {}
}
