package io.xmltobigquery.values;

import static io.xmltobigquery.values.Syntax.digitsEnd;
import static io.xmltobigquery.values.Syntax.error;
import static io.xmltobigquery.values.Syntax.isDigit;
import static io.xmltobigquery.values.Syntax.trimZeros;

import java.time.LocalDate;
import java.time.ZoneId;

/**
 * The days and times of {@link Values}: xs:date, xs:time and xs:dateTime.
 *
 * <p>A method {@code xxxEnd} checks the part of the text that begins at {@code at} and returns
 * where it ends. Within a part every field has a fixed place, except that the year may be longer
 * than four digits; so the values are read from there afterwards, and nothing is allocated.
 */
final class Temporals {

  private static final long FIRST_DAY = LocalDate.of(1, 1, 1).toEpochDay();
  private static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();
  private static final long FIRST_MICRO = FIRST_DAY * Micros.PER_DAY;
  private static final long LAST_MICRO = (LAST_DAY + 1) * Micros.PER_DAY - 1;

  /** A year far beyond BigQuery's, yet one that a number of microseconds can hold. */
  private static final int HUGE_YEAR = 100_000;

  /** Days from 0000-03-01 to 1970-01-01. */
  private static final long EPOCH_FROM_YEAR_ZERO = 719_468;

  private static final int MONTH_AND_DAY_LENGTH = "-MM-DD".length();
  private static final int SECONDS_LENGTH = "hh:mm:ss".length();
  private static final int FRACTION_DIGITS = 6;

  private Temporals() {}

  static void checkDate(char[] text, int start, int end) throws InvalidValueException {
    int dateEnd = dateEnd(Lexical.DATE, text, start, end);
    checkZone(Lexical.DATE, text, start, dateEnd, end);
  }

  static void checkTime(char[] text, int start, int end) throws InvalidValueException {
    int timeEnd = timeEnd(Lexical.TIME, text, start, start, end);
    checkZone(Lexical.TIME, text, start, timeEnd, end);
  }

  static void checkDateTime(char[] text, int start, int end) throws InvalidValueException {
    int timeEnd = dateTimeEnd(text, start, end);
    checkZone(Lexical.DATE_TIME, text, start, timeEnd, end);
  }

  /** Part 2, 3.3.6: at least one of the components, and at least one behind a T. */
  static void checkDuration(char[] text, int start, int end) throws InvalidValueException {
    int at = start < end && text[start] == '-' ? start + 1 : start;
    checkCharacter(Lexical.DURATION, text, start, at, end, 'P');
    int dateEnd = componentsEnd(text, start, at + 1, end, "YMD");
    if (dateEnd < end && text[dateEnd] == 'T') {
      int timeEnd = componentsEnd(text, start, dateEnd + 1, end, "HMS");
      if (timeEnd == dateEnd + 1) {
        throw error(Lexical.DURATION, "hours, minutes or seconds", start, timeEnd);
      }
      checkEnd(Lexical.DURATION, start, timeEnd, end);
    } else {
      if (dateEnd == at + 1) {
        throw error(Lexical.DURATION, "years, months, days or 'T'", start, dateEnd);
      }
      checkEnd(Lexical.DURATION, start, dateEnd, end);
    }
  }

  /** The end of numbers that are followed by some of the letters, in their order. */
  private static int componentsEnd(char[] text, int start, int from, int end, String letters)
      throws InvalidValueException {
    int at = from;
    int next = 0;
    while (at < end && isDigit(text[at])) {
      int numberEnd = digitsEnd(text, at, end);
      int letterAt = fractionEnd(Lexical.DURATION, text, start, numberEnd, end);
      int letter = letterAt < end ? letters.indexOf(text[letterAt], next) : -1;
      if (letter < 0 || (letterAt > numberEnd && text[letterAt] != 'S')) {
        throw error(Lexical.DURATION, "what the number counts", start, letterAt);
      }
      next = letter + 1;
      at = letterAt + 1;
    }
    return at;
  }

  static void checkYear(char[] text, int start, int end) throws InvalidValueException {
    int yearEnd = yearEnd(Lexical.G_YEAR, text, start, end);
    checkZone(Lexical.G_YEAR, text, start, yearEnd, end);
  }

  static void checkYearMonth(char[] text, int start, int end) throws InvalidValueException {
    int yearEnd = yearEnd(Lexical.G_YEAR_MONTH, text, start, end);
    int monthEnd = monthEnd(Lexical.G_YEAR_MONTH, text, start, yearEnd, end);
    checkZone(Lexical.G_YEAR_MONTH, text, start, monthEnd, end);
  }

