package io.xmltobigquery.xml;

/**
 * Makes the line ends of XML 1.1 (section 2.11) such as the parser knows from XML 1.0, character by
 * character, so that positions stay. These are line ends: LF, CR, NEL (U+0085), LS (U+2028), and
 * the pairs CR LF and CR NEL. CR LS is no pair but two line ends, and "\r\n" would be one. So what
 * follows a CR without being the second of its pair becomes a CR as well, across blocks.
 */
final class LineEnds11 {

  /** The last character, as it was and as it became. */
  private char last;

  private char lastMade;

  void normalize(char[] text, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = text[i];
      if (c == '\n' || c == '\u0085') {
        text[i] = lastMade == '\r' && last != '\r' ? '\r' : '\n';
      } else if (c == '\u2028') {
        text[i] = lastMade == '\r' ? '\r' : '\n';
      }
      last = c;
      lastMade = text[i];
    }
  }
}
