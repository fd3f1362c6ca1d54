package io.xmltobigquery.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.flow.settle.DeadLetter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Reads the lines of refused rows and invalid records, without ever holding more than one value of
 * a row in memory: a row may be longer than the heap has room for. What is large is the last member
 * of a line.
 */
final class BadLines {

  /** The member that has a refused row. */
  static final String ROW = "row";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // A value may be as long as a record: --maxRecordBytes is their limit.
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .build();

  private BadLines() {}

  /** Sees a line. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Sees a line.
     *
     * @param line its members but for the last one
     * @param last the name of that, {@link #ROW} or {@link DeadLetter#XML}
     * @param value where that begins; all of it may be read, or nothing
     * @return whether to go on
     */
    boolean visit(ObjectNode line, String last, JsonParser value) throws IOException;
  }

  /**
   * Visits the lines of a file.
   *
   * @param name of the file
   * @throws IOException if it can't be read, or has other lines
   */
  static void visit(String name, InputStream in, Visitor visitor) throws IOException {
    try (JsonParser parser = JSON.createParser(in)) {
      parser.setCodec(MAPPER);
      while (parser.nextToken() != null) {
        if (!visitLine(parser, visitor)) {
          return;
        }
      }
    } catch (JsonProcessingException e) {
      throw new IOException(
          name
              + ", line "
              + e.getLocation().getLineNr()
              + ", isn't a line that xml-to-bigquery writes; mend it, or move the file away",
          e);
    }
  }

  private static boolean visitLine(JsonParser parser, Visitor visitor) throws IOException {
    ObjectNode line = MAPPER.createObjectNode();
    boolean goesOn = true;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String member = parser.currentName();
      JsonToken value = parser.nextToken();
      if (member.equals(ROW) || member.equals(DeadLetter.XML)) {
        goesOn = visitor.visit(line, member, parser);
        parser.skipChildren(); // Does nothing behind what was read.
      } else if (value != null) {
        line.set(member, parser.readValueAsTree());
      }
    }
    return goesOn;
  }

  /** Writes lines to a stream, which it doesn't close. */
  static JsonGenerator lines(OutputStream out) throws IOException {
    return JSON.createGenerator(out).setRootValueSeparator(null);
  }

  /** Writes a line again. */
  static void copy(ObjectNode line, String last, JsonParser value, JsonGenerator to)
      throws IOException {
    to.writeStartObject();
    for (var members = line.fields(); members.hasNext(); ) {
      var member = members.next();
      to.writeFieldName(member.getKey());
      MAPPER.writeTree(to, member.getValue());
    }
    to.writeFieldName(last);
    to.copyCurrentStructure(value);
    to.writeEndObject();
    to.writeRaw('\n');
  }
}
