package io.xmltobigquery.flow.read;

import io.xmltobigquery.coders.Fields;
import io.xmltobigquery.coders.VersionedCoder;
import io.xmltobigquery.files.FileVersionCoder;
import io.xmltobigquery.xml.InvalidRecord;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

public final class InvalidFileRecordCoder extends VersionedCoder<InvalidFileRecord> {

  private static final long serialVersionUID = 1L;

  @Override
  protected void write(InvalidFileRecord invalid, OutputStream out) throws IOException {
    FileVersionCoder.INSTANCE.encode(invalid.file(), out);
    InvalidRecord record = invalid.record();
    Fields.writeString(record.table(), out);
    Fields.writeLong(record.number(), out);
    Fields.writeEnum(record.reason(), out);
    Fields.writeString(record.message(), out);
    Fields.writePosition(record.position(), out);
    Fields.writeString(record.xml(), out);
  }

  @Override
  protected InvalidFileRecord read(InputStream in) throws IOException {
    return new InvalidFileRecord(
        FileVersionCoder.INSTANCE.decode(in),
        new InvalidRecord(
            Fields.readString(in),
            Fields.readLong(in),
            Fields.readEnum(RejectionReason.class, in),
            Fields.readString(in),
            Fields.readPosition(in),
            Fields.readString(in)));
  }
}
