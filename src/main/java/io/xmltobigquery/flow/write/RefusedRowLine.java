package io.xmltobigquery.flow.write;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.xmltobigquery.files.FileVersion;
import java.io.IOException;
import java.io.OutputStream;

/** A {@link RefusedRow} as a line of JSON Lines, in which the row is an object. */
public final class RefusedRowLine {

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .build();

  private RefusedRowLine() {}

  /** Writes lines to a stream, which it doesn't close. */
  public static JsonGenerator lines(OutputStream out) throws IOException {
    return JSON.createGenerator(out).setRootValueSeparator(null);
  }

  /** Begins a line; what is written next is the row. The parameters are those of the record. */
  public static void begin(
      JsonGenerator json, String table, String error, FileVersion file, long record)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("table", table);
    json.writeStringField("reason", "REFUSED");
    json.writeStringField("message", error);
    json.writeStringField("uri", file.uri());
    json.writeStringField("generation", file.generation());
    json.writeNumberField("record", record);
    json.writeFieldName("row");
  }

  /** Ends a line. */
  public static void end(JsonGenerator json) throws IOException {
    json.writeEndObject();
    json.writeRaw('\n');
  }
}
