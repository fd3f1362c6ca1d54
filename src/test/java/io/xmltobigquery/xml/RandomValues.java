package io.xmltobigquery.xml;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.Conversion;
import io.xmltobigquery.values.Lexical;
import io.xmltobigquery.values.NumberFormat;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;

/** Texts that columns can hold, in many of the forms that XML Schema allows. */
public final class RandomValues {

  private static final int[] CHARACTERS = {
    'a', 'b', 'Z', '0', '9', ' ', ' ', '\n', '\t', '.', '<', '>', '&', '"', '\'', ']', '-', '?',
    0xA5, 0xE9, 0xDF, 0x85, 0x2028, 0x20AC, 0x416, 0x3042, 0x6F22, 0xAC00, 0xFF71, 0xFEFF, 0xFFFD,
    0x1F600, 0x20000, 0x10FFFD, 0x301
  };

  private final Random random;

  public RandomValues(Random random) {
    this.random = random;
  }

  /** A text for a column that isn't a RECORD; nearly always a valid one. */
  public String of(Field field) {
    return field.conversion() == null ? plain(field) : converted(field, field.conversion());
  }

  /** As the mapping says that it is written. */
  private String converted(Field field, Conversion conversion) {
    if (!conversion.nullMarkers().isEmpty() && random.nextInt(5) == 0) {
      return padded(oneOf("-", "n/a"));
    }
    if (random.nextInt(1500) == 0) {
      return padded(oneOf("", "-", "?"));
    }
    if (conversion.split() != null && random.nextInt(3) > 0) {
      List<String> items = new ArrayList<>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        items.add(random.nextInt(9) == 0 ? "" : item(field, conversion));
      }
      return String.join(conversion.split(), items);
    }
    return item(field, conversion);
  }

  private String item(Field field, Conversion conversion) {
    if (conversion.number() != null) {
      return padded(
          number(plain(field).strip(), conversion.number(), field.type() == ColumnType.INT64));
    }
    if (!conversion.trueWords().isEmpty()) {
      return padded(oneOf("Y", "ja", "N", "true", "0"));
    }
    if (!conversion.formats().isEmpty()) {
      return padded(
          time(
              conversion.formats().get(random.nextInt(conversion.formats().size())).toString(),
              field.type() == ColumnType.TIMESTAMP));
    }
    return plain(field);
  }

  private String number(String plain, NumberFormat format, boolean integral) {
    if (!plain.matches("[+-]?[0-9]+([.][0-9]*)?")) {
      return plain.replace('.', format.decimal());
    }
    String sign = plain.replaceAll("[0-9.]", "");
    String[] parts = plain.substring(sign.length()).split("[.]", 2);
    String integer = parts[0];
    if (format.group() != null && random.nextBoolean()) {
      String group = format.group().toString();
      integer = integer.replaceAll("(?<=[0-9])(?=([0-9]{3})+$)", Matcher.quoteReplacement(group));
    }
    String number = integer + (parts.length > 1 ? format.decimal() + parts[1] : "");
    if (format.trailingSign() && random.nextBoolean()) {
      return number + sign;
    }
    return sign + number + (format.exponent() ? oneOf("", "", "E0", integral ? "e-0" : "e+1") : "");
  }

  private String time(String format, boolean zoned) {
    LocalDateTime time =
        LocalDateTime.of(1, 1, 3, 0, 0).plusSeconds(random.nextLong(315_537_000_000L));
    if (random.nextBoolean()) {
      // Where clocks are changed, and zones have rules.
      time = LocalDateTime.of(2024, 3, 30, 0, 0).plusMinutes(random.nextInt(400_000));
    }
    String year = "%04d".formatted(time.getYear());
    return switch (format) {
      case "date" -> time.toLocalDate() + (zoned ? zone() : "");
      case "dateTime" -> time.toLocalDate() + "T" + time() + (zoned ? zone() : "");
      case "time" -> time();
      case "gYear" -> year;
      case "epoch-seconds" -> time.toEpochSecond(ZoneOffset.UTC) + oneOf("", ".5", ".123456");
      case "epoch-millis" -> time.toEpochSecond(ZoneOffset.UTC) + oneOf("000", "123", "999.25");
      default ->
          format
              .replace("%F", "%Y-%m-%d")
              .replace("%T", "%H:%M:%S")
              .replace("%R", "%H:%M")
              .replace("%Y", year)
              .replace("%m", "%02d".formatted(time.getMonthValue()))
              .replace("%d", "%02d".formatted(time.getDayOfMonth()))
              .replace("%e", String.valueOf(time.getDayOfMonth()))
              .replace("%j", "%03d".formatted(time.getDayOfYear()))
              .replace("%b", english(time, "MMM"))
              .replace("%B", english(time, "MMMM"))
              .replace("%a", english(time, "EEE"))
              .replace("%H", "%02d".formatted(time.getHour()))
              .replace("%I", english(time, "hh"))
              .replace("%p", oneOf("AM", "pm"))
              .replace("%M", "%02d".formatted(time.getMinute()))
              .replace("%S", "%02d".formatted(time.getSecond()))
              .replace("%E*S", "%02d".formatted(time.getSecond()) + oneOf("", ".5", ".0000010"))
              .replace("%E6S", "%02d".formatted(time.getSecond()) + oneOf("", ".25"))
              .replace("%Ez", oneOf("Z", "+01:00", "-13:59"))
              .replace("%z", oneOf("+0000", "-0930"));
    };
  }

  private static String english(LocalDateTime time, String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
  }

  private String plain(Field field) {
    if (field.lexical() != null) {
      return padded(of(field.lexical()));
    }
    return switch (field.type()) {
      case STRING -> text(field.maxLength() == null ? 30 : (int) (long) field.maxLength());
      case BYTES -> padded(base64());
      case INT64 -> padded(int64());
      case FLOAT64 -> padded(float64());
      case NUMERIC -> padded(field.precision() == null ? decimal(28, 9) : decimal(3, 3));
      case BIGNUMERIC -> padded(decimal(37, 38));
      case BOOL -> padded(oneOf("true", "false", "1", "0"));
      case DATE -> padded(date());
      case DATETIME -> padded(date() + "T" + time());
      case TIME -> padded(time());
      case TIMESTAMP -> padded(date() + "T" + time() + zone());
      case JSON, RECORD -> throw new IllegalArgumentException();
    };
  }

  private String of(Lexical lexical) {
    return switch (lexical) {
      case BOOLEAN -> oneOf("true", "false", "1", "0");
      case DECIMAL -> decimal(40, 40);
      case INTEGER -> oneOf("", "-", "+") + new BigInteger(90, random);
      case DOUBLE -> float64();
      case DATE -> date() + zone();
      case TIME -> time() + zone();
      case DATE_TIME -> date() + "T" + time() + zone();
      case BASE64_BINARY -> base64();
      case HEX_BINARY -> oneOf("", "0aFF", "00", "cafeBABE");
      case TOKEN, ANY_URI -> oneOf("", "a", "urn:x  y", "\n a\t\tb ");
      case DURATION -> oneOf("", "-") + "P" + oneOf("1Y", "2M3D", "T4.5S", "1DT2H");
      case G_YEAR -> date().replaceFirst("-..-..$", "") + zone();
      case G_YEAR_MONTH -> date().replaceFirst("-..$", "") + zone();
    };
  }

  String text(int maxLength) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(maxLength + 1);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(CHARACTERS[random.nextInt(CHARACTERS.length)]);
    }
    return text.toString();
  }

  private String int64() {
    long value = random.nextLong() >> random.nextInt(64);
    return value < 0 ? Long.toString(value) : oneOf("", "+", "00") + value;
  }

  private String decimal(int integerDigits, int fractionDigits) {
    BigInteger digits = new BigInteger(random.nextInt(3 * integerDigits) + 1, random);
    int scale = random.nextInt(fractionDigits + 1);
    String number = new BigDecimal(digits).toPlainString();
    String fraction = "";
    for (int i = 0; i < scale; i++) {
      fraction += (char) ('0' + random.nextInt(10));
    }
    return oneOf("", "-", "+")
        + oneOf("", "00")
        + number
        + (scale > 0 ? "." + fraction : oneOf("", ".", ".0"));
  }

  private String float64() {
    return oneOf(
        "INF",
        "-INF",
        "NaN",
        "-0",
        "1.5e3",
        "-2E-7",
        Double.toString(random.nextGaussian()),
        Double.toString(Double.longBitsToDouble(random.nextLong())).replace("Infinity", "INF"),
        decimal(10, 10));
  }

  private String date() {
    return LocalDate.of(1, 1, 1).plusDays(2 + random.nextInt(3_652_050)).toString();
  }

  private String time() {
    String seconds = LocalTime.ofSecondOfDay(random.nextInt(86_400)).toString();
    return (seconds.length() == 5 ? seconds + ":00" : seconds)
        + oneOf("", ".0", ".5", ".123456", ".000001000");
  }

  private String zone() {
    return oneOf("", "Z", "+00:00", "-14:00", "+05:30");
  }

  private String base64() {
    byte[] bytes = text(8).getBytes(UTF_8);
    return Base64.getEncoder().encodeToString(bytes).replace("8", oneOf("8", "8 ", " \n8"));
  }

  private String padded(String value) {
    return oneOf("", "", "", " ", "\n\t ") + value + oneOf("", "", "", " ", " \n");
  }

  private String oneOf(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
