package io.xmltobigquery.mapping;

import io.xmltobigquery.values.Conversion;
import io.xmltobigquery.values.NumberFormat;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How texts are read, as the mapping, a table or a field says it: for all fields that it fits. Null
 * for what isn't said.
 *
 * @param collapse white space
 */
record ValueDefaults(
    @Nullable Boolean collapse,
    Conversion.@Nullable Empty empty,
    @Nullable List<String> nullMarkers,
    @Nullable NumberFormat number,
    @Nullable BooleanWords words,
    @Nullable ZoneId timeZone) {

  /** Words for true and false, beside XML Schema's. */
  record BooleanWords(List<String> trueWords, List<String> falseWords) {}

  static final ValueDefaults NONE = new ValueDefaults(null, null, null, null, null, null);

  static final List<String> KEYS =
      List.of("whiteSpace", "empty", "nullMarkers", "number", "boolean", "timeZone");
  static final List<String> OF_NUMBER = List.of("decimal", "group", "trailingSign", "exponent");
  static final List<String> OF_BOOLEAN = List.of("true", "false");

  static final Map<String, Boolean> WHITE_SPACE =
      new TreeMap<>(Map.of("preserve", false, "collapse", true));
  static final Map<String, Conversion.Empty> EMPTY =
      new TreeMap<>(
          Map.of(
              "null", Conversion.Empty.NULL,
              "keep", Conversion.Empty.KEEP,
              "error", Conversion.Empty.ERROR));

  private static final List<String> XML_TRUE = List.of("true", "1");
  private static final List<String> XML_FALSE = List.of("false", "0");

  private static final Pattern OFFSET =
      Pattern.compile("Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00");

  /** Reads the object that {@code defaults} is. */
  static ValueDefaults read(DocumentObject holder) {
    DocumentObject defaults = holder.object("defaults");
    if (defaults == null) {
      return NONE;
    }
    defaults.checkKeys(KEYS);
    return of(defaults);
  }

  /** What an object says, which may have other keys, too. */
  static ValueDefaults of(DocumentObject object) {
    return new ValueDefaults(
        object.choice("whiteSpace", WHITE_SPACE, null),
        object.choice("empty", EMPTY, null),
        nullMarkers(object),
        number(object.object("number")),
        words(object.object("boolean")),
        timeZone(object));
  }

  /** This, and what others say where this says nothing. */
  ValueDefaults over(ValueDefaults others) {
    return new ValueDefaults(
        collapse == null ? others.collapse : collapse,
        empty == null ? others.empty : empty,
        nullMarkers == null ? others.nullMarkers : nullMarkers,
        number == null ? others.number : number,
        words == null ? others.words : words,
        timeZone == null ? others.timeZone : timeZone);
  }

  private static @Nullable List<String> nullMarkers(DocumentObject object) {
    List<String> markers = object.texts("nullMarkers");
    if (markers != null && markers.contains("")) {
      object.problem("nullMarkers", "has an empty text: write \"empty\": \"null\"");
    }
    return markers;
  }

  private static @Nullable NumberFormat number(@Nullable DocumentObject number) {
    if (number == null) {
      return null;
    }
    number.checkKeys(OF_NUMBER);
    Character decimal = separator(number, "decimal");
    Character group = separator(number, "group");
    Boolean trailingSign = number.bool("trailingSign");
    Boolean exponent = number.bool("exponent");
    char point = decimal == null ? '.' : decimal;
    if (group != null && group == point) {
      number.problem("group", "is the decimal separator, too: write another \"decimal\"");
    }
    return new NumberFormat(
        point, group, trailingSign != null && trailingSign, exponent != null && exponent);
  }

  private static @Nullable Character separator(DocumentObject number, String key) {
    String text = number.text(key);
    if (text == null) {
      return null;
    }
    if (text.length() != 1 || Character.isLetterOrDigit(text.charAt(0)) || "+-".contains(text)) {
      number.problem(key, "must be one character that is no letter, digit or sign");
      return null;
    }
    return text.charAt(0);
  }

  private static @Nullable BooleanWords words(@Nullable DocumentObject object) {
    if (object == null) {
      return null;
    }
    object.checkKeys(OF_BOOLEAN);
    List<String> trueWords = object.texts("true");
    List<String> falseWords = object.texts("false");
    BooleanWords words =
        new BooleanWords(
            trueWords == null ? List.of() : trueWords, falseWords == null ? List.of() : falseWords);
    checkApart(object, "true", words.trueWords, words.falseWords);
    checkApart(object, "true", words.trueWords, XML_FALSE);
    checkApart(object, "false", words.falseWords, XML_TRUE);
    return words;
  }

  private static void checkApart(
      DocumentObject object, String key, List<String> words, List<String> others) {
    for (String word : words) {
      if (others.contains(word)) {
        object.problem(key, DocumentObject.quote(word) + " can't be true and false: remove it");
      }
    }
  }

  private static @Nullable ZoneId timeZone(DocumentObject object) {
    String name = object.text("timeZone");
    if (name == null) {
      return null;
    }
    if (!OFFSET.matcher(name).matches() && !ZoneId.getAvailableZoneIds().contains(name)) {
      object.problem(
          "timeZone",
          DocumentObject.quote(name)
              + " isn't a time zone: write an IANA name, such as Europe/Berlin, or an offset, such"
              + " as +01:00");
      return null;
    }
    return ZoneId.of(name);
  }
}
