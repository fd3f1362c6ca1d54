package io.xmltobigquery.explore;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.UnreadableFileException;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.xml.Position;
import io.xmltobigquery.xml.RejectedException;
import io.xmltobigquery.xml.RejectionReason;
import org.jspecify.annotations.Nullable;

/**
 * A file that doesn't count, since it is bad or can't be opened.
 *
 * @param file its name
 * @param reason as in {@code file_loads}: why, or MISSING, SUPERSEDED or LEFT_OUT
 * @param message what is wrong and what to do
 * @param position where, or null if it isn't about a place
 */
public record LeftOut(String file, String reason, String message, @Nullable Position position) {

  /** A bad file. */
  public static LeftOut of(FileVersion file, RejectedException rejection) {
    return new LeftOut(
        file.uri(), rejection.reason().name(), rejection.getMessage(), rejection.position());
  }

  /** A file that may not be read. */
  public static LeftOut of(FileVersion file, UnreadableFileException e) {
    return new LeftOut(
        file.uri(),
        RejectionReason.UNREADABLE.name(),
        e.getMessage() + "; get the right to read it, or leave it out",
        null);
  }

  /** A file that went away, or changed, since it was found. */
  public static LeftOut of(FileVersion file, FileGoneException e) {
    return new LeftOut(
        file.uri(),
        (e.isSuperseded() ? Outcome.SUPERSEDED : Outcome.MISSING).name(),
        e.getMessage() + "; try again",
        null);
  }

  /** A file in an archive that is nothing to read. */
  public static LeftOut notXml(FileVersion file) {
    return new LeftOut(file.uri(), Outcome.LEFT_OUT.name(), "it isn't XML", null);
  }

  /** File, place, reason and message in one sentence. */
  public String sentence() {
    return file + (position == null ? "" : ", " + position) + ": " + reason + ": " + message;
  }
}
