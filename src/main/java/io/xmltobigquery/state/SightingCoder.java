package io.xmltobigquery.state;

import io.xmltobigquery.discovery.Sighting;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

final class SightingCoder extends VersionedCoder<Sighting> {

  private static final long serialVersionUID = 1L;

  @Override
  void write(Sighting sighting, OutputStream out) throws IOException {
    Fields.writeNullable(sighting.file(), out, FileVersionCoder.INSTANCE::encode);
    Fields.writeNullable(sighting.outcome(), out, FileOutcomeCoder.INSTANCE::encode);
    Fields.writeBoolean(sighting.notified(), out);
  }

  @Override
  Sighting read(InputStream in) throws IOException {
    return new Sighting(
        Fields.readNullable(in, FileVersionCoder.INSTANCE::decode),
        Fields.readNullable(in, FileOutcomeCoder.INSTANCE::decode),
        Fields.readBoolean(in));
  }
}
