package io.xmltobigquery.values;

/**
 * What the lexical rules of all datatypes have in common: ASCII digits, and errors with a place.
 */
public final class Syntax {

  private Syntax() {}

  /** Only 0 to 9 are digits in XML Schema; Character.isDigit knows many more. */
  static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  /** White space as XML has it (XML 1.0, production 3). */
  public static boolean isSpace(char character) {
    return character == ' ' || character == '\n' || character == '\r' || character == '\t';
  }

  /** Without white space at the ends, and with one space for each run within. */
  public static String collapse(String text) {
    StringBuilder collapsed = new StringBuilder(text.length());
    boolean space = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isSpace(c)) {
        space = true;
        continue;
      }
      if (space && !collapsed.isEmpty()) {
        collapsed.append(' ');
      }
      space = false;
      collapsed.append(c);
    }
    return collapsed.toString();
  }

  /** The end of the digits that begin at {@code at}; {@code at} itself if there is none. */
  static int digitsEnd(char[] text, int at, int end) {
    int digitsEnd = at;
    while (digitsEnd < end && isDigit(text[digitsEnd])) {
      digitsEnd++;
    }
    return digitsEnd;
  }

  /** The start of the range without its leading zeros. */
  static int skipZeros(char[] text, int start, int end) {
    int at = start;
    while (at < end && text[at] == '0') {
      at++;
    }
    return at;
  }

  /** The end of the range without its trailing zeros. */
  static int trimZeros(char[] text, int start, int end) {
    int at = end;
    while (at > start && text[at - 1] == '0') {
      at--;
    }
    return at;
  }

  static boolean matches(char[] text, int start, int end, String expected) {
    if (end - start != expected.length()) {
      return false;
    }
    for (int i = 0; i < expected.length(); i++) {
      if (text[start + i] != expected.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The text breaks the datatype's rules at {@code at}.
   *
   * @param expected what should stand there, to follow "expected"
   */
  static InvalidValueException error(Lexical type, String expected, int start, int at) {
    return new InvalidValueException(
        "is not an xs:"
            + type.xsdName()
            + ": expected "
            + expected
            + " at position "
            + (at - start + 1));
  }
}
