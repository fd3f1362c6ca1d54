package io.xmltobigquery.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.Lexical;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Column values by regular expressions, java.math and java.time; see {@link
 * io.xmltobigquery.values.ColumnType} and {@link Lexical} for the rules.
 */
public final class OracleValues {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final String DATE =
      "(?<year>-?(?:[1-9][0-9]{4,}|[0-9]{4}))-(?<month>[0-9]{2})" + "-(?<day>[0-9]{2})";
  private static final String TIME =
      "(?<clock>(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
          + "(?<fraction>\\.[0-9]+)?|24:00:00(?:\\.0+)?)";
  private static final String ZONE = "(?<zone>Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?";

  private static final String YEAR = "-?([1-9][0-9]{4,}|[0-9]{4})";

  private static final Pattern XS_DATE = Pattern.compile(DATE + ZONE);
  private static final Pattern XS_TIME = Pattern.compile(TIME + ZONE);
  private static final Pattern XS_DATE_TIME = Pattern.compile(DATE + "T" + TIME + ZONE);
  private static final Pattern XS_INTEGER = Pattern.compile("[+-]?[0-9]+");
  private static final Pattern XS_DECIMAL =
      Pattern.compile("[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)");
  private static final Pattern XS_DOUBLE =
      Pattern.compile("(?<number>" + XS_DECIMAL + "(?:[eE][+-]?[0-9]+)?)|[+-]?INF|NaN");

  private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS");

  private OracleValues() {}

  public static final class NoValueException extends Exception {
    private static final long serialVersionUID = 1L;

    NoValueException(String message) {
      super(message);
    }
  }

  public static JsonNode value(Field field, String text) throws NoValueException {
    if (field.lexical() != null) {
      String collapsed = collapse(text);
      require(isLexical(field.lexical(), collapsed), "not xs:" + field.lexical().xsdName());
      return string(field, collapsed);
    }
    String value = collapse(text);
    return switch (field.type()) {
      case STRING -> string(field, text);
      case INT64 -> int64(value);
      case FLOAT64 -> float64(value);
      case NUMERIC, BIGNUMERIC -> decimal(field, value);
      case BOOL -> bool(value);
      case DATE -> date(value);
      case TIME -> time(value);
      case DATETIME -> dateTime(value, false);
      case TIMESTAMP -> dateTime(value, true);
      case BYTES -> bytes(field, value.replace(" ", ""));
      case JSON, RECORD -> throw new IllegalArgumentException();
    };
  }

  /** XML Schema Part 2, section 4.3.6, whiteSpace=collapse. */
  static String collapse(String text) {
    return text.replaceAll("[ \t\r\n]+", " ").replaceAll("^ | \\z", "");
  }

  static void require(boolean condition, String message) throws NoValueException {
    if (!condition) {
      throw new NoValueException(message);
    }
  }

  private static boolean isLexical(Lexical lexical, String text) {
    return switch (lexical) {
      case BOOLEAN -> text.matches("true|false|1|0");
      case DECIMAL -> XS_DECIMAL.matcher(text).matches();
      case INTEGER -> XS_INTEGER.matcher(text).matches();
      case DOUBLE -> XS_DOUBLE.matcher(text).matches();
      case DATE -> isDated(XS_DATE.matcher(text));
      case TIME -> XS_TIME.matcher(text).matches();
      case DATE_TIME -> isDated(XS_DATE_TIME.matcher(text));
      case BASE64_BINARY -> isBase64(text.replace(" ", ""));
      case HEX_BINARY -> text.matches("(?:[0-9a-fA-F]{2})*");
      case TOKEN, ANY_URI -> true;
      case DURATION ->
          text.matches(
              "-?P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+D)?"
                  + "(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+(\\.[0-9]+)?S)?)?");
      case G_YEAR -> text.matches(YEAR + ZONE);
      case G_YEAR_MONTH -> text.matches(YEAR + "-(0[1-9]|1[0-2])" + ZONE);
    };
  }

  private static boolean isDated(Matcher text) {
    if (!text.matches()) {
      return false;
    }
    int month = Integer.parseInt(text.group("month"));
    int day = Integer.parseInt(text.group("day"));
    int cycleYear =
        new BigInteger(text.group("year")).abs().mod(BigInteger.valueOf(400)).intValue();
    return month >= 1
        && month <= 12
        && day >= 1
        && day <= YearMonth.of(cycleYear, month).lengthOfMonth();
  }

