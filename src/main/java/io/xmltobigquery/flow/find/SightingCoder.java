package io.xmltobigquery.flow.find;

import io.xmltobigquery.coders.Fields;
import io.xmltobigquery.coders.VersionedCoder;
import io.xmltobigquery.files.FileVersionCoder;
import io.xmltobigquery.outcome.FileOutcomeCoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

public final class SightingCoder extends VersionedCoder<Sighting> {

  private static final long serialVersionUID = 1L;

  @Override
  protected void write(Sighting sighting, OutputStream out) throws IOException {
    Fields.writeNullable(sighting.file(), out, FileVersionCoder.INSTANCE::encode);
    Fields.writeNullable(sighting.outcome(), out, FileOutcomeCoder.INSTANCE::encode);
    Fields.writeBoolean(sighting.notified(), out);
  }

  @Override
  protected Sighting read(InputStream in, int form) throws IOException {
    return new Sighting(
        Fields.readNullable(in, FileVersionCoder.INSTANCE::decode),
        Fields.readNullable(in, FileOutcomeCoder.INSTANCE::decode),
        Fields.readBoolean(in));
  }
}
