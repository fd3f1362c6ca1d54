package io.xmltobigquery.files;

import java.io.IOException;

/**
 * A file that will not become readable by trying again: a directory, or one that we have no right
 * to read.
 */
public final class UnreadableFileException extends IOException {

  private static final long serialVersionUID = 1L;

  UnreadableFileException(String message) {
    super(message);
  }
}
