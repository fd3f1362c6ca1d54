package io.xmltobigquery.profile;

import io.xmltobigquery.values.Syntax;

/**
 * Collects the text of one value, which may come in pieces and be of any length. It keeps how the
 * value begins: more than any value has that isn't just text.
 */
final class ValueText {

  /** Characters that are kept; {@link ValueProfile#EXAMPLE_LENGTH} of them at least. */
  private static final int KEPT = 256;

  private final char[] chars = new char[KEPT];
  private int kept;
  private long length;
  private long pairsBehind;
  private long hashBehind;

  /** Behind the characters that are kept. */
  private boolean hasTextBehind;

  private int start;
  private int end;

  void clear() {
    kept = 0;
    length = 0;
    pairsBehind = 0;
    hashBehind = 0;
    hasTextBehind = false;
  }

  void append(char[] text, int from, int count) {
    int copied = Math.min(count, KEPT - kept);
    System.arraycopy(text, from, chars, kept, copied);
    kept += copied;
    if (copied < count) {
      appendBehind(text, from + copied, from + count);
    }
    length += count;
  }

  void append(String text) {
    int copied = Math.min(text.length(), KEPT - kept);
    text.getChars(0, copied, chars, kept);
    kept += copied;
    if (copied < text.length()) {
      char[] rest = text.substring(copied).toCharArray();
      appendBehind(rest, 0, rest.length);
    }
    length += text.length();
  }

  private void appendBehind(char[] text, int from, int to) {
    hashBehind = DistinctValues.hashOfPiece(text, from, to, hashBehind);
    for (int i = from; i < to; i++) {
      if (Character.isLowSurrogate(text[i])) {
        pairsBehind++;
      }
      hasTextBehind |= !Syntax.isSpace(text[i]);
    }
  }

  /** Leaves white space at either end out, once all of the text is here. */
  void trim() {
    start = 0;
    end = kept;
    while (start < end && Syntax.isSpace(chars[start])) {
      start++;
    }
    while (!hasTextBehind && end > start && Syntax.isSpace(chars[end - 1])) {
      end--;
    }
  }

  /** Whether there is anything but white space; after {@link #trim}. */
  boolean hasText() {
    return start < end || hasTextBehind;
  }

  static boolean hasText(char[] chars, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!Syntax.isSpace(chars[i])) {
        return true;
      }
    }
    return false;
  }

  ValueKind kind() {
    return hasTextBehind ? ValueKind.TEXT : ValueKind.of(chars, start, end);
  }

  /** In characters (code points), with white space. */
  long characters() {
    long pairs = pairsBehind;
    for (int i = 0; i < kept; i++) {
      // Looked at first, since nearly all characters are below.
      if (chars[i] >= Character.MIN_SURROGATE && Character.isLowSurrogate(chars[i])) {
        pairs++;
      }
    }
    return length - pairs;
  }

  long hash() {
    return DistinctValues.hash(chars, start, end, hasTextBehind ? hashBehind : 0);
  }

  char[] chars() {
    return chars;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  boolean isCut() {
    return hasTextBehind;
  }
}
