package io.xmltobigquery.mapping;

import static io.xmltobigquery.values.ColumnType.BIGNUMERIC;
import static io.xmltobigquery.values.ColumnType.BOOL;
import static io.xmltobigquery.values.ColumnType.BYTES;
import static io.xmltobigquery.values.ColumnType.DATE;
import static io.xmltobigquery.values.ColumnType.DATETIME;
import static io.xmltobigquery.values.ColumnType.FLOAT64;
import static io.xmltobigquery.values.ColumnType.INT64;
import static io.xmltobigquery.values.ColumnType.JSON;
import static io.xmltobigquery.values.ColumnType.NUMERIC;
import static io.xmltobigquery.values.ColumnType.RECORD;
import static io.xmltobigquery.values.ColumnType.STRING;
import static io.xmltobigquery.values.ColumnType.TIME;
import static io.xmltobigquery.values.ColumnType.TIMESTAMP;

import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.Conversion;
import io.xmltobigquery.values.InvalidValueException;
import io.xmltobigquery.values.Lexical;
import io.xmltobigquery.values.TimeFormat;
import io.xmltobigquery.values.Values;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the keys of a field that say how its text becomes its value. */
final class ConversionReader {

  static final List<String> KEYS =
      Stream.concat(ValueDefaults.KEYS.stream(), Stream.of("format", "split", "join", "default"))
          .toList();

  private static final Set<ColumnType> TIMES = EnumSet.of(DATE, DATETIME, TIME, TIMESTAMP);
  private static final Set<ColumnType> NUMBERS = EnumSet.of(INT64, FLOAT64, NUMERIC, BIGNUMERIC);
  private static final Set<ColumnType> TEXTS = EnumSet.of(STRING, BYTES);
  private static final Set<ColumnType> ALL = EnumSet.complementOf(EnumSet.of(JSON, RECORD));

  private final ValueDefaults defaults;

  /**
   * Makes a reader of fields.
   *
   * @param defaults for those that say nothing
   */
  ConversionReader(ValueDefaults defaults) {
    this.defaults = defaults;
  }

  /**
   * Reads what a field says.
   *
   * @param type the column's, or null if it isn't known
   * @return null if the type says all
   */
  @Nullable Conversion read(
      DocumentObject field,
      @Nullable ColumnType type,
      @Nullable Mode mode,
      @Nullable Lexical lexical) {
    ValueDefaults own = ValueDefaults.of(field);
    List<TimeFormat> formats = formats(field, type);
    String split = field.text("split");
    String join = field.text("join");
    String defaultText = field.scalar("default");
    if (type == null || mode == null) {
      return null;
    }
    checkTypes(field, type, formats);
    checkModes(field, mode);
    if (split != null && split.isEmpty()) {
      field.problem(
          "split", "is empty: write what stands between the values, or \" \" for white space");
    }
    if (lexical != null && Boolean.FALSE.equals(own.collapse())) {
      field.problem("whiteSpace", "can't be preserve with \"lexical\", which collapses: remove it");
    }
    if (!ALL.contains(type)) {
      return null;
    }
    ValueDefaults all = own.over(defaults);
    Conversion conversion =
        new Conversion(
            type == STRING && Boolean.TRUE.equals(all.collapse()),
            all.nullMarkers() == null ? List.of() : all.nullMarkers(),
            empty(type, own.empty(), all.empty()),
            formats,
            takesZone(type, formats) ? all.timeZone() : null,
            NUMBERS.contains(type) ? all.number() : null,
            type == BOOL && all.words() != null ? all.words().trueWords() : List.of(),
            type == BOOL && all.words() != null ? all.words().falseWords() : List.of(),
            split,
            join,
            defaultText);
    return conversion.equals(NOTHING) ? null : conversion;
  }

  private static final Conversion NOTHING =
      new Conversion(
          false, List.of(), null, List.of(), null, null, List.of(), List.of(), null, null, null);

