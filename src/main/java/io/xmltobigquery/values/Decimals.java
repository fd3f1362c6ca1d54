package io.xmltobigquery.values;

import static io.xmltobigquery.values.Syntax.digitsEnd;
import static io.xmltobigquery.values.Syntax.error;
import static io.xmltobigquery.values.Syntax.isDigit;
import static io.xmltobigquery.values.Syntax.matches;
import static io.xmltobigquery.values.Syntax.skipZeros;
import static io.xmltobigquery.values.Syntax.trimZeros;

import org.jspecify.annotations.Nullable;

/** The numbers of {@link Values}: xs:integer, xs:decimal and xs:double. */
final class Decimals {

  private static final int NUMERIC_INTEGER_DIGITS = 29;
  private static final int BIGNUMERIC_INTEGER_DIGITS = 39;

  // The digits of 2^255 - 1 and 2^255; the point stands before the last 38.
  private static final String BIGNUMERIC_MAX =
      "57896044618658097711785492504343953926634992332820282019728792003956564819967";
  private static final String BIGNUMERIC_MIN =
      "57896044618658097711785492504343953926634992332820282019728792003956564819968";

  // 9 999 999 999 999 999 999 still fits in 64 bits without a sign.
  private static final int UNSIGNED_LONG_DIGITS = 19;

  private static final long EXACT_IN_DOUBLE = 1L << 53;
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private Decimals() {}

  static void checkInteger(char[] text, int start, int end) throws InvalidValueException {
    int digits = afterSign(text, start, end);
    int digitsEnd = digitsEnd(text, digits, end);
    if (digitsEnd == digits) {
      throw error(Lexical.INTEGER, "a digit", start, digits);
    }
    if (digitsEnd != end) {
      throw error(Lexical.INTEGER, "a digit or the end", start, digitsEnd);
    }
  }

  static long int64(char[] text, int start, int end) throws InvalidValueException {
    int first = afterSign(text, start, end);
    int digitsEnd = digitsEnd(text, first, end);
    if (digitsEnd == first || digitsEnd != end) {
      checkZeroFraction(text, start, digitsEnd, end);
    }
    int digits = skipZeros(text, first, digitsEnd);
    if (digitsEnd - digits > UNSIGNED_LONG_DIGITS) {
      throw beyondInt64();
    }
    long magnitude = 0;
    for (int at = digits; at < digitsEnd; at++) {
      magnitude = magnitude * 10 + (text[at] - '0');
    }
    boolean negative = text[start] == '-';
    // A magnitude of 2^63 or more reads as negative here; exactly 2^63 is Long.MIN_VALUE.
    if (magnitude < 0 && !(negative && magnitude == Long.MIN_VALUE)) {
      throw beyondInt64();
    }
    return negative ? -magnitude : magnitude;
  }

  /** An integer may be written as a decimal, too: 5.0 is 5. */
  private static void checkZeroFraction(char[] text, int start, int point, int end)
      throws InvalidValueException {
    boolean zeros = point < end && text[point] == '.' && skipZeros(text, point + 1, end) == end;
    // A point needs a digit on one side.
    boolean digit =
        end - start > 1 && (isDigit(text[end - 1]) || (point > start && isDigit(text[point - 1])));
    if (!zeros || !digit) {
      checkInteger(text, start, end);
    }
  }

  private static InvalidValueException beyondInt64() {
    return new InvalidValueException(
        "is beyond INT64 (-9223372036854775808 to 9223372036854775807)");
  }

  static void checkDecimal(char[] text, int start, int end) throws InvalidValueException {
    int decimalEnd = decimalEnd(Lexical.DECIMAL, text, start, end);
    if (decimalEnd != end) {
      throw error(Lexical.DECIMAL, "a digit or the end", start, decimalEnd);
    }
  }

  static void numeric(
      char[] text, int start, int end, @Nullable Integer precision, @Nullable Integer scale)
      throws InvalidValueException {
    int maxScale = maxScale(ColumnType.NUMERIC_SCALE, precision, scale);
    int maxIntegerDigits = precision == null ? NUMERIC_INTEGER_DIGITS : precision - maxScale;
    checkDecimal(text, start, end);
    if (integerDigits(text, start, end) > maxIntegerDigits
        || fractionDigits(text, start, end) > maxScale) {
      String type = typeName("NUMERIC", precision, scale);
      throw tooManyDigits(text, start, end, type, maxIntegerDigits, maxScale);
    }
  }

