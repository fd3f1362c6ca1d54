package io.xmltobigquery.options;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.mapping.MappingReader;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads the mapping from a local file or one on Cloud Storage. */
public final class MappingFile {

  /** Thousands of columns have less; a wrong name may be that of a file of many gigabytes. */
  private static final long MOST_BYTES = 10_000_000;

  private MappingFile() {}

  /**
   * Reads the mapping that the options name.
   *
   * @param name the file, or null for the default mapping
   * @throws FileGoneException if there is no such file
   * @throws IOException if the file can't be read, or is too large for a mapping
   * @throws MappingException if it isn't a mapping
   */
  public static Mapping read(FileStore files, @Nullable String name)
      throws IOException, MappingException {
    return name == null ? MappingReader.defaultMapping() : MappingReader.read(bytes(files, name));
  }

  /**
   * The text of a mapping, as somebody wrote it.
   *
   * @throws IOException if the file can't be read, or is too large for a mapping
   * @throws MappingException if it isn't UTF-8
   */
  public static String text(FileStore files, String name) throws IOException, MappingException {
    return MappingReader.decode(bytes(files, name));
  }

  private static byte[] bytes(FileStore files, String name) throws IOException {
    FileVersion file = files.find(name);
    if (file.size() > MOST_BYTES) {
      throw new IOException(
          "it has %d bytes, and a mapping has %d at most".formatted(file.size(), MOST_BYTES));
    }
    try (InputStream in = files.open(file, 0)) {
      return in.readAllBytes();
    }
  }
}
