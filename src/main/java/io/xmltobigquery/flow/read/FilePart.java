package io.xmltobigquery.flow.read;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.xml.PartStart;
import java.time.Instant;
import java.util.List;

/**
 * A part of a large file, for one worker to read.
 *
 * @param count how many parts the file has
 * @param start where it begins, as far as anybody can guess
 * @param others where it may end: the next ones' starts
 * @param readsOn whether these are all that come, so that it is read to the file's end if it must
 * @param started when reading the file began
 */
public record FilePart(
    FileVersion file,
    int count,
    PartStart start,
    List<PartStart> others,
    boolean readsOn,
    Instant started) {

  public FilePart {
    others = List.copyOf(others);
  }
}
