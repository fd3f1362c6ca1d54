package io.xmltobigquery.values;

import org.jspecify.annotations.Nullable;

/**
 * Turns the text of an XML value into a BigQuery value, or checks it.
 *
 * <p>What a text may look like is XML Schema's: the lexical spaces of <a
 * href="https://www.w3.org/TR/xmlschema11-2/">XML Schema 1.1 Part 2</a>, which for these datatypes
 * are those of 1.0, with {@code +INF} and the year 0000 besides. What range and precision a value
 * may have is BigQuery's: its <a
 * href="https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types">data types</a>. A
 * value that does not fit is an error, and is never rounded or cut.
 *
 * <p>Every text is the part of a {@code char[]} from {@code start} up to {@code end}, without white
 * space at either end. The message of an {@link InvalidValueException} continues a sentence that
 * begins with the column's name.
 *
 * <p>The methods have no state. On good input they allocate nothing but the strings they return,
 * and one for a double of 16 digits and more or with an exponent.
 */
public final class Values {

  private Values() {}

  /**
   * An {@code xs:integer} (Part 2, 3.4.13) within INT64, or such an {@code xs:decimal} whose
   * fraction is zero.
   */
  public static long int64(char[] text, int start, int end) throws InvalidValueException {
    return Decimals.int64(text, start, end);
  }

  /**
   * The double nearest to an {@code xs:double} (Part 2, 3.3.5); INF, -INF, +INF and NaN are values
   * too. A number too large is an error rather than infinity, and one too small rather than zero.
   */
  public static double float64(char[] text, int start, int end) throws InvalidValueException {
    return Decimals.float64(text, start, end);
  }

  /**
   * Checks that an {@code xs:decimal} (Part 2, 3.3.3) fits NUMERIC. Zeros that lead the integer or
   * end the fraction do not count.
   *
   * @param precision most digits in all, or null for 29 before the point
   * @param scale most digits after the point; null for 0, or for 9 without a precision
   */
  public static void numeric(
      char[] text, int start, int end, @Nullable Integer precision, @Nullable Integer scale)
      throws InvalidValueException {
    Decimals.numeric(text, start, end, precision, scale);
  }

  /**
   * Checks that an {@code xs:decimal} (Part 2, 3.3.3) fits BIGNUMERIC, that is -2<sup>255</sup> to
   * 2<sup>255</sup> - 1, divided by 10<sup>38</sup>. Zeros that lead the integer or end the
   * fraction do not count.
   *
   * @param precision most digits in all, or null for the type's own range
   * @param scale most digits after the point; null for 0, or for 38 without a precision
   */
  public static void bignumeric(
      char[] text, int start, int end, @Nullable Integer precision, @Nullable Integer scale)
      throws InvalidValueException {
    Decimals.bignumeric(text, start, end, precision, scale);
  }

  /**
   * An {@code xs:decimal} as BigQuery reads and prints NUMERIC and BIGNUMERIC: no plus sign, no
   * needless zeros, digits on both sides of a point; "0" for every zero. The text must be an {@code
   * xs:decimal}.
   */
  public static String canonicalDecimal(char[] text, int start, int end) {
    return Decimals.canonicalDecimal(text, start, end);
  }

  /** An {@code xs:boolean} (Part 2, 3.3.2): true, false, 1 or 0. */
  public static boolean bool(char[] text, int start, int end) throws InvalidValueException {
    if (Syntax.matches(text, start, end, "true") || Syntax.matches(text, start, end, "1")) {
      return true;
    }
    if (Syntax.matches(text, start, end, "false") || Syntax.matches(text, start, end, "0")) {
      return false;
    }
    throw new InvalidValueException("is not an xs:boolean: expected true, false, 1 or 0");
  }

  /**
   * An {@code xs:date} (Part 2, 3.3.9) without a time zone, of the years 0001 to 9999.
   *
   * @return days since 1970-01-01
   */
  public static long date(char[] text, int start, int end) throws InvalidValueException {
    return Temporals.date(text, start, end);
  }

  /**
   * An {@code xs:time} (Part 2, 3.3.8) without a time zone. 24:00:00 is 00:00:00.
   *
   * @return microseconds since the day began
   */
  public static long time(char[] text, int start, int end) throws InvalidValueException {
    return Temporals.time(text, start, end);
  }

  /**
   * An {@code xs:dateTime} (Part 2, 3.3.7) without a time zone, of the years 0001 to 9999. 24:00:00
   * is the next day's 00:00:00.
   *
   * @return microseconds since 1970-01-01T00:00:00 in the same time zone, whichever that is
   */
  public static long dateTime(char[] text, int start, int end) throws InvalidValueException {
    return Temporals.dateTime(text, start, end);
  }

