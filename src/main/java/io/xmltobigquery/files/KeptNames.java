package io.xmltobigquery.files;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * How copies of files are named in a directory that keeps them: by their whole path and generation,
 * so that no two meet.
 */
public final class KeptNames {

  /**
   * Bytes of a file's own name that are kept: file systems take 255, and generation and the suffix
   * of a report come on top.
   */
  private static final int MAX_NAME_BYTES = 180;

  /**
   * Bytes of its directory's name that are kept: Cloud Storage takes 1,024 for all, with the path
   * of the directory itself.
   */
  private static final int MAX_DIRECTORY_BYTES = 600;

  /** An object may be named so; as a local name it would lead out of the directory. */
  private static final Pattern DOTS = Pattern.compile("(?<![^/])(\\.\\.?)/");

  private KeptNames() {}

  /** {@code <bucket>/<object path>#<generation>}, or the absolute path of a local file. */
  public static String path(FileVersion file) {
    String path = file.uri().replaceFirst("^([^/]*://)?/*", "");
    int nameStart = path.lastIndexOf('/') + 1;
    return directory(path.substring(0, nameStart), file)
        + name(path.substring(nameStart), file)
        + "#"
        + file.generation();
  }

  // What is cut off is in file_loads, and in the report.

  private static String directory(String directory, FileVersion file) {
    String harmless = DOTS.matcher(directory).replaceAll("$1~/");
    String start = prefix(harmless, MAX_DIRECTORY_BYTES);
    return start.equals(harmless)
        ? harmless
        : start.substring(0, start.lastIndexOf('/') + 1) + "~" + Digest.of(file.uri()) + "/";
  }

  private static String name(String name, FileVersion file) {
    String start = prefix(name, MAX_NAME_BYTES);
    return start.equals(name) ? name : start + "~" + Digest.of(file.uri());
  }

  /** As many whole characters as fit. */
  private static String prefix(String text, int maxBytes) {
    int end = 0;
    int bytes = 0;
    while (end < text.length()) {
      int codePoint = text.codePointAt(end);
      bytes += Character.toString(codePoint).getBytes(StandardCharsets.UTF_8).length;
      if (bytes > maxBytes) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return text.substring(0, end);
  }
}
