package io.xmltobigquery.flow.write.bigquery.wire;

import io.xmltobigquery.values.Micros;
import java.time.LocalDate;

/**
 * DATETIME and TIME as the Storage Write API takes them: year, month, day, hour, minute, second and
 * microsecond in bits of their own, as Google's {@code CivilTimeEncoder} packs them.
 */
final class CivilTime {

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
    return (micros / Micros.PER_HOUR) << HOUR_SHIFT
        | (micros / Micros.PER_MINUTE % 60) << MINUTE_SHIFT
        | (micros / Micros.PER_SECOND % 60) << SECOND_SHIFT
        | micros % Micros.PER_SECOND;
  }

  /**
   * Packs a DATETIME.
   *
   * @param micros microseconds since 1970-01-01T00:00:00, of the years 0001 to 9999
   */
  static long packDateTime(long micros) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(micros, Micros.PER_DAY));
    return (long) date.getYear() << YEAR_SHIFT
        | (long) date.getMonthValue() << MONTH_SHIFT
        | (long) date.getDayOfMonth() << DAY_SHIFT
        | packTime(Math.floorMod(micros, Micros.PER_DAY));
  }

  /** Microseconds since midnight of a packed TIME. */
  static long timeMicros(long packed) {
    return bits(packed, HOUR_SHIFT, DAY_SHIFT) * Micros.PER_HOUR
        + bits(packed, MINUTE_SHIFT, HOUR_SHIFT) * Micros.PER_MINUTE
        + bits(packed, SECOND_SHIFT, MINUTE_SHIFT) * Micros.PER_SECOND
        + bits(packed, 0, SECOND_SHIFT);
  }

  /** Microseconds since 1970-01-01T00:00:00 of a packed DATETIME. */
  static long dateTimeMicros(long packed) {
    LocalDate date =
        LocalDate.of(
            (int) (packed >> YEAR_SHIFT),
            (int) bits(packed, MONTH_SHIFT, YEAR_SHIFT),
            (int) bits(packed, DAY_SHIFT, MONTH_SHIFT));
    return date.toEpochDay() * Micros.PER_DAY + timeMicros(packed);
  }

  private static long bits(long packed, int from, int to) {
    return (packed >> from) & ((1L << (to - from)) - 1);
  }
}
