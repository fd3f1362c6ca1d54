package io.xmltobigquery.xml;

import java.io.IOException;

/** The bytes of a gzip file are damaged or incomplete; reading them worked. */
final class CorruptGzipException extends IOException {

  private static final long serialVersionUID = 1L;

  CorruptGzipException(IOException cause) {
    super("the gzip data is damaged or ends too early: " + cause.getMessage(), cause);
  }
}
