package io.xmltobigquery.flow.held;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is held of one part of a file.
 *
 * @param uri the file that it is in, or null if it is in memory
 * @param memory all blocks, if they are in memory
 * @param pieces the blocks, in the order in which they were written
 * @param dropped records of them that are to be left out, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // It is only read, and never compared.
public record HeldPart(
    @Nullable String uri, byte[] memory, List<Piece> pieces, List<Dropped> dropped) {

  public HeldPart {
    pieces = List.copyOf(pieces);
    dropped = List.copyOf(dropped);
  }

  /** Of which nothing is left out. */
  public HeldPart(@Nullable String uri, byte[] memory, List<Piece> pieces) {
    this(uri, memory, pieces, List.of());
  }

  /**
   * A block.
   *
   * @param table its number in the mapping, or {@link HeldRange#INVALID_RECORDS}
   * @param firstRecord the number of its first record in the part
   * @param released what it comes to when it is released, in bytes, at most
   * @param offset in the file or in memory, in bytes
   * @param length in bytes
   */
  record Piece(int table, long firstRecord, int rows, long released, long offset, long length) {}
}
