package io.xmltobigquery.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.ObjectName;
import io.xmltobigquery.flow.settle.KeepRejectedFiles;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A rejected file, as its report in the dead letter tells of it.
 *
 * @param report the report's own file
 * @param json what is in it
 * @param finished when it was rejected
 */
record RejectedFile(
    FileVersion report,
    ObjectNode json,
    String uri,
    String generation,
    String reason,
    Instant finished) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The version that came last is the last one; local files have no generations to tell. */
  static final Comparator<RejectedFile> BY_AGE =
      Comparator.comparing(RejectedFile::number).thenComparing(RejectedFile::finished);

  /**
   * Reads a report.
   *
   * @return null if it is none
   */
  static @Nullable RejectedFile read(FileVersion report, FileStore files) throws IOException {
    try (InputStream in = files.open(report, 0)) {
      if (!(JSON.readTree(in) instanceof ObjectNode json)
          || !json.path("uri").isTextual()
          || !json.path("generation").isTextual()) {
        return null;
      }
      return new RejectedFile(
          report,
          json,
          json.get("uri").textValue(),
          json.get("generation").textValue(),
          json.path("reason").asText(),
          Instant.parse(json.path("finished").asText()));
    } catch (JsonProcessingException | DateTimeParseException e) {
      return null;
    }
  }

  /** The name of the copy. */
  String copyName() {
    String name = report.uri();
    return name.substring(0, name.length() - KeepRejectedFiles.REPORT_SUFFIX.length());
  }

  boolean isCopied() {
    return json.path("copied").asBoolean();
  }

  /** Whether it is an archive, of which other files are loaded. */
  boolean isLoadedInPart() {
    JsonNode entries = json.path("entries");
    return entries.isArray() && !entries.isEmpty();
  }

  private long number() {
    return ObjectName.is(uri) ? Long.parseLong(generation) : 0;
  }

  /** {@code uri#generation}. */
  @Override
  public String toString() {
    return uri + "#" + generation;
  }
}
