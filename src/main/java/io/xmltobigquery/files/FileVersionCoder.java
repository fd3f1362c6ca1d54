package io.xmltobigquery.files;

import io.xmltobigquery.coders.Fields;
import io.xmltobigquery.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

public final class FileVersionCoder extends VersionedCoder<FileVersion> {

  private static final long serialVersionUID = 1L;

  /** For the types that have a file version. */
  public static final FileVersionCoder INSTANCE = new FileVersionCoder();

  @Override
  protected void write(FileVersion file, OutputStream out) throws IOException {
    Fields.writeString(file.uri(), out);
    Fields.writeString(file.generation(), out);
    Fields.writeLong(file.size(), out);
    Fields.writeNullable(file.created(), out, Fields::writeInstant);
  }

  @Override
  protected FileVersion read(InputStream in, int form) throws IOException {
    return new FileVersion(
        Fields.readString(in),
        Fields.readString(in),
        Fields.readLong(in),
        Fields.readNullable(in, Fields::readInstant));
  }
}
