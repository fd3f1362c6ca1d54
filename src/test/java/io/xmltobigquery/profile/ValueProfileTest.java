package io.xmltobigquery.profile;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.xml.RejectedException;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ValueProfileTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          true;false                                     | BOOL
          true;0;1                                       | BOOL
          0;1                                            | INT64
          1;2;3                                          | INT64
          true;2                                         | STRING
          3000000000;1                                   | INT64
          1;1.5                                          | NUMERIC
          1;0.1234567891                                 | BIGNUMERIC
          1;1e5                                          | FLOAT64
          1.5;NaN                                        | FLOAT64
          1;007                                          | STRING
          1;n/a                                          | STRING
          2009-12-15;2010-01-01                          | DATE
          2009-12-15;2010-01-01T00:00:00                 | STRING
          2010-01-01T00:00:00;2010-01-01T00:00:00.5      | DATETIME
          2010-01-01T00:00:00;2010-01-01T00:00:00Z       | TIMESTAMP
          12:00:00;13:00:00                              | TIME
          """)
  void isOfTheNarrowestTypeThatAllValuesFit(String values, ColumnType type)
      throws IOException, RejectedException {
    assertThat(of(values.split(";")).type()).isEqualTo(type);
  }

  @Test
  void tellsAllTypesThatFit() throws IOException, RejectedException {
    assertThat(of("1", "2").fitting())
        .containsExactly(
            ColumnType.INT64,
            ColumnType.NUMERIC,
            ColumnType.BIGNUMERIC,
            ColumnType.FLOAT64,
            ColumnType.STRING)
        .inOrder();
  }

  /** A load takes {@code <a/>} for no value, unless the column is a STRING. */
  @Test
  void anEmptyValueFitsEveryType() throws IOException, RejectedException {
    ValueProfile values = of("1", "", " ", "2");

    assertThat(values.type()).isEqualTo(ColumnType.INT64);
    assertThat(values.count(ValueKind.EMPTY)).isEqualTo(2);
  }

  @Test
  void emptyValuesAloneAreStrings() throws IOException, RejectedException {
    assertThat(of("", "").type()).isEqualTo(ColumnType.STRING);
  }

  @Test
  void oneValueThatDoesNotFitIsSeenHoweverLateItComes() throws IOException, RejectedException {
    List<String> values = Stream.concat(numbers(5_000), Stream.of("37,77")).toList();

    ValueProfile profile = of(values.toArray(new String[0]));

    assertThat(profile.type()).isEqualTo(ColumnType.STRING);
    assertThat(profile.count(ValueKind.TEXT)).isEqualTo(1);
  }

  @Test
  void countsDigitsWithoutThoseThatSayNothing() throws IOException, RejectedException {
    ValueProfile values = of("-123.4500", "0.125", "7");

    assertThat(values.integerDigits()).isEqualTo(3);
    assertThat(values.fractionDigits()).isEqualTo(3);
  }

  @Test
  void lengthsAreInCharacters() throws IOException, RejectedException {
    ValueProfile values = of("ab", "\uD83D\uDE00", "");

    assertThat(values.minLength()).isEqualTo(1);
    assertThat(values.maxLength()).isEqualTo(2);
  }

  @Test
  void aLongTextIsText() throws IOException, RejectedException {
    String digits = "1".repeat(100_000);

    ValueProfile values = of(digits, digits + "2");

    assertThat(values.kinds()).containsExactly(ValueKind.TEXT, 2L);
    assertThat(values.maxLength()).isEqualTo(100_001);
    assertThat(values.distinct()).isEqualTo(2);
    assertThat(values.examples()).containsExactly("1".repeat(60) + "…");
  }

  /** The parser cuts it at other places each time. */
  @Test
  void aLongTextIsTheSameWhereverItStands() throws IOException, RejectedException {
    String text = "some words ".repeat(2_000);

    assertThat(of(text, "x", text, "yz", text).distinct()).isEqualTo(3);
  }

  @Test
  void whiteSpaceAroundAValueIsNoPartOfIt() throws IOException, RejectedException {
    ValueProfile values = of(" 7\n", "\t7", "7" + " ".repeat(1_000));

    assertThat(values.type()).isEqualTo(ColumnType.INT64);
    assertThat(values.examples()).containsExactly("7");
    assertThat(values.distinct()).isEqualTo(1);
  }

  @Test
  void examplesAreInOneLine() throws IOException, RejectedException {
    assertThat(of("one\n   two").examples()).containsExactly("one two");
  }

  @Test
  void countsDifferentValuesUpToABound() throws IOException, RejectedException {
    assertThat(distinct(1)).isEqualTo(1);
    assertThat(distinct(31)).isEqualTo(31);
    assertThat(distinct(32)).isEqualTo(32);
    assertThat(distinct(33)).isEqualTo(33);
    assertThat(distinct(1_000)).isEqualTo(33);
  }

  private static int distinct(int values) throws IOException, RejectedException {
    String[] twice = Stream.concat(numbers(values), numbers(values)).toArray(String[]::new);
    return of(twice).distinct();
  }

  @Test
  void examplesAreTheSameInAnyOrder() throws IOException, RejectedException {
    List<String> values = numbers(1_000).collect(Collectors.toList());
    List<String> examples = of(values.toArray(new String[0])).examples();
    assertThat(examples).hasSize(ValueProfile.MOST_EXAMPLES);

    for (int seed = 0; seed < 20; seed++) {
      Collections.shuffle(values, new Random(seed));
      assertWithMessage("seed " + seed)
          .that(of(values.toArray(new String[0])).examples())
          .isEqualTo(examples);
    }
  }

  private static Stream<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString);
  }

  private static ValueProfile of(String... values) throws IOException, RejectedException {
    String elements =
        Stream.of(values).map(value -> "<v>" + value + "</v>").collect(Collectors.joining());
    return Profiles.values(Profiles.of("<r>" + elements + "</r>"), "v");
  }
}
