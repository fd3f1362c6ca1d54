package io.xmltobigquery.xml;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks in the middle of a document for what looks like a place between two records: behind a
 * record's end tag, or between an element without one and a record's start tag. It may stand in a
 * comment; see {@link PartStart} for what becomes of that.
 */
final class TagSearch {

  /** How far behind the wanted place it looks, in bytes. */
  private static final int SEARCHED_BYTES = 8 << 20;

  private static final int STEP_BYTES = 64 * 1024;

  /**
   * What a tag, and the white space before it, may have in characters: the longest name and more.
   */
  private static final int LONGEST_TAG = 4 * Limits.MAX_NAME_LENGTH;

  private static final String PREFIX = "((?:[^<>/\\s:]+:)?)";

  private final Charset charset;
  private final Units units;
  private final Map<String, String> names;
  private final Pattern place;

  /**
   * @param charset that can be entered
   * @param localNames of records
   */
  TagSearch(Charset charset, List<String> localNames) {
    this.charset = charset;
    this.units = Units.of(charset);
    // A name that the encoding can't write isn't in the document.
    this.names =
        localNames.stream()
            .filter(name -> charset.newEncoder().canEncode(name))
            .collect(Collectors.toMap(this::text, Function.identity()));
    String name =
        names.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|", "(", ")"));
    this.place =
        Pattern.compile("</" + PREFIX + name + "\\s*>|/>(?=\\s*<" + PREFIX + name + "[\\s/>])");
  }

  /**
   * A place, and the name of the record behind or before it.
   *
   * @param prefix with its colon, or empty
   */
  record Found(long byteOffset, String prefix, String localName) {}

  /** How a document's text is looked at: as characters that each stand for the same bytes. */
  private enum Units {
    /**
     * Each byte as a character. In encodings of several bytes a character none of those that make a
     * tag are ever the second byte of another one.
     */
    BYTES(1),
    /** In EBCDIC a byte is a character, but another one than in ASCII. */
    SINGLE_BYTES(1),
    UTF_16(2),
    UTF_32(4);

    private final int bytes;

    Units(int bytes) {
      this.bytes = bytes;
    }

    static Units of(Charset charset) {
      if (charset.name().startsWith("UTF-16")) {
        return UTF_16;
      }
      if (charset.name().startsWith("UTF-32")) {
        return UTF_32;
      }
      return "<".getBytes(charset)[0] == '<' ? BYTES : SINGLE_BYTES;
    }
  }

  private String text(String name) {
    return units == Units.BYTES ? new String(name.getBytes(charset), ISO_8859_1) : name;
  }

  private String text(byte[] bytes, int count) {
    if (units == Units.BYTES) {
      return new String(bytes, 0, count, ISO_8859_1);
    }
    String text = new String(bytes, 0, count, charset);
    // Names may have such characters, but then the place isn't found.
    return units == Units.UTF_32
        ? text.codePoints()
            .mapToObj(c -> Character.isBmpCodePoint(c) ? Character.toString(c) : "?")
            .collect(Collectors.joining())
        : text;
  }

  private String prefix(String text) {
    return units == Units.BYTES ? new String(text.getBytes(ISO_8859_1), charset) : text;
  }

  /**
   * Looks behind a byte offset.
   *
   * @return the first place, or null if there is none near enough
   */
  @Nullable Found find(XmlSource source, long offset) throws IOException {
    if (names.isEmpty()) {
      return null;
    }
    long start = (offset + units.bytes - 1) / units.bytes * units.bytes;
    StringBuilder text = new StringBuilder();
    long textStart = start;
    byte[] step = new byte[STEP_BYTES];
    try (InputStream in = source.open(start)) {
      int count = step.length;
      while (count == step.length && textStart - start < SEARCHED_BYTES) {
        count = in.readNBytes(step, 0, step.length);
        text.append(text(step, count));
        Matcher found = place.matcher(text);
        if (found.find()) {
          return found(found, textStart);
        }
        int searched = Math.max(0, text.length() - LONGEST_TAG);
        textStart += searched * (long) units.bytes;
        text.delete(0, searched);
      }
    }
    return null;
  }

  private Found found(Matcher place, long start) {
    int group = place.group(2) != null ? 1 : 3;
    return new Found(
        start + place.end() * (long) units.bytes,
        prefix(place.group(group)),
        names.get(place.group(group + 1)));
  }
}
