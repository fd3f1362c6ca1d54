package io.xmltobigquery.state;

import io.xmltobigquery.storage.FileVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

final class FileVersionCoder extends VersionedCoder<FileVersion> {

  private static final long serialVersionUID = 1L;

  /** For the types that have a file version. */
  static final FileVersionCoder INSTANCE = new FileVersionCoder();

  @Override
  void write(FileVersion file, OutputStream out) throws IOException {
    Fields.writeString(file.uri(), out);
    Fields.writeString(file.generation(), out);
    Fields.writeLong(file.size(), out);
    Fields.writeNullable(file.created(), out, Fields::writeInstant);
  }

  @Override
  FileVersion read(InputStream in) throws IOException {
    return new FileVersion(
        Fields.readString(in),
        Fields.readString(in),
        Fields.readLong(in),
        Fields.readNullable(in, Fields::readInstant));
  }
}
