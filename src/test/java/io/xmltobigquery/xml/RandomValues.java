package io.xmltobigquery.xml;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.values.Lexical;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Base64;
import java.util.Random;

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
      case RECORD -> throw new IllegalArgumentException();
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
