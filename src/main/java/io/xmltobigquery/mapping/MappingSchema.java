package io.xmltobigquery.mapping;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The JSON Schema of mapping documents, by which editors complete and check them. It knows every
 * key; what only {@link MappingReader} finds are mistakes that lie between two places, such as two
 * columns of one name, and paths that can't be read.
 */
public final class MappingSchema {

  private static final String FILE = "mapping.schema.json";

  private MappingSchema() {}

  /** The schema, of draft 2020-12. */
  public static String json() {
    try (InputStream json = MappingSchema.class.getResourceAsStream(FILE)) {
      return new String(Objects.requireNonNull(json, FILE).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
