package io.xmltobigquery.outcome;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version of this program, as reports name it. */
public final class ProgramVersion {

  private ProgramVersion() {}

  /** Such as {@code 0.1.0}. */
  public static String current() {
    try (InputStream in = ProgramVersion.class.getResourceAsStream("version.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("a resource of the program itself can't be read", e);
    }
  }
}
