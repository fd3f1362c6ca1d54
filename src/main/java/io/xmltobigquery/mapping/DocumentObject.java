package io.xmltobigquery.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.values.ColumnType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One object of a mapping document and where it stands. Its getters report a value that is missing
 * or of the wrong type, and return null in its place: the caller goes on, so that all mistakes of a
 * document come to light at once.
 */
final class DocumentObject {

  private final String pointer;
  private final ObjectNode json;
  private final List<MappingProblem> problems;

  private DocumentObject(String pointer, ObjectNode json, List<MappingProblem> problems) {
    this.pointer = pointer;
    this.json = json;
    this.problems = problems;
  }

  /** Wraps the node at the pointer; null, and a problem, if it is no object. */
  static @Nullable DocumentObject of(String pointer, JsonNode node, List<MappingProblem> problems) {
    if (node instanceof ObjectNode object) {
      return new DocumentObject(pointer, object, problems);
    }
    problems.add(new MappingProblem(pointer, wrongType("an object", node)));
    return null;
  }

  /** The JSON Pointer of a member of the object, or of an element of the array, at the pointer. */
  static String pointer(String parent, String key) {
    return parent + "/" + key.replace("~", "~0").replace("/", "~1");
  }

  /** Where the key's value stands, or the object itself if it doesn't have the key. */
  String pointer(String key) {
    return has(key) ? pointer(pointer, key) : pointer;
  }

  boolean has(String key) {
    return json.has(key);
  }

  boolean isText(String key) {
    return has(key) && json.get(key).isTextual();
  }

