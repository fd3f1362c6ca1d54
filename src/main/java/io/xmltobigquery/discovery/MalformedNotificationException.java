package io.xmltobigquery.discovery;

/** A message isn't a notification of Cloud Storage. The message says why, and has nothing of it. */
final class MalformedNotificationException extends Exception {

  private static final long serialVersionUID = 1L;

  MalformedNotificationException(String message) {
    super(message);
  }
}