  private static boolean isBase64(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(bytes).equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static JsonNode string(Field field, String text) throws NoValueException {
    Long maxLength = field.maxLength();
    require(maxLength == null || text.codePoints().count() <= maxLength, "too long");
    return JSON.textNode(text);
  }

  private static JsonNode bytes(Field field, String text) throws NoValueException {
    require(isBase64(text), "not Base64");
    Long maxLength = field.maxLength();
    require(maxLength == null || Base64.getDecoder().decode(text).length <= maxLength, "too long");
    return JSON.textNode(text);
  }

  private static JsonNode int64(String text) throws NoValueException {
    require(XS_DECIMAL.matcher(text).matches(), "not a decimal");
    BigDecimal number = new BigDecimal(text);
    require(number.stripTrailingZeros().scale() <= 0, "not an integer");
    BigInteger value = number.toBigIntegerExact();
    require(value.bitLength() <= 63, "beyond INT64");
    return JSON.numberNode(value.longValue());
  }

  private static JsonNode float64(String text) throws NoValueException {
    Matcher parts = XS_DOUBLE.matcher(text);
    require(parts.matches(), "not a double");
    if (parts.group("number") == null) {
      return JSON.numberNode(Double.parseDouble(text.replace("INF", "Infinity")));
    }
    double value = Double.parseDouble(text);
    boolean isZero = text.toLowerCase(Locale.ROOT).split("e", 2)[0].matches("[^1-9]*");
    require(!Double.isInfinite(value) && (value != 0 || isZero), "beyond FLOAT64");
    return JSON.numberNode(value);
  }

  private static JsonNode decimal(Field field, String text) throws NoValueException {
    require(XS_DECIMAL.matcher(text).matches(), "not a decimal");
    BigDecimal value = new BigDecimal(text).stripTrailingZeros();
    boolean numeric = field.type() == ColumnType.NUMERIC;
    Integer precision = field.precision();
    int scale = numeric ? 9 : 38;
    if (precision != null) {
      scale = field.scale() == null ? 0 : field.scale();
    }
    require(value.scale() <= scale, "too many digits after the point");
    if (precision != null || numeric) {
      int integerDigits = precision == null ? 29 : precision - scale;
      require(value.abs().compareTo(BigDecimal.TEN.pow(integerDigits)) < 0, "too large");
    } else {
      require(value.movePointRight(38).toBigIntegerExact().bitLength() <= 255, "too large");
    }
    return JSON.textNode(value.signum() == 0 ? "0" : value.toPlainString());
  }

  private static JsonNode bool(String text) throws NoValueException {
    require(isLexical(Lexical.BOOLEAN, text), "not a boolean");
    return JSON.booleanNode(text.equals("true") || text.equals("1"));
  }

  private static JsonNode date(String text) throws NoValueException {
    Matcher parts = XS_DATE.matcher(text);
    require(isDated(parts), "not a date");
    require(parts.group("zone") == null, "has a zone");
    return JSON.textNode(inRange(localDate(parts).atStartOfDay()).toLocalDate().toString());
  }

  private static JsonNode time(String text) throws NoValueException {
    Matcher parts = XS_TIME.matcher(text);
    require(parts.matches(), "not a time");
    require(parts.group("zone") == null, "has a zone");
    return JSON.textNode(format(onDay(LocalDate.EPOCH, parts).toLocalTime()));
  }

  private static JsonNode dateTime(String text, boolean isTimestamp) throws NoValueException {
    Matcher parts = XS_DATE_TIME.matcher(text);
    require(isDated(parts), "not a dateTime");
    LocalDateTime dateTime = onDay(localDate(parts), parts);
    String zone = parts.group("zone");
    if (isTimestamp && zone != null) {
      dateTime = dateTime.minusSeconds(ZoneOffset.of(zone).getTotalSeconds());
    }
    require(isTimestamp || zone == null, "has a zone");
    inRange(dateTime);
    return JSON.textNode(
        dateTime.toLocalDate() + "T" + format(dateTime.toLocalTime()) + (isTimestamp ? "Z" : ""));
  }

  private static LocalDate localDate(Matcher parts) throws NoValueException {
    try {
      return LocalDate.of(
          new BigInteger(parts.group("year")).intValueExact(),
          Integer.parseInt(parts.group("month")),
          Integer.parseInt(parts.group("day")));
    } catch (ArithmeticException | DateTimeException e) {
      throw new NoValueException("beyond the calendar");
    }
  }

  private static LocalDateTime onDay(LocalDate day, Matcher parts) throws NoValueException {
    String clock = parts.group("clock");
    if (clock.startsWith("24")) {
      return day.plusDays(1).atStartOfDay();
    }
    BigDecimal fraction =
        parts.group("fraction") == null
            ? BigDecimal.ZERO
            : new BigDecimal("0" + parts.group("fraction")).stripTrailingZeros();
    require(fraction.scale() <= 6, "too many digits of a second");
    return day.atTime(LocalTime.parse(clock.substring(0, 8)))
        .plusNanos(fraction.movePointRight(9).longValueExact());
  }

  private static LocalDateTime inRange(LocalDateTime dateTime) throws NoValueException {
    require(dateTime.getYear() >= 1 && dateTime.getYear() <= 9999, "beyond the years 1 to 9999");
    return dateTime;
  }

  private static String format(LocalTime time) {
    return (time.equals(time.truncatedTo(ChronoUnit.SECONDS)) ? SECONDS : MICROS).format(time);
  }
}
