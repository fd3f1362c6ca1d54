package io.xmltobigquery.values;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneRules;
import java.util.List;

/** Microseconds from one time zone to another, by the rules of java.time. */
final class Zones {

  private Zones() {}

  /**
   * The instant of a local time.
   *
   * @throws InvalidValueException if clocks were put forward over it, or back so that it is twice
   */
  static long instant(long localMicros, ZoneId zone) throws InvalidValueException {
    ZoneRules rules = zone.getRules();
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(localMicros, Micros.PER_SECOND), 0, ZoneOffset.UTC);
    List<ZoneOffset> offsets = rules.getValidOffsets(local);
    if (offsets.size() != 1) {
      throw new InvalidValueException(
          "is a time that "
              + (offsets.isEmpty() ? "doesn't exist" : "is there twice")
              + " in "
              + zone
              + ", where the clocks are changed");
    }
    return localMicros - offsets.get(0).getTotalSeconds() * Micros.PER_SECOND;
  }

  /** The local time of an instant. */
  static long local(long micros, ZoneId zone) {
    Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    return micros + zone.getRules().getOffset(instant).getTotalSeconds() * Micros.PER_SECOND;
  }

  /** A local time as a value of a type without a time zone. */
  static long civil(ColumnType type, long localMicros) throws InvalidValueException {
    if (type == ColumnType.TIME) {
      return Math.floorMod(localMicros, Micros.PER_DAY);
    }
    long inRange = Temporals.inRange(type, localMicros);
    return type == ColumnType.DATE ? Math.floorDiv(inRange, Micros.PER_DAY) : inRange;
  }
}