  /**
   * An {@code xs:dateTime} (Part 2, 3.3.7) that in UTC is of the years 0001 to 9999; UTC too if it
   * names no time zone. 24:00:00 is the next day's 00:00:00.
   *
   * @return microseconds since 1970-01-01T00:00:00Z
   */
  public static long timestamp(char[] text, int start, int end) throws InvalidValueException {
    return Temporals.timestamp(text, start, end);
  }

  /**
   * A value of a type that has no text of its own in a row, as a long: what {@link #int64}, {@link
   * #date} and the others give, the raw bits of FLOAT64, 0 or 1 for BOOL, the new end of the text
   * for BYTES. The texts of other types are only checked, and the long is 0.
   *
   * @param lexical of a STRING, or null
   * @param precision of a NUMERIC or BIGNUMERIC, or null
   * @param scale of a NUMERIC or BIGNUMERIC, or null
   */
  public static long parse(
      ColumnType type,
      @Nullable Lexical lexical,
      @Nullable Integer precision,
      @Nullable Integer scale,
      char[] text,
      int start,
      int end)
      throws InvalidValueException {
    switch (type) {
      case STRING -> {
        if (lexical != null) {
          check(lexical, text, start, end);
        }
        return 0;
      }
      case JSON -> {
        return 0;
      }
      case INT64 -> {
        return int64(text, start, end);
      }
      case FLOAT64 -> {
        return Double.doubleToRawLongBits(float64(text, start, end));
      }
      case NUMERIC -> {
        numeric(text, start, end, precision, scale);
        return 0;
      }
      case BIGNUMERIC -> {
        bignumeric(text, start, end, precision, scale);
        return 0;
      }
      case BOOL -> {
        return bool(text, start, end) ? 1 : 0;
      }
      case DATE -> {
        return date(text, start, end);
      }
      case DATETIME -> {
        return dateTime(text, start, end);
      }
      case TIME -> {
        return time(text, start, end);
      }
      case TIMESTAMP -> {
        return timestamp(text, start, end);
      }
      case BYTES -> {
        return base64(text, start, end);
      }
      case RECORD -> throw new IllegalArgumentException("a RECORD has no text of its own");
    }
    throw new IllegalArgumentException(type.name());
  }

  /**
   * Takes the white space out of an {@code xs:base64Binary} (Part 2, 3.3.16), in place.
   *
   * @return the new end of the text
   */
  public static int base64(char[] text, int start, int end) throws InvalidValueException {
    return Binary.base64(text, start, end);
  }

  /** How many bytes a Base64 text stands for. The text must be valid and without white space. */
  public static int base64Length(char[] text, int start, int end) {
    return Binary.base64Length(text, start, end);
  }

  /**
   * Decodes Base64. The text must be valid and without white space.
   *
   * @param out takes {@link #base64Length} bytes
   * @param at where they go
   */
  public static void decodeBase64(char[] text, int start, int end, byte[] out, int at) {
    Binary.decodeBase64(text, start, end, out, at);
  }

  /**
   * Checks that the text is in the datatype's lexical space, whatever its value: no bounds on
   * years, digits or exponents. Unlike elsewhere, times may have a time zone.
   */
  public static void check(Lexical lexical, char[] text, int start, int end)
      throws InvalidValueException {
    switch (lexical) {
      case BOOLEAN -> bool(text, start, end);
      case DECIMAL -> Decimals.checkDecimal(text, start, end);
      case INTEGER -> Decimals.checkInteger(text, start, end);
      case DOUBLE -> Decimals.checkDouble(text, start, end);
      case DATE -> Temporals.checkDate(text, start, end);
      case TIME -> Temporals.checkTime(text, start, end);
      case DATE_TIME -> Temporals.checkDateTime(text, start, end);
      case BASE64_BINARY -> Binary.checkBase64(text, start, end);
      case HEX_BINARY -> Binary.checkHex(text, start, end);
      case DURATION -> Temporals.checkDuration(text, start, end);
      case G_YEAR -> Temporals.checkYear(text, start, end);
      case G_YEAR_MONTH -> Temporals.checkYearMonth(text, start, end);
      case TOKEN, ANY_URI -> {
        // Every text is one.
      }
    }
  }

  /** YYYY-MM-DD for a {@link #date}. */
  public static String formatDate(long days) {
    return Temporals.formatDate(days);
  }

  /** HH:MM:SS for a {@link #time}, with six more digits if it has a fraction. */
  public static String formatTime(long micros) {
    return Temporals.formatTime(micros);
  }

  /** YYYY-MM-DDTHH:MM:SS for a {@link #dateTime}, with six more digits if it has a fraction. */
  public static String formatDateTime(long micros) {
    return Temporals.formatDateTime(micros);
  }

  /** YYYY-MM-DDTHH:MM:SSZ for a {@link #timestamp}, with six more digits if it has a fraction. */
  public static String formatTimestamp(long micros) {
    return Temporals.formatTimestamp(micros);
  }
}
