package io.xmltobigquery.xml;

import java.io.IOException;

/**
 * The bytes of a document are bad, which shows below the parser: it passes this on as it does a
 * failure to read. It never leaves the package but as a {@link RejectedException}.
 */
final class BadInputException extends IOException {

  private static final long serialVersionUID = 1L;

  private final RejectionReason reason;

  BadInputException(RejectionReason reason, String message) {
    super(message);
    this.reason = reason;
  }

  RejectionReason reason() {
    return reason;
  }
}
