package io.xmltobigquery.flow.held;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.held.HeldPart.Piece;
import io.xmltobigquery.xml.ReadDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Groups what is held of a good file: each range has rows of one part and one table. */
public final class HeldRanges {

  private HeldRanges() {}

  /**
   * Groups all that is held of a file.
   *
   * @param maxReleased what a range may come to when it is released, in bytes, but for a single
   *     block
   */
  public static List<HeldRange> of(
      FileVersion file, List<ReadDocument.Part<HeldPart>> parts, long maxReleased) {
    List<HeldRange> ranges = new ArrayList<>();
    for (ReadDocument.Part<HeldPart> part : parts) {
      Map<Integer, Group> groups = new HashMap<>();
      for (Piece piece : part.held().pieces()) {
        Group group = groups.computeIfAbsent(piece.table(), table -> new Group());
        if (group.released + piece.released() > maxReleased && !group.pieces.isEmpty()) {
          ranges.add(group.range(file, part));
          group = new Group();
          groups.put(piece.table(), group);
        }
        group.add(piece);
      }
      groups.values().forEach(group -> ranges.add(group.range(file, part)));
    }
    return ranges;
  }

  private static final class Group {
    private final List<Piece> pieces = new ArrayList<>();
    private long released;

    void add(Piece piece) {
      pieces.add(piece);
      released += piece.released();
    }

    HeldRange range(FileVersion file, ReadDocument.Part<HeldPart> part) {
      HeldPart held = part.held();
      return new HeldRange(
          file,
          pieces.get(0).table(),
          part.recordsBefore() + pieces.get(0).firstRecord(),
          pieces.stream().mapToLong(Piece::rows).sum(),
          part.recordsBefore(),
          part.start(),
          held.uri() == null
              ? new HeldContent.Inline(copy(held.memory()))
              : new HeldContent.Stored(held.uri(), extents()),
          held.dropped());
    }

    private byte[] copy(byte[] memory) {
      byte[] blocks = new byte[(int) pieces.stream().mapToLong(Piece::length).sum()];
      int at = 0;
      for (Piece piece : pieces) {
        System.arraycopy(memory, (int) piece.offset(), blocks, at, (int) piece.length());
        at += (int) piece.length();
      }
      return blocks;
    }

    private List<HeldContent.Extent> extents() {
      List<HeldContent.Extent> extents = new ArrayList<>();
      for (Piece piece : pieces) {
        int last = extents.size() - 1;
        HeldContent.Extent before = last < 0 ? null : extents.get(last);
        if (before != null && before.offset() + before.length() == piece.offset()) {
          extents.set(
              last, new HeldContent.Extent(before.offset(), before.length() + piece.length()));
        } else {
          extents.add(new HeldContent.Extent(piece.offset(), piece.length()));
        }
      }
      return extents;
    }
  }
}
