package io.xmltobigquery.flow.write;

import io.xmltobigquery.coders.Fields;
import io.xmltobigquery.coders.VersionedCoder;
import io.xmltobigquery.files.FileVersionCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

public final class RefusedRowCoder extends VersionedCoder<RefusedRow> {

  private static final long serialVersionUID = 1L;

  @Override
  protected void write(RefusedRow refused, OutputStream out) throws IOException {
    Fields.writeString(refused.table(), out);
    Fields.writeString(refused.error(), out);
    FileVersionCoder.INSTANCE.encode(refused.file(), out);
    Fields.writeLong(refused.record(), out);
    Fields.writeString(refused.row(), out);
  }

  @Override
  protected RefusedRow read(InputStream in, int form) throws IOException {
    return new RefusedRow(
        Fields.readString(in),
        Fields.readString(in),
        FileVersionCoder.INSTANCE.decode(in),
        Fields.readLong(in),
        Fields.readString(in));
  }
}