  static void bignumeric(
      char[] text, int start, int end, @Nullable Integer precision, @Nullable Integer scale)
      throws InvalidValueException {
    int maxScale = maxScale(ColumnType.BIGNUMERIC_SCALE, precision, scale);
    int maxIntegerDigits = precision == null ? BIGNUMERIC_INTEGER_DIGITS : precision - maxScale;
    checkDecimal(text, start, end);
    int integerDigits = integerDigits(text, start, end);
    if (integerDigits > maxIntegerDigits || fractionDigits(text, start, end) > maxScale) {
      String type = typeName("BIGNUMERIC", precision, scale);
      throw tooManyDigits(text, start, end, type, maxIntegerDigits, maxScale);
    }
    if (integerDigits == BIGNUMERIC_INTEGER_DIGITS) {
      checkBignumericRange(text, start, end);
    }
  }

  private static int maxScale(int typeScale, @Nullable Integer precision, @Nullable Integer scale) {
    if (scale != null) {
      return scale;
    }
    return precision == null ? typeScale : 0;
  }

  /** Digits before the point, leading zeros apart. */
  private static int integerDigits(char[] text, int start, int end) {
    int digits = skipZeros(text, afterSign(text, start, end), end);
    return point(text, start, end) - digits;
  }

  /** Digits after the point, trailing zeros apart. */
  private static int fractionDigits(char[] text, int start, int end) {
    int point = point(text, start, end);
    return point == end ? 0 : trimZeros(text, point + 1, end) - (point + 1);
  }

  /** Where the point of a valid decimal stands; its end if it has none. */
  private static int point(char[] text, int start, int end) {
    return digitsEnd(text, afterSign(text, start, end), end);
  }

  private static String typeName(
      String type, @Nullable Integer precision, @Nullable Integer scale) {
    if (precision == null) {
      return type;
    }
    return scale == null
        ? type + "(" + precision + ")"
        : type + "(" + precision + ", " + scale + ")";
  }

  private static InvalidValueException tooManyDigits(
      char[] text, int start, int end, String type, int maxIntegerDigits, int maxScale) {
    int integerDigits = integerDigits(text, start, end);
    return integerDigits > maxIntegerDigits
        ? tooManyDigits(integerDigits, "before", type, maxIntegerDigits)
        : tooManyDigits(fractionDigits(text, start, end), "after", type, maxScale);
  }

  private static InvalidValueException tooManyDigits(
      int digits, String where, String type, int most) {
    return new InvalidValueException(
        "has "
            + digits
            + (digits == 1 ? " digit " : " digits ")
            + where
            + " the point; "
            + type
            + " holds "
            + most
            // One with a precision was made narrow on purpose.
            + (type.equals("NUMERIC") ? ": use BIGNUMERIC or FLOAT64" : ""));
  }

  /** Compares a decimal with as many digits before the point as the bounds have, digit by digit. */
  private static void checkBignumericRange(char[] text, int start, int end)
      throws InvalidValueException {
    String bound = text[start] == '-' ? BIGNUMERIC_MIN : BIGNUMERIC_MAX;
    int point = point(text, start, end);
    int first = point - BIGNUMERIC_INTEGER_DIGITS;
    for (int i = 0; i < bound.length(); i++) {
      int at = i < BIGNUMERIC_INTEGER_DIGITS ? first + i : first + i + 1;
      char digit = at < end ? text[at] : '0';
      if (digit > bound.charAt(i)) {
        throw new InvalidValueException("is beyond BIGNUMERIC (about -5.79E38 to 5.79E38)");
      }
      if (digit < bound.charAt(i)) {
        return;
      }
    }
  }

  static String canonicalDecimal(char[] text, int start, int end) {
    int point = point(text, start, end);
    int integerDigits = integerDigits(text, start, end);
    int fractionDigits = fractionDigits(text, start, end);
    if (integerDigits == 0 && fractionDigits == 0) {
      return "0";
    }
    StringBuilder canonical = new StringBuilder(integerDigits + fractionDigits + 3);
    if (text[start] == '-') {
      canonical.append('-');
    }
    if (integerDigits == 0) {
      canonical.append('0');
    }
    canonical.append(text, point - integerDigits, integerDigits);
    if (fractionDigits > 0) {
      canonical.append(text, point, 1 + fractionDigits);
    }
    return canonical.toString();
  }

