package io.xmltobigquery.xml;

/** What the parser leaves to the decoder when it is given characters: which of them XML allows. */
final class XmlCharacters {

  private XmlCharacters() {}

  /**
   * Finds the first character that isn't XML 1.0's Char (production 2), other than control
   * characters, which the parser finds. A pair of surrogates must lie in the range as a whole.
   *
   * @return its index, or {@code end}
   */
  static int firstInvalid(char[] text, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = text[i];
      if (c >= Character.MIN_SURROGATE && (c <= Character.MAX_SURROGATE || c >= 0xFFFE)) {
        boolean pair =
            Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text[i + 1]);
        if (!pair) {
          return i;
        }
        i++;
      }
    }
    return end;
  }

  /**
   * Finds the first control character that XML 1.1 wants to be written as a reference
   * (RestrictedChar, production 2a), other than those of XML 1.0.
   *
   * @return its index, or {@code end}
   */
  static int firstRestricted(char[] text, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = text[i];
      if (c >= 0x7F && c <= 0x9F && c != 0x85) {
        return i;
      }
    }
    return end;
  }
}
