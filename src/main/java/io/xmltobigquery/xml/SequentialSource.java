package io.xmltobigquery.xml;

import java.io.IOException;
import java.io.InputStream;

/** Bytes that can be read from their start only: what is before an offset is read, too. */
abstract class SequentialSource implements XmlSource {

  /** Opens the bytes from their start. */
  abstract InputStream open() throws IOException;

  @Override
  public final InputStream open(long offset) throws IOException {
    InputStream stream = open();
    boolean skipped = false;
    try {
      stream.skipNBytes(offset);
      skipped = true;
    } finally {
      if (!skipped) {
        stream.close();
      }
    }
    return stream;
  }

  @Override
  public final boolean opensAnywhere() {
    return false;
  }
}
