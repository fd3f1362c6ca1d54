package io.xmltobigquery.xml;

import java.io.Reader;

/** Characters for the parser, with the place of each in the file and a bound on reading on. */
abstract class PositionedReader extends Reader {

  private long allowedFrom;
  private long allowedBytes = Long.MAX_VALUE;

  /** Lets the parser read on for some bytes, to within a block: a read that wants more fails. */
  final void allow(long bytes) {
    allowedFrom = bytesDecoded();
    allowedBytes = bytes;
  }

  /**
   * Checks that the parser may read on.
   *
   * @throws BadInputException if more was read than was allowed
   */
  final void requireAllowed() throws BadInputException {
    if (bytesDecoded() - allowedFrom >= allowedBytes) {
      throw new BadInputException(
          RejectionReason.LIMIT_EXCEEDED, "longer than --maxRecordBytes allows");
    }
  }

  /**
   * The file's bytes up to the end of the last block: at most a block ahead of what the parser has
   * read.
   */
  abstract long bytesDecoded();

  /** The characters delivered so far, without the frame. */
  abstract long charsDecoded();

  /**
   * Whether the parser has asked for more than there is. It does so at once if there are less than
   * seven characters.
   */
  abstract boolean hasEnded();

  /**
   * Where a character's first byte stands in the file.
   *
   * @param charOffset from the first character after the frame; within the block that was delivered
   *     last, or its end
   */
  abstract long byteOffset(long charOffset);
}
