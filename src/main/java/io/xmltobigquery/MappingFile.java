package io.xmltobigquery;

import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.mapping.MappingReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import org.apache.beam.sdk.io.FileSystems;
import org.jspecify.annotations.Nullable;

/** Reads the mapping from wherever Beam can read files. */
final class MappingFile {

  private MappingFile() {}

  /**
   * @param name the file, or null for the default mapping
   * @throws IOException if the file can't be read
   * @throws MappingException if it isn't a mapping
   */
  static Mapping read(@Nullable String name) throws IOException, MappingException {
    if (name == null) {
      return MappingReader.defaultMapping();
    }
    try (InputStream in =
        Channels.newInputStream(
            FileSystems.open(FileSystems.matchSingleFileSpec(name).resourceId()))) {
      return MappingReader.read(in.readAllBytes());
    }
  }
}
