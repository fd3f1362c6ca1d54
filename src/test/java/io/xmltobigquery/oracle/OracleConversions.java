package io.xmltobigquery.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.oracle.OracleValues.NoValueException;
import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.Conversion;
import io.xmltobigquery.values.NumberFormat;
import io.xmltobigquery.values.TimeFormat;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a mapping says of texts, by regular expressions, java.math and java.time: each text is
 * rewritten as XML Schema has it, and is {@link OracleValues}' then.
 */
final class OracleConversions {

  private static final Map<String, String> XML_SCHEMA =
      Map.of(
          "date", "%Y-%m-%d",
          "dateTime", "%Y-%m-%dT%H:%M:%E*S",
          "time", "%H:%M:%E*S",
          "gYearMonth", "%Y-%m",
          "gYear", "%Y");

  private OracleConversions() {}

  /** The values of a text, which may be none. */
  static List<JsonNode> values(Field field, String text) throws NoValueException {
    Conversion conversion = field.conversion();
    List<JsonNode> values = new ArrayList<>();
    for (String item : items(conversion, text)) {
      boolean preserved =
          field.type() == ColumnType.STRING && field.lexical() == null && !conversion.collapse();
      String value = preserved ? item : OracleValues.collapse(item);
      if (conversion.nullMarkers().contains(value)) {
        continue;
      }
      boolean mayBeEmpty = field.type() == ColumnType.STRING || field.type() == ColumnType.BYTES;
      if (value.isEmpty() && conversion.empty() == Conversion.Empty.ERROR) {
        throw new NoValueException("empty");
      }
      if (value.isEmpty() && (conversion.empty() == Conversion.Empty.NULL || !mayBeEmpty)) {
        continue;
      }
      values.add(OracleValues.value(field, asXmlSchema(field.type(), conversion, value)));
    }
    return values;
  }

  private static List<String> items(Conversion conversion, String text) {
    String split = conversion.split();
    if (split == null) {
      return List.of(text);
    }
    String separator = split.equals(" ") ? "[ \t\r\n]" : Pattern.quote(split);
    return Arrays.stream(text.split(separator)).filter(item -> !item.isEmpty()).toList();
  }

  private static String asXmlSchema(ColumnType type, Conversion conversion, String text)
      throws NoValueException {
    if (conversion.number() != null) {
      return number(type, conversion.number(), text);
    }
    if (type == ColumnType.BOOL) {
      return conversion.trueWords().contains(text)
          ? "true"
          : conversion.falseWords().contains(text) ? "false" : text;
    }
    if (!conversion.formats().isEmpty()) {
      for (TimeFormat format : conversion.formats()) {
        try {
          return time(type, format.toString(), conversion, text);
        } catch (NoValueException | DateTimeException e) {
          // The next one.
        }
      }
      throw new NoValueException("no format matches");
    }
    boolean zoned = text.matches(".*(Z|[+-][0-9]{2}:[0-9]{2})");
    return type == ColumnType.TIMESTAMP && conversion.timeZone() != null && !zoned
        ? time(type, "dateTime", conversion, text)
        : text;
  }

  private static String number(ColumnType type, NumberFormat format, String text)
      throws NoValueException {
    if (text.endsWith("INF") || text.equals("NaN")) {
      return text;
    }
    String group = format.group() == null ? "" : Pattern.quote(format.group().toString());
    String grouped = group.isEmpty() ? "" : "|[0-9]{1,3}(?:" + group + "[0-9]{3})+";
    boolean exponents = format.exponent() || type == ColumnType.FLOAT64;
    Pattern pattern =
        Pattern.compile(
            "(?<sign>[+-]?)(?<integer>[0-9]*%s)(?:%s(?<fraction>[0-9]*))?(?<exponent>%s)(?<trailing>[+-]?)"
                .formatted(
                    grouped,
                    Pattern.quote(String.valueOf(format.decimal())),
                    exponents ? "(?:[eE][+-]?[0-9]+)?" : ""));
    Matcher parts = pattern.matcher(text);
    OracleValues.require(parts.matches(), "not in the format");
    String sign = parts.group("sign");
    String trailing = parts.group("trailing");
    OracleValues.require(trailing.isEmpty() || (format.trailingSign() && sign.isEmpty()), "sign");
    String integer = parts.group("integer").replaceAll("[^0-9]", "");
    String fraction = parts.group("fraction") == null ? "" : parts.group("fraction");
    OracleValues.require(!integer.isEmpty() || !fraction.isEmpty(), "no digit");
    String mantissa = sign + trailing + "0" + integer + "." + fraction;
    String exponent = parts.group("exponent");
    return type == ColumnType.FLOAT64
        ? mantissa + exponent
        : new BigDecimal(mantissa.replaceAll("[.]$", "") + exponent).toPlainString();
  }

