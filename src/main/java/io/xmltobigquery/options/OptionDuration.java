package io.xmltobigquery.options;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How options write durations: {@code 30s}, {@code 10m}, {@code 1h}, {@code 8d}. */
public final class OptionDuration {

  private static final Pattern SYNTAX = Pattern.compile("([0-9]{1,9})([smhd])");

  private static final Duration LONGEST = Duration.ofDays(3650);

  private OptionDuration() {}

  /**
   * Reads a duration, also in ISO 8601's way ({@code PT1H30M}).
   *
   * @throws IllegalArgumentException if it isn't one, not more than zero, or longer than ten years
   */
  public static Duration parse(String text) {
    Duration duration = duration(text);
    if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(text);
    }
    return duration;
  }

  private static Duration duration(String text) {
    Matcher matcher = SYNTAX.matcher(text);
    if (!matcher.matches()) {
      try {
        return Duration.parse(text);
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException(text, e);
      }
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /** The way back: in the largest unit that leaves no rest. */
  public static String text(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds % Duration.ofDays(1).toSeconds() == 0) {
      return duration.toDays() + "d";
    } else if (seconds % Duration.ofHours(1).toSeconds() == 0) {
      return duration.toHours() + "h";
    } else if (seconds % Duration.ofMinutes(1).toSeconds() == 0) {
      return duration.toMinutes() + "m";
    } else {
      return seconds + "s";
    }
  }
}
