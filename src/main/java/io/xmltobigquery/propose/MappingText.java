package io.xmltobigquery.propose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;

/** A mapping document as people write it: each column on a line. */
final class MappingText {

  private final StringBuilder text = new StringBuilder();

  private MappingText() {}

  /** Ends with a line feed. */
  static String of(ObjectNode mapping) {
    MappingText text = new MappingText();
    text.append(mapping, "");
    return text.text.append('\n').toString();
  }

  /**
   * A part of one, such as a column.
   *
   * @param indent of the line that it begins in
   */
  static String of(ObjectNode part, String indent) {
    MappingText text = new MappingText();
    text.append(part, indent);
    return text.text.toString();
  }

  private void append(ObjectNode object, String indent) {
    boolean inLines = object.has("tables") || object.has("table");
    String separator = inLines ? ",\n" + indent + "  " : ", ";
    text.append(inLines ? "{\n" + indent + "  " : "{");
    Iterator<Map.Entry<String, JsonNode>> members = object.fields();
    while (members.hasNext()) {
      Map.Entry<String, JsonNode> member = members.next();
      text.append('"').append(member.getKey()).append("\": ");
      if (member.getValue() instanceof ArrayNode array) {
        append(array, inLines ? indent + "  " : indent);
      } else if (member.getKey().equals("namespaces")) {
        appendLines((ObjectNode) member.getValue(), indent + "  ");
      } else {
        text.append(member.getValue());
      }
      text.append(members.hasNext() ? separator : "");
    }
    text.append(inLines ? "\n" + indent + "}" : "}");
  }

  private void appendLines(ObjectNode object, String indent) {
    text.append('{');
    object
        .fields()
        .forEachRemaining(
            member ->
                text.append(text.charAt(text.length() - 1) == '{' ? "\n" : ",\n")
                    .append(indent)
                    .append("  \"")
                    .append(member.getKey())
                    .append("\": ")
                    .append(member.getValue()));
    text.append('\n').append(indent).append('}');
  }

  private void append(ArrayNode array, String indent) {
    text.append('[');
    for (int i = 0; i < array.size(); i++) {
      text.append(i == 0 ? "\n" : ",\n").append(indent).append("  ");
      append((ObjectNode) array.get(i), indent + "  ");
    }
    text.append('\n').append(indent).append(']');
  }
}
