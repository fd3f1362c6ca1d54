package io.xmltobigquery.flow.held;

import java.io.IOException;

/**
 * Rows can't be held, or what was held can't be read. That says nothing of the file that they are
 * from: it must never become that file's outcome, but fails the attempt.
 */
public final class HeldRowsException extends IOException {

  private static final long serialVersionUID = 1L;

  HeldRowsException(String message) {
    super(message);
  }

  HeldRowsException(String message, IOException cause) {
    super(message, cause);
  }
}
