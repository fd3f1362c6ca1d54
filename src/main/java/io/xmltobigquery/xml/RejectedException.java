package io.xmltobigquery.xml;

import org.jspecify.annotations.Nullable;

/**
 * The file is bad. This is about the input, never about a failure to read it: that is an {@code
 * IOException}.
 */
public final class RejectedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final RejectionReason reason;
  private final @Nullable Position position;
  private final long recordNumber;

  /**
   * Says that the file is bad.
   *
   * @param message what is wrong and what to do, without text from the file other than names
   * @param position where, or null if the reason has no place
   * @param recordNumber the record that was being read, from 1; 0 outside of records
   */
  public RejectedException(
      RejectionReason reason, String message, @Nullable Position position, long recordNumber) {
    super(message);
    this.reason = reason;
    this.position = position;
    this.recordNumber = recordNumber;
  }

  public RejectionReason reason() {
    return reason;
  }

  /** Where, or null if the reason has no place. */
  public @Nullable Position position() {
    return position;
  }

  /** The record that was being read, from 1; 0 outside of records. */
  public long recordNumber() {
    return recordNumber;
  }
}
