package io.xmltobigquery.options;

import java.nio.file.Path;
import java.util.Set;
import org.apache.beam.sdk.io.FileSystems;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of names of files and directories, and of patterns, without looking at files.
 */
public final class FileNames {

  /** The file systems that a {@code FileStore} can reach. */
  private static final Set<String> SCHEMES = Set.of("file", "gs");

  private FileNames() {}

  /** What is wrong with the name of a file or directory, or with a pattern's directory. */
  public static @Nullable String problem(String name) {
    int scheme = name.indexOf("://");
    if (scheme < 0) {
      return null;
    }
    if (!SCHEMES.contains(name.substring(0, scheme))) {
      return " is on no file system known here; give a local path or gs://";
    }
    String plain = InputPattern.beforeWildcard(name);
    String directory = plain.equals(name) ? name : plain.substring(0, plain.lastIndexOf('/') + 1);
    try {
      FileSystems.matchNewResource(directory, true);
      return null;
    } catch (IllegalArgumentException e) {
      return " isn't a name of that file system: " + e.getMessage();
    }
  }

  /** Whether what a pattern matches is in a directory, if that is one. */
  public static boolean isIn(String input, @Nullable String directory) {
    if (directory == null || directory.isBlank() || problem(directory) != null) {
      return false;
    }
    String plain = InputPattern.beforeWildcard(input);
    String parent = plain.substring(0, plain.lastIndexOf('/') + 1);
    return Directories.directory(parent.isEmpty() ? "." : parent)
        .startsWith(Directories.directory(directory));
  }

  /** Whether it is the name of a local file, from the current directory on. */
  public static boolean isRelative(String name) {
    return !name.contains("://") && !Path.of(name).isAbsolute();
  }

  /** Whether relative names become patterns by the directory that they are in. */
  public static boolean areInPattern() {
    return InputPattern.isPattern(Path.of("").toAbsolutePath().toString());
  }
}
