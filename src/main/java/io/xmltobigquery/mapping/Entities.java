package io.xmltobigquery.mapping;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads {@code entities}: the characters that references, as that to {@code uuml}, stand for in
 * documents. Each is one character, so that none can hold markup or another reference, and no text
 * gets longer than the document's own.
 */
final class Entities {

  /** The value of the key that stands for all names of XHTML 1.0. */
  static final String HTML = "html";

  private static final String HTML_NAMES = "html-entities.properties";

  /** XML 1.0, section 4.6: every document has these. */
  private static final Set<String> PREDEFINED = Set.of("lt", "gt", "amp", "quot", "apos");

  /** A Name of XML 1.0 without a colon, but for the rarest characters. */
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{M}\\p{N}._\\-·]*");

  private Entities() {}

  /**
   * Reads the key of a mapping.
   *
   * @return code points by name; empty without the key
   */
  static Map<String, Integer> read(DocumentObject document, String key) {
    if (!document.has(key)) {
      return Map.of();
    }
    if (document.isText(key)) {
      if (!HTML.equals(document.text(key))) {
        document.problem(key, "must be an object, such as {\"uuml\": \"ü\"}, or \"html\"");
      }
      return html();
    }
    Map<String, Integer> entities = new HashMap<>();
    DocumentObject object = document.object(key);
    for (String name : object == null ? Set.<String>of() : object.keys()) {
      String character = object.text(name);
      if (character == null) {
        continue;
      }
      if (!NAME.matcher(name).matches()) {
        object.problem(name, DocumentObject.quote(name) + " can't be an entity's name");
      } else if (PREDEFINED.contains(name)) {
        object.problem(name, "XML itself says what &" + name + "; is: remove it");
      } else if (!isCharacter(character)) {
        object.problem(name, "must be one character that XML allows");
      } else {
        entities.put(name, character.codePointAt(0));
      }
    }
    return entities;
  }

  /** XML 1.0, production 2. */
  private static boolean isCharacter(String text) {
    if (text.isEmpty() || text.codePointCount(0, text.length()) != 1) {
      return false;
    }
    int character = text.codePointAt(0);
    return character == '\t'
        || character == '\n'
        || character == '\r'
        || (character >= 0x20 && character <= 0xD7FF)
        || (character >= 0xE000 && character <= 0xFFFD)
        || character >= 0x10000;
  }

  private static Map<String, Integer> html() {
    Properties names = new Properties();
    try (InputStream in = Entities.class.getResourceAsStream(HTML_NAMES)) {
      names.load(Objects.requireNonNull(in, HTML_NAMES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, Integer> entities = new HashMap<>();
    for (String name : names.stringPropertyNames()) {
      if (!PREDEFINED.contains(name)) {
        entities.put(name, Integer.parseInt(names.getProperty(name), 16));
      }
    }
    return entities;
  }
}