  /** All keys, in the document's order. */
  Set<String> keys() {
    Set<String> keys = new LinkedHashSet<>();
    json.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  void problem(String message) {
    problems.add(new MappingProblem(pointer, message));
  }

  void problem(String key, String message) {
    problems.add(new MappingProblem(pointer(key), message));
  }

  void checkKeys(Collection<String> known) {
    json.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key)) {
                problem(key, "unknown key: " + suggestion(key, known, "remove it; known are "));
              }
            });
  }

  @Nullable String text(String key) {
    JsonNode value = json.get(key);
    if (value == null || value.isTextual()) {
      return value == null ? null : value.textValue();
    }
    problem(key, wrongType("a string", value));
    return null;
  }

  @Nullable String requiredText(String key) {
    return present(key) ? text(key) : null;
  }

  /** True or false; null if the key is absent. */
  @Nullable Boolean bool(String key) {
    JsonNode value = json.get(key);
    if (value == null || value.isBoolean()) {
      return value == null ? null : value.booleanValue();
    }
    problem(key, wrongType("true or false", value));
    return null;
  }

  /** A text, or a number or boolean as JSON writes it; null if the key is absent. */
  @Nullable String scalar(String key) {
    JsonNode value = json.get(key);
    if (value == null || value.isTextual() || value.isNumber() || value.isBoolean()) {
      return value == null ? null : value.asText();
    }
    problem(key, wrongType("a string, a number or a boolean", value));
    return null;
  }

  /** The text that the key stands for, or those of an array; none if it is absent. */
  List<String> oneOrMoreTexts(String key) {
    if (isText(key)) {
      return List.of(json.get(key).textValue());
    }
    List<String> texts = texts(key);
    return texts == null ? List.of() : texts;
  }

  /** A text of at most so many characters. */
  @Nullable String boundedText(String key, int most) {
    String text = text(key);
    int length = text == null ? 0 : text.codePointCount(0, text.length());
    if (length > most) {
      problem(key, "has " + length + " characters; BigQuery takes " + most + ": shorten it");
    }
    return text;
  }

  @Nullable List<String> requiredTexts(String key) {
    return present(key) ? texts(key) : null;
  }

  /** The texts of an array that must have at least one; null if the key is absent. */
  @Nullable List<String> texts(String key) {
    JsonNode array = json.get(key);
    if (array == null) {
      return null;
    }
    if (!array.isArray()) {
      problem(key, wrongType("an array of strings", array));
      return null;
    }
    if (array.isEmpty()) {
      problem(key, "is empty: add at least one");
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      JsonNode text = array.get(i);
      if (text.isTextual()) {
        texts.add(text.textValue());
      } else {
        String pointer = pointer(pointer(key), Integer.toString(i));
        problems.add(new MappingProblem(pointer, wrongType("a string", text)));
      }
    }
    return texts;
  }

  /** The object that the key stands for; null if the key is absent. */
  @Nullable DocumentObject object(String key) {
    JsonNode value = json.get(key);
    return value == null ? null : of(pointer(key), value, problems);
  }

  @Nullable DocumentObject requiredObject(String key) {
    return present(key) ? object(key) : null;
  }

  @Nullable Long requiredNumber(String key) {
    return present(key) ? wholeNumber(key) : null;
  }

  @Nullable Long positiveNumber(String key) {
    Long number = wholeNumber(key);
    if (number != null && number < 1) {
      problem(key, "must be 1 or more");
    }
    return number;
  }

  /** The members of an object, each a string or an array of such; none if the key is absent. */
  Map<String, List<String>> textsByKey(String key) {
    Map<String, List<String>> members = new LinkedHashMap<>();
    DocumentObject object = object(key);
    if (object != null) {
      object.keys().forEach(member -> members.put(member, object.oneOrMoreTexts(member)));
    }
    return members;
  }

  /** A whole number, also as a string of digits: that is how BigQuery itself writes its schemas. */
  @Nullable Long wholeNumber(String key) {
    JsonNode value = json.get(key);
    if (value == null) {
      return null;
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    if (value.isTextual() && value.textValue().matches("-?[0-9]{1,18}")) {
      return Long.valueOf(value.textValue());
    }
    problem(key, value.isNumber() ? "must be a whole number" : wrongType("a whole number", value));
    return null;
  }

  /** What one of the names stands for; the default if the key is absent. */
  <T> @Nullable T choice(String key, Map<String, T> choices, @Nullable T otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    String name = text(key);
    if (name == null) {
      return null;
    }
    T choice = choices.get(name);
    if (choice == null) {
      problem(key, quote(name) + " isn't known: " + suggestion(name, choices.keySet(), "use "));
    }
    return choice;
  }

  /** The objects of an array that must have at least one. */
  List<DocumentObject> requiredObjects(String key) {
    if (!present(key)) {
      return List.of();
    }
    JsonNode array = json.get(key);
    if (!array.isArray()) {
      problem(key, wrongType("an array of objects", array));
      return List.of();
    }
    if (array.isEmpty()) {
      problem(key, "is empty: add at least one");
    }
    List<DocumentObject> objects = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      DocumentObject object =
          of(pointer(pointer(key), Integer.toString(i)), array.get(i), problems);
      if (object != null) {
        objects.add(object);
      }
    }
    return objects;
  }

  /** Reports a key that is only for other types. */
  void checkKeyOfType(String key, ColumnType type, Set<ColumnType> allowed) {
    if (has(key) && !allowed.contains(type)) {
      problem(key, "is only for " + alternatives(allowed) + ", not for " + type + ": remove it");
    }
  }

  /** {@code A, B or C}. */
  static String alternatives(Set<ColumnType> types) {
    List<String> names = types.stream().map(ColumnType::name).toList();
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }

  /** Reports a name that was seen before, in whatever case; otherwise notes it as seen. */
  void checkUnique(String key, String name, Map<String, String> pointersBySeenName) {
    String earlier = pointersBySeenName.putIfAbsent(name.toLowerCase(Locale.ROOT), pointer(key));
    if (earlier != null) {
      problem(key, quote(name) + " is already at " + earlier + ", ignoring case: choose another");
    }
  }

  /** The text in quotes, cut if it is long. */
  static String quote(String text) {
    int most = 100;
    return "\"" + (text.length() <= most ? text : text.substring(0, most) + "…") + "\"";
  }

  private boolean present(String key) {
    if (!has(key)) {
      problem(quote(key) + " is missing: add it");
    }
    return has(key);
  }

  /** What to write in place of a name: the closest one, or any. */
  static String suggestion(String name, Collection<String> names, String listIntroduction) {
    Optional<String> closest = ClosestName.to(name, names);
    return closest
        .map(meant -> "did you mean " + quote(meant) + "?")
        .orElseGet(() -> listIntroduction + String.join(", ", names));
  }

  private static String wrongType(String expected, JsonNode node) {
    return "must be "
        + expected
        + ", but the JSON type is "
        + node.getNodeType().name().toLowerCase(Locale.ROOT);
  }
}
