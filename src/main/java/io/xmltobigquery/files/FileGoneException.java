package io.xmltobigquery.files;

import java.io.IOException;

/** A file version isn't there any more. */
public final class FileGoneException extends IOException {

  private static final long serialVersionUID = 1L;

  private final boolean superseded;

  private FileGoneException(String message, boolean superseded) {
    super(message);
    this.superseded = superseded;
  }

  static FileGoneException missing(String uri) {
    return new FileGoneException(uri + " doesn't exist any more", false);
  }

  public static FileGoneException superseded(VersionId version) {
    return new FileGoneException(
        version.uri() + " was overwritten: generation " + version.generation() + " is gone", true);
  }

  /** Whether another version has taken its place; otherwise there is no file of that name. */
  public boolean isSuperseded() {
    return superseded;
  }
}
