package io.xmltobigquery.crash;

import java.util.List;
import java.util.Random;

/**
 * How a backfill is run, and when it is killed.
 *
 * @param seed makes the files, and the time from the moment to the kill
 * @param deletesLeftRows whether, before the next run, the runbook's statement is used
 */
record Scenario(
    long seed,
    Moment moment,
    boolean intoBigQuery,
    String writeMode,
    String onInvalidRecord,
    String rejectedInput,
    String acceptedInput,
    boolean deletesLeftRows) {

  /** What a run has just done when its last moments begin. */
  enum Moment {
    /** Whatever it does after a random part of a run's usual time. */
    ANY,
    READING,
    REJECTING,
    WRITING,
    ROWS_THERE,
    OUTCOMES_THERE,
    CLEARING
  }

  /** For every build: one kill for each kind of output, when most can go wrong. */
  static final List<Scenario> CHOSEN =
      List.of(
          new Scenario(
              1, Moment.CLEARING, false, "exactly-once", "reject-file", "keep", "delete", false),
          new Scenario(
              2, Moment.ROWS_THERE, true, "exactly-once", "dead-letter", "delete", "keep", true));

  static Scenario random(long seed) {
    Random random = new Random(seed);
    String acceptedInput = oneOf(random, "keep", "delete", "move");
    String rejectedInput = oneOf(random, "keep", "delete");
    Moment moment = oneOf(random, Moment.values());
    if (moment == Moment.CLEARING && acceptedInput.equals("keep") && rejectedInput.equals("keep")) {
      rejectedInput = "delete";
    }
    return new Scenario(
        seed,
        moment,
        random.nextBoolean(),
        oneOf(random, "exactly-once", "at-least-once"),
        oneOf(random, "reject-file", "dead-letter"),
        rejectedInput,
        acceptedInput,
        random.nextBoolean());
  }

  boolean isExactlyOnce() {
    return !intoBigQuery || writeMode.equals("exactly-once");
  }

  boolean clearsAccepted() {
    return !acceptedInput.equals("keep");
  }

  boolean deletesRejected() {
    return rejectedInput.equals("delete");
  }

  boolean loadsFilesWithInvalidRecords() {
    return onInvalidRecord.equals("dead-letter");
  }

  @SafeVarargs
  private static <T> T oneOf(Random random, T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
