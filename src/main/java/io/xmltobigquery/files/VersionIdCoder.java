package io.xmltobigquery.files;

import io.xmltobigquery.coders.Fields;
import io.xmltobigquery.coders.VersionedCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

public final class VersionIdCoder extends VersionedCoder<VersionId> {

  private static final long serialVersionUID = 1L;

  @Override
  protected void write(VersionId id, OutputStream out) throws IOException {
    Fields.writeString(id.uri(), out);
    Fields.writeString(id.generation(), out);
  }

  @Override
  protected VersionId read(InputStream in, int form) throws IOException {
    return new VersionId(Fields.readString(in), Fields.readString(in));
  }
}