  static void checkDouble(char[] text, int start, int end) throws InvalidValueException {
    if (isNotFinite(text, start, end)) {
      return;
    }
    int mantissaEnd = decimalEnd(Lexical.DOUBLE, text, start, end);
    if (mantissaEnd == end) {
      return;
    }
    if (text[mantissaEnd] != 'e' && text[mantissaEnd] != 'E') {
      throw error(Lexical.DOUBLE, "a digit, an exponent or the end", start, mantissaEnd);
    }
    int exponent = afterSign(text, mantissaEnd + 1, end);
    int exponentEnd = digitsEnd(text, exponent, end);
    if (exponentEnd == exponent) {
      throw error(Lexical.DOUBLE, "a digit", start, exponent);
    }
    if (exponentEnd != end) {
      throw error(Lexical.DOUBLE, "a digit or the end", start, exponentEnd);
    }
  }

  private static boolean isNotFinite(char[] text, int start, int end) {
    return matches(text, start, end, "NaN")
        || matches(text, start, end, "INF")
        || matches(text, start, end, "-INF")
        || matches(text, start, end, "+INF");
  }

  static double float64(char[] text, int start, int end) throws InvalidValueException {
    checkDouble(text, start, end);
    if (isNotFinite(text, start, end)) {
      if (text[start] == 'N') {
        return Double.NaN;
      }
      return text[start] == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    double exact = exactQuotient(text, start, end);
    return Double.isNaN(exact) ? roundedDouble(text, start, end) : exact;
  }

  /**
   * The value of a decimal whose digits, without the point, and whose power of ten are both
   * doubles: their quotient then is rounded once and so is the nearest double (Clinger 1990). NaN
   * for every other text.
   */
  private static double exactQuotient(char[] text, int start, int end) {
    long digits = 0;
    int point = end - 1;
    for (int at = afterSign(text, start, end); at < end; at++) {
      char character = text[at];
      if (character == '.') {
        point = at;
      } else if (Syntax.isDigit(character) && digits <= EXACT_IN_DOUBLE) {
        digits = digits * 10 + (character - '0');
      } else {
        return Double.NaN;
      }
    }
    int scale = end - 1 - point;
    if (digits > EXACT_IN_DOUBLE || scale >= POWERS_OF_TEN.length) {
      return Double.NaN;
    }
    double magnitude = digits / POWERS_OF_TEN[scale];
    return text[start] == '-' ? -magnitude : magnitude;
  }

  private static double roundedDouble(char[] text, int start, int end)
      throws InvalidValueException {
    double value = Double.parseDouble(new String(text, start, end - start));
    if (Double.isInfinite(value)) {
      throw new InvalidValueException("is beyond FLOAT64 (about -1.8E308 to 1.8E308)");
    }
    if (value == 0 && !hasZeroMantissa(text, start, end)) {
      throw new InvalidValueException("is too small for FLOAT64 (smallest magnitude 4.9E-324)");
    }
    return value;
  }

  private static boolean hasZeroMantissa(char[] text, int start, int end) {
    for (int at = start; at < end && text[at] != 'e' && text[at] != 'E'; at++) {
      if (text[at] >= '1' && text[at] <= '9') {
        return false;
      }
    }
    return true;
  }

  /** The end of the decimal that the text begins with. */
  private static int decimalEnd(Lexical type, char[] text, int start, int end)
      throws InvalidValueException {
    int digits = afterSign(text, start, end);
    int point = digitsEnd(text, digits, end);
    boolean hasPoint = point < end && text[point] == '.';
    int decimalEnd = hasPoint ? digitsEnd(text, point + 1, end) : point;
    boolean hasDigit = point > digits || decimalEnd > point + 1;
    if (!hasDigit) {
      throw error(type, "a digit", start, decimalEnd);
    }
    return decimalEnd;
  }

  private static int afterSign(char[] text, int start, int end) {
    boolean signed = start < end && (text[start] == '+' || text[start] == '-');
    return signed ? start + 1 : start;
  }
}