  static long date(char[] text, int start, int end) throws InvalidValueException {
    int dateEnd = dateEnd(Lexical.DATE, text, start, end);
    checkZone(Lexical.DATE, text, start, dateEnd, end);
    if (dateEnd != end) {
      throw new InvalidValueException("has a time zone; DATE has none: use STRING");
    }
    long days = days(text, start, dateEnd);
    if (days < FIRST_DAY || days > LAST_DAY) {
      throw new InvalidValueException("is beyond DATE (years 0001 to 9999)");
    }
    return days;
  }

  static long time(char[] text, int start, int end) throws InvalidValueException {
    int timeEnd = timeEnd(Lexical.TIME, text, start, start, end);
    checkZone(Lexical.TIME, text, start, timeEnd, end);
    if (timeEnd != end) {
      throw new InvalidValueException("has a time zone; TIME has none: use STRING");
    }
    return micros(ColumnType.TIME, text, start, timeEnd) % Micros.PER_DAY;
  }

  static long dateTime(char[] text, int start, int end) throws InvalidValueException {
    int timeEnd = dateTimeEnd(text, start, end);
    checkZone(Lexical.DATE_TIME, text, start, timeEnd, end);
    if (timeEnd != end) {
      throw new InvalidValueException(
          "has a time zone; DATETIME has none: use TIMESTAMP or STRING");
    }
    return inRange(ColumnType.DATETIME, localMicros(ColumnType.DATETIME, text, start, timeEnd));
  }

  /** In a zone if the text names none. */
  static long timestamp(char[] text, int start, int end, ZoneId zone) throws InvalidValueException {
    int timeEnd = dateTimeEnd(text, start, end);
    if (timeEnd != end) {
      return timestamp(text, start, end);
    }
    long local = localMicros(ColumnType.TIMESTAMP, text, start, timeEnd);
    // Also a year that no zone's rules can be asked about.
    long near = inRange(ColumnType.TIMESTAMP, local);
    return inRange(ColumnType.TIMESTAMP, Zones.instant(near, zone));
  }

  static long timestamp(char[] text, int start, int end) throws InvalidValueException {
    int timeEnd = dateTimeEnd(text, start, end);
    checkZone(Lexical.DATE_TIME, text, start, timeEnd, end);
    long local = localMicros(ColumnType.TIMESTAMP, text, start, timeEnd);
    return inRange(ColumnType.TIMESTAMP, local - zoneMicros(text, timeEnd, end));
  }

  static long inRange(ColumnType type, long micros) throws InvalidValueException {
    if (micros < FIRST_MICRO || micros > LAST_MICRO) {
      throw new InvalidValueException("is beyond " + type + " (years 0001 to 9999)");
    }
    return micros;
  }

  private static int dateTimeEnd(char[] text, int start, int end) throws InvalidValueException {
    int dateEnd = dateEnd(Lexical.DATE_TIME, text, start, end);
    checkCharacter(Lexical.DATE_TIME, text, start, dateEnd, end, 'T');
    return timeEnd(Lexical.DATE_TIME, text, start, dateEnd + 1, end);
  }

  private static int dateEnd(Lexical type, char[] text, int start, int end)
      throws InvalidValueException {
    int yearEnd = yearEnd(type, text, start, end);
    int monthEnd = monthEnd(type, text, start, yearEnd, end);
    int month = number(text, yearEnd + 1);
    checkCharacter(type, text, start, monthEnd, end, '-');
    int day = twoDigits(type, text, start, yearEnd + 4, end);
    if (day < 1 || day > daysOfMonth(text, yearEnd, month)) {
      throw error(type, "a day that the month has", start, yearEnd + 4);
    }
    return yearEnd + MONTH_AND_DAY_LENGTH;
  }

  private static int monthEnd(Lexical type, char[] text, int start, int yearEnd, int end)
      throws InvalidValueException {
    checkCharacter(type, text, start, yearEnd, end, '-');
    int month = twoDigits(type, text, start, yearEnd + 1, end);
    if (month < 1 || month > 12) {
      throw error(type, "a month of 01 to 12", start, yearEnd + 1);
    }
    return yearEnd + 3;
  }

