package io.xmltobigquery.values;

import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A format that dates and times are written in: the name of an XML Schema datatype, a format of
 * BigQuery's <a
 * href="https://cloud.google.com/bigquery/docs/reference/standard-sql/format-elements">format
 * elements</a>, or {@code epoch-seconds} or {@code epoch-millis}.
 *
 * <p>A text must match the whole format. What a format doesn't say is 01 or 00:00. It is stricter
 * than BigQuery where that might guess: {@code %Y} has four digits, and elements that touch each
 * other have all of theirs; a weekday must be the date's own.
 */
public final class TimeFormat implements Serializable {

  private static final long serialVersionUID = 1L;

  /** A format that can't be used; the message says what to write. */
  public static final class InvalidFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    InvalidFormatException(String message) {
      super(message);
    }
  }

  /** What an element says; no format says one twice. */
  private enum Part {
    YEAR,
    MONTH,
    DAY,
    WEEKDAY,
    HOUR,
    HALF,
    MINUTE,
    SECOND,
    ZONE
  }

  private enum Element {
    LITERAL,
    YEAR(Part.YEAR),
    YEAR_OF_CENTURY(Part.YEAR),
    MONTH(Part.MONTH),
    MONTH_ABBREVIATED(Part.MONTH),
    MONTH_NAME(Part.MONTH),
    DAY(Part.DAY),
    DAY_AFTER_SPACE(Part.DAY),
    DAY_OF_YEAR(Part.MONTH, Part.DAY),
    WEEKDAY_ABBREVIATED(Part.WEEKDAY),
    WEEKDAY_NAME(Part.WEEKDAY),
    HOUR(Part.HOUR),
    HOUR_AFTER_SPACE(Part.HOUR),
    HOUR_OF_HALF(Part.HOUR),
    HOUR_OF_HALF_AFTER_SPACE(Part.HOUR),
    HALF(Part.HALF),
    MINUTE(Part.MINUTE),
    SECOND(Part.SECOND),
    SECOND_WITH_FRACTION(Part.SECOND),
    OFFSET(Part.ZONE),
    OFFSET_WITH_COLON(Part.ZONE),
    /** As XML Schema has it. */
    OFFSET_OR_NOTHING(Part.ZONE);

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes lists that can't be changed.
    private final List<Part> parts;

    Element(Part... parts) {
      this.parts = List.of(parts);
    }

    boolean isDigits() {
      return switch (this) {
        case YEAR,
            YEAR_OF_CENTURY,
            MONTH,
            DAY,
            DAY_OF_YEAR,
            HOUR,
            HOUR_OF_HALF,
            MINUTE,
            SECOND,
            SECOND_WITH_FRACTION ->
            true;
        default -> false;
      };
    }
  }

  /**
   * One step through the text.
   *
   * @param character of a literal
   * @param digits most digits of a fraction
   * @param exact whether a number has all its digits
   */
  private record Step(Element element, char character, int digits, boolean exact)
      implements Serializable {}

  private static final Map<Character, Element> ELEMENTS =
      Map.ofEntries(
          Map.entry('Y', Element.YEAR),
          Map.entry('y', Element.YEAR_OF_CENTURY),
          Map.entry('m', Element.MONTH),
          Map.entry('b', Element.MONTH_ABBREVIATED),
          Map.entry('h', Element.MONTH_ABBREVIATED),
          Map.entry('B', Element.MONTH_NAME),
          Map.entry('d', Element.DAY),
          Map.entry('e', Element.DAY_AFTER_SPACE),
          Map.entry('j', Element.DAY_OF_YEAR),
          Map.entry('a', Element.WEEKDAY_ABBREVIATED),
          Map.entry('A', Element.WEEKDAY_NAME),
          Map.entry('H', Element.HOUR),
          Map.entry('k', Element.HOUR_AFTER_SPACE),
          Map.entry('I', Element.HOUR_OF_HALF),
          Map.entry('l', Element.HOUR_OF_HALF_AFTER_SPACE),
          Map.entry('p', Element.HALF),
          Map.entry('P', Element.HALF),
          Map.entry('M', Element.MINUTE),
          Map.entry('S', Element.SECOND),
          Map.entry('z', Element.OFFSET));

  private static final Map<Character, String> COMBINED =
      Map.of(
          'F',
          "%Y-%m-%d",
          'D',
          "%m/%d/%y",
          'x',
          "%m/%d/%y",
          'T',
          "%H:%M:%S",
          'X',
          "%H:%M:%S",
          'R',
          "%H:%M",
          'n',
          " ",
          't',
          " ");

  private static final Map<String, String> XML_SCHEMA =
      Map.of(
          "date", "%Y-%m-%d",
          "dateTime", "%Y-%m-%dT%H:%M:%E*S",
          "time", "%H:%M:%E*S",
          "gYearMonth", "%Y-%m",
          "gYear", "%Y");

  private static final String EPOCH_SECONDS = "epoch-seconds";
  private static final String EPOCH_MILLIS = "epoch-millis";

  private static final String[] MONTHS = {
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December"
  };
  private static final String[] WEEKDAYS = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
  };

  /** BigQuery holds no more. */
  private static final int MOST_FRACTION_DIGITS = 6;

  /** The years 0001 to 9999 have no more, in seconds and in milliseconds. */
  private static final int MOST_EPOCH_SECONDS_DIGITS = 12;

  private static final int MOST_EPOCH_MILLIS_DIGITS = 15;

  private static final Set<Part> DATE = EnumSet.of(Part.YEAR, Part.MONTH, Part.DAY);

  private static final int ABBREVIATED = 3;

  private final String text;
  private final boolean xmlSchema;
  private final List<Step> steps;
  private final Set<Part> parts;

  private TimeFormat(String text, boolean xmlSchema, List<Step> steps, Set<Part> parts) {
    this.text = text;
    this.xmlSchema = xmlSchema;
    this.steps = steps;
    this.parts = parts;
  }

  /** The names of formats; all others have elements. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(XML_SCHEMA.keySet());
    names.add(EPOCH_SECONDS);
    names.add(EPOCH_MILLIS);
    names.sort(null);
    return names;
  }

  /**
   * Understands a format.
   *
   * @throws InvalidFormatException if it can't be used
   */
  public static TimeFormat of(String text) throws InvalidFormatException {
    if (text.equals(EPOCH_SECONDS) || text.equals(EPOCH_MILLIS)) {
      return new TimeFormat(text, false, List.of(), EnumSet.allOf(Part.class));
    }
    String elements = XML_SCHEMA.get(text);
    if (elements == null && !text.contains("%")) {
      throw new InvalidFormatException(
          "has no format element: write one with elements, such as %d.%m.%Y, or one of "
              + String.join(", ", names()));
    }
    Compiler compiler = new Compiler();
    compiler.add(elements == null ? text : elements);
    if (elements != null) {
      compiler.add(Element.OFFSET_OR_NOTHING, '\0', 0);
    }
    return new TimeFormat(
        text, elements != null, compiler.finish(elements != null), compiler.parts);
  }

  private static final class Compiler {
    private final List<Step> steps = new ArrayList<>();
    private final Set<Part> parts = EnumSet.noneOf(Part.class);

    void add(String format) throws InvalidFormatException {
      int at = 0;
      while (at < format.length()) {
        char character = format.charAt(at);
        at = character == '%' ? addElement(format, at + 1) : addLiteral(character, at);
      }
    }

    private int addLiteral(char character, int at) throws InvalidFormatException {
      add(Element.LITERAL, Syntax.isSpace(character) ? ' ' : character, 0);
      return at + 1;
    }

    /** What stands behind a percent sign; returns where it ends. */
    private int addElement(String format, int at) throws InvalidFormatException {
      char letter = at < format.length() ? format.charAt(at) : '\0';
      if (letter == '%') {
        add(Element.LITERAL, '%', 0);
      } else if (letter == 'E') {
        return addExtended(format, at) + 1;
      } else if (COMBINED.containsKey(letter)) {
        add(COMBINED.get(letter));
      } else if (ELEMENTS.containsKey(letter)) {
        add(ELEMENTS.get(letter), '\0', 0);
      } else {
        throw new InvalidFormatException(unsupported(letter));
      }
      return at + 1;
    }

    private static String unsupported(char letter) {
      return switch (letter) {
        case '\0' -> "ends with %: write %% for the character";
        case 's' -> "has %s: write epoch-seconds, alone";
        case 'Z' -> "has %Z: names of zones aren't unique; write %z or %Ez, or give \"timeZone\"";
        default ->
            "has %"
                + letter
                + ", which isn't supported: use %Y %y %m %b %B %d %e %j %a %A %H %k %I %l %p %M %S"
                + " %E*S %z %Ez %F %T %D %R %%";
      };
    }

    /** {@code %Ez}, {@code %E*S} and {@code %E3S}; returns where it ends. */
    private int addExtended(String format, int at) throws InvalidFormatException {
      if (format.startsWith("Ez", at)) {
        add(Element.OFFSET_WITH_COLON, '\0', 0);
        return at + 1;
      }
      if (format.startsWith("E4Y", at)) {
        add(Element.YEAR, '\0', 0);
        return at + 2;
      }
      char digits = at + 1 < format.length() ? format.charAt(at + 1) : '\0';
      boolean seconds = at + 2 < format.length() && format.charAt(at + 2) == 'S';
      if (!seconds || !(digits == '*' || Syntax.isDigit(digits))) {
        throw new InvalidFormatException(unsupported('E'));
      }
      int most = digits == '*' ? Integer.MAX_VALUE : digits - '0';
      add(most == 0 ? Element.SECOND : Element.SECOND_WITH_FRACTION, '\0', most);
      return at + 2;
    }

    void add(Element element, char character, int digits) throws InvalidFormatException {
      for (Part part : element.parts) {
        if (!parts.add(part)) {
          throw new InvalidFormatException(
              "says the " + part.name().toLowerCase(Locale.ROOT) + " twice");
        }
      }
      boolean space =
          character == ' ' && !steps.isEmpty() && steps.get(steps.size() - 1).character == ' ';
      // White space in the text is collapsed, too.
      if (!space) {
        steps.add(new Step(element, character, digits, false));
      }
    }

    List<Step> finish(boolean xmlSchema) throws InvalidFormatException {
      boolean half = steps.stream().anyMatch(step -> isOfHalf(step.element));
      if (half != parts.contains(Part.HALF)) {
        throw new InvalidFormatException(
            half ? "has %I without %p: add it, or write %H" : "has %p without %I: write %I for %H");
      }
      List<Step> finished = new ArrayList<>();
      for (int i = 0; i < steps.size(); i++) {
        Step step = steps.get(i);
        boolean touches =
            (i > 0 && steps.get(i - 1).element.isDigits())
                || (i + 1 < steps.size() && steps.get(i + 1).element.isDigits());
        finished.add(new Step(step.element, step.character, step.digits, xmlSchema || touches));
      }
      return List.copyOf(finished);
    }

    private static boolean isOfHalf(Element element) {
      return element == Element.HOUR_OF_HALF || element == Element.HOUR_OF_HALF_AFTER_SPACE;
    }
  }

  /** What is missing in the format for values of a type, to follow "has no"; null if nothing is. */
  public @Nullable String missing(ColumnType type) {
    if (type == ColumnType.TIME) {
      return parts.contains(Part.HOUR) ? null : "hour";
    }
    return parts.contains(Part.YEAR) ? null : "year";
  }

  /** Whether texts may say which time zone they are in. */
  public boolean mayHaveZone() {
    return parts.contains(Part.ZONE);
  }

  /**
   * Reads a text.
   *
   * @param type DATE, DATETIME, TIME or TIMESTAMP
   * @param zone of a TIMESTAMP whose text names none, or UTC if it is null; and that in which a
   *     date or time without a zone is told where the text names another one
   * @return what {@link Values} gives for the type
   * @throws InvalidValueException if the text doesn't match the whole format, or isn't a value
   */
  public long parse(char[] text, int start, int end, ColumnType type, @Nullable ZoneId zone)
      throws InvalidValueException {
    Reading reading = new Reading(this, text, start, end);
    if (steps.isEmpty()) {
      long micros = reading.epoch(this.text.equals(EPOCH_SECONDS));
      return type == ColumnType.TIMESTAMP
          ? Temporals.inRange(type, micros)
          : Zones.civil(type, zone == null ? micros : Zones.local(micros, zone));
    }
    for (Step step : steps) {
      reading.take(step);
    }
    if (reading.at != end) {
      throw reading.error("the end");
    }
    reading.checkDay();
    long local = reading.localMicros();
    if (type == ColumnType.TIMESTAMP) {
      long instant =
          reading.zoned
              ? local - reading.offset
              : zone == null ? local : Zones.instant(local, zone);
      return Temporals.inRange(type, instant);
    }
    if (!reading.zoned) {
      return Zones.civil(type, local);
    }
    if (zone != null && parts.contains(Part.YEAR)) {
      return Zones.civil(type, Zones.local(local - reading.offset, zone));
    }
    boolean dateOfDateTime = type == ColumnType.DATE && parts.contains(Part.HOUR);
    if (xmlSchema && !dateOfDateTime) {
      throw new InvalidValueException(
          "has a time zone; " + type + " has none: say in which to tell it with \"timeZone\"");
    }
    return Zones.civil(type, local);
  }

  /** A time in this format, in UTC if it says a zone. */
  public String write(LocalDateTime time) {
    if (steps.isEmpty()) {
      Instant instant = time.toInstant(ZoneOffset.UTC);
      return Long.toString(
          text.equals(EPOCH_SECONDS) ? instant.getEpochSecond() : instant.toEpochMilli());
    }
    StringBuilder written = new StringBuilder();
    for (Step step : steps) {
      written.append(write(step, time));
    }
    return written.toString();
  }

  private static String write(Step step, LocalDateTime time) {
    int half = (time.getHour() + 11) % 12 + 1;
    return switch (step.element) {
      case LITERAL -> Character.toString(step.character);
      case YEAR -> digits(4, time.getYear());
      case YEAR_OF_CENTURY -> digits(2, time.getYear() % 100);
      case MONTH -> digits(2, time.getMonthValue());
      case MONTH_ABBREVIATED -> MONTHS[time.getMonthValue() - 1].substring(0, ABBREVIATED);
      case MONTH_NAME -> MONTHS[time.getMonthValue() - 1];
      case DAY, DAY_AFTER_SPACE -> digits(2, time.getDayOfMonth());
      case DAY_OF_YEAR -> digits(3, time.getDayOfYear());
      case WEEKDAY_ABBREVIATED ->
          WEEKDAYS[time.getDayOfWeek().getValue() - 1].substring(0, ABBREVIATED);
      case WEEKDAY_NAME -> WEEKDAYS[time.getDayOfWeek().getValue() - 1];
      case HOUR, HOUR_AFTER_SPACE -> digits(2, time.getHour());
      case HOUR_OF_HALF, HOUR_OF_HALF_AFTER_SPACE -> digits(2, half);
      case HALF -> time.getHour() < 12 ? "AM" : "PM";
      case MINUTE -> digits(2, time.getMinute());
      case SECOND, SECOND_WITH_FRACTION -> digits(2, time.getSecond());
      case OFFSET -> "+0000";
      case OFFSET_WITH_COLON -> "+00:00";
      case OFFSET_OR_NOTHING -> "";
    };
  }

  private static String digits(int count, int number) {
    return String.format(Locale.ROOT, "%0" + count + "d", number);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TimeFormat format && text.equals(format.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The format as the mapping writes it. */
  @Override
  public String toString() {
    return text;
  }

  /** A text on its way through a format. */
  private static final class Reading {
    private final TimeFormat format;
    private final char[] text;
    private final int start;
    private final int end;

    private int at;
    private int year = 1970;
    private int month = 1;
    private int day = 1;
    private int dayOfYear;
    private int weekday;
    private int hour;
    private boolean afternoon;
    private boolean halved;
    private int minute;
    private int second;
    private int micros;
    private boolean zoned;
    private long offset;

    Reading(TimeFormat format, char[] text, int start, int end) {
      this.format = format;
      this.text = text;
      this.start = start;
      this.end = end;
      this.at = start;
    }

    InvalidValueException error(String expected) {
      return new InvalidValueException(
          "doesn't match %s: expected %s at position %d"
              .formatted(format, expected, at - start + 1));
    }

    void take(Step step) throws InvalidValueException {
      switch (step.element) {
        case LITERAL -> literal(step.character);
        case YEAR -> year = number(4, 4, 0, 9999, "a year of four digits");
        case YEAR_OF_CENTURY -> {
          int ofCentury = number(step, 2, 0, 99, "a year of two digits");
          year = ofCentury + (ofCentury < 69 ? 2000 : 1900);
        }
        case MONTH -> month = number(step, 2, 1, 12, "a month");
        case MONTH_ABBREVIATED -> month = 1 + name(MONTHS, true, "a month such as Jan");
        case MONTH_NAME -> month = 1 + name(MONTHS, false, "a month such as January");
        case DAY -> day = number(step, 2, 1, 31, "a day");
        case DAY_AFTER_SPACE -> {
          skipSpace();
          day = number(step, 2, 1, 31, "a day");
        }
        case DAY_OF_YEAR -> dayOfYear = number(step, 3, 1, 366, "a day of the year");
        case WEEKDAY_ABBREVIATED -> weekday = 1 + name(WEEKDAYS, true, "a weekday such as Mon");
        case WEEKDAY_NAME -> weekday = 1 + name(WEEKDAYS, false, "a weekday such as Monday");
        // 24:00:00 is XML Schema's, and is looked at when the rest is known.
        case HOUR -> hour = number(step, 2, 0, format.xmlSchema ? 24 : 23, "an hour");
        case HOUR_AFTER_SPACE -> {
          skipSpace();
          hour = number(step, 2, 0, 23, "an hour");
        }
        case HOUR_OF_HALF -> hourOfHalf(step);
        case HOUR_OF_HALF_AFTER_SPACE -> {
          skipSpace();
          hourOfHalf(step);
        }
        case HALF -> half();
        case MINUTE -> minute = number(step, 2, 0, 59, "a minute");
        case SECOND -> second = number(step, 2, 0, 59, "a second");
        case SECOND_WITH_FRACTION -> {
          second = number(step, 2, 0, 59, "a second");
          micros = fraction(step.digits, MOST_FRACTION_DIGITS);
        }
        case OFFSET -> offset(false);
        case OFFSET_WITH_COLON -> offset(true);
        case OFFSET_OR_NOTHING -> {
          if (at < end) {
            offset(true);
          }
        }
      }
    }

    private void literal(char character) throws InvalidValueException {
      if (at >= end || text[at] != character) {
        throw error("'" + character + "'");
      }
      at++;
    }

    private void skipSpace() {
      if (at < end && text[at] == ' ') {
        at++;
      }
    }

    private void hourOfHalf(Step step) throws InvalidValueException {
      hour = number(step, 2, 1, 12, "an hour of 1 to 12") % 12;
      halved = true;
    }

    private void half() throws InvalidValueException {
      boolean am = isWord("AM");
      if (!am && !isWord("PM")) {
        throw error("AM or PM");
      }
      afternoon = !am;
      at += 2;
    }

    private int number(Step step, int most, int from, int to, String expected)
        throws InvalidValueException {
      return number(step.exact ? most : 1, most, from, to, expected);
    }

    private int number(int least, int most, int from, int to, String expected)
        throws InvalidValueException {
      int number = 0;
      int digits = 0;
      while (digits < most && at + digits < end && Syntax.isDigit(text[at + digits])) {
        number = number * 10 + (text[at + digits] - '0');
        digits++;
      }
      if (digits < least || number < from || number > to) {
        throw error(expected);
      }
      at += digits;
      return number;
    }

    private int name(String[] names, boolean abbreviated, String expected)
        throws InvalidValueException {
      for (int i = 0; i < names.length; i++) {
        String name = abbreviated ? names[i].substring(0, ABBREVIATED) : names[i];
        if (isWord(name)) {
          at += name.length();
          return i;
        }
      }
      throw error(expected);
    }

    /** Whether the word comes next, in whatever case. */
    private boolean isWord(String word) {
      if (end - at < word.length()) {
        return false;
      }
      for (int i = 0; i < word.length(); i++) {
        // English words: setting the bit makes a letter small, and no other character one.
        if ((text[at + i] | 0x20) != (word.charAt(i) | 0x20)) {
          return false;
        }
      }
      return true;
    }

    /**
     * A point and digits, if they come next: so many of the smallest unit, of which are 10^unit.
     */
    private int fraction(int most, int unit) throws InvalidValueException {
      if (at >= end || text[at] != '.') {
        return 0;
      }
      at++;
      int fractionEnd = Syntax.digitsEnd(text, at, end);
      if (fractionEnd == at || fractionEnd - at > most) {
        throw error(fractionEnd == at ? "a digit" : "at most " + most + " digits");
      }
      int significantEnd = Syntax.trimZeros(text, at, fractionEnd);
      if (significantEnd - at > unit) {
        throw new InvalidValueException(
            "has " + (significantEnd - at) + " digits after the point; the type holds " + unit);
      }
      int value = 0;
      for (int i = 0; i < unit; i++) {
        value = value * 10 + (at + i < significantEnd ? text[at + i] - '0' : 0);
      }
      at = fractionEnd;
      return value;
    }

    private void offset(boolean colon) throws InvalidValueException {
      zoned = true;
      if (colon && at < end && text[at] == 'Z') {
        at++;
        return;
      }
      if (at >= end || (text[at] != '+' && text[at] != '-')) {
        throw error("a time zone");
      }
      boolean negative = text[at] == '-';
      at++;
      int hours = number(2, 2, 0, 14, "hours of a time zone");
      if (colon) {
        literal(':');
      }
      int minutes = number(2, 2, 0, hours == 14 ? 0 : 59, "minutes of a time zone");
      offset = hours * Micros.PER_HOUR + minutes * Micros.PER_MINUTE;
      offset = negative ? -offset : offset;
    }

    /** A number of seconds or milliseconds, with a fraction down to microseconds. */
    long epoch(boolean seconds) throws InvalidValueException {
      boolean negative = at < end && text[at] == '-';
      if (at < end && (text[at] == '-' || text[at] == '+')) {
        at++;
      }
      int digits = at;
      at = Syntax.digitsEnd(text, at, end);
      if (at == digits) {
        throw error("a digit");
      }
      int significant = Syntax.skipZeros(text, digits, at);
      if (at - significant > (seconds ? MOST_EPOCH_SECONDS_DIGITS : MOST_EPOCH_MILLIS_DIGITS)) {
        throw new InvalidValueException("is beyond the years 0001 to 9999");
      }
      long value = 0;
      for (int i = significant; i < at; i++) {
        value = value * 10 + (text[i] - '0');
      }
      int fraction = fraction(Integer.MAX_VALUE, seconds ? 6 : 3);
      if (at != end) {
        throw error("a digit or the end");
      }
      long micros = value * (seconds ? Micros.PER_SECOND : Micros.PER_SECOND / 1000) + fraction;
      return negative ? -micros : micros;
    }

    void checkDay() throws InvalidValueException {
      boolean leap = Year.isLeap(year);
      if (dayOfYear > 0) {
        if (dayOfYear > (leap ? 366 : 365)) {
          throw new InvalidValueException("has a day that the year lacks");
        }
        month = 1;
        day = dayOfYear;
        while (day > Month.of(month).length(leap)) {
          day -= Month.of(month).length(leap);
          month++;
        }
      } else if (day > Month.of(month).length(leap)) {
        throw new InvalidValueException("has a day that the month lacks");
      }
      // 1970-01-01 was a Thursday.
      long fromMonday = Math.floorMod(Temporals.days(year, month, day) + 3, 7);
      if (weekday > 0 && format.parts.containsAll(DATE) && fromMonday != weekday - 1) {
        throw new InvalidValueException("has a weekday that isn't the date's");
      }
      if (hour == 24 && (minute > 0 || second > 0 || micros > 0)) {
        throw new InvalidValueException(
            "doesn't match " + format + ": 24 is an hour of 24:00:00 alone");
      }
    }

    long localMicros() {
      int ofDay = halved && afternoon ? hour + 12 : hour;
      return Temporals.days(year, month, day) * Micros.PER_DAY
          + ofDay * Micros.PER_HOUR
          + minute * Micros.PER_MINUTE
          + second * Micros.PER_SECOND
          + micros;
    }
  }
}
