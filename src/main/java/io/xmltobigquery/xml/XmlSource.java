package io.xmltobigquery.xml;

import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of one file version. Every stream opened from one source reads the same bytes, or
 * fails: an implementation is pinned to the version.
 */
@FunctionalInterface
public interface XmlSource {

  /**
   * Opens the bytes from an offset on.
   *
   * @param offset in bytes from the start
   * @return a stream that needs no buffering around it
   * @throws IOException if the bytes can't be read or are no longer those of the pinned version
   */
  InputStream open(long offset) throws IOException;

  /**
   * Whether opening takes no longer the farther behind the start it is. A source around another one
   * says what that says.
   */
  default boolean opensAnywhere() {
    return true;
  }
}
