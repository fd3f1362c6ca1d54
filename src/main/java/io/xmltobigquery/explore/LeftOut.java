package io.xmltobigquery.explore;

import io.xmltobigquery.xml.Position;
import org.jspecify.annotations.Nullable;

/**
 * A file that a profile doesn't count, since it is bad or can't be opened.
 *
 * @param file its name
 * @param reason as in {@code file_loads}: why, or MISSING or SUPERSEDED
 * @param message what is wrong and what to do
 * @param position where, or null if it isn't about a place
 */
public record LeftOut(String file, String reason, String message, @Nullable Position position) {

  /** File, place, reason and message in one sentence. */
  public String sentence() {
    return file + (position == null ? "" : ", " + position) + ": " + reason + ": " + message;
  }
}
