package io.xmltobigquery.values;

import static com.google.common.truth.Truth.assertWithMessage;

import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xml.sax.SAXException;

/**
 * Holds {@link Values} against other implementations, over thousands of texts that are nearly
 * right: the JDK's XML Schema validator says which ones are valid, and BigDecimal, Double and
 * java.time say what their values are.
 */
class ValuesOracleTest {

  private static final int TEXTS = 1_000;

  @ParameterizedTest
  @EnumSource(
      value = Lexical.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"TOKEN", "ANY_URI"})
  void checksAsTheJdkDoes(Lexical lexical) throws Exception {
    int valid = 0;
    for (Candidate candidate : candidates(lexical)) {
      assertWithMessage("xs:%s <%s>", lexical.xsdName(), candidate.text)
          .that(isValid(candidate.text, ValuesTest.checkOf(lexical)))
          .isEqualTo(candidate.isValid);
      valid += candidate.isValid ? 1 : 0;
    }
    assertWithMessage("valid texts").that(valid).isGreaterThan(TEXTS / 10);
    assertWithMessage("valid texts").that(valid).isLessThan(TEXTS * 9 / 10);
  }

  @Test
  void readsIntegersAsBigIntegerDoes() throws Exception {
    for (Candidate candidate : candidates(Lexical.INTEGER)) {
      // A decimal whose fraction is zero is an integer, too.
      boolean valid = candidate.isValid || candidate.text.matches("[+-]?([0-9]+[.]0*|[.]0+)");
      BigInteger integer = valid ? new BigDecimal(candidate.text).toBigIntegerExact() : null;
      assertValue(
          candidate.text,
          Values::int64,
          integer == null || integer.bitLength() > 63 ? null : integer.longValue());
    }
  }

  @Test
  void readsDoublesAsTheJdkDoes() throws Exception {
    for (Candidate candidate : candidates(Lexical.DOUBLE)) {
      assertValue(
          candidate.text, Values::float64, candidate.isValid ? float64(candidate.text) : null);
    }
  }

  private static @Nullable Double float64(String text) {
    if (text.endsWith("INF")) {
      return text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    double value = Double.parseDouble(text);
    boolean overflows = Double.isInfinite(value);
    boolean underflows = value == 0 && text.matches("[^eE]*[1-9].*");
    return overflows || underflows ? null : value;
  }

  @Test
  void readsDecimalsOfAnyLengthAsTheNearestDouble() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      BigInteger digits = new BigInteger(1 + random.nextInt(70), random);
      String text = new BigDecimal(digits, random.nextInt(30)).toPlainString();
      assertValue(text, Values::float64, Double.valueOf(text));
    }
  }

  @Test
  void fitsDecimalsAsBigDecimalDoes() throws Exception {
    BigDecimal least = new BigDecimal(BigInteger.TWO.pow(255).negate(), 38);
    BigDecimal beyond = new BigDecimal(BigInteger.TWO.pow(255), 38);
    for (Candidate candidate : candidates(Lexical.DECIMAL)) {
      String text = candidate.text;
      BigDecimal value = candidate.isValid ? new BigDecimal(text).stripTrailingZeros() : null;
      assertWithMessage("NUMERIC <%s>", text)
          .that(isValid(text, ValuesTest.numericOf(null, null)))
          .isEqualTo(fits(value, 29, 9));
      assertWithMessage("NUMERIC(10, 4) <%s>", text)
          .that(isValid(text, ValuesTest.numericOf(10, 4)))
          .isEqualTo(fits(value, 6, 4));
      assertWithMessage("BIGNUMERIC(40, 20) <%s>", text)
          .that(isValid(text, ValuesTest.bignumericOf(40, 20)))
          .isEqualTo(fits(value, 20, 20));
      assertWithMessage("BIGNUMERIC <%s>", text)
          .that(isValid(text, ValuesTest.bignumericOf(null, null)))
          .isEqualTo(
              value != null
                  && fits(value, 39, 38)
                  && value.compareTo(least) >= 0
                  && value.compareTo(beyond) < 0);
      if (value != null) {
        assertValue(text, Values::canonicalDecimal, value.toPlainString());
      }
    }
  }

  private static boolean fits(@Nullable BigDecimal value, int integerDigits, int scale) {
    return value != null
        && value.abs().compareTo(BigDecimal.TEN.pow(integerDigits)) < 0
        && value.scale() <= scale;
  }

  @Test
  void readsDatesAsJavaTimeDoes() throws Exception {
    for (Candidate candidate : candidates(Lexical.DATE)) {
      Moment moment = candidate.isValid ? Moment.parse(withTime(candidate.text)) : null;
      boolean isDate = moment != null && !moment.hasZone() && moment.hasYearOfBigQuery();
      assertValue(
          candidate.text, Values::date, isDate ? moment.micros() / Moment.MICROS_PER_DAY : null);
    }
  }

  private static String withTime(String date) {
    return date.replaceFirst("^(-?\\d+-\\d\\d-\\d\\d)", "$1T00:00:00");
  }

  @Test
  void readsTimesAsJavaTimeDoes() throws Exception {
    for (Candidate candidate : candidates(Lexical.TIME)) {
      Moment moment = candidate.isValid ? Moment.parse("1970-01-01T" + candidate.text) : null;
      boolean isTime = moment != null && !moment.hasZone() && moment.isMicros();
      assertValue(
          candidate.text, Values::time, isTime ? moment.micros() % Moment.MICROS_PER_DAY : null);
    }
  }

  @Test
  void readsDateTimesAndTimestampsAsJavaTimeDoes() throws Exception {
    for (Candidate candidate : candidates(Lexical.DATE_TIME)) {
      Moment moment = candidate.isValid ? Moment.parse(candidate.text) : null;
      boolean fits = moment != null && moment.isMicros() && moment.hasYearOfBigQuery();
      assertValue(candidate.text, Values::timestamp, fits ? moment.micros() : null);
      assertValue(
          candidate.text, Values::dateTime, fits && !moment.hasZone() ? moment.micros() : null);
    }
  }

  /** A valid xs:dateTime, in seconds of UTC. */
  private record Moment(BigDecimal seconds, boolean hasZone) {

    private static final long MICROS_PER_DAY = 86_400_000_000L;
    private static final BigDecimal FIRST = atStartOf(LocalDate.of(1, 1, 1));
    private static final BigDecimal BEYOND = atStartOf(LocalDate.of(10_000, 1, 1));
    private static final Pattern DATE_TIME =
        Pattern.compile(
            "(-?\\d+)-(\\d\\d)-(\\d\\d)T(\\d\\d):(\\d\\d):(\\d\\d(?:\\.\\d+)?)"
                + "(Z|([+-])(\\d\\d):(\\d\\d))?");

    static Moment parse(String text) {
      Matcher matcher = DATE_TIME.matcher(text);
      if (!matcher.matches()) {
        throw new AssertionError(text);
      }
      LocalDate date =
          LocalDate.of(
              Integer.parseInt(matcher.group(1)),
              Integer.parseInt(matcher.group(2)),
              Integer.parseInt(matcher.group(3)));
      BigDecimal seconds =
          atStartOf(date)
              .add(BigDecimal.valueOf(minutes(matcher.group(4), matcher.group(5)) * 60))
              .add(new BigDecimal(matcher.group(6)));
      if (matcher.group(8) != null) {
        long offset = minutes(matcher.group(9), matcher.group(10)) * 60;
        seconds =
            matcher.group(8).equals("+")
                ? seconds.subtract(BigDecimal.valueOf(offset))
                : seconds.add(BigDecimal.valueOf(offset));
      }
      return new Moment(seconds, matcher.group(7) != null);
    }

    private static BigDecimal atStartOf(LocalDate date) {
      return BigDecimal.valueOf(date.toEpochDay() * 86_400);
    }

    private static long minutes(String hours, String minutes) {
      return Long.parseLong(hours) * 60 + Long.parseLong(minutes);
    }

    boolean isMicros() {
      return seconds.stripTrailingZeros().scale() <= 6;
    }

    boolean hasYearOfBigQuery() {
      return seconds.compareTo(FIRST) >= 0 && seconds.compareTo(BEYOND) < 0;
    }

    long micros() {
      return seconds.movePointRight(6).longValueExact();
    }
  }

  @Test
  void compactsBase64AsARegularExpressionDoes() throws Exception {
    for (Candidate candidate : candidates(Lexical.BASE64_BINARY)) {
      assertValue(
          candidate.text,
          (text, start, end) -> new String(text, start, Values.base64(text, start, end) - start),
          candidate.isValid ? candidate.text.replaceAll("\\s", "") : null);
    }
  }

  private static <T> void assertValue(
      String text, ValuesTest.Method<T> method, @Nullable T expected) {
    T value;
    try {
      value = ValuesTest.in(text, method);
    } catch (InvalidValueException e) {
      assertWithMessage("<%s> %s", text, e.getMessage()).that(expected).isNull();
      return;
    }
    assertWithMessage("<%s>", text).that(value).isEqualTo(expected);
  }

  private static boolean isValid(String text, ValuesTest.Method<?> method) {
    try {
      ValuesTest.in(text, method);
      return true;
    } catch (InvalidValueException e) {
      return false;
    }
  }

  private record Candidate(String text, boolean isValid) {}

  /** Right texts with some random edits each, and the validator's word on them. */
  private static List<Candidate> candidates(Lexical lexical) throws Exception {
    Random random = new Random(7);
    Validator validator = validator(lexical);
    String[] seeds = seeds(lexical);
    String alphabet = alphabet(lexical);
    List<Candidate> candidates = new ArrayList<>();
    while (candidates.size() < TEXTS) {
      StringBuilder text = new StringBuilder(seeds[random.nextInt(seeds.length)]);
      for (int edits = random.nextInt(4); edits > 0; edits--) {
        edit(text, alphabet, random);
      }
      String trimmed = text.toString().strip();
      if (!isNewInXmlSchema11(lexical, trimmed)) {
        candidates.add(new Candidate(trimmed, accepts(validator, trimmed)));
      }
    }
    return candidates;
  }

  private static void edit(StringBuilder text, String alphabet, Random random) {
    char character = alphabet.charAt(random.nextInt(alphabet.length()));
    int at = random.nextInt(text.length() + 1);
    if (at == text.length() || random.nextInt(3) == 0) {
      text.insert(at, character);
    } else if (random.nextBoolean()) {
      text.setCharAt(at, character);
    } else {
      text.deleteCharAt(at);
    }
  }

  /** The JDK's validator knows XML Schema 1.0 only. */
  private static boolean isNewInXmlSchema11(Lexical lexical, String text) {
    return switch (lexical) {
      case DOUBLE -> text.equals("+INF");
      case DATE, DATE_TIME, G_YEAR_MONTH -> text.matches("-?0000-.*");
      case G_YEAR -> text.matches("-?0000([^0-9].*)?");
      default -> false;
    };
  }

  private static String[] seeds(Lexical lexical) {
    return switch (lexical) {
      case BOOLEAN -> new String[] {"true", "false", "0", "1"};
      case INTEGER ->
          new String[] {
            "0",
            "-17",
            "+0042",
            "9223372036854775807",
            "-9223372036854775808",
            "922337203685477580",
            "12345678901234567890"
          };
      case DECIMAL ->
          new String[] {
            "0.0",
            "-17.250",
            "+.5",
            "123456.7891",
            "99999999999999999999999999999.999999999",
            "12345678901234567890.12345678901234567890",
            "578960446186580977117854925043439539266.34992332820282019728792003956564819967",
            "-578960446186580977117854925043439539266.34992332820282019728792003956564819968"
          };
      case DOUBLE ->
          new String[] {
            "0.0",
            "-17.25",
            "+.5e1",
            "1.7976931348623157E308",
            "4.9E-324",
            "INF",
            "-INF",
            "NaN",
            "0e10",
            "123456789.123456789"
          };
      case DATE -> new String[] {"2024-02-29", "1999-12-31Z", "-0044-03-15", "9999-12-31+14:00"};
      case TIME -> new String[] {"00:00:00", "24:00:00.0", "23:59:59.999999Z", "12:30:45.5-05:30"};
      case DATE_TIME ->
          new String[] {
            "2024-02-29T12:30:45.123456",
            "1969-12-31T24:00:00",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59.999999Z",
            "10000-01-01T09:00:00+13:59"
          };
      case BASE64_BINARY -> new String[] {"", "AA==", "AAA=", "QUJD", "QUJD REU=", "+/09azAZAAAA"};
      case HEX_BINARY -> new String[] {"", "00", "09afAF", "DEADBEEF"};
      case DURATION ->
          new String[] {"P1Y2M3DT4H5M6.7S", "-P12D", "PT0S", "P1Y", "P3DT5M", "PT1H", "P2M"};
      case G_YEAR -> new String[] {"2024", "-0044", "12024", "1999Z", "2000+14:00"};
      case G_YEAR_MONTH -> new String[] {"2024-02", "-0044-12", "12024-01", "1999-10-05:30"};
      case TOKEN, ANY_URI -> throw new IllegalArgumentException("every text is one");
    };
  }

  /** Characters that belong into the datatype's texts, and some that nearly do. */
  private static String alphabet(Lexical lexical) {
    // On characters beyond ASCII in Base64 the JDK's validator itself fails.
    String others = lexical == Lexical.BASE64_BINARY ? "-_" : "x \u0663\uFF11";
    return others
        + switch (lexical) {
          case BOOLEAN -> "truefalse01";
          case INTEGER -> "0123456789+-.";
          case DECIMAL -> "01234567890123456789+-..e";
          case DOUBLE -> "01234567890123456789+-.eEINFa";
          case DATE, TIME, DATE_TIME -> "01234567890123456789+-:.TZ";
          case BASE64_BINARY -> "ABQgwAAAAAAAA019az+/== \n\t";
          case HEX_BINARY -> "0123456789abcdefABCDEFgG";
          case DURATION -> "0123456789-.PTYMDHMS";
          case G_YEAR, G_YEAR_MONTH -> "01234567890123456789+-:Z";
          case TOKEN, ANY_URI -> "";
        };
  }

  private static Validator validator(Lexical lexical) throws SAXException {
    String schema =
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>"
            + "<xs:element name='value' type='xs:%s'/></xs:schema>";
    return SchemaFactory.newDefaultInstance()
        .newSchema(new StreamSource(new StringReader(schema.formatted(lexical.xsdName()))))
        .newValidator();
  }

  private static boolean accepts(Validator validator, String text) throws Exception {
    try {
      validator.validate(new StreamSource(new StringReader("<value>" + text + "</value>")));
      return true;
    } catch (SAXException e) {
      return false;
    }
  }
}
