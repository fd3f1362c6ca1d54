package io.xmltobigquery.outcome;

/** The terminal state of a file version. Every file version that was seen gets exactly one. */
public enum Outcome {
  /** Found good; its rows are in the hands of the write. */
  ACCEPTED,
  /** Found bad; it added no rows, and the dead letter has it, or at least a report on it. */
  REJECTED,
  /** Gone before it was read. */
  MISSING,
  /**
   * Overwritten before it was read. The newer version gets its own outcome when it is found: by its
   * notification, or by the next backfill.
   */
  SUPERSEDED,
  /** A file in an archive that isn't XML, or a link: it isn't loaded, and nothing is wrong. */
  LEFT_OUT
}
