package io.xmltobigquery.files;

import java.io.IOException;

/** A file can't be deleted or written, which will not change by trying again. */
public final class NoPermissionException extends IOException {

  private static final long serialVersionUID = 1L;

  NoPermissionException(String message) {
    super(message);
  }
}
