package io.xmltobigquery.files;

/**
 * What identifies a file version, and all that a notification tells of it.
 *
 * @param uri as in {@link FileVersion}
 * @param generation as in {@link FileVersion}
 */
public record VersionId(String uri, String generation) {

  /** {@code uri#generation}. */
  @Override
  public String toString() {
    return uri + "#" + generation;
  }
}
