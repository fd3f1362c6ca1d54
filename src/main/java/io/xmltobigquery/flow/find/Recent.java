package io.xmltobigquery.flow.find;

import io.xmltobigquery.files.FileVersion;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;

/**
 * Which versions may be loaded without a notification of their own: those that can't have been
 * loaded and forgotten.
 *
 * <p>A version is known to be loaded for as long as Deduplicate remembers it, which is the
 * deduplication window from when the job saw it first, and so at least that window from when it was
 * created. So a version that was created less than half a window ago is still remembered, if it
 * takes less than the other half from here to Deduplicate. And what was created before this job was
 * launched may have been loaded by an earlier one, of whose memory nothing is left.
 *
 * @param launched when the job was launched, by its own clock
 * @param age less than this
 */
record Recent(Instant launched, Duration age) implements Serializable {

  static Recent of(Instant launched, Duration deduplicationWindow) {
    return new Recent(launched, deduplicationWindow.dividedBy(2));
  }

  boolean includes(FileVersion file) {
    Instant created = file.created();
    return created != null
        && !created.isBefore(launched)
        && created.isAfter(Instant.now().minus(age));
  }
}
