package io.xmltobigquery.flow.read;

import io.xmltobigquery.flow.held.HeldPart;
import io.xmltobigquery.outcome.FileOutcome.Rejection;
import io.xmltobigquery.xml.DocumentPart;
import io.xmltobigquery.xml.RejectedException;
import org.jspecify.annotations.Nullable;

/**
 * What was read of a part.
 *
 * @param read null if it is bad, or can't be read
 * @param rejection what is wrong with it, counted from its start, or null
 */
public record ReadPart(
    FilePart part, @Nullable DocumentPart<HeldPart> read, @Nullable Rejection rejection) {

  /**
   * As a part of the document.
   *
   * @return null if it can't be read
   * @throws RejectedException if it is bad
   */
  @Nullable DocumentPart<HeldPart> document() throws RejectedException {
    if (rejection != null) {
      throw new RejectedException(
          rejection.reason(), rejection.message(), rejection.position(), rejection.recordNumber());
    }
    return read;
  }
}
