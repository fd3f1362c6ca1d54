package io.xmltobigquery.flow.settle;

/** What is where in the dead letter: its directories, each with a slash at the end. */
public final class DeadLetter {

  /** Rejected files and their reports. */
  public static final String FILES = "files/";

  /** Invalid records and refused rows. */
  public static final String ROWS = "rows/";

  /** Messages that are no notifications. */
  static final String MESSAGES = "messages/";

  private DeadLetter() {}
}
