package io.xmltobigquery.xml;

import java.io.Serializable;

/**
 * A place in a file.
 *
 * @param line from 1; lines end as XML 1.0 section 2.11 says: CR LF, LF or CR
 * @param column from 1, in UTF-16 code units
 * @param byteOffset from 0, the byte order mark included; in a compressed file, in the uncompressed
 *     bytes
 */
public record Position(long line, long column, long byteOffset) implements Serializable {

  static final Position START = new Position(1, 1, 0);

  /**
   * This place in the document, if its line and column count from a place in it.
   *
   * @param partStart that place
   */
  public Position from(Position partStart) {
    return new Position(
        partStart.line() + line - 1,
        line == 1 ? partStart.column() + column - 1 : column,
        byteOffset);
  }

  @Override
  public String toString() {
    return "line " + line + ", column " + column + " (byte " + byteOffset + ")";
  }
}
