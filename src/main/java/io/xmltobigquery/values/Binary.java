package io.xmltobigquery.values;

import static io.xmltobigquery.values.Syntax.error;

import java.util.Arrays;

/** The binary texts of {@link Values}: xs:base64Binary and xs:hexBinary. */
public final class Binary {

  private static final byte NO_SEXTET = -1;
  private static final byte[] SEXTETS = sextets();

  private Binary() {}

  private static byte[] sextets() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    byte[] sextets = new byte[128];
    Arrays.fill(sextets, NO_SEXTET);
    for (int i = 0; i < alphabet.length(); i++) {
      sextets[alphabet.charAt(i)] = (byte) i;
    }
    return sextets;
  }

  static void checkBase64(char[] text, int start, int end) throws InvalidValueException {
    int lastSextet = 0;
    int sextets = 0;
    int padding = 0;
    for (int at = start; at < end; at++) {
      char character = text[at];
      if (character == '=') {
        padding++;
      } else if (!Syntax.isSpace(character)) {
        lastSextet = sextet(character);
        if (lastSextet == NO_SEXTET) {
          throw error(Lexical.BASE64_BINARY, "a Base64 character", start, at);
        }
        if (padding > 0) {
          throw error(Lexical.BASE64_BINARY, "the end after the padding", start, at);
        }
        sextets++;
      }
    }
    checkPadding(sextets, padding, lastSextet);
  }

  private static int sextet(char character) {
    return character < SEXTETS.length ? SEXTETS[character] : NO_SEXTET;
  }

  private static void checkPadding(int sextets, int padding, int lastSextet)
      throws InvalidValueException {
    if (padding > 2 || (sextets + padding) % 4 != 0) {
      throw new InvalidValueException(
          "is not an xs:base64Binary: expected groups of 4 characters, the last one padded with =");
    }
    // One padding character stands for 2 bits too many in the last sextet, two stand for 4.
    int unusedBits = (1 << (2 * padding)) - 1;
    if ((lastSextet & unusedBits) != 0) {
      throw new InvalidValueException(
          "is not an xs:base64Binary: expected zeros in the bits after the last byte");
    }
  }

  static int base64(char[] text, int start, int end) throws InvalidValueException {
    checkBase64(text, start, end);
    int compactEnd = start;
    for (int at = start; at < end; at++) {
      if (!Syntax.isSpace(text[at])) {
        text[compactEnd] = text[at];
        compactEnd++;
      }
    }
    return compactEnd;
  }

  public static int base64Length(char[] text, int start, int end) {
    int padding = end > start && text[end - 1] == '=' ? (text[end - 2] == '=' ? 2 : 1) : 0;
    return (int) ((end - start) / 4 * 3L - padding);
  }

  static void decodeBase64(char[] text, int start, int end, byte[] out, int at) {
    int outAt = at;
    int outEnd = at + base64Length(text, start, end);
    for (int group = start; group < end; group += 4) {
      int bits = 0;
      for (int i = 0; i < 4; i++) {
        char character = text[group + i];
        bits = bits << 6 | (character == '=' ? 0 : SEXTETS[character]);
      }
      for (int shift = 16; shift >= 0 && outAt < outEnd; shift -= 8) {
        out[outAt++] = (byte) (bits >> shift);
      }
    }
  }

  static void checkHex(char[] text, int start, int end) throws InvalidValueException {
    for (int at = start; at < end; at++) {
      if (!isHexDigit(text[at])) {
        throw error(Lexical.HEX_BINARY, "a hexadecimal digit", start, at);
      }
    }
    if ((end - start) % 2 != 0) {
      throw new InvalidValueException(
          "is not an xs:hexBinary: expected an even number of hexadecimal digits");
    }
  }

  private static boolean isHexDigit(char character) {
    return Syntax.isDigit(character)
        || (character >= 'a' && character <= 'f')
        || (character >= 'A' && character <= 'F');
  }
}