  /** Null where it is what the type says anyway, or can't be: a number has no empty text. */
  private static Conversion.@Nullable Empty empty(
      ColumnType type, Conversion.@Nullable Empty own, Conversion.@Nullable Empty all) {
    Conversion.Empty empty = own == null ? all : own;
    Conversion.Empty ofType = TEXTS.contains(type) ? Conversion.Empty.KEEP : Conversion.Empty.NULL;
    boolean possible = empty != Conversion.Empty.KEEP || TEXTS.contains(type);
    return possible && empty != ofType ? empty : null;
  }

  private static boolean takesZone(ColumnType type, List<TimeFormat> formats) {
    return type == TIMESTAMP
        || (TIMES.contains(type) && formats.stream().anyMatch(TimeFormat::mayHaveZone));
  }

  private static void checkTypes(DocumentObject field, ColumnType type, List<TimeFormat> formats) {
    field.checkKeyOfType("whiteSpace", type, EnumSet.of(STRING));
    field.checkKeyOfType("empty", type, ALL);
    field.checkKeyOfType("nullMarkers", type, ALL);
    field.checkKeyOfType("format", type, TIMES);
    field.checkKeyOfType("number", type, NUMBERS);
    field.checkKeyOfType("boolean", type, EnumSet.of(BOOL));
    field.checkKeyOfType("split", type, ALL);
    field.checkKeyOfType("join", type, ALL);
    field.checkKeyOfType("default", type, ALL);
    field.checkKeyOfType("timeZone", type, TIMES);
    if (field.has("timeZone") && TIMES.contains(type) && !takesZone(type, formats)) {
      field.problem(
          "timeZone",
          "is for a TIMESTAMP, or for a \"format\" whose texts have time zones: remove it");
    }
    if ("keep".equals(field.isText("empty") ? field.text("empty") : null)
        && ALL.contains(type)
        && !TEXTS.contains(type)) {
      field.problem("empty", "can be keep for STRING or BYTES only: an empty text isn't a " + type);
    }
  }

  private static void checkModes(DocumentObject field, Mode mode) {
    if (field.has("split") && mode != Mode.REPEATED) {
      field.problem("split", "makes several values: the mode must be REPEATED");
    }
    if (field.has("join") && field.has("split")) {
      field.problem("join", "and \"split\" can't both be there: remove one");
    } else if (field.has("join") && mode == Mode.REPEATED) {
      field.problem("join", "makes one value: the mode must not be REPEATED");
    }
    if (field.has("default") && mode == Mode.REPEATED) {
      field.problem("default", "is a single value: the mode must not be REPEATED");
    }
  }

  private static List<TimeFormat> formats(DocumentObject field, @Nullable ColumnType type) {
    List<TimeFormat> formats = new ArrayList<>();
    for (String text : field.oneOrMoreTexts("format")) {
      try {
        TimeFormat format = TimeFormat.of(text);
        String missing = type == null || !TIMES.contains(type) ? null : format.missing(type);
        if (missing != null) {
          field.problem(
              "format",
              DocumentObject.quote(text) + " has no " + missing + ", which a " + type + " needs");
        }
        formats.add(format);
      } catch (TimeFormat.InvalidFormatException e) {
        field.problem("format", DocumentObject.quote(text) + " " + e.getMessage());
      }
    }
    return formats;
  }

  /**
   * Checks the default against the type, once the rest of the field is known to be good.
   *
   * @param field the column
   */
  static void checkDefault(DocumentObject object, Field field) {
    Conversion conversion = field.conversion();
    String text = conversion == null ? null : conversion.defaultText();
    if (text == null) {
      return;
    }
    char[] chars = text.toCharArray();
    try {
      long value =
          Values.parse(
              field.type(),
              field.lexical(),
              field.precision(),
              field.scale(),
              chars,
              0,
              chars.length);
      long length =
          field.type() == BYTES
              ? Values.base64Length(chars, 0, (int) value)
              : text.codePointCount(0, text.length());
      if (field.maxLength() != null && length > field.maxLength()) {
        object.problem("default", "is longer than maxLength");
      }
    } catch (InvalidValueException e) {
      object.problem("default", e.getMessage());
    }
  }
}
