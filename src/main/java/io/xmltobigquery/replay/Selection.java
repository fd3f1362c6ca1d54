package io.xmltobigquery.replay;

import io.xmltobigquery.options.InputPattern;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of the dead letter is wanted.
 *
 * @param reasons names of reasons; empty for all
 * @param since what came to the dead letter before that isn't wanted; null for no such time
 * @param pattern of the original files' names; null for all
 */
public record Selection(
    Set<String> reasons, @Nullable Instant since, @Nullable InputPattern pattern) {

  /** All of it. */
  public static final Selection ALL = new Selection(Set.of(), null, null);

  public Selection {
    reasons = Set.copyOf(reasons);
  }

  /**
   * Whether something is wanted.
   *
   * @param time when it came to the dead letter
   * @param uri of the file that it is, or that it is from
   */
  boolean takes(String reason, Instant time, String uri) {
    return (reasons.isEmpty() || reasons.contains(reason))
        && (since == null || !time.isBefore(since))
        && (pattern == null || pattern.matches(uri));
  }
}
