package io.xmltobigquery.xml;

/**
 * A fault in the document whose place is known as a character only. {@link RecordReader} makes a
 * {@link RejectedException} of it.
 */
final class Fault extends Exception {

  private static final long serialVersionUID = 1L;

  private final RejectionReason reason;
  private final long charOffset;

  Fault(RejectionReason reason, String message, long charOffset) {
    // Faults are ordinary input, and there may be millions: no stack trace.
    super(message, null, false, false);
    this.reason = reason;
    this.charOffset = charOffset;
  }

  /**
   * A text of the document as messages quote it: cut off if it is long, and not within a surrogate
   * pair, since no report could have the half of one.
   */
  static String bounded(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    boolean inPair = Character.isHighSurrogate(text.charAt(length - 1));
    return text.substring(0, inPair ? length - 1 : length) + "…";
  }

  RejectionReason reason() {
    return reason;
  }

  /** From the first character of the reader's source, the frame not counted. */
  long charOffset() {
    return charOffset;
  }
}
