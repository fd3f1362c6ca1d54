package io.xmltobigquery.flow.settle;

/** What is where in the dead letter: its directories, each with a slash at the end. */
public final class DeadLetter {

  /** Rejected files and their reports. */
  public static final String FILES = "files/";

  /** Invalid records and refused rows. */
  public static final String ROWS = "rows/";

  /** Traces of what was taken back from here. */
  public static final String REPLAYED = "replayed/";

  /** Messages that are no notifications. */
  static final String MESSAGES = "messages/";

  /** Of a line in {@link #ROWS}: what a parser must have read before the record. */
  public static final String CONTEXT = "context";

  /** Of a line about an invalid record, its last member: the record as it stands in the file. */
  public static final String XML = "xml";

  private DeadLetter() {}
}
