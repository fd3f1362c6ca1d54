package io.xmltobigquery.outcome;

/** What a message from the subscription is to the job. */
public enum NotificationResult {
  /** It tells of a new file version that is to be loaded, once. */
  WANTED,
  /** It tells once more of a version that the job knows already. Counted as wanted, too. */
  DUPLICATE,
  /** Something else has happened to an object than its creation. */
  OTHER_EVENT,
  /** The object doesn't match {@code --input}. */
  NOT_MATCHING,
  /** The job has written the object itself. */
  OWN_FILE,
  /** It isn't a notification of Cloud Storage; it is in the dead letter. */
  MALFORMED
}
