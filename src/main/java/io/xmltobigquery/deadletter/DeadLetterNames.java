package io.xmltobigquery.deadletter;

import io.xmltobigquery.storage.FileVersion;
import java.nio.charset.StandardCharsets;

/**
 * How files are named in the dead letter: by their whole path and generation, so that no two meet.
 */
final class DeadLetterNames {

  static final String REPORT_SUFFIX = ".error.json";

  /**
   * Bytes of a file's own name that are kept: file systems take 255, and generation and suffixes
   * come on top.
   */
  private static final int MAX_NAME_BYTES = 180;

  private DeadLetterNames() {}

  /** {@code files/<bucket>/<object path>#<generation>}, or the absolute path of a local file. */
  static String file(FileVersion file) {
    String uri = file.uri();
    int scheme = uri.indexOf("://");
    String path = scheme < 0 ? uri : uri.substring(scheme + "://".length());
    path = path.replaceFirst("^/+", "");
    int nameStart = path.lastIndexOf('/') + 1;
    String name = path.substring(nameStart);
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
      // The report has the whole name.
      name = prefix(name) + "~" + file.digest();
    }
    return "files/" + path.substring(0, nameStart) + name + "#" + file.generation();
  }

  /** As many whole characters as fit. */
  private static String prefix(String name) {
    int end = 0;
    int bytes = 0;
    while (end < name.length()) {
      int codePoint = name.codePointAt(end);
      bytes += Character.toString(codePoint).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_NAME_BYTES) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return name.substring(0, end);
  }
}
