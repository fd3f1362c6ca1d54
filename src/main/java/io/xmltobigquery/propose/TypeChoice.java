package io.xmltobigquery.propose;

import io.xmltobigquery.profile.Declaration;
import io.xmltobigquery.profile.DeclaredValue;
import io.xmltobigquery.profile.ValueKind;
import io.xmltobigquery.profile.ValueProfile;
import io.xmltobigquery.propose.Decision.Sign;
import io.xmltobigquery.values.ColumnType;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The type of a column. In doubt it is STRING: a STRING that should be a number costs a cast in a
 * query, a number that should be a STRING costs rejected files. What a schema declares counts, as
 * far as the samples keep to it.
 *
 * @param isList whether one text has several values, with white space between them
 * @param reason empty if nothing is to be said
 */
record TypeChoice(ColumnType type, boolean isList, Sign sign, String reason) {

  /** Fewer values say too little. */
  private static final long LEAST_VALUES = 5;

  /** Fewer values may say too little. */
  private static final long ENOUGH_VALUES = 20;

  /** Last words of names whose digits most likely count nothing. */
  private static final Set<String> CODE_WORDS =
      Set.of(
          "id",
          "code",
          "number",
          "nr",
          "no",
          "phone",
          "fax",
          "zip",
          "postal",
          "postcode",
          "version",
          "key",
          "ref",
          "reference",
          "account",
          "iban",
          "isbn",
          "ean",
          "gtin",
          "sku");

  private static final String PARTLY_ZONED = "some values have no time zone, and are taken for UTC";

  private static final Pattern WORD_END = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+");

  private static final Set<ColumnType> NUMBERS =
      Set.of(ColumnType.INT64, ColumnType.NUMERIC, ColumnType.BIGNUMERIC, ColumnType.FLOAT64);

  /**
   * With more digits behind the point in samples, other files may have more than NUMERIC takes: 9.
   */
  private static final int MOST_FRACTION_DIGITS = 7;

  /** With more before the point, more than NUMERIC takes: 29. */
  private static final int MOST_INTEGER_DIGITS = 27;

  /**
   * Chooses.
   *
   * @param values of the samples; null if there are none
   * @param declared what the schema says; null without one
   * @param name of the element or attribute
   * @param repeated whether there may be several
   * @param onlyStrings whether every column is to be a STRING
   */
  static TypeChoice of(
      @Nullable ValueProfile values,
      @Nullable Declaration declared,
      String name,
      boolean repeated,
      boolean onlyStrings) {
    DeclaredValue value = declared == null ? null : declared.value();
    if (value != null) {
      return byDeclaration(values, value, repeated, onlyStrings).noting(note(declared));
    }
    TypeChoice choice =
        values == null
            ? new TypeChoice(ColumnType.STRING, false, Sign.NONE, "")
            : bySamples(values, name, onlyStrings);
    return choice.noting(note(declared));
  }

  /** The same, with something to look at; empty if nothing is. */
  TypeChoice noting(String note) {
    return note.isEmpty()
        ? this
        : new TypeChoice(type, isList, Sign.LOOK, reason.isEmpty() ? note : note + "; " + reason);
  }

  /** What else is to be said of a path; empty if nothing is. */
  static String note(@Nullable Declaration declared) {
    return declared == null ? "" : declared.note();
  }

  /** " REPEATED" if the column is. */
  String mode(boolean repeated) {
    return repeated || isList ? " REPEATED" : "";
  }

  private static TypeChoice byDeclaration(
      @Nullable ValueProfile values,
      DeclaredValue declared,
      boolean repeated,
      boolean onlyStrings) {
    String words = declared.words();
    if (declared.isList() && repeated) {
      return string(words + "; since the element repeats, too, each list is kept as one text");
    }
    ColumnType type = onlyStrings ? ColumnType.STRING : declared.type();
    boolean isSeen = values != null && values.count() > values.count(ValueKind.EMPTY);
    if (type == ColumnType.TIME && !isSeen) {
      return string(words + ", which may have a time zone, and TIME has none");
    }
    // Nobody has looked at the items of lists in samples.
    if (type == ColumnType.STRING || declared.isList() || !isSeen) {
      return new TypeChoice(type, declared.isList(), Sign.NONE, words);
    }
    ColumnType fitting = values.fitting(type);
    if (fitting == null) {
      return string(words + "; not all values of the samples fit " + type);
    }
    if (fitting == ColumnType.TIMESTAMP && values.count(ValueKind.ZONED_DATE_TIME) == 0) {
      return new TypeChoice(
          ColumnType.DATETIME,
          false,
          Sign.NONE,
          words + "; no value of the samples has a time zone");
    }
    if (isPartlyZoned(values)) {
      return new TypeChoice(fitting, false, Sign.LOOK, words + "; " + PARTLY_ZONED);
    }
    boolean needsFew =
        values.fractionDigits() <= MOST_FRACTION_DIGITS
            && values.integerDigits() <= MOST_INTEGER_DIGITS;
    boolean isNumeric = fitting == ColumnType.BIGNUMERIC && !declared.isBounded() && needsFew;
    return new TypeChoice(isNumeric ? ColumnType.NUMERIC : fitting, false, Sign.NONE, words);
  }

  private static TypeChoice bySamples(ValueProfile values, String name, boolean onlyStrings) {
    ColumnType fitting = values.type();
    if (onlyStrings || fitting == ColumnType.STRING) {
      return new TypeChoice(ColumnType.STRING, false, Sign.NONE, "");
    }
    long count = values.count() - values.count(ValueKind.EMPTY);
    if (count < LEAST_VALUES) {
      return string(fitting + " fits, but there " + only(count));
    }
    if (NUMBERS.contains(fitting) && isCodeName(name)) {
      return string(fitting + " fits, but by its name it is a code");
    }
    if (isPartlyZoned(values)) {
      return new TypeChoice(fitting, false, Sign.LOOK, PARTLY_ZONED);
    }
    return count < ENOUGH_VALUES
        ? new TypeChoice(fitting, false, Sign.LOOK, "fits all values, but there " + only(count))
        : new TypeChoice(fitting, false, Sign.NONE, "");
  }

  private static boolean isPartlyZoned(ValueProfile values) {
    return values.count(ValueKind.DATE_TIME) > 0 && values.count(ValueKind.ZONED_DATE_TIME) > 0;
  }

  private static String only(long values) {
    return values == 1 ? "is only 1 value" : "are only " + values + " values";
  }

  private static TypeChoice string(String reason) {
    return new TypeChoice(ColumnType.STRING, false, Sign.LOOK, reason);
  }

  private static boolean isCodeName(String name) {
    String[] words = WORD_END.split(name, -1);
    String last = words[words.length - 1].toLowerCase(Locale.ROOT);
    // A "no" by itself numbers lines.
    return CODE_WORDS.contains(last) && (words.length > 1 || !last.equals("no"));
  }
}
