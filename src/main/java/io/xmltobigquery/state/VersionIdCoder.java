package io.xmltobigquery.state;

import io.xmltobigquery.storage.VersionId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

final class VersionIdCoder extends VersionedCoder<VersionId> {

  private static final long serialVersionUID = 1L;

  @Override
  void write(VersionId id, OutputStream out) throws IOException {
    Fields.writeString(id.uri(), out);
    Fields.writeString(id.generation(), out);
  }

  @Override
  VersionId read(InputStream in) throws IOException {
    return new VersionId(Fields.readString(in), Fields.readString(in));
  }
}
