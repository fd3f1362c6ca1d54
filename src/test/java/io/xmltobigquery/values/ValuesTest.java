package io.xmltobigquery.values;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {

  /** Arabic-Indic three, fullwidth one, and mathematical bold zero, which is a surrogate pair. */
  private static final String ARABIC_THREE = "\u0663";

  private static final String FULLWIDTH_ONE = "\uFF11";
  private static final String BOLD_ZERO = "\uD835\uDFCE";

  @Nested
  class Int64 {

    @ParameterizedTest
    @CsvSource({
      "0, 0",
      "-0, 0",
      "+0, 0",
      "7, 7",
      "+7, 7",
      "-7, -7",
      "007, 7",
      "-00000000000000000000000000007, -7",
      "999999999999999999, 999999999999999999",
      "9223372036854775807, 9223372036854775807",
      "+0009223372036854775807, 9223372036854775807",
      "-9223372036854775808, -9223372036854775808",
      "200000.0, 200000",
      "-1., -1",
      ".0, 0",
      "9223372036854775807.000, 9223372036854775807",
    })
    void readsIntegers(String text, long value) throws Exception {
      assertThat(in(text, Values::int64)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
      "'', 1",
      "+, 2",
      "-, 2",
      "+-1, 2",
      "1.5, 2",
      "1.0.0, 2",
      "., 1",
      "-., 2",
      "1.0a, 2",
      "1e3, 2",
      "12 3, 3",
      "0x10, 2",
      "12345678901234567890a, 21",
      ARABIC_THREE + ", 1",
      "1" + FULLWIDTH_ONE + ", 2",
      BOLD_ZERO + ", 1",
    })
    void rejectsWhatIsNoInteger(String text, int position) {
      assertThat(problem(text, Values::int64))
          .matches("is not an xs:integer: expected a digit.* at position " + position);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "9223372036854775808",
          "-9223372036854775809",
          "9999999999999999999",
          "-9999999999999999999",
          "18446744073709551616",
          "10000000000000000000000000000000000000000"
        })
    void rejectsWhatIsBeyond64Bits(String text) {
      assertThat(problem(text, Values::int64))
          .isEqualTo("is beyond INT64 (-9223372036854775808 to 9223372036854775807)");
    }
  }

  @Nested
  class Float64 {

    @ParameterizedTest
    @CsvSource({
      "0, 0",
      "-0, -0.0",
      "+1, 1",
      ".5, 0.5",
      "5., 5",
      "-12.25, -12.25",
      "1e3, 1000",
      "1E+3, 1000",
      "1.5e-3, 0.0015",
      "0.1, 0.1",
      "9007199254740991, 9007199254740991",
      "9007199254740993, 9007199254740992",
      "0.00000000000000000000000000001, 1E-29",
      "123456789012345678901234567890, 1.2345678901234568E29",
      "1.7976931348623157E308, 1.7976931348623157E308",
      "4.9E-324, 4.9E-324",
      "0e999999999999, 0",
      "-0.0e-999, -0.0",
      "INF, Infinity",
      "+INF, Infinity",
      "-INF, -Infinity",
      "NaN, NaN",
    })
    void readsDoubles(String text, double value) throws Exception {
      assertThat(in(text, Values::float64)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "+",
          ".",
          "-.",
          "e5",
          ".e5",
          "1e",
          "1e+",
          "1e1.0",
          "1e5x",
          "1.2.3",
          "1,5",
          "1d",
          "1f",
          "0x1p3",
          "Infinity",
          "inf",
          "+NaN",
          "-NaN",
          "nan",
          "INFINITY",
          "--1",
          "1 2",
          ARABIC_THREE,
          FULLWIDTH_ONE,
          "1e" + ARABIC_THREE,
          BOLD_ZERO
        })
    void rejectsWhatIsNoDouble(String text) {
      assertThat(problem(text, Values::float64)).startsWith("is not an xs:double: expected ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e309", "-1e309", "1.7976931348623159E308", "1e99999999999"})
    void rejectsOverflow(String text) {
      assertThat(problem(text, Values::float64)).startsWith("is beyond FLOAT64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e-400", "-1e-400", "2e-324", "0.01e-99999999999"})
    void rejectsUnderflow(String text) {
      assertThat(problem(text, Values::float64)).startsWith("is too small for FLOAT64");
    }
  }

  @Nested
  class Decimal {

    private static final String NINES_29 = "99999999999999999999999999999";
    private static final String NINES_38 = "99999999999999999999999999999999999999";
    private static final String MAX_INTEGER = "578960446186580977117854925043439539266";
    private static final String MAX_FRACTION = "34992332820282019728792003956564819967";

    @ParameterizedTest
    @ValueSource(
        strings = {
          "0",
          "-0",
          "+1",
          ".5",
          "5.",
          "-.5",
          "007.50",
          NINES_29,
          "-" + NINES_29 + ".999999999",
          "000" + NINES_29 + ".99999999900000",
          "0.000000001"
        })
    void numericHolds29And9Digits(String text) throws Exception {
      numeric(text, null, null);
    }

    @ParameterizedTest
    @CsvSource({
      NINES_29 + "0, has 30 digits before the point; NUMERIC holds 29: use BIGNUMERIC or FLOAT64",
      "-1"
          + NINES_29
          + ".5, has 30 digits before the point; NUMERIC holds 29: use BIGNUMERIC or FLOAT64",
      "1.0000000001, has 10 digits after the point; NUMERIC holds 9: use BIGNUMERIC or FLOAT64",
      "1.12345678901, has 11 digits after the point; NUMERIC holds 9: use BIGNUMERIC or FLOAT64",
    })
    void numericHoldsNoMore(String text, String message) {
      assertThat(problem(text, numericOf(null, null))).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource({
      "10, 2, 12345678.12",
      "10, 2, -0012345678.1200",
      "10, , 1234567890",
      "10, , 1234567890.000",
      "2, 2, 0.99",
      "2, 2, 000",
      "38, 9, " + NINES_29 + ".999999999",
    })
    void numericHoldsItsPrecision(int precision, @Nullable Integer scale, String text)
        throws Exception {
      numeric(text, precision, scale);
    }

    @ParameterizedTest
    @CsvSource({
      "10, 2, 123456789, 'has 9 digits before the point; NUMERIC(10, 2) holds 8'",
      "10, 2, 1.125, 'has 3 digits after the point; NUMERIC(10, 2) holds 2'",
      "10, , 1.5, has 1 digit after the point; NUMERIC(10) holds 0",
      "10, , 12345678901, has 11 digits before the point; NUMERIC(10) holds 10",
      "2, 2, 1, 'has 1 digit before the point; NUMERIC(2, 2) holds 0'",
    })
    void numericHoldsNoMoreThanItsPrecision(
        int precision, @Nullable Integer scale, String text, String message) {
      assertThat(problem(text, numericOf(precision, scale))).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "0",
          "." + MAX_FRACTION,
          NINES_38 + "." + NINES_38 + "00",
          MAX_INTEGER,
          MAX_INTEGER + ".",
          "00" + MAX_INTEGER + "." + MAX_FRACTION + "0",
          "+" + MAX_INTEGER + "." + MAX_FRACTION,
          "-" + MAX_INTEGER + "." + MAX_FRACTION,
          "-" + MAX_INTEGER + ".34992332820282019728792003956564819968",
          MAX_INTEGER + ".34992332820282019728792003956564819959",
          "100000000000000000000000000000000000000." + NINES_38,
          "578960446186580977117854925043439539265." + NINES_38
        })
    void bignumericHolds2ToThe255(String text) throws Exception {
      bignumeric(text, null, null);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          MAX_INTEGER + ".34992332820282019728792003956564819968",
          "-" + MAX_INTEGER + ".34992332820282019728792003956564819969",
          MAX_INTEGER + ".35",
          "578960446186580977117854925043439539267",
          "-578960446186580977117854925043439539267",
          "999999999999999999999999999999999999999",
        })
    void bignumericHoldsNoMore(String text) {
      assertThat(problem(text, bignumericOf(null, null))).startsWith("is beyond BIGNUMERIC");
    }

    @ParameterizedTest
    @CsvSource({
      ", , 1" + MAX_INTEGER + ", has 40 digits before the point; BIGNUMERIC holds 39",
      ", , 1." + NINES_38 + "9, has 39 digits after the point; BIGNUMERIC holds 38",
      "40, 2, 1" + NINES_38 + ", 'has 39 digits before the point; BIGNUMERIC(40, 2) holds 38'",
      "40, 2, 1.125, 'has 3 digits after the point; BIGNUMERIC(40, 2) holds 2'",
      "38, , 1.5, has 1 digit after the point; BIGNUMERIC(38) holds 0",
    })
    void bignumericCountsDigits(
        @Nullable Integer precision, @Nullable Integer scale, String text, String message) {
      assertThat(problem(text, bignumericOf(precision, scale))).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "+",
          "-",
          ".",
          "+.",
          "1.2.3",
          "1e5",
          "1,5",
          "1 000",
          "INF",
          "NaN",
          "--1",
          "1-",
          "0x1",
          ARABIC_THREE,
          "1." + ARABIC_THREE,
          FULLWIDTH_ONE,
          BOLD_ZERO
        })
    void rejectsWhatIsNoDecimal(String text) {
      String notDecimal = "is not an xs:decimal: expected a digit";
      assertThat(problem(text, numericOf(null, null))).startsWith(notDecimal);
      assertThat(problem(text, bignumericOf(null, null))).startsWith(notDecimal);
    }

    @ParameterizedTest
    @CsvSource({
      "+007.50, 7.5",
      "-0, 0",
      "-0.00, 0",
      "0, 0",
      "00, 0",
      ".0, 0",
      "5., 5",
      ".5, 0.5",
      "-.50, -0.5",
      "+.5, 0.5",
      "-007, -7",
      "100, 100",
      "100.001, 100.001",
      "12.000, 12",
    })
    void writesDecimalsWithoutNeedlessCharacters(String text, String canonical) throws Exception {
      assertThat(in(text, Values::canonicalDecimal)).isEqualTo(canonical);
    }

    private static void numeric(String text, @Nullable Integer precision, @Nullable Integer scale)
        throws Exception {
      in(text, numericOf(precision, scale));
    }

    private static void bignumeric(
        String text, @Nullable Integer precision, @Nullable Integer scale) throws Exception {
      in(text, bignumericOf(precision, scale));
    }
  }

  @Nested
  class Bool {

    @ParameterizedTest
    @CsvSource({"true, true", "1, true", "false, false", "0, false"})
    void readsBooleans(String text, boolean value) throws Exception {
      assertThat(in(text, Values::bool)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"", "True", "TRUE", "yes", "2", "01", "truefalse", "tru", "t", FULLWIDTH_ONE})
    void rejectsEverythingElse(String text) {
      assertThat(problem(text, Values::bool))
          .isEqualTo("is not an xs:boolean: expected true, false, 1 or 0");
    }
  }

  @Nested
  class Date {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "1970-01-01",
          "0001-01-01",
          "9999-12-31",
          "2024-02-29",
          "2000-02-29",
          "0400-02-29",
          "1969-12-31",
          "1900-02-28",
          "2023-03-01",
          "2023-04-30",
          "2023-12-31"
        })
    void readsDays(String text) throws Exception {
      assertThat(in(text, Values::date)).isEqualTo(LocalDate.parse(text).toEpochDay());
    }

    @Test
    void readsEveryDayOfFourHundredYears() throws Exception {
      long last = LocalDate.of(2100, 12, 31).toEpochDay();
      for (long day = LocalDate.of(1700, 1, 1).toEpochDay(); day <= last; day++) {
        assertThat(in(Values.formatDate(day), Values::date)).isEqualTo(day);
      }
    }

    @ParameterizedTest
    @CsvSource(
        quoteCharacter = '"',
        value = {
          "\"\", a year of four digits or more at position 1",
          "-, a year of four digits or more at position 2",
          "199-01-01, a year of four digits or more at position 1",
          "+1999-01-01, a year of four digits or more at position 1",
          "01999-01-01, no zero before a year of more than four digits at position 1",
          "1999, '-' at position 5",
          "1999-, a digit at position 6",
          "1999-1-01, a digit at position 7",
          "1999-00-01, a month of 01 to 12 at position 6",
          "1999-13-01, a month of 01 to 12 at position 6",
          "1999/01/01, '-' at position 5",
          "1999-01-1, a digit at position 10",
          "1999-01-00, a day that the month has at position 9",
          "1999-01-32, a day that the month has at position 9",
          "1999-04-31, a day that the month has at position 9",
          "1999-02-29, a day that the month has at position 9",
          "1900-02-29, a day that the month has at position 9",
          "2024-02-30, a day that the month has at position 9",
          "1999-01-01T00:00:00, a time zone or the end at position 11",
          "1999-01-01z, a time zone or the end at position 11",
          "1999-01-01ZZ, the end at position 12",
          "1999-01-01+1, a digit at position 13",
          "1999-01-01+14:01, a time zone of -14:00 to +14:00 at position 11",
          "1999-01-01+01:60, a time zone of -14:00 to +14:00 at position 11",
          "1999-01-01+01:00:00, the end at position 17",
          "199" + ARABIC_THREE + "-01-01, a year of four digits or more at position 1",
          "1999-0" + FULLWIDTH_ONE + "-01, a digit at position 7",
          BOLD_ZERO + "999-01-01, a year of four digits or more at position 1",
        })
    void rejectsWhatIsNoDate(String text, String expected) {
      assertThat(problem(text, Values::date)).isEqualTo("is not an xs:date: expected " + expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1999-01-01Z", "1999-01-01+00:00", "1999-01-01-14:00"})
    void rejectsTimeZones(String text) {
      assertThat(problem(text, Values::date))
          .isEqualTo("has a time zone; DATE has none: use STRING");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"0000-12-31", "-0001-01-01", "10000-01-01", "99999999999999999999-01-01"})
    void rejectsYearsThatBigQueryLacks(String text) {
      assertThat(problem(text, Values::date)).isEqualTo("is beyond DATE (years 0001 to 9999)");
    }
  }

  @Nested
  class Time {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "00:00:00",
          "23:59:59",
          "12:30:45.5",
          "12:30:45.000001",
          "23:59:59.999999",
          "01:02:03.040"
        })
    void readsTimes(String text) throws Exception {
      assertThat(in(text, Values::time))
          .isEqualTo(ChronoUnit.MICROS.between(LocalTime.MIDNIGHT, LocalTime.parse(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"24:00:00", "24:00:00.0", "24:00:00.0000000000", "00:00:00.00000000"})
    void readsTheEndOfTheDayAsItsBeginning(String text) throws Exception {
      assertThat(in(text, Values::time)).isEqualTo(0);
    }

    @Test
    void ignoresZerosAfterTheMicroseconds() throws Exception {
      assertThat(in("00:00:00.12345600000", Values::time)).isEqualTo(123_456);
    }

    @ParameterizedTest
    @CsvSource(
        quoteCharacter = '"',
        value = {
          "\"\", a digit at position 1",
          "1:00:00, a digit at position 2",
          "12:00, ':' at position 6",
          "12:00:0, a digit at position 8",
          "12:60:00, a minute of 00 to 59 at position 4",
          "12:00:60, a second of 00 to 59 at position 7",
          "25:00:00, an hour of 00 to 24 at position 1",
          "24:01:00, an hour of 00 to 23 (24 is for 24:00:00 alone) at position 1",
          "24:00:01, an hour of 00 to 23 (24 is for 24:00:00 alone) at position 1",
          "24:00:00.001, an hour of 00 to 23 (24 is for 24:00:00 alone) at position 1",
          "12:00:00., a digit at position 10",
          "12:00:00.Z, a digit at position 10",
          "\"12:00:00,5\", a time zone or the end at position 9",
          "-12:00:00, a digit at position 1",
          "12:00:00." + ARABIC_THREE + ", a digit at position 10",
          "1" + FULLWIDTH_ONE + ":00:00, a digit at position 2",
        })
    void rejectsWhatIsNoTime(String text, String expected) {
      assertThat(problem(text, Values::time)).isEqualTo("is not an xs:time: expected " + expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"12:00:00Z", "12:00:00.5+01:00", "24:00:00-00:00"})
    void rejectsTimeZones(String text) {
      assertThat(problem(text, Values::time))
          .isEqualTo("has a time zone; TIME has none: use STRING");
    }

    @Test
    void neverRounds() {
      assertThat(problem("12:00:00.1234567", Values::time))
          .isEqualTo("has 7 digits after the seconds' point; TIME holds 6");
    }
  }

  @Nested
  class DateTime {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "1970-01-01T00:00:00",
          "1969-12-31T23:59:59.999999",
          "0001-01-01T00:00:00",
          "9999-12-31T23:59:59.999999",
          "2024-02-29T12:30:45.125"
        })
    void readsDateTimes(String text) throws Exception {
      assertThat(in(text, Values::dateTime)).isEqualTo(utcMicros(text));
    }

    @ParameterizedTest
    @CsvSource({
      "2023-12-31T24:00:00, 2024-01-01T00:00:00",
      "2024-02-28T24:00:00.000, 2024-02-29T00:00:00",
      "0000-12-31T24:00:00, 0001-01-01T00:00:00",
    })
    void readsTheEndOfADayAsTheNextOne(String text, String midnight) throws Exception {
      assertThat(in(text, Values::dateTime)).isEqualTo(utcMicros(midnight));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "9999-12-31T24:00:00",
          "10000-01-01T00:00:00",
          "0000-12-31T23:59:59.999999",
          "-0001-01-01T00:00:00",
          "123456789012345678901234567890-01-01T00:00:00"
        })
    void rejectsYearsThatBigQueryLacks(String text) {
      assertThat(problem(text, Values::dateTime))
          .isEqualTo("is beyond DATETIME (years 0001 to 9999)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-01-01T00:00:00Z", "2024-01-01T00:00:00.5-05:00"})
    void rejectsTimeZones(String text) {
      assertThat(problem(text, Values::dateTime))
          .isEqualTo("has a time zone; DATETIME has none: use TIMESTAMP or STRING");
    }

    @ParameterizedTest
    @CsvSource(
        quoteCharacter = '"',
        value = {
          "2024-01-01, 'T' at position 11",
          "2024-01-01 00:00:00, 'T' at position 11",
          "2024-01-01t00:00:00, 'T' at position 11",
          "2024-01-01T, a digit at position 12",
          "2024-01-01T00:00, ':' at position 17",
          "12024-01-01T00:61:00, a minute of 00 to 59 at position 16",
          "2024-01-01T00:00:00 Z, a time zone or the end at position 20",
          "2024-01-01T00:00:00Z0, the end at position 21",
        })
    void rejectsWhatIsNoDateTime(String text, String expected) {
      assertThat(problem(text, Values::dateTime))
          .isEqualTo("is not an xs:dateTime: expected " + expected);
    }

    @Test
    void neverRounds() {
      assertThat(problem("2024-01-01T00:00:00.000000001", Values::dateTime))
          .isEqualTo("has 9 digits after the seconds' point; DATETIME holds 6");
    }
  }

  @Nested
  class Timestamp {

    @ParameterizedTest
    @CsvSource({
      "1970-01-01T00:00:00Z, 1970-01-01T00:00:00",
      "1970-01-01T00:00:00, 1970-01-01T00:00:00",
      "2024-02-29T12:00:00.25+05:30, 2024-02-29T06:30:00.25",
      "2024-02-29T12:00:00-00:00, 2024-02-29T12:00:00",
      "2024-01-01T00:00:00+14:00, 2023-12-31T10:00:00",
      "2024-01-01T00:00:00-14:00, 2024-01-01T14:00:00",
      "2023-12-31T24:00:00-01:00, 2024-01-01T01:00:00",
      "0001-01-01T00:00:00Z, 0001-01-01T00:00:00",
      "0000-12-31T20:00:00-14:00, 0001-01-01T10:00:00",
      "9999-12-31T23:59:59.999999Z, 9999-12-31T23:59:59.999999",
      "10000-01-01T00:00:00+14:00, 9999-12-31T10:00:00",
    })
    void convertsToUtc(String text, String utc) throws Exception {
      assertThat(in(text, Values::timestamp)).isEqualTo(utcMicros(utc));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "0001-01-01T00:00:00+00:01",
          "9999-12-31T23:59:00-00:01",
          "9999-12-31T24:00:00Z",
          "-2024-01-01T00:00:00Z",
          "1000000-01-01T00:00:00Z"
        })
    void rejectsYearsThatBigQueryLacks(String text) {
      assertThat(problem(text, Values::timestamp))
          .isEqualTo("is beyond TIMESTAMP (years 0001 to 9999)");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "2024-01-01T00:00:00z",
          "2024-01-01T00:00:00+1",
          "2024-01-01T00:00:00+0100",
          "2024-01-01T00:00:00+14:01",
          "2024-01-01T00:00:00-15:00",
          "2024-01-01T00:00:00Z+01:00",
          "2024-01-01T00:00:00+0" + FULLWIDTH_ONE + ":00",
          "2024-01-01Z",
          "2024-01-01"
        })
    void rejectsWhatIsNoDateTime(String text) {
      assertThat(problem(text, Values::timestamp)).startsWith("is not an xs:dateTime: expected ");
    }

    @Test
    void neverRounds() {
      assertThat(problem("2024-01-01T00:00:00.0000001Z", Values::timestamp))
          .isEqualTo("has 7 digits after the seconds' point; TIMESTAMP holds 6");
    }
  }

  @Nested
  class Base64 {

    @ParameterizedTest
    @CsvSource({
      "'', ''",
      "AAAA, AAAA",
      "AA==, AA==",
      "AAA=, AAA=",
      "+/zZ09aA, +/zZ09aA",
      "'A A\tA\nA', AAAA",
      "'AA = =', AA==",
      "'QUJD\r\nREU=', QUJDREU=",
    })
    void takesTheWhiteSpaceOut(String text, String compact) throws Exception {
      char[] characters = ("«" + text + "»").toCharArray();
      int end = Values.base64(characters, 1, 1 + text.length());
      assertThat(new String(characters, 1, end - 1)).isEqualTo(compact);
      assertThat(characters[0]).isEqualTo('«');
      assertThat(characters[characters.length - 1]).isEqualTo('»');
    }

    @ParameterizedTest
    @CsvSource({
      "A, expected groups of 4",
      "AA, expected groups of 4",
      "AAA, expected groups of 4",
      "=, expected groups of 4",
      "====, expected groups of 4",
      "A===, expected groups of 4",
      "AAAA====, expected groups of 4",
      "AA=, expected groups of 4",
      "AAAA=, expected groups of 4",
      "AA==AAAA, expected the end after the padding at position 5",
      "AA=A, expected the end after the padding at position 4",
      "AB==, expected zeros in the bits after the last byte",
      "AAB=, expected zeros in the bits after the last byte",
      "AA-_, expected a Base64 character at position 3",
      "AAA" + ARABIC_THREE + ", expected a Base64 character at position 4",
      "'AAA\u00A0A', expected a Base64 character at position 4",
    })
    void rejectsWhatIsNoBase64(String text, String problem) {
      String message = "is not an xs:base64Binary: " + problem;
      assertThat(problem(text, Values::base64)).startsWith(message);
      assertThat(problem(text, checkOf(Lexical.BASE64_BINARY))).startsWith(message);
    }
  }

  @Nested
  class Check {

    @ParameterizedTest
    @CsvSource({
      "BOOLEAN, true",
      "INTEGER, -123456789012345678901234567890123456789012345678901234567890",
      "DECIMAL, 123456789012345678901234567890.123456789012345678901234567890123456789012345",
      "DOUBLE, 1e99999",
      "DOUBLE, 1e-99999",
      "DOUBLE, +INF",
      "DATE, 2024-02-29",
      "DATE, 2024-02-29Z",
      "DATE, 0000-02-29",
      "DATE, -0004-02-29",
      "DATE, -0001-01-01-05:00",
      "DATE, 123456789012345678901234567892-02-29",
      "TIME, 24:00:00Z",
      "TIME, 12:00:00.123456789012345678901234567890+14:00",
      "DATE_TIME, 2024-01-01T00:00:00",
      "DATE_TIME, -12024-02-29T24:00:00.000000000000-00:00",
      "BASE64_BINARY, 'AA AA'",
      "BASE64_BINARY, ''",
      "HEX_BINARY, ''",
      "HEX_BINARY, 09afAF",
      "TOKEN, ''",
      "TOKEN, any <text>",
      "ANY_URI, http://example.org/ä b?c=%zz",
      "DURATION, P123456789012345678901234567890Y",
      "DURATION, -PT0.123456789012345678901234567890S",
      "G_YEAR, 0000",
      "G_YEAR, -123456789012345678901234567890Z",
      "G_YEAR_MONTH, 0000-12+14:00",
    })
    void acceptsTheLexicalSpaceWithoutBounds(Lexical lexical, String text) throws Exception {
      in(text, checkOf(lexical));
    }

    @ParameterizedTest
    @CsvSource({
      "DATE, 123456789012345678901234567891-02-29",
      "DATE, -0001-02-29",
      "DATE, 00000-01-01",
      "DATE, 999-01-01",
      "TIME, 24:00:00.1",
      "DATE_TIME, 2024-01-01",
      "HEX_BINARY, 0",
      "HEX_BINARY, 0g",
      "HEX_BINARY, 0x00",
      "HEX_BINARY, '00 00'",
      "HEX_BINARY, 0" + FULLWIDTH_ONE,
      "DURATION, P",
      "DURATION, P1YT",
      "DURATION, P1D2M",
      "DURATION, P1.5D",
      "DURATION, PT1M2M",
      "DURATION, P1",
      "DURATION, +P1D",
      "G_YEAR, 999",
      "G_YEAR, 2024-01",
      "G_YEAR_MONTH, 2024-13",
      "G_YEAR_MONTH, 2024-1",
    })
    void rejectsEverythingElse(Lexical lexical, String text) {
      assertThat(problem(text, checkOf(lexical)))
          .startsWith("is not an xs:" + lexical.xsdName() + ": expected ");
    }

    @Test
    void leavesBase64AsItStands() throws Exception {
      char[] text = "AA AA".toCharArray();
      Values.check(Lexical.BASE64_BINARY, text, 0, text.length);
      assertThat(text).isEqualTo("AA AA".toCharArray());
    }

    @ParameterizedTest
    @EnumSource(
        value = Lexical.class,
        mode = EnumSource.Mode.EXCLUDE,
        names = {"TOKEN", "ANY_URI"})
    void neverQuotesTheText(Lexical lexical) {
      assertThat(problem("§secret§", checkOf(lexical))).doesNotContain("secret");
    }
  }

  @Nested
  class Format {

    @ParameterizedTest
    @ValueSource(strings = {"0001-01-01", "1970-01-01", "9999-12-31"})
    void writesDates(String date) throws Exception {
      assertThat(Values.formatDate(in(date, Values::date))).isEqualTo(date);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00:00:00", "12:34:56", "23:59:59.999999", "01:02:03.040506"})
    void writesTimes(String time) throws Exception {
      assertThat(Values.formatTime(in(time, Values::time))).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "0001-01-01T00:00:00",
          "1969-12-31T23:59:59.999999",
          "1970-01-01T00:00:00.000001",
          "2024-02-29T12:34:56.500000",
          "9999-12-31T23:59:59.999999"
        })
    void writesDateTimesAndTimestamps(String dateTime) throws Exception {
      assertThat(Values.formatDateTime(in(dateTime, Values::dateTime))).isEqualTo(dateTime);
      assertThat(Values.formatTimestamp(in(dateTime, Values::timestamp))).isEqualTo(dateTime + "Z");
    }
  }

  interface Method<T extends @Nullable Object> {
    T apply(char[] text, int start, int end) throws InvalidValueException;
  }

  /**
   * The method's result for the text, which stands between digits that are none of its business.
   */
  static <T extends @Nullable Object> T in(String text, Method<T> method)
      throws InvalidValueException {
    char[] characters = ("77" + text + "77").toCharArray();
    return method.apply(characters, 2, 2 + text.length());
  }

  private static String problem(String text, Method<?> method) {
    InvalidValueException e = assertThrows(InvalidValueException.class, () -> in(text, method));
    String message = e.getMessage();
    assertWithMessage("message").that(message).isNotNull();
    return String.valueOf(message);
  }

  static Method<@Nullable Void> numericOf(@Nullable Integer precision, @Nullable Integer scale) {
    return (text, start, end) -> {
      Values.numeric(text, start, end, precision, scale);
      return null;
    };
  }

  static Method<@Nullable Void> bignumericOf(@Nullable Integer precision, @Nullable Integer scale) {
    return (text, start, end) -> {
      Values.bignumeric(text, start, end, precision, scale);
      return null;
    };
  }

  static Method<@Nullable Void> checkOf(Lexical lexical) {
    return (text, start, end) -> {
      Values.check(lexical, text, start, end);
      return null;
    };
  }

  private static long utcMicros(String dateTime) {
    Instant instant = LocalDateTime.parse(dateTime).toInstant(ZoneOffset.UTC);
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }
}
