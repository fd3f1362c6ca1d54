package io.xmltobigquery.profile;

import io.xmltobigquery.values.InvalidValueException;
import io.xmltobigquery.values.Values;

/**
 * What a value looks like. Each value is of one kind, the first here that it can be; {@link
 * ValueProfile} says which kinds a type takes. What looks like a value of a type but isn't one by
 * the checks of {@link Values} is {@link #TEXT}.
 */
public enum ValueKind {
  /** Nothing, or white space only. */
  EMPTY,
  /** {@code true} or {@code false}. */
  TRUTH,
  /** {@code 0} or {@code 1}, which are numbers before they are truth values. */
  BIT,
  /** A whole number of at most {@link #MOST_DIGITS} digits. */
  INTEGER,
  /**
   * Digits that would not come back as they were from a number, and so most likely stand for
   * something else: with leading zeros or a plus sign, or too many for a whole number that was
   * counted.
   */
  CODE,
  /** A number with a point, within NUMERIC. */
  DECIMAL,
  /** A number with a point, within BIGNUMERIC but not NUMERIC. */
  LONG_DECIMAL,
  /** A number with an exponent, infinity, or no number. */
  FLOAT,
  DATE,
  TIME,
  /** A date and time without a time zone. */
  DATE_TIME,
  /** A date and time with a time zone. */
  ZONED_DATE_TIME,
  /** Anything else. */
  TEXT;

  /** XML Schema asks a processor for no more digits of an {@code xs:decimal}: Part 2, 3.3.3. */
  static final int MOST_DIGITS = 18;

  private static final int YEAR_DIGITS = 4;

  /** A check of {@link Values}. */
  @FunctionalInterface
  private interface Check {
    void of(char[] text, int start, int end) throws InvalidValueException;
  }

  /**
   * The kind of a value.
   *
   * @param start of the value, without white space at either end
   */
  static ValueKind of(char[] text, int start, int end) {
    if (start == end) {
      return EMPTY;
    }
    return switch (text[start]) {
      case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> ofDigit(text, start, end);
      case '+', '-', '.' -> ofNumber(text, start, end);
      // What a check doesn't take it says in words, which takes longer: so only what may be one.
      case 't', 'f' -> end - start <= 5 ? confirm(TRUTH, Values::bool, text, start, end) : TEXT;
      case 'N', 'I' -> end - start == 3 ? confirm(FLOAT, Values::float64, text, start, end) : TEXT;
      default -> TEXT;
    };
  }

  private static ValueKind ofDigit(char[] text, int start, int end) {
    if (digitsEnd(text, start, end) == start + YEAR_DIGITS
        && start + YEAR_DIGITS < end
        && text[start + YEAR_DIGITS] == '-') {
      return ofDate(text, start, end);
    }
    if (end - start > 2 && text[start + 2] == ':') {
      return confirm(TIME, Values::time, text, start, end);
    }
    return ofNumber(text, start, end);
  }

  private static ValueKind ofDate(char[] text, int start, int end) {
    int time = start;
    while (time < end && text[time] != 'T') {
      time++;
    }
    if (time == end) {
      return confirm(DATE, Values::date, text, start, end);
    }
    for (int i = time; i < end; i++) {
      if (text[i] == 'Z' || text[i] == '+' || text[i] == '-') {
        return confirm(ZONED_DATE_TIME, Values::timestamp, text, start, end);
      }
    }
    return confirm(DATE_TIME, Values::dateTime, text, start, end);
  }

  private static ValueKind ofNumber(char[] text, int start, int end) {
    boolean signed = text[start] == '+' || text[start] == '-';
    int digits = signed ? start + 1 : start;
    int point = digitsEnd(text, digits, end);
    boolean likeCode = text[start] == '+' || (point - digits > 1 && text[digits] == '0');
    if (point == end) {
      boolean isCode = likeCode || point - digits > MOST_DIGITS;
      if (!signed && end - start == 1 && text[start] <= '1') {
        return BIT;
      }
      // All of them are digits, and at most as many as any number has.
      return isCode && point > digits ? CODE : confirm(INTEGER, Values::int64, text, start, end);
    }
    int fractionEnd = text[point] == '.' ? digitsEnd(text, point + 1, end) : point;
    if (fractionEnd == end) {
      return ofDecimal(likeCode, text, start, end);
    }
    if (text[fractionEnd] != 'e' && text[fractionEnd] != 'E' && !isInfinity(text, digits)) {
      return TEXT;
    }
    ValueKind kind = confirm(FLOAT, Values::float64, text, start, end);
    return kind == FLOAT && likeCode && !isInfinity(text, digits) ? CODE : kind;
  }

  private static ValueKind ofDecimal(boolean likeCode, char[] text, int start, int end) {
    ValueKind kind =
        confirm(DECIMAL, (t, s, e) -> Values.numeric(t, s, e, null, null), text, start, end);
    if (kind == TEXT) {
      kind =
          confirm(
              LONG_DECIMAL, (t, s, e) -> Values.bignumeric(t, s, e, null, null), text, start, end);
    }
    return kind != TEXT && likeCode ? CODE : kind;
  }

  private static boolean isInfinity(char[] text, int at) {
    return text[at] == 'I';
  }

  private static ValueKind confirm(ValueKind kind, Check check, char[] text, int start, int end) {
    try {
      check.of(text, start, end);
      return kind;
    } catch (InvalidValueException e) {
      return TEXT;
    }
  }

  private static int digitsEnd(char[] text, int at, int end) {
    int digitsEnd = at;
    while (digitsEnd < end && text[digitsEnd] >= '0' && text[digitsEnd] <= '9') {
      digitsEnd++;
    }
    return digitsEnd;
  }

  /** Whether values of this kind have digits to count: {@link ValueProfile#integerDigits()}. */
  public boolean isDecimal() {
    return switch (this) {
      case BIT, INTEGER, DECIMAL, LONG_DECIMAL -> true;
      case EMPTY, TRUTH, CODE, FLOAT, DATE, TIME, DATE_TIME, ZONED_DATE_TIME, TEXT -> false;
    };
  }
}