  private static String time(ColumnType type, String format, Conversion conversion, String text)
      throws NoValueException {
    LocalDateTime local;
    ZoneOffset zone;
    boolean xmlSchema = XML_SCHEMA.containsKey(format);
    if (format.startsWith("epoch-")) {
      OracleValues.require(text.matches("[+-]?[0-9]{1,16}([.][0-9]+)?"), "not a number");
      BigDecimal micros =
          new BigDecimal(text).movePointRight(format.equals("epoch-seconds") ? 6 : 3);
      local = LocalDate.EPOCH.atStartOfDay().plus(micros.longValueExact(), ChronoUnit.MICROS);
      zone = conversion.timeZone() == null && type != ColumnType.TIMESTAMP ? null : ZoneOffset.UTC;
    } else {
      Map<String, String> parts = parts(XML_SCHEMA.getOrDefault(format, format), xmlSchema, text);
      local = local(parts, xmlSchema);
      zone = parts.get("zone") == null ? null : offset(parts.get("zone"));
    }
    if (type == ColumnType.TIMESTAMP) {
      if (zone == null && conversion.timeZone() != null) {
        List<ZoneOffset> offsets = conversion.timeZone().getRules().getValidOffsets(local);
        OracleValues.require(offsets.size() == 1, "no such time");
        zone = offsets.get(0);
      }
      local = zone == null ? local : local.minusSeconds(zone.getTotalSeconds());
    } else if (zone != null) {
      if (conversion.timeZone() != null && !format.equals("time")) {
        local = local.atOffset(zone).atZoneSameInstant(conversion.timeZone()).toLocalDateTime();
      } else {
        boolean dateOfDateTime = type == ColumnType.DATE && format.equals("dateTime");
        OracleValues.require(!xmlSchema || dateOfDateTime, "zone");
      }
    }
    boolean inRange = local.getYear() >= 1 && local.getYear() <= 9999;
    OracleValues.require(inRange || type == ColumnType.TIME, "beyond the years 1 to 9999");
    String time = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS").format(local);
    return switch (type) {
      case DATE -> local.toLocalDate().toString();
      case TIME -> time;
      case DATETIME -> local.toLocalDate() + "T" + time;
      default -> local.toLocalDate() + "T" + time + "Z";
    };
  }

  private static ZoneOffset offset(String zone) {
    ZoneOffset offset = ZoneOffset.of(zone);
    if (Math.abs(offset.getTotalSeconds()) > 14 * 3600) {
      throw new DateTimeException("zone");
    }
    return offset;
  }

