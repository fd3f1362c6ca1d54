package io.xmltobigquery.propose;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A mapping document that is changed in some places, and stays letter by letter what somebody wrote
 * everywhere else, comments included.
 */
final class EditedText {

  /**
   * A value in the text.
   *
   * @param end behind it
   * @param lastEnd of an array: behind its last element, or -1 if it has none
   * @param lastStart of an array: where its last element begins
   */
  private record Place(int start, int end, int lastStart, int lastEnd) {}

  private record Edit(int start, int end, String text) {}

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .build();

  private final String text;
  private final Map<String, Place> places = new HashMap<>();
  private final List<Edit> edits = new ArrayList<>();

  /** A document that {@code MappingReader} has read. */
  EditedText(String text) {
    this.text = text;
    try (JsonParser json = JSON.createParser(text)) {
      json.nextToken();
      find(json, "");
    } catch (IOException e) {
      throw new UncheckedIOException("the document was read before", e);
    }
  }

  private Place find(JsonParser json, String pointer) throws IOException {
    int start = (int) json.currentTokenLocation().getCharOffset();
    int lastStart = -1;
    int lastEnd = -1;
    if (json.currentToken() == JsonToken.START_OBJECT) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        find(json, pointer + "/" + name);
      }
    } else if (json.currentToken() == JsonToken.START_ARRAY) {
      for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
        Place element = find(json, pointer + "/" + i);
        lastStart = element.start();
        lastEnd = element.end();
      }
    }
    json.finishToken(); // A text may not have been read to its end yet.
    Place place =
        new Place(start, (int) json.currentLocation().getCharOffset(), lastStart, lastEnd);
    places.put(pointer, place);
    return place;
  }

  boolean has(String pointer) {
    return places.containsKey(pointer);
  }

  /** Puts another value in place of one. */
  void replace(String pointer, String json) {
    Place place = places.get(pointer);
    edits.add(new Edit(place.start(), place.end(), json));
  }

  /** Adds objects at the end of an array. */
  void append(String pointer, List<ObjectNode> added) {
    Place array = places.get(pointer);
    int close = array.end() - 1;
    if (array.lastEnd() < 0) {
      throw new IllegalArgumentException("an array of a mapping isn't empty: " + pointer);
    }
    boolean hasComma = hasComma(array.lastEnd(), close);
    int lineStart = text.lastIndexOf('\n', close) + 1;
    if (lineStart > array.lastEnd() && text.substring(lineStart, close).isBlank()) {
      String indent = indentOf(array.lastStart());
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < added.size(); i++) {
        lines
            .append(indent)
            .append(MappingText.of(added.get(i), indent))
            .append(i < added.size() - 1 ? ",\n" : "\n");
      }
      if (!hasComma) {
        edits.add(new Edit(array.lastEnd(), array.lastEnd(), ","));
      }
      edits.add(new Edit(lineStart, lineStart, lines.toString()));
      return;
    }
    StringBuilder inLine = new StringBuilder();
    String indent = indentOf(array.lastStart());
    for (int i = 0; i < added.size(); i++) {
      inLine.append(i == 0 && hasComma ? " " : ", ").append(MappingText.of(added.get(i), indent));
    }
    int at = hasComma ? close : array.lastEnd();
    edits.add(new Edit(at, at, inLine.toString()));
  }

  /** Whether there is a comma, outside of comments. */
  private boolean hasComma(int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.startsWith("//", i)) {
        i = text.indexOf('\n', i);
      } else if (text.startsWith("/*", i)) {
        i = text.indexOf("*/", i) + 1;
      } else if (text.charAt(i) == ',') {
        return true;
      }
    }
    return false;
  }

  /** The white space at the start of a line. */
  private String indentOf(int at) {
    int start = text.lastIndexOf('\n', at - 1) + 1;
    int end = start;
    while (text.charAt(end) == ' ' || text.charAt(end) == '\t') {
      end++;
    }
    return text.substring(start, end);
  }

  @Override
  public String toString() {
    StringBuilder edited = new StringBuilder(text);
    // From the end on, so that places before stay where they are; those of one place as they came.
    List<Edit> fromEnd = new ArrayList<>(edits);
    fromEnd.sort(Comparator.comparingInt(Edit::start));
    for (int i = fromEnd.size() - 1; i >= 0; i--) {
      Edit edit = fromEnd.get(i);
      edited.replace(edit.start(), edit.end(), edit.text());
    }
    return edited.toString();
  }
}
