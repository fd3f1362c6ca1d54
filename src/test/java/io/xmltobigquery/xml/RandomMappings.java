package io.xmltobigquery.xml;

import io.xmltobigquery.mapping.Mapping;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Makes mappings of all types, modes and kinds of source, with nested records, namespaces, and
 * elements that are unknown and must be ignored or rejected.
 */
public final class RandomMappings {

  private static final List<String> NAMESPACES =
      List.of("", "", "urn:shop", "urn:other", "http://example.com/ä?x=1&y=2#z");

  private static final int DEEPEST = 3;

  private final Random random;

  public RandomMappings(Random random) {
    this.random = random;
  }

  /** A mapping document in which single quotes stand for double ones. */
  public static Mapping mapping(List<String> tables) {
    return Engine.mapping(document(tables));
  }

  /** The mapping document with some tables, in which single quotes stand for double ones. */
  public static String document(List<String> tables) {
    return "{'tables': [" + String.join(",\n", tables) + "]}";
  }

  /**
   * One to three tables whose records are in documents with the same root element.
   *
   * @param root its name, and how the tables' names begin
   */
  public List<String> tables(String root) {
    String rootStep = step(root);
    List<String> tables = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      StringBuilder path = new StringBuilder("/" + rootStep);
      for (int depth = random.nextInt(3); depth > 0; depth--) {
        path.append('/').append(step("s" + random.nextInt(2)));
      }
      path.append('/').append(step("record" + i));
      tables.add(
          "{'table': '%s_%d', 'namespace': '%s', 'record': '%s', 'unknown': '%s',\n 'fields': [%s]}"
              .formatted(
                  root,
                  i,
                  namespace(),
                  path,
                  chance(400) ? "ignore" : "error",
                  String.join(",\n  ", fields(0))));
    }
    return tables;
  }

  private List<String> fields(int depth) {
    List<String> fields = new ArrayList<>();
    boolean textOnly = chance(150);
    if (textOnly) {
      fields.add(field("text", "NULLABLE", ".", type()));
    }
    int count = 1 + random.nextInt(textOnly ? 2 : 6);
    for (int i = 0; i < count; i++) {
      fields.addAll(textOnly ? List.of(attribute(i, "")) : fieldOrTwo(i, depth));
    }
    Collections.shuffle(fields, random);
    return fields;
  }

  private List<String> fieldOrTwo(int number, int depth) {
    String holder = chance(300) ? step("g" + random.nextInt(2)) + "/" : "";
    if (chance(250)) {
      return List.of(attribute(number, holder));
    }
    String name = "f" + number;
    String mode = oneOf("NULLABLE", "REQUIRED", "REPEATED");
    if (depth < DEEPEST && chance(250)) {
      String nested =
          "'type': 'RECORD', 'fields': [%s]".formatted(String.join(", ", fields(depth + 1)));
      return List.of(field(name, mode, holder + step(name), nested));
    }
    if (holder.isEmpty() && chance(300)) {
      return List.of("{'name': '%s', 'mode': '%s', %s}".formatted(name, mode, type()));
    }
    String source = holder + step(name);
    String field = field(name, mode, source, type());
    // Two columns may be read from one place.
    return chance(150)
        ? List.of(field, field(name + "_text", mode, source, "'type': 'STRING'"))
        : List.of(field);
  }

  private String attribute(int number, String holder) {
    return field(
        "a" + number, oneOf("NULLABLE", "REQUIRED"), holder + "@" + step("a" + number), type());
  }

  private String field(String name, String mode, String source, String type) {
    return "{'name': '%s', 'mode': '%s', 'source': '%s', %s%s}"
        .formatted(name, mode, source, type, conversion(mode, type));
  }

  /** What else is said of the text, if anything: keys that begin with a comma. */
  private String conversion(String mode, String type) {
    if (type.contains("RECORD") || chance(650)) {
      return "";
    }
    List<String> keys = new ArrayList<>();
    String name = type.replaceAll("'type': '([A-Z0-9]+)'.*", "$1");
    if (chance(300)) {
      keys.add("'nullMarkers': ['-', 'n/a']");
    }
    if (chance(200)) {
      // Texts are empty too often for an error.
      boolean text = name.equals("STRING") || name.equals("BYTES");
      keys.add("'empty': '%s'".formatted(text ? "null" : oneOf("null", "error")));
    }
    boolean narrowed = type.contains("lexical") || type.contains("maxLength");
    switch (name) {
      case "STRING" -> keys.add("'whiteSpace': 'collapse'");
      case "INT64", "FLOAT64", "NUMERIC", "BIGNUMERIC" -> {
        if (mode.equals("REPEATED") && chance(300)) {
          break;
        }
        keys.add(
            "'number': {%s}"
                .formatted(
                    oneOf(
                        "'decimal': ',', 'group': '.'",
                        "'group': ',', 'trailingSign': true",
                        "'decimal': ',', 'group': ' ', 'exponent': true")));
      }
      case "BOOL" -> keys.add("'boolean': {'true': ['Y', 'ja'], 'false': ['N']}");
      case "DATE" ->
          keys.add(
              "'format': %s"
                  .formatted(
                      oneOf(
                          "'%d.%m.%Y'",
                          "['%Y%m%d', 'date']",
                          "['dateTime', '%b %e %Y']",
                          "'%a, %d %B %Y'",
                          "['%Y%j', 'epoch-seconds']")));
      case "TIME" -> keys.add("'format': %s".formatted(oneOf("'%H%M%S'", "['%I:%M %p', 'time']")));
      case "DATETIME" ->
          keys.add(
              "'format': %s"
                  .formatted(
                      oneOf(
                          "'%F %H:%M:%E*S'",
                          "['dateTime', '%Y%m%d%H%M%S', 'gYear']", "['%d/%m/%Y %R']")));
      case "TIMESTAMP" ->
          keys.add(
              oneOf(
                  "'timeZone': 'Europe/Berlin'",
                  "'format': ['%FT%H:%M:%E6S%Ez', 'epoch-millis'], 'timeZone': '-03:30'",
                  "'format': ['%F %T%z', '%F %T', 'date'], 'timeZone': 'America/New_York'",
                  "'format': 'dateTime'"));
      default -> {
        // BYTES have nothing of their own.
      }
    }
    if (name.equals("DATETIME") && !mode.equals("REPEATED") && chance(300)) {
      keys.add("'default': '2000-02-03T04:05:06'");
    }
    if (name.equals("INT64") && !mode.equals("REPEATED") && chance(300)) {
      keys.add("'default': 7");
    }
    if (name.equals("STRING") && !narrowed && !mode.equals("REPEATED") && chance(300)) {
      keys.add("'join': '%s'".formatted(oneOf("", " ", "; ")));
    }
    if (mode.equals("REPEATED") && chance(300)) {
      boolean spaceless = type.equals("'type': 'INT64'") && keys.isEmpty();
      keys.add("'split': '%s'".formatted(spaceless ? " " : ";"));
    }
    return keys.isEmpty() ? "" : ", " + String.join(", ", keys);
  }

  /** The type, and what narrows it: not further than that the values made for it nearly all fit. */
  private String type() {
    return switch (random.nextInt(13)) {
      case 0 -> "'type': 'STRING'";
      case 1 -> "'type': 'STRING', 'maxLength': " + (1 + random.nextInt(40));
      case 2 ->
          "'type': 'STRING', 'lexical': '%s'"
              .formatted(
                  oneOf(
                      "boolean",
                      "decimal",
                      "integer",
                      "double",
                      "date",
                      "time",
                      "dateTime",
                      "base64Binary",
                      "hexBinary"));
      case 3 -> "'type': 'INT64'";
      case 4 -> "'type': 'FLOAT64'";
      case 5 -> "'type': 'NUMERIC'";
      case 6 -> {
        int scale = 3 + random.nextInt(7);
        yield "'type': 'NUMERIC', 'precision': %d, 'scale': %d".formatted(scale + 4, scale);
      }
      case 7 -> "'type': 'BIGNUMERIC'";
      case 8 -> "'type': 'BOOL'";
      case 9 -> "'type': '%s'".formatted(oneOf("DATE", "TIME"));
      case 10 -> "'type': 'DATETIME'";
      case 11 -> "'type': 'TIMESTAMP'";
      default -> "'type': 'BYTES'";
    };
  }

  /** A name in the namespace that the table has by default, or in one of its own. */
  private String step(String name) {
    return chance(800) ? name : "{" + namespace() + "}" + name;
  }

  private String namespace() {
    return NAMESPACES.get(random.nextInt(NAMESPACES.size()));
  }

  private boolean chance(int of1000) {
    return random.nextInt(1000) < of1000;
  }

  private String oneOf(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
