package io.xmltobigquery.pubsub;

/** A message isn't a notification of Cloud Storage. The message says why, and has nothing of it. */
public final class MalformedNotificationException extends Exception {

  private static final long serialVersionUID = 1L;

  MalformedNotificationException(String message) {
    super(message);
  }
}
