package io.xmltobigquery.values;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberFormatTest {

  private static final NumberFormat GERMAN = new NumberFormat(',', '.', true, false);
  private static final NumberFormat SWISS = new NumberFormat('.', '\'', false, false);
  private static final NumberFormat SPACED = new NumberFormat(',', ' ', false, false);
  private static final NumberFormat SCIENTIFIC = new NumberFormat('.', null, false, true);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1.234.567,89 | 1234567.89
          1234567,89   | 1234567.89
          12,5         | 12.5
          12           | 12
          ,5           | .5
          5,           | 5.
          -1.234,5     | -1234.5
          +1           | +1
          12,50-       | -12.50
          1.000+       | +1000
          0,0-         | -0.0
          NaN          | NaN
          """)
  void becomesADecimal(String text, String expected) throws Exception {
    assertThat(rewrite(GERMAN, ColumnType.NUMERIC, text)).isEqualTo(expected);
  }

  @Test
  void separatorsAreThoseOfTheMapping() throws Exception {
    assertThat(rewrite(SWISS, ColumnType.NUMERIC, "12'345.6")).isEqualTo("12345.6");
    assertThat(rewrite(SPACED, ColumnType.NUMERIC, "12 345,6")).isEqualTo("12345.6");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          12.34        | groups of three digits at position 6
          1234.567     | groups of three digits at position 5
          .123         | groups of three digits at position 1
          1..123       | groups of three digits at position 3
          1.234.       | groups of three digits at position 7
          1.234.56,7   | groups of three digits at position 9
          1,234.567    | a digit or the end at position 6
          1,2,3        | a digit or the end at position 4
          ,            | a digit at position 2
          -            | a digit at position 2
          --5          | a digit at position 2
          -5-          | a digit or the end at position 3
          5--          | a digit or the end at position 3
          1E5          | a digit or the end at position 2
          1 000        | a digit or the end at position 2
          x            | a digit at position 1
          """)
  void allElseIsRefused(String text, String expected) {
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> rewrite(GERMAN, ColumnType.NUMERIC, text));

    assertThat(e)
        .hasMessageThat()
        .isEqualTo("isn't a number as the mapping's \"number\" says: expected " + expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1.5E3      | 1500
          1.5e+3     | 1500
          15E-1      | 1.5
          -15E-4     | -0.0015
          0.0012E3   | 1.2
          1.20E1     | 12
          0E99999999999999999999 | 0
          -0.0E-99999999999999999999 | -0
          1E30       | 1000000000000000000000000000000
          123.456E2  | 12345.6
          123.456E3  | 123456
          7          | 7
          """)
  void exponentsMoveThePoint(String text, String expected) throws Exception {
    assertThat(rewrite(SCIENTIFIC, ColumnType.NUMERIC, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "1E61, before",
    "1E999999999999999999999, before",
    "1E-61, after",
    "1E-999999999999999999999, after"
  })
  void absurdExponentsAreBounded(String text, String side) {
    InvalidValueException e =
        assertThrows(
            InvalidValueException.class, () -> rewrite(SCIENTIFIC, ColumnType.BIGNUMERIC, text));

    assertThat(e).hasMessageThat().isEqualTo("has more than 60 digits " + side + " the point");
  }

  @Test
  void veryLongNumbersAreRefusedWithoutBeingCopied() {
    String digits = "1".repeat(5_000_000);

    assertThrows(
        InvalidValueException.class,
        () -> rewrite(SCIENTIFIC, ColumnType.BIGNUMERIC, digits + "E-5"));
  }

  @Test
  void floatsKeepTheirExponents() throws Exception {
    assertThat(rewrite(GERMAN, ColumnType.FLOAT64, "1.234,5E-7")).isEqualTo("1234.5E-7");
    assertThat(rewrite(GERMAN, ColumnType.FLOAT64, "-INF")).isEqualTo("-INF");
  }

  /** Against java.text's own format, and java.math. */
  @Test
  void readsWhatJavaTextWrites() throws Exception {
    DecimalFormat java =
        new DecimalFormat("#,##0.#########", DecimalFormatSymbols.getInstance(Locale.GERMANY));
    Random random = new Random(1);
    for (int i = 0; i < 5_000; i++) {
      BigDecimal number =
          BigDecimal.valueOf(random.nextLong() >> random.nextInt(63), random.nextInt(10));
      String text = java.format(number);

      String actual = rewrite(GERMAN, ColumnType.NUMERIC, text);
      assertWithMessage(text).that(new BigDecimal(actual)).isEqualToIgnoringScale(number);
      String scientific = number.unscaledValue() + "E" + -number.scale();
      assertWithMessage(scientific)
          .that(new BigDecimal(rewrite(SCIENTIFIC, ColumnType.NUMERIC, scientific)))
          .isEqualToIgnoringScale(number);
    }
  }

  private static String rewrite(NumberFormat format, ColumnType type, String text)
      throws InvalidValueException {
    char[] chars =
        Arrays.copyOf(
            ("x" + text).toCharArray(), 1 + text.length() + NumberFormat.MOST_MORE_CHARACTERS);
    int end = format.rewrite(chars, 1, 1 + text.length(), type);
    assertThat(chars[0]).isEqualTo('x');
    return new String(chars, 1, end - 1);
  }
}
