package io.xmltobigquery.profile;

import static com.google.common.truth.Truth.assertWithMessage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ValueKindTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ""                        | EMPTY
          true                      | TRUTH
          false                     | TRUTH
          TRUE                      | TEXT
          truly                     | TEXT
          0                         | BIT
          1                         | BIT
          -1                        | INTEGER
          2                         | INTEGER
          -0                        | INTEGER
          3000000000                | INTEGER
          123456789012345678        | INTEGER
          1234567890123456789       | CODE
          12345678901234567890      | CODE
          123456789012345678901234567890123456789012345 | CODE
          007                       | CODE
          -007                      | CODE
          00                        | CODE
          0501                      | CODE
          +49                       | CODE
          +4917012345678            | CODE
          +                         | TEXT
          -                         | TEXT
          .                         | TEXT
          1.5                       | DECIMAL
          -0.5                      | DECIMAL
          .5                        | DECIMAL
          5.                        | DECIMAL
          00.5                      | CODE
          +1.5                      | CODE
          0.123456789               | DECIMAL
          0.1234567891              | LONG_DECIMAL
          0.1234567891234567891234567891234567891234 | TEXT
          1e5                       | FLOAT
          1.5E-3                    | FLOAT
          007e5                     | CODE
          1e400                     | TEXT
          1e                        | TEXT
          NaN                       | FLOAT
          INF                       | FLOAT
          -INF                      | FLOAT
          Infinity                  | TEXT
          -Infinity                 | TEXT
          +INF                      | FLOAT
          37,77                     | TEXT
          24 495,40                 | TEXT
          1,000                     | TEXT
          1_000                     | TEXT
          0x1F                      | TEXT
          2009-12-15                | DATE
          2009-02-29                | TEXT
          2024-01-01Z               | TEXT
          0000-01-01                | TEXT
          10000-01-01               | TEXT
          -0001-01-01               | TEXT
          15.12.2009                | TEXT
          2009-12                   | TEXT
          2009                      | INTEGER
          24:00:00                  | TIME
          23:59:59.5                | TIME
          23:59                     | TEXT
          12:00:00Z                 | TEXT
          2024-01-01T00:00:00       | DATE_TIME
          2024-01-01T24:00:00       | DATE_TIME
          2024-01-01T00:00:00Z      | ZONED_DATE_TIME
          2024-01-01T00:00:00+01:00 | ZONED_DATE_TIME
          2024-01-01T00:00          | TEXT
          9999-12-31T23:00:00-02:00 | TEXT
          P1M                       | TEXT
          1.2.3                     | TEXT
          12-34                     | TEXT
          555-0137                  | TEXT
          १२३                       | TEXT
          """)
  void isWhatTheChecksOfAColumnTake(String text, ValueKind kind) {
    char[] chars = ("<" + text + ">").toCharArray();

    assertWithMessage(text).that(ValueKind.of(chars, 1, chars.length - 1)).isEqualTo(kind);
  }
}
