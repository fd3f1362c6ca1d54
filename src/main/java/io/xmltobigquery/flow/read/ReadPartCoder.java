package io.xmltobigquery.flow.read;

import io.xmltobigquery.coders.Fields;
import io.xmltobigquery.coders.VersionedCoder;
import io.xmltobigquery.flow.held.HeldPart;
import io.xmltobigquery.flow.held.HeldPartCoder;
import io.xmltobigquery.outcome.FileOutcomeCoder;
import io.xmltobigquery.rows.Coverage;
import io.xmltobigquery.xml.DocumentPart;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** Writes {@link ReadPart}s. */
public final class ReadPartCoder extends VersionedCoder<ReadPart> {

  private static final long serialVersionUID = 1L;

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
  protected void write(ReadPart part, OutputStream out) throws IOException {
    FilePartCoder.INSTANCE.encode(part.part(), out);
    Fields.writeNullable(part.read(), out, ReadPartCoder::writeDocument);
    Fields.writeNullable(part.rejection(), out, FileOutcomeCoder::writeRejection);
  }

  @Override
  protected ReadPart read(InputStream in, int form) throws IOException {
    return new ReadPart(
        FilePartCoder.INSTANCE.decode(in),
        Fields.readNullable(in, document -> readDocument(document, form)),
        Fields.readNullable(in, FileOutcomeCoder::readRejection));
  }

  private static void writeDocument(DocumentPart<HeldPart> part, OutputStream out)
      throws IOException {
    Fields.writeAll(part.rows(), out, Fields::writeLong);
    Fields.writeAll(part.invalidRecords(), out, Fields::writeLong);
    CoverageCoder.INSTANCE.encode(part.coverage(), out);
    HeldPartCoder.INSTANCE.encode(part.held(), out);
    Fields.writePosition(part.end(), out);
    Fields.writeNullable(part.behind(), out, FilePartCoder::writeStart);
  }

  private static DocumentPart<HeldPart> readDocument(InputStream in, int form) throws IOException {
    List<Long> rows = Fields.readAll(in, Fields::readLong);
    return new DocumentPart<>(
        rows,
        Fields.readAll(in, Fields::readLong),
        form == 1 ? Coverage.none(rows.size()) : CoverageCoder.INSTANCE.decode(in),
        HeldPartCoder.INSTANCE.decode(in),
        Fields.readPosition(in),
        Fields.readNullable(in, FilePartCoder::readStart));
  }
}