  /** What a text says of each part, by a regular expression of the format. */
  private static Map<String, String> parts(String format, boolean xmlSchema, String text)
      throws NoValueException {
    String expanded =
        format
            .replace("%F", "%Y-%m-%d")
            .replace("%T", "%H:%M:%S")
            .replace("%R", "%H:%M")
            .replace("%D", "%m/%d/%y");
    List<MatchResult> elements =
        Pattern.compile("%(E[*0-9]S|Ez|[a-zA-Z%])|[^%]").matcher(expanded).results().toList();
    List<String> names = new ArrayList<>();
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < elements.size(); i++) {
      String element = elements.get(i).group();
      boolean touches =
          (i > 0 && isDigits(elements.get(i - 1).group()))
              || (i + 1 < elements.size() && isDigits(elements.get(i + 1).group()));
      String two = touches || xmlSchema ? "[0-9]{2}" : "[0-9]{1,2}";
      String name =
          switch (element) {
            case "%Y",
                "%y",
                "%m",
                "%d",
                "%e",
                "%j",
                "%H",
                "%k",
                "%I",
                "%l",
                "%M",
                "%p",
                "%b",
                "%B",
                "%a",
                "%A" ->
                element.substring(1);
            case "%S" -> "S";
            case "%z", "%Ez" -> "zone";
            default -> element.startsWith("%E") ? "S" : "";
          };
      String part =
          switch (element) {
            case "%Y" -> "[0-9]{4}";
            case "%y", "%m", "%d", "%H", "%I", "%M", "%S" -> two;
            case "%e", "%k", "%l" -> " ?" + two;
            case "%j" -> touches ? "[0-9]{3}" : "[0-9]{1,3}";
            case "%p" -> "AM|PM";
            case "%b", "%B", "%a", "%A" -> "[A-Za-z]+";
            case "%z" -> "[+-][0-9]{4}";
            case "%Ez" -> "Z|[+-][0-9]{2}:[0-9]{2}";
            case "%%" -> "%";
            default ->
                element.startsWith("%E")
                    ? two
                        + "(?:[.][0-9]{1,%s})?"
                            .formatted(element.charAt(2) == '*' ? "" : element.charAt(2))
                    : Pattern.quote(element);
          };
      if (name.isEmpty()) {
        regex.append(part);
      } else {
        names.add(name);
        regex.append("(?<").append(name).append('>').append(part).append(')');
      }
    }
    if (xmlSchema) {
      names.add("zone");
      regex.append("(?<zone>Z|[+-][0-9]{2}:[0-9]{2})?");
    }
    Matcher matcher = Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE).matcher(text);
    OracleValues.require(matcher.matches(), "doesn't match " + format);
    Map<String, String> parts = new HashMap<>();
    for (String name : names) {
      if (matcher.group(name) != null) {
        parts.put(name, matcher.group(name).strip());
      }
    }
    return parts;
  }

  private static boolean isDigits(String element) {
    return element.matches("%([YymdjHIMS]|E[*0-9]S)");
  }

  private static LocalDateTime local(Map<String, String> parts, boolean xmlSchema)
      throws NoValueException {
    int year = number(parts, "Y", 1970);
    if (parts.containsKey("y")) {
      int ofCentury = number(parts, "y", 0);
      year = ofCentury < 69 ? 2000 + ofCentury : 1900 + ofCentury;
    }
    int month = number(parts, "m", 1);
    for (TextStyle style : List.of(TextStyle.SHORT, TextStyle.FULL)) {
      String name = parts.get(style == TextStyle.SHORT ? "b" : "B");
      if (name != null) {
        month = 0;
        for (int i = 1; i <= 12; i++) {
          String english = Month.of(i).getDisplayName(style, Locale.US);
          month = english.equalsIgnoreCase(name) ? i : month;
        }
      }
    }
    LocalDate day =
        parts.containsKey("j")
            ? LocalDate.ofYearDay(year, number(parts, "j", 1))
            : LocalDate.of(year, month, number(parts, "d", number(parts, "e", 1)));
    String weekday = parts.getOrDefault("a", parts.get("A"));
    if (weekday != null) {
      TextStyle style = parts.containsKey("a") ? TextStyle.SHORT : TextStyle.FULL;
      String english = day.getDayOfWeek().getDisplayName(style, Locale.US);
      OracleValues.require(english.equalsIgnoreCase(weekday), "weekday");
    }
    int hour = number(parts, "H", number(parts, "k", 0));
    if (parts.containsKey("p")) {
      int half = number(parts, "I", number(parts, "l", 0));
      OracleValues.require(half >= 1 && half <= 12, "hour");
      hour = half % 12 + (parts.get("p").equalsIgnoreCase("PM") ? 12 : 0);
    }
    BigDecimal seconds = new BigDecimal(parts.getOrDefault("S", "0")).stripTrailingZeros();
    OracleValues.require(seconds.scale() <= 6, "digits");
    int minute = number(parts, "M", 0);
    if (xmlSchema && hour == 24 && minute == 0 && seconds.signum() == 0) {
      return day.plusDays(1).atStartOfDay();
    }
    return day.atTime(LocalTime.of(hour, minute, seconds.intValue()))
        .plus(
            seconds.remainder(BigDecimal.ONE).movePointRight(6).longValueExact(),
            ChronoUnit.MICROS);
  }

  private static int number(Map<String, String> parts, String name, int otherwise) {
    String text = parts.get(name);
    return text == null ? otherwise : Integer.parseInt(text);
  }
}
