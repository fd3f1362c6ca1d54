package io.xmltobigquery.flow.find;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.UnreadableFileException;
import io.xmltobigquery.files.VersionId;
import io.xmltobigquery.outcome.FileOutcome;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of a file version: it is there, or it never will be.
 *
 * @param file the version, or null if it can't be read
 * @param outcome what became of it, or null if it can be read
 * @param notified whether its own notification told of it
 */
public record Sighting(
    @Nullable FileVersion file, @Nullable FileOutcome outcome, boolean notified) {

  /** Looks up a version; whichever there is, if the generation is empty. */
  static Sighting of(VersionId id, FileStore files, boolean notified) throws IOException {
    try {
      FileVersion file = id.generation().isEmpty() ? files.find(id.uri()) : files.find(id);
      return new Sighting(file, null, notified);
    } catch (FileGoneException e) {
      Instant now = Instant.now();
      return new Sighting(null, FileOutcome.gone(unseen(id), e, now, now), notified);
    } catch (UnreadableFileException e) {
      Instant now = Instant.now();
      return new Sighting(null, FileOutcome.unreadable(unseen(id), e, now, now), notified);
    }
  }

  private static FileVersion unseen(VersionId id) {
    return new FileVersion(id.uri(), id.generation(), 0);
  }

  VersionId id() {
    return (file == null ? outcome.file() : file).id();
  }
}
