package io.xmltobigquery;

import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.storage.FileGoneException;
import io.xmltobigquery.storage.FileStore;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads the mapping from a local file or one on Cloud Storage. */
final class MappingFile {

  private MappingFile() {}

  /**
   * @param name the file, or null for the default mapping
   * @throws FileGoneException if there is no such file
   * @throws IOException if the file can't be read
   * @throws MappingException if it isn't a mapping
   */
  static Mapping read(FileStore files, @Nullable String name) throws IOException, MappingException {
    if (name == null) {
      return MappingReader.defaultMapping();
    }
    try (InputStream in = files.open(files.find(name), 0)) {
      return MappingReader.read(in.readAllBytes());
    }
  }
}
