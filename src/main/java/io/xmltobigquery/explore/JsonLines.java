package io.xmltobigquery.explore;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.xmltobigquery.xml.Position;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON object for programs and people: each member of the lists at its top has a line of
 * its own, so that they can be searched.
 */
public final class JsonLines {

  private static final int DEEPEST_LINE = 2;

  private static final DefaultPrettyPrinter.Indenter LINES =
      new DefaultIndenter("  ", "\n") {
        private static final long serialVersionUID = 1L;

        @Override
        public void writeIndentation(JsonGenerator json, int level) throws IOException {
          if (level <= DEEPEST_LINE) {
            super.writeIndentation(json, level);
          }
        }
      };

  /** Writes the object. */
  @FunctionalInterface
  public interface Content {
    void write(JsonGenerator json) throws IOException;
  }

  private JsonLines() {}

  /** Writes in UTF-8, with a line feed at its end, and leaves the stream open. */
  public static void write(OutputStream out, Content content) throws IOException {
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(LINES);
    printer.indentArraysWith(LINES);
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.setPrettyPrinter(printer);
      content.write(json);
      json.writeRaw('\n');
    }
  }

  /** Writes a list of files that don't count. */
  public static void writeFiles(JsonGenerator json, String name, List<LeftOut> files)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (LeftOut file : files) {
      json.writeStartObject();
      json.writeStringField("file", file.file());
      json.writeStringField("reason", file.reason());
      json.writeStringField("message", file.message());
      writePosition(json, file.position());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Writes the members of a place, if there is one. */
  public static void writePosition(JsonGenerator json, @Nullable Position position)
      throws IOException {
    if (position != null) {
      json.writeNumberField("line", position.line());
      json.writeNumberField("column", position.column());
      json.writeNumberField("byte", position.byteOffset());
    }
  }
}
