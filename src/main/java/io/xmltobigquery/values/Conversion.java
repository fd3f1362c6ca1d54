package io.xmltobigquery.values;

import java.io.Serializable;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the text of a column becomes its value, where a mapping says more than the column's type. The
 * steps come in this order: the pieces are joined, or the text is split; white space; null markers;
 * empty texts; format, number and boolean; the type; and in place of NULL the default.
 *
 * @param collapse whether white space at the ends is dropped and each run within is one space; it
 *     always is for types other than STRING
 * @param nullMarkers texts that stand for NULL
 * @param empty what an empty text is; for a null it is what the type says
 * @param formats of a date or time, the first that matches counts; empty for XML Schema's
 * @param timeZone of texts that name none, and that in which those are told that do; or null
 * @param number how numbers are written, or null for XML Schema's
 * @param trueWords texts that are true, beside XML Schema's
 * @param falseWords texts that are false, beside XML Schema's
 * @param split what stands between the values of one text: {@code " "} for white space; null if
 *     there is one value
 * @param join what is put between several texts, which make one value; or null
 * @param defaultText what is loaded in place of NULL: a text as XML Schema has it, whatever the
 *     other keys say; or null
 */
public record Conversion(
    boolean collapse,
    List<String> nullMarkers,
    @Nullable Empty empty,
    List<TimeFormat> formats,
    @Nullable ZoneId timeZone,
    @Nullable NumberFormat number,
    List<String> trueWords,
    List<String> falseWords,
    @Nullable String split,
    @Nullable String join,
    @Nullable String defaultText)
    implements Serializable {

  /** What an empty text is. */
  public enum Empty {
    NULL,
    KEEP,
    ERROR
  }

  public Conversion {
    nullMarkers = List.copyOf(nullMarkers);
    formats = List.copyOf(formats);
    trueWords = List.copyOf(trueWords);
    falseWords = List.copyOf(falseWords);
  }

  /** Whether the text stands for NULL. */
  public boolean isNullMarker(char[] text, int start, int end) {
    return isOneOf(nullMarkers, text, start, end);
  }

  private static boolean isOneOf(List<String> words, char[] text, int start, int end) {
    for (int i = 0; i < words.size(); i++) {
      if (Syntax.matches(text, start, end, words.get(i))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text of the type is read by {@link #parse}, and not as XML Schema has it. */
  public boolean parses(ColumnType type) {
    return switch (type) {
      case DATE, DATETIME, TIME -> !formats.isEmpty();
      case TIMESTAMP -> !formats.isEmpty() || timeZone != null;
      case BOOL -> !trueWords.isEmpty() || !falseWords.isEmpty();
      default -> false;
    };
  }

  /**
   * Reads a text of a type that {@link #parses} names.
   *
   * @return what {@link Values} gives for the type; 0 or 1 for BOOL
   */
  public long parse(ColumnType type, char[] text, int start, int end) throws InvalidValueException {
    if (type == ColumnType.BOOL) {
      return bool(text, start, end) ? 1 : 0;
    }
    if (formats.isEmpty()) {
      return Temporals.timestamp(text, start, end, timeZone);
    }
    if (formats.size() == 1) {
      return formats.get(0).parse(text, start, end, type, timeZone);
    }
    for (int i = 0; i < formats.size(); i++) {
      try {
        return formats.get(i).parse(text, start, end, type, timeZone);
      } catch (InvalidValueException e) {
        // Another one may match.
      }
    }
    throw new InvalidValueException("matches none of the formats " + formats);
  }

  private boolean bool(char[] text, int start, int end) throws InvalidValueException {
    if (isOneOf(trueWords, text, start, end)) {
      return true;
    }
    if (isOneOf(falseWords, text, start, end)) {
      return false;
    }
    try {
      return Values.bool(text, start, end);
    } catch (InvalidValueException e) {
      throw new InvalidValueException(e.getMessage() + ", or a word of the mapping's \"boolean\"");
    }
  }

  /**
   * The end of the item of a list that begins at a place: where the separator stands, or the end.
   */
  public int itemEnd(char[] text, int at, int end) {
    String separator = split == null ? "" : split;
    boolean space = separator.equals(" ");
    for (int i = at; i + separator.length() <= end; i++) {
      if (space
          ? Syntax.isSpace(text[i])
          : Syntax.matches(text, i, i + separator.length(), separator)) {
        return i;
      }
    }
    return end;
  }
}
