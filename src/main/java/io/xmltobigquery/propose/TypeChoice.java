package io.xmltobigquery.propose;

import io.xmltobigquery.profile.ValueKind;
import io.xmltobigquery.profile.ValueProfile;
import io.xmltobigquery.propose.Decision.Sign;
import io.xmltobigquery.values.ColumnType;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The type of a column. In doubt it is STRING: a STRING that should be a number costs a cast in a
 * query, a number that should be a STRING costs rejected files.
 *
 * @param reason empty if nothing is to be said
 */
record TypeChoice(ColumnType type, Sign sign, String reason) {

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

  private static final Pattern WORD_END = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+");

  private static final Set<ColumnType> NUMBERS =
      Set.of(ColumnType.INT64, ColumnType.NUMERIC, ColumnType.BIGNUMERIC, ColumnType.FLOAT64);

  /**
   * Chooses.
   *
   * @param name of the element or attribute
   * @param onlyStrings whether every column is to be a STRING
   */
  static TypeChoice of(ValueProfile values, String name, boolean onlyStrings) {
    ColumnType fitting = values.type();
    if (onlyStrings || fitting == ColumnType.STRING) {
      return new TypeChoice(ColumnType.STRING, Sign.NONE, "");
    }
    long count = values.count() - values.count(ValueKind.EMPTY);
    if (count < LEAST_VALUES) {
      return string(fitting + " fits, but there " + only(count));
    }
    if (NUMBERS.contains(fitting) && isCodeName(name)) {
      return string(fitting + " fits, but by its name it is a code");
    }
    boolean partlyZoned =
        values.count(ValueKind.DATE_TIME) > 0 && values.count(ValueKind.ZONED_DATE_TIME) > 0;
    if (partlyZoned) {
      return new TypeChoice(
          fitting, Sign.LOOK, "some values have no time zone, and are taken for UTC");
    }
    return count < ENOUGH_VALUES
        ? new TypeChoice(fitting, Sign.LOOK, "fits all values, but there " + only(count))
        : new TypeChoice(fitting, Sign.NONE, "");
  }

  private static String only(long values) {
    return values == 1 ? "is only 1 value" : "are only " + values + " values";
  }

  private static TypeChoice string(String reason) {
    return new TypeChoice(ColumnType.STRING, Sign.LOOK, reason);
  }

  private static boolean isCodeName(String name) {
    String[] words = WORD_END.split(name, -1);
    String last = words[words.length - 1].toLowerCase(Locale.ROOT);
    // A "no" by itself numbers lines.
    return CODE_WORDS.contains(last) && (words.length > 1 || !last.equals("no"));
  }
}
