package io.xmltobigquery.flow.held;

import io.xmltobigquery.coders.Fields;
import io.xmltobigquery.coders.VersionedCoder;
import io.xmltobigquery.flow.held.HeldPart.Piece;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** Writes {@link HeldPart}s. */
public final class HeldPartCoder extends VersionedCoder<HeldPart> {

  private static final long serialVersionUID = 1L;

  /** For the types that have a part. */
  public static final HeldPartCoder INSTANCE = new HeldPartCoder();

  /** Two arrays of the same bytes aren't equal. */
  @Override
  public boolean consistentWithEquals() {
    return false;
  }

  @Override
  protected int form() {
    return 2;
  }

  @Override
  protected void write(HeldPart part, OutputStream out) throws IOException {
    Fields.writeNullable(part.uri(), out, Fields::writeString);
    Fields.writeBytes(part.memory(), out);
    Fields.writeAll(part.pieces(), out, HeldPartCoder::writePiece);
    Fields.writeAll(part.dropped(), out, HeldPartCoder::writeDropped);
  }

  @Override
  protected HeldPart read(InputStream in, int form) throws IOException {
    return new HeldPart(
        Fields.readNullable(in, Fields::readString),
        Fields.readBytes(in),
        Fields.readAll(in, HeldPartCoder::readPiece),
        form == 1 ? List.of() : Fields.readAll(in, HeldPartCoder::readDropped));
  }

  static void writeDropped(Dropped dropped, OutputStream out) throws IOException {
    Fields.writeLong(dropped.first(), out);
    Fields.writeLong(dropped.last(), out);
  }

  static Dropped readDropped(InputStream in) throws IOException {
    return new Dropped(Fields.readLong(in), Fields.readLong(in));
  }

  private static void writePiece(Piece piece, OutputStream out) throws IOException {
    Fields.writeInt(piece.table(), out);
    Fields.writeLong(piece.firstRecord(), out);
    Fields.writeInt(piece.rows(), out);
    Fields.writeLong(piece.released(), out);
    Fields.writeLong(piece.offset(), out);
    Fields.writeLong(piece.length(), out);
  }

  private static Piece readPiece(InputStream in) throws IOException {
    return new Piece(
        Fields.readInt(in),
        Fields.readLong(in),
        Fields.readInt(in),
        Fields.readLong(in),
        Fields.readLong(in),
        Fields.readLong(in));
  }
}
