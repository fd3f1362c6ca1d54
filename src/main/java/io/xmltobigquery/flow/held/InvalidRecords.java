package io.xmltobigquery.flow.held;

import io.xmltobigquery.coders.Fields;
import io.xmltobigquery.xml.InvalidRecord;
import io.xmltobigquery.xml.Position;
import io.xmltobigquery.xml.RejectionReason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Invalid records as bytes, as rows are. Their numbers are the block's. */
final class InvalidRecords {

  private InvalidRecords() {}

  static void write(InvalidRecord record, OutputStream out) throws IOException {
    Fields.writeString(record.table(), out);
    Fields.writeEnum(record.reason(), out);
    Fields.writeString(record.message(), out);
    Fields.writePosition(record.position(), out);
    Fields.writeString(record.xml(), out);
    Fields.writeLong(record.rowsInside(), out);
    Fields.writeNullable(record.context(), out, Fields::writeString);
  }

  /**
   * Reads a record.
   *
   * @param number its number in the file
   * @param partStart from where its position counts
   */
  static InvalidRecord read(long number, Position partStart, byte[] bytes, int start, int length)
      throws IOException {
    InputStream in = new ByteArrayInputStream(bytes, start, length);
    return new InvalidRecord(
        Fields.readString(in),
        number,
        Fields.readEnum(RejectionReason.class, in),
        Fields.readString(in),
        Fields.readPosition(in).from(partStart),
        Fields.readString(in),
        // Programs before this one have written no number, or no context.
        in.available() == 0 ? 0 : Fields.readLong(in),
        in.available() == 0 ? null : Fields.readNullable(in, Fields::readString));
  }
}
