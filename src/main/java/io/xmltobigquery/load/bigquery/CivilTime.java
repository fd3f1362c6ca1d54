package io.xmltobigquery.load.bigquery;

import java.time.LocalDate;

/**
 * DATETIME and TIME as the Storage Write API takes them: year, month, day, hour, minute, second and
 * microsecond in bits of their own, as Google's {@code CivilTimeEncoder} packs them.
 */
final class CivilTime {

  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;
  private static final long MICROS_PER_HOUR = 60 * MICROS_PER_MINUTE;
  private static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

  private static final int SECOND_SHIFT = 20;
  private static final int MINUTE_SHIFT = SECOND_SHIFT + 6;
  private static final int HOUR_SHIFT = MINUTE_SHIFT + 6;
  private static final int DAY_SHIFT = HOUR_SHIFT + 5;
  private static final int MONTH_SHIFT = DAY_SHIFT + 5;
  private static final int YEAR_SHIFT = MONTH_SHIFT + 4;

  private CivilTime() {}

  /**
   * Packs a TIME.
   *
   * @param micros microseconds since midnight
   */
  static long packTime(long micros) {
    return (micros / MICROS_PER_HOUR) << HOUR_SHIFT
        | (micros / MICROS_PER_MINUTE % 60) << MINUTE_SHIFT
        | (micros / MICROS_PER_SECOND % 60) << SECOND_SHIFT
        | micros % MICROS_PER_SECOND;
  }

  /**
   * Packs a DATETIME.
   *
   * @param micros microseconds since 1970-01-01T00:00:00, of the years 0001 to 9999
   */
  static long packDateTime(long micros) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(micros, MICROS_PER_DAY));
    return (long) date.getYear() << YEAR_SHIFT
        | (long) date.getMonthValue() << MONTH_SHIFT
        | (long) date.getDayOfMonth() << DAY_SHIFT
        | packTime(Math.floorMod(micros, MICROS_PER_DAY));
  }

  /** Microseconds since midnight of a packed TIME. */
  static long timeMicros(long packed) {
    return bits(packed, HOUR_SHIFT, DAY_SHIFT) * MICROS_PER_HOUR
        + bits(packed, MINUTE_SHIFT, HOUR_SHIFT) * MICROS_PER_MINUTE
        + bits(packed, SECOND_SHIFT, MINUTE_SHIFT) * MICROS_PER_SECOND
        + bits(packed, 0, SECOND_SHIFT);
  }

  /** Microseconds since 1970-01-01T00:00:00 of a packed DATETIME. */
  static long dateTimeMicros(long packed) {
    LocalDate date =
        LocalDate.of(
            (int) (packed >> YEAR_SHIFT),
            (int) bits(packed, MONTH_SHIFT, YEAR_SHIFT),
            (int) bits(packed, DAY_SHIFT, MONTH_SHIFT));
    return date.toEpochDay() * MICROS_PER_DAY + timeMicros(packed);
  }

  private static long bits(long packed, int from, int to) {
    return (packed >> from) & ((1L << (to - from)) - 1);
  }
}