  private static int yearEnd(Lexical type, char[] text, int start, int end)
      throws InvalidValueException {
    int digits = firstYearDigit(text, start, end);
    int yearEnd = digitsEnd(text, digits, end);
    if (yearEnd - digits < 4) {
      throw error(type, "a year of four digits or more", start, digits);
    }
    if (yearEnd - digits > 4 && text[digits] == '0') {
      throw error(type, "no zero before a year of more than four digits", start, digits);
    }
    return yearEnd;
  }

  private static int firstYearDigit(char[] text, int start, int end) {
    return start < end && text[start] == '-' ? start + 1 : start;
  }

  private static int daysOfMonth(char[] text, int yearEnd, int month) {
    return switch (month) {
      case 2 -> isLeapYear(text, yearEnd) ? 29 : 28;
      case 4, 6, 9, 11 -> 30;
      default -> 31;
    };
  }

  /**
   * Leap years repeat every 400 years, so a year's last four digits tell. The sign does not matter:
   * there is a year 0000, as in XML Schema 1.1.
   */
  private static boolean isLeapYear(char[] text, int yearEnd) {
    int year = number(text, yearEnd - 4) * 100 + number(text, yearEnd - 2);
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  private static int timeEnd(Lexical type, char[] text, int start, int at, int end)
      throws InvalidValueException {
    int hour = twoDigits(type, text, start, at, end);
    if (hour > 24) {
      throw error(type, "an hour of 00 to 24", start, at);
    }
    checkCharacter(type, text, start, at + 2, end, ':');
    int minute = twoDigits(type, text, start, at + 3, end);
    if (minute > 59) {
      throw error(type, "a minute of 00 to 59", start, at + 3);
    }
    checkCharacter(type, text, start, at + 5, end, ':');
    int second = twoDigits(type, text, start, at + 6, end);
    if (second > 59) {
      throw error(type, "a second of 00 to 59", start, at + 6);
    }
    int timeEnd = fractionEnd(type, text, start, at + SECONDS_LENGTH, end);
    boolean afterHour = minute > 0 || second > 0 || fractionDigits(text, at, timeEnd) > 0;
    if (hour == 24 && afterHour) {
      throw error(type, "an hour of 00 to 23 (24 is for 24:00:00 alone)", start, at);
    }
    return timeEnd;
  }

  private static int fractionEnd(Lexical type, char[] text, int start, int at, int end)
      throws InvalidValueException {
    if (at == end || text[at] != '.') {
      return at;
    }
    int fractionEnd = digitsEnd(text, at + 1, end);
    if (fractionEnd == at + 1) {
      throw error(type, "a digit", start, fractionEnd);
    }
    return fractionEnd;
  }

  private static void checkZone(Lexical type, char[] text, int start, int at, int end)
      throws InvalidValueException {
    if (at == end) {
      return;
    }
    if (text[at] == 'Z') {
      checkEnd(type, start, at + 1, end);
      return;
    }
    if (text[at] != '+' && text[at] != '-') {
      throw error(type, "a time zone or the end", start, at);
    }
    int hours = twoDigits(type, text, start, at + 1, end);
    checkCharacter(type, text, start, at + 3, end, ':');
    int minutes = twoDigits(type, text, start, at + 4, end);
    if (minutes > 59 || hours * 60 + minutes > 14 * 60) {
      throw error(type, "a time zone of -14:00 to +14:00", start, at);
    }
    checkEnd(type, start, at + 6, end);
  }

  private static void checkEnd(Lexical type, int start, int at, int end)
      throws InvalidValueException {
    if (at != end) {
      throw error(type, "the end", start, at);
    }
  }

  private static void checkCharacter(
      Lexical type, char[] text, int start, int at, int end, char expected)
      throws InvalidValueException {
    if (at >= end || text[at] != expected) {
      throw error(type, "'" + expected + "'", start, at);
    }
  }

  private static int twoDigits(Lexical type, char[] text, int start, int at, int end)
      throws InvalidValueException {
    if (at >= end || !isDigit(text[at])) {
      throw error(type, "a digit", start, at);
    }
    if (at + 1 >= end || !isDigit(text[at + 1])) {
      throw error(type, "a digit", start, at + 1);
    }
    return number(text, at);
  }

  /** The number that the two digits at a place are known to be. */
  private static int number(char[] text, int at) {
    return (text[at] - '0') * 10 + (text[at + 1] - '0');
  }

  private static long localMicros(ColumnType type, char[] text, int start, int timeEnd)
      throws InvalidValueException {
    int dateEnd =
        digitsEnd(text, firstYearDigit(text, start, timeEnd), timeEnd) + MONTH_AND_DAY_LENGTH;
    return days(text, start, dateEnd) * Micros.PER_DAY + micros(type, text, dateEnd + 1, timeEnd);
  }

  /** Days since 1970-01-01 of a date that has been checked. */
  private static long days(char[] text, int start, int dateEnd) {
    int year = year(text, start, dateEnd - MONTH_AND_DAY_LENGTH);
    return days(year, number(text, dateEnd - 5), number(text, dateEnd - 2));
  }

  /** Days since 1970-01-01 of a date that there is. */
  static long days(int year, int month, int day) {
    // Years from March: the leap day comes last, and a month's first day is a linear function.
    int monthFromMarch = (month + 9) % 12;
    int yearFromMarch = year - (month < 3 ? 1 : 0);
    int dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1;
    return 365L * yearFromMarch
        + Math.floorDiv(yearFromMarch, 4)
        - Math.floorDiv(yearFromMarch, 100)
        + Math.floorDiv(yearFromMarch, 400)
        + dayOfYear
        - EPOCH_FROM_YEAR_ZERO;
  }

  private static int year(char[] text, int start, int yearEnd) {
    int year = 0;
    for (int at = firstYearDigit(text, start, yearEnd); at < yearEnd; at++) {
      year = Math.min(year * 10 + (text[at] - '0'), HUGE_YEAR);
    }
    return text[start] == '-' ? -year : year;
  }

  /** Microseconds since the day began, for a time that has been checked. */
  private static long micros(ColumnType type, char[] text, int at, int timeEnd)
      throws InvalidValueException {
    long micros =
        number(text, at) * Micros.PER_HOUR
            + number(text, at + 3) * Micros.PER_MINUTE
            + number(text, at + 6) * Micros.PER_SECOND;
    int digits = fractionDigits(text, at, timeEnd);
    if (digits > FRACTION_DIGITS) {
      throw new InvalidValueException(
          "has "
              + digits
              + " digits after the seconds' point; "
              + type
              + " holds "
              + FRACTION_DIGITS);
    }
    long unit = Micros.PER_SECOND;
    for (int i = 1; i <= digits; i++) {
      unit /= 10;
      micros += (text[at + SECONDS_LENGTH + i] - '0') * unit;
    }
    return micros;
  }

  /** How many digits stand after the seconds' point, trailing zeros apart. */
  private static int fractionDigits(char[] text, int at, int timeEnd) {
    int fraction = Math.min(at + SECONDS_LENGTH + 1, timeEnd);
    return trimZeros(text, fraction, timeEnd) - fraction;
  }

  private static long zoneMicros(char[] text, int at, int end) {
    if (at == end || text[at] == 'Z') {
      return 0;
    }
    long micros = number(text, at + 1) * Micros.PER_HOUR + number(text, at + 4) * Micros.PER_MINUTE;
    return text[at] == '-' ? -micros : micros;
  }

  static String formatDate(long days) {
    return LocalDate.ofEpochDay(days).toString();
  }

  static String formatTime(long micros) {
    return appendTime(new StringBuilder(15), micros).toString();
  }

  static String formatDateTime(long micros) {
    return appendDateTime(new StringBuilder(26), micros).toString();
  }

  static String formatTimestamp(long micros) {
    return appendDateTime(new StringBuilder(27), micros).append('Z').toString();
  }

  private static StringBuilder appendDateTime(StringBuilder out, long micros) {
    out.append(formatDate(Math.floorDiv(micros, Micros.PER_DAY))).append('T');
    return appendTime(out, Math.floorMod(micros, Micros.PER_DAY));
  }

  private static StringBuilder appendTime(StringBuilder out, long micros) {
    appendTwoDigits(out, micros / Micros.PER_HOUR).append(':');
    appendTwoDigits(out, micros / Micros.PER_MINUTE % 60).append(':');
    appendTwoDigits(out, micros / Micros.PER_SECOND % 60);
    long fraction = micros % Micros.PER_SECOND;
    if (fraction > 0) {
      out.append('.');
      appendTwoDigits(out, fraction / 10_000);
      appendTwoDigits(out, fraction / 100 % 100);
      appendTwoDigits(out, fraction % 100);
    }
    return out;
  }

  private static StringBuilder appendTwoDigits(StringBuilder out, long number) {
    return out.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }
}
