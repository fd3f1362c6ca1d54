package io.xmltobigquery.flow.held;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.VersionId;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.xml.InvalidRecord;
import io.xmltobigquery.xml.Position;
import io.xmltobigquery.xml.ReadDocument;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Holds rows as if they were read from a file, which is one part. */
public final class TestRanges {

  private static final Position START = new Position(1, 1, 0);

  private final HoldRows hold;
  private final FileVersion file;

  public TestRanges(
      RowEncoding encoding, int tables, FileVersion file, FileStore files, String prefix) {
    this.hold = new HoldRows(encoding, tables, file, files, prefix, 1);
    this.file = file;
  }

  public TestRanges add(Row row, long record) throws IOException {
    hold.row(row, record);
    return this;
  }

  public TestRanges add(InvalidRecord record) throws IOException {
    hold.invalid(record);
    return this;
  }

  public TestRanges drop(long record) {
    hold.drop(record);
    return this;
  }

  /** The ranges, each of what is released as so many bytes. */
  public List<HeldRange> ranges(long maxReleased) throws IOException {
    try (hold) {
      ReadDocument.Part<HeldPart> part = new ReadDocument.Part<>(hold.finish(), 0, START);
      return HeldRanges.of(file, List.of(part), maxReleased);
    }
  }

  /** A range with these bytes, which are no blocks. */
  public static HeldRange inline(FileVersion file, Position partStart) {
    return range(file, partStart, new HeldContent.Inline(new byte[] {0, -1, 127}));
  }

  /** A part with one block, which is in a file. */
  public static HeldPart part(String uri) {
    return new HeldPart(
        uri,
        new byte[0],
        List.of(new HeldPart.Piece(0, 12, 13, 14, 15, 16)),
        List.of(new Dropped(3, 4)));
  }

  /** A range in two pieces of a file. */
  public static HeldRange stored(FileVersion file, Position partStart, String uri) {
    return range(
        file,
        partStart,
        new HeldContent.Stored(
            uri, List.of(new HeldContent.Extent(16, 17), new HeldContent.Extent(300, 18))));
  }

  private static HeldRange range(FileVersion file, Position partStart, HeldContent content) {
    return new HeldRange(file, 12, 13, 14, 15, partStart, content, List.of(new Dropped(5, 6)));
  }

  /** The same rows in ranges whose part begins elsewhere. */
  public static List<HeldRange> moved(List<HeldRange> ranges, long recordsBefore, Position start) {
    List<HeldRange> moved = new ArrayList<>();
    for (HeldRange range : ranges) {
      moved.add(
          new HeldRange(
              range.file(),
              range.table(),
              recordsBefore + range.firstRecord(),
              range.rows(),
              recordsBefore,
              start,
              range.content(),
              range.dropped()));
    }
    return moved;
  }

  /** The same, where the file is in an archive. */
  public static HeldRange inArchive(HeldRange range, VersionId archive, int number) {
    return range.in(archive, number);
  }
}
