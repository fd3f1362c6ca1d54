package io.xmltobigquery.values;

/**
 * A text that is no value of its column's type. The message says why, without the text itself (it
 * may be personal data, and messages are logged).
 */
public final class InvalidValueException extends Exception {

  private static final long serialVersionUID = 1L;

  public InvalidValueException(String message) {
    // A bad value is ordinary input, and there may be millions: no stack trace.
    super(message, null, false, false);
  }
}
