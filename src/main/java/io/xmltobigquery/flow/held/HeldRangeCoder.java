package io.xmltobigquery.flow.held;

import io.xmltobigquery.coders.Fields;
import io.xmltobigquery.coders.VersionedCoder;
import io.xmltobigquery.files.FileVersionCoder;
import io.xmltobigquery.files.VersionIdCoder;
import io.xmltobigquery.flow.held.HeldContent.Extent;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.apache.beam.sdk.coders.CoderException;

/** Writes {@link HeldRange}s. */
public final class HeldRangeCoder extends VersionedCoder<HeldRange> {

  private static final long serialVersionUID = 1L;

  private static final int INLINE = 0;
  private static final int STORED = 1;
  private static final VersionIdCoder ARCHIVE = new VersionIdCoder();

  /** Two arrays of the same bytes aren't equal. */
  @Override
  public boolean consistentWithEquals() {
    return false;
  }

  @Override
  protected int form() {
    return 4;
  }

  @Override
  protected void write(HeldRange range, OutputStream out) throws IOException {
    FileVersionCoder.INSTANCE.encode(range.file(), out);
    Fields.writeInt(range.table(), out);
    Fields.writeLong(range.firstRecord(), out);
    Fields.writeLong(range.rows(), out);
    Fields.writeLong(range.recordsBefore(), out);
    Fields.writePosition(range.partStart(), out);
    if (range.content() instanceof HeldContent.Inline inline) {
      out.write(INLINE);
      Fields.writeBytes(inline.blocks(), out);
    } else if (range.content() instanceof HeldContent.Stored stored) {
      out.write(STORED);
      Fields.writeString(stored.uri(), out);
      Fields.writeAll(stored.extents(), out, HeldRangeCoder::writeExtent);
    } else {
      throw new IllegalStateException(range.content().getClass().getName());
    }
    Fields.writeAll(range.dropped(), out, HeldPartCoder::writeDropped);
    Fields.writeNullable(range.archive(), out, ARCHIVE::encode);
    Fields.writeInt(range.entry(), out);
  }

  @Override
  protected HeldRange read(InputStream in, int form) throws IOException {
    return new HeldRange(
        FileVersionCoder.INSTANCE.decode(in),
        Fields.readInt(in),
        Fields.readLong(in),
        Fields.readLong(in),
        Fields.readLong(in),
        Fields.readPosition(in),
        readContent(in),
        form == 1 ? List.of() : Fields.readAll(in, HeldPartCoder::readDropped),
        form < 3 ? null : Fields.readNullable(in, ARCHIVE::decode),
        form < 4 ? 0 : Fields.readInt(in));
  }

  private static HeldContent readContent(InputStream in) throws IOException {
    int kind = in.read();
    return switch (kind) {
      case INLINE -> new HeldContent.Inline(Fields.readBytes(in));
      case STORED ->
          new HeldContent.Stored(
              Fields.readString(in), Fields.readAll(in, HeldRangeCoder::readExtent));
      default -> throw new CoderException("not a kind of content: " + kind);
    };
  }

  private static void writeExtent(Extent extent, OutputStream out) throws IOException {
    Fields.writeLong(extent.offset(), out);
    Fields.writeLong(extent.length(), out);
  }

  private static Extent readExtent(InputStream in) throws IOException {
    return new Extent(Fields.readLong(in), Fields.readLong(in));
  }
}
