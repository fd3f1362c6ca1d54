package io.xmltobigquery.flow.held;

import io.xmltobigquery.coders.Fields;
import io.xmltobigquery.xml.InvalidRecord;
import io.xmltobigquery.xml.RejectionReason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Invalid records as bytes, as rows are. */
final class InvalidRecords implements HeldBytes {

  private final BytesStream bytes = new BytesStream();

  void append(InvalidRecord record) throws IOException {
    Fields.writeString(record.table(), bytes);
    Fields.writeLong(record.number(), bytes);
    Fields.writeEnum(record.reason(), bytes);
    Fields.writeString(record.message(), bytes);
    Fields.writePosition(record.position(), bytes);
    Fields.writeString(record.xml(), bytes);
  }

  /** Reads one record. */
  static InvalidRecord read(byte[] bytes, int start, int length) throws IOException {
    InputStream in = new ByteArrayInputStream(bytes, start, length);
    return new InvalidRecord(
        Fields.readString(in),
        Fields.readLong(in),
        Fields.readEnum(RejectionReason.class, in),
        Fields.readString(in),
        Fields.readPosition(in),
        Fields.readString(in));
  }

  @Override
  public int size() {
    return bytes.size();
  }

  @Override
  public ByteBuffer bytes() {
    return bytes.bytes();
  }

  @Override
  public void clear() {
    bytes.clear();
  }
}
