package io.xmltobigquery.values;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How numbers are written where they aren't as XML Schema has them. {@link #rewrite} turns one into
 * an {@code xs:decimal}, or for FLOAT64 an {@code xs:double}.
 *
 * @param decimal what stands before the fraction
 * @param group what may stand before each three digits of the integer, or null for nothing
 * @param trailingSign whether a sign may also stand at the end
 * @param exponent whether a number that isn't FLOAT64 may have an exponent; FLOAT64 always may
 */
public record NumberFormat(
    char decimal, @Nullable Character group, boolean trailingSign, boolean exponent)
    implements Serializable {

  /**
   * By how much a number may become longer: no type has numbers of more digits before the point.
   */
  public static final int MOST_MORE_CHARACTERS = 128;

  private static final int GROUP_LENGTH = 3;

  /** Far beyond every number, yet far from where an int ends. */
  private static final int HUGE_EXPONENT = 100_000_000;

  /** Most digits on one side of the point; BIGNUMERIC has 39 before and 38 after it. */
  private static final int MOST_DIGITS = 60;

  /**
   * Rewrites a number in place.
   *
   * @param text has room for {@link #MOST_MORE_CHARACTERS} behind the end
   * @return the new end
   * @throws InvalidValueException if the text isn't a number in this format
   */
  public int rewrite(char[] text, int start, int end, ColumnType type)
      throws InvalidValueException {
    if (start == end || isWord(text, end)) {
      return end;
    }
    int digits = start;
    if (isSign(text[start])) {
      digits++;
    } else if (trailingSign && isSign(text[end - 1])) {
      char sign = text[end - 1];
      System.arraycopy(text, start, text, start + 1, end - 1 - start);
      text[start] = sign;
      digits++;
    }
    return digits(text, start, digits, end, type);
  }

  /** INF and NaN, which the types that have none refuse. */
  private static boolean isWord(char[] text, int end) {
    return text[end - 1] == 'F' || text[end - 1] == 'N';
  }

  private static boolean isSign(char character) {
    return character == '-' || character == '+';
  }

  private int digits(char[] text, int start, int first, int end, ColumnType type)
      throws InvalidValueException {
    int at = first;
    int out = first;
    int inGroup = 0;
    boolean grouped = false;
    while (at < end && (Syntax.isDigit(text[at]) || isGroup(text[at]))) {
      if (Syntax.isDigit(text[at])) {
        text[out++] = text[at];
        inGroup++;
      } else {
        if (inGroup == 0 || (grouped ? inGroup != GROUP_LENGTH : inGroup > GROUP_LENGTH)) {
          throw error("groups of three digits", start, at);
        }
        grouped = true;
        inGroup = 0;
      }
      at++;
    }
    if (grouped && inGroup != GROUP_LENGTH) {
      throw error("groups of three digits", start, at);
    }
    int point = out;
    if (at < end && text[at] == decimal) {
      text[out++] = '.';
      at++;
      while (at < end && Syntax.isDigit(text[at])) {
        text[out++] = text[at++];
      }
    }
    if (out - first - (out > point ? 1 : 0) == 0) {
      throw error("a digit", start, at);
    }
    if (at == end) {
      return out;
    }
    if (text[at] != 'e' && text[at] != 'E') {
      throw error("a digit or the end", start, at);
    }
    if (type == ColumnType.FLOAT64) {
      // Whether it is one of an xs:double is for that type to say.
      System.arraycopy(text, at, text, out, end - at);
      return out + end - at;
    }
    if (!exponent) {
      throw error("a digit or the end", start, at);
    }
    return shift(text, first, point, out, exponent(text, start, at + 1, end));
  }

  private boolean isGroup(char character) {
    return group != null && group == character;
  }

  private static int exponent(char[] text, int start, int from, int end)
      throws InvalidValueException {
    int at = from < end && isSign(text[from]) ? from + 1 : from;
    int exponent = 0;
    if (at == end) {
      throw error("a digit", start, at);
    }
    for (int i = at; i < end; i++) {
      if (!Syntax.isDigit(text[i])) {
        throw error("a digit or the end", start, i);
      }
      exponent = Math.min(HUGE_EXPONENT, exponent * 10 + (text[i] - '0'));
    }
    return text[from] == '-' ? -exponent : exponent;
  }

  /**
   * Moves the point of a number.
   *
   * @param point where it stands, or would
   */
  private static int shift(char[] text, int first, int point, int end, int exponent)
      throws InvalidValueException {
    int digitsEnd = end;
    if (point < end) {
      System.arraycopy(text, point + 1, text, point, end - point - 1);
      digitsEnd--;
    }
    int significant = Syntax.skipZeros(text, first, digitsEnd);
    if (significant == digitsEnd) {
      text[first] = '0';
      return first + 1;
    }
    int significantEnd = Syntax.trimZeros(text, significant, digitsEnd);
    // Digits before the point; if it is negative, so many zeros stand behind it before the number.
    long before = (long) point - significant + exponent;
    long after = significantEnd - significant - before;
    if (before > MOST_DIGITS || after > MOST_DIGITS) {
      throw new InvalidValueException(
          "has more than "
              + MOST_DIGITS
              + " digits "
              + (before > MOST_DIGITS ? "before" : "after")
              + " the point");
    }
    String number = new String(text, significant, significantEnd - significant);
    int out = first;
    for (int i = (int) Math.min(0, before); i < Math.max(before, number.length()); i++) {
      if (i == before) {
        if (out == first) {
          text[out++] = '0';
        }
        text[out++] = '.';
      }
      text[out++] = i < 0 || i >= number.length() ? '0' : number.charAt(i);
    }
    return out;
  }

  private static InvalidValueException error(String expected, int start, int at) {
    return new InvalidValueException(
        "isn't a number as the mapping's \"number\" says: expected "
            + expected
            + " at position "
            + (at - start + 1));
  }
}
