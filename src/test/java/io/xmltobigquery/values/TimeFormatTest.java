package io.xmltobigquery.values;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeFormatTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          date           | DATE      | 2024-02-29                     | 2024-02-29
          dateTime       | DATE      | 2024-02-29T23:59:59            | 2024-02-29
          dateTime       | DATE      | 2024-02-29T23:59:59-05:00      | 2024-02-29
          dateTime       | DATE      | 2024-02-29T24:00:00            | 2024-03-01
          gYearMonth     | DATE      | 2024-02                        | 2024-02-01
          gYear          | DATE      | 2024                           | 2024-01-01
          date           | TIMESTAMP | 2024-02-29                     | 2024-02-29T00:00:00Z
          date           | TIMESTAMP | 2024-02-29+02:00               | 2024-02-28T22:00:00Z
          gYear          | TIMESTAMP | 2024Z                          | 2024-01-01T00:00:00Z
          dateTime       | TIMESTAMP | 2024-02-29T10:00:00.5+01:00    | 2024-02-29T09:00:00.500000Z
          dateTime       | DATETIME  | 2024-02-29T10:00:00.123456     | 2024-02-29T10:00:00.123456
          time           | TIME      | 10:00:00.25                    | 10:00:00.250000
          dateTime       | TIME      | 2024-02-29T10:00:00            | 10:00:00
          %d.%m.%Y       | DATE      | 29.02.2024                     | 2024-02-29
          %d.%m.%Y       | DATE      | 1.2.2024                       | 2024-02-01
          %Y%m%d         | DATE      | 20240229                       | 2024-02-29
          %Y%j           | DATE      | 2024060                        | 2024-02-29
          %y%m%d         | DATE      | 680229                         | 2068-02-29
          %y%m%d         | DATE      | 690228                         | 1969-02-28
          %b %e %Y       | DATE      | Feb 9 2024                     | 2024-02-09
          %B %d, %Y      | DATE      | february 29, 2024              | 2024-02-29
          %a, %d %b %Y   | DATE      | THU, 29 Feb 2024               | 2024-02-29
          %A %F          | DATE      | Thursday 2024-02-29            | 2024-02-29
          %D             | DATE      | 02/29/24                       | 2024-02-29
          %Y             | DATE      | 2012                           | 2012-01-01
          %Y%m%d%H%M%S   | DATETIME  | 20240229101112                 | 2024-02-29T10:11:12
          %Y-%m-%d %H:%M | DATETIME  | 2024-02-29 10:11               | 2024-02-29T10:11:00
          %F %I:%M %p    | DATETIME  | 2024-02-29 12:11 am            | 2024-02-29T00:11:00
          %F %l:%M%p     | DATETIME  | 2024-02-29 1:11PM              | 2024-02-29T13:11:00
          %F %I:%M %p    | DATETIME  | 2024-02-29 12:11 PM            | 2024-02-29T12:11:00
          %F %T          | DATETIME  | 2024-02-29 10:11:12            | 2024-02-29T10:11:12
          %FT%H:%M:%E3S  | DATETIME  | 2024-02-29T10:11:12.5          | 2024-02-29T10:11:12.500000
          %FT%R%Ez       | DATETIME  | 2024-02-29T10:11+05:00         | 2024-02-29T10:11:00
          %FT%R%Ez       | TIMESTAMP | 2024-02-29T10:11Z              | 2024-02-29T10:11:00Z
          %FT%H:%M:%E*S%z | TIMESTAMP | 2024-02-29T10:11:12.000001-0130 | 2024-02-29T11:41:12.000001Z
          %H%M           | TIME      | 0911                           | 09:11:00
          %k:%M          | TIME      | 9:11                           | 09:11:00
          100%% %Y       | DATE      | 100% 2024                      | 2024-01-01
          epoch-seconds  | TIMESTAMP | 1577836800                     | 2020-01-01T00:00:00Z
          epoch-seconds  | TIMESTAMP | -1.5                           | 1969-12-31T23:59:58.500000Z
          epoch-seconds  | TIMESTAMP | 0                              | 1970-01-01T00:00:00Z
          epoch-millis   | TIMESTAMP | 1577836800123                  | 2020-01-01T00:00:00.123000Z
          epoch-millis   | DATE      | -1                             | 1969-12-31
          epoch-seconds  | DATETIME  | 253402300799.999999            | 9999-12-31T23:59:59.999999
          """)
  void readsWhatMatches(String format, ColumnType type, String text, String expected)
      throws Exception {
    assertThat(read(format, type, text, null)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          %d.%m.%Y     | DATE      | 29-02-2024 | doesn't match %d.%m.%Y: expected '.' at position 3
          %d.%m.%Y     | DATE      | 30.02.2024 | has a day that the month lacks
          %d.%m.%Y     | DATE      | 29.02.24   | doesn't match %d.%m.%Y: expected a year of four digits at position 7
          %d.%m.%Y     | DATE      | 29.02.2024Z | doesn't match %d.%m.%Y: expected the end at position 11
          %d.%m.%Y     | DATE      | 0.02.2024  | doesn't match %d.%m.%Y: expected a day at position 1
          %d.%m.%Y     | DATE      | 1.13.2024  | doesn't match %d.%m.%Y: expected a month at position 3
          %d.%m.%Y     | DATE      | ``         | doesn't match %d.%m.%Y: expected a day at position 1
          %Y%m%d       | DATE      | 2024229    | doesn't match %Y%m%d: expected a month at position 5
          %Y%m%d       | DATE      | 0000-01-01 | doesn't match %Y%m%d: expected a month at position 5
          %F           | DATE      | 0000-01-01 | is beyond DATE (years 0001 to 9999)
          %a %F        | DATE      | Fri 2024-02-29 | has a weekday that isn't the date's
          %Y%j         | DATE      | 2023366    | has a day that the year lacks
          %F %T        | DATETIME  | 2024-02-29 24:00:00 | doesn't match %F %T: expected an hour at position 12
          dateTime     | DATETIME  | 2024-02-29T24:00:01 | doesn't match dateTime: 24 is an hour of 24:00:00 alone
          dateTime     | DATETIME  | 2024-02-29T10:00:00Z | has a time zone; DATETIME has none: say in which to tell it with "timeZone"
          date         | DATE      | 2024-02-29Z | has a time zone; DATE has none: say in which to tell it with "timeZone"
          time         | TIME      | 10:00:00Z  | has a time zone; TIME has none: say in which to tell it with "timeZone"
          dateTime     | TIMESTAMP | 2024-02-29T10:00:00.1234567 | has 7 digits after the point; the type holds 6
          %T%E3S       | TIME      | 10         | (format)
          %F %H:%M:%E2S | DATETIME | 2024-02-29 10:00:00.123 | doesn't match %F %H:%M:%E2S: expected at most 2 digits at position 21
          %FT%R%Ez     | TIMESTAMP | 2024-02-29T10:11+14:01 | doesn't match %FT%R%Ez: expected minutes of a time zone at position 21
          %FT%R%z      | TIMESTAMP | 2024-02-29T10:11Z | doesn't match %FT%R%z: expected a time zone at position 17
          %FT%R%Ez     | TIMESTAMP | 0001-01-01T00:00+01:00 | is beyond TIMESTAMP (years 0001 to 9999)
          epoch-seconds | TIMESTAMP | 253402300800 | is beyond TIMESTAMP (years 0001 to 9999)
          epoch-seconds | TIMESTAMP | 99999999999999999999999 | is beyond the years 0001 to 9999
          epoch-seconds | TIMESTAMP | 1e9        | doesn't match epoch-seconds: expected a digit or the end at position 2
          epoch-millis | TIMESTAMP | 1.0001     | has 4 digits after the point; the type holds 3
          epoch-millis | TIMESTAMP | -          | doesn't match epoch-millis: expected a digit at position 2
          """)
  void refusesAllElse(String format, ColumnType type, String text, String message) {
    if (message.equals("(format)")) {
      assertThrows(TimeFormat.InvalidFormatException.class, () -> TimeFormat.of(format));
      return;
    }
    InvalidValueException e =
        assertThrows(InvalidValueException.class, () -> read(format, type, text, null));

    assertThat(e).hasMessageThat().isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          %F %R    | TIMESTAMP | 2024-07-01 10:00       | 2024-07-01T08:00:00Z
          dateTime | TIMESTAMP | 2024-07-01T10:00:00Z   | 2024-07-01T10:00:00Z
          date     | TIMESTAMP | 2024-01-01             | 2023-12-31T23:00:00Z
          %FT%R%Ez | TIMESTAMP | 2024-07-01T10:00-01:00 | 2024-07-01T11:00:00Z
          dateTime | DATE      | 2024-07-01T23:00:00Z   | 2024-07-02
          dateTime | DATE      | 2024-07-01T23:00:00    | 2024-07-01
          dateTime | DATETIME  | 2024-07-01T23:00:00Z   | 2024-07-02T01:00:00
          dateTime | TIME      | 2024-07-01T23:00:00Z   | 01:00:00
          epoch-seconds | DATE | 1719874800             | 2024-07-02
          """)
  void timesAreToldInTheGivenZone(String format, ColumnType type, String text, String expected)
      throws Exception {
    assertThat(read(format, type, text, BERLIN)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "2024-03-31 02:30, is a time that doesn't exist in Europe/Berlin",
    "2024-10-27 02:30, is a time that is there twice in Europe/Berlin"
  })
  void whereClocksAreChangedATimeMayBeNone(String text, String message) {
    InvalidValueException e =
        assertThrows(
            InvalidValueException.class, () -> read("%F %R", ColumnType.TIMESTAMP, text, BERLIN));

    assertThat(e).hasMessageThat().startsWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          dd.MM.yyyy | has no format element: write one with elements, such as %d.%m.%Y, or one of date, dateTime, epoch-millis, epoch-seconds, gYear, gYearMonth, time
          %s         | has %s: write epoch-seconds, alone
          %F %Z      | has %Z: names of zones aren't unique; write %z or %Ez, or give "timeZone"
          %F%        | ends with %: write %% for the character
          %F %d      | says the day twice
          %F %I:%M   | has %I without %p: add it, or write %H
          %F %H %p   | has %p without %I: write %I for %H
          %G         | has %G, which isn't supported: use %Y %y %m %b %B %d %e %j %a %A %H %k %I %l %p %M %S %E*S %z %Ez %F %T %D %R %%
          %EX        | has %E, which isn't supported: use %Y %y %m %b %B %d %e %j %a %A %H %k %I %l %p %M %S %E*S %z %Ez %F %T %D %R %%
          """)
  void formatsThatCannotBeUsedAreRefused(String format, String message) {
    TimeFormat.InvalidFormatException e =
        assertThrows(TimeFormat.InvalidFormatException.class, () -> TimeFormat.of(format));

    assertThat(e).hasMessageThat().isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource({"%m/%d, DATE, year", "time, TIMESTAMP, year", "date, TIME, hour"})
  void someFormatsLackWhatATypeNeeds(String format, ColumnType type, String missing)
      throws Exception {
    assertThat(TimeFormat.of(format).missing(type)).isEqualTo(missing);
  }

  /** The names of datatypes mean what columns mean without a format. */
  @ParameterizedTest
  @ValueSource(strings = {"date,DATE", "dateTime,DATETIME", "time,TIME", "dateTime,TIMESTAMP"})
  void datatypesAreThoseOfXmlSchema(String formatAndType) throws Exception {
    TimeFormat format = TimeFormat.of(formatAndType.split(",", 2)[0]);
    ColumnType type = ColumnType.valueOf(formatAndType.split(",", 2)[1]);
    Random random = new Random(1);
    int good = 0;
    for (int i = 0; i < 20_000; i++) {
      char[] text = almost(type, random).toCharArray();
      Long expected;
      try {
        expected = Values.parse(type, null, null, null, text, 0, text.length);
      } catch (InvalidValueException e) {
        expected = null;
      }
      Long actual;
      try {
        actual = format.parse(text, 0, text.length, type, null);
      } catch (InvalidValueException e) {
        actual = null;
      }
      assertWithMessage(new String(text)).that(actual).isEqualTo(expected);
      good += actual == null ? 0 : 1;
    }
    assertThat(good).isAtLeast(2_000);
    assertThat(good).isLessThan(19_000);
  }

  private static String almost(ColumnType type, Random random) {
    String date =
        "%04d-%02d-%02d"
            .formatted(random.nextInt(10_000), 1 + random.nextInt(12), 1 + random.nextInt(30));
    String time =
        "%02d:%02d:%02d".formatted(random.nextInt(25), random.nextInt(60), random.nextInt(60));
    time = random.nextInt(20) == 0 ? "24:00:00" : time;
    time += random.nextInt(3) == 0 ? "." + random.nextInt(10_000_000) : "";
    String text =
        switch (type) {
          case DATE -> date;
          case TIME -> time;
          default -> date + "T" + time;
        };
    text +=
        random.nextInt(4) == 0
            ? List.of("Z", "+01:00", "-14:00", "+14:30", "+1:00").get(random.nextInt(5))
            : "";
    if (random.nextInt(3) == 0) {
      StringBuilder changed = new StringBuilder(text);
      changed.setCharAt(
          random.nextInt(text.length()), "0123456789-:.TZ+".charAt(random.nextInt(16)));
      return changed.toString();
    }
    return text;
  }

  /** Against java.time's own formatter. */
  @Test
  void readsWhatJavaTimeWrites() throws Exception {
    List<String> elements =
        List.of("%Y", "%m", "%d", "%H", "%M", "%S", "%b", "%B", "%a", "%A", "%j", "%p", "%I");
    List<String> letters =
        List.of(
            "uuuu", "MM", "dd", "HH", "mm", "ss", "MMM", "MMMM", "EEE", "EEEE", "DDD", "a", "hh");
    List<String> formats =
        List.of(
            "%Y-%m-%d %H:%M:%S",
            "%d%m%Y%H%M%S", "%a %b %d %H:%M:%S %Y", "%A, %d. %B %Y %I.%M.%S %p", "%Y%j%H%M%S");
    Random random = new Random(2);
    for (String format : formats) {
      String pattern = format;
      for (int i = 0; i < elements.size(); i++) {
        pattern = pattern.replace(elements.get(i), letters.get(i));
      }
      DateTimeFormatter formatter = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
      for (int i = 0; i < 2_000; i++) {
        LocalDateTime time =
            LocalDateTime.of(1, 1, 1, 0, 0).plusSeconds(random.nextLong(315_537_897_600L));
        assertThat(read(format, ColumnType.DATETIME, formatter.format(time), null))
            .isEqualTo(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").format(time));
      }
    }
  }

  private static String read(String format, ColumnType type, String text, @Nullable ZoneId zone)
      throws InvalidValueException, TimeFormat.InvalidFormatException {
    // What stands around a value is neither looked at nor changed.
    char[] around = ("7" + text + "8").toCharArray();
    long value = TimeFormat.of(format).parse(around, 1, 1 + text.length(), type, zone);
    assertThat(new String(around)).isEqualTo("7" + text + "8");
    return switch (type) {
      case DATE -> Values.formatDate(value);
      case TIME -> Values.formatTime(value);
      case DATETIME -> Values.formatDateTime(value);
      default -> Values.formatTimestamp(value);
    };
  }
}
