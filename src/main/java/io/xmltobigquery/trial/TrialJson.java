package io.xmltobigquery.trial;

import com.fasterxml.jackson.core.JsonGenerator;
import io.xmltobigquery.explore.JsonLines;
import io.xmltobigquery.rows.Warning;
import java.io.IOException;
import java.io.OutputStream;

/** A trial as JSON; README has what is in it. */
public final class TrialJson {

  private final JsonGenerator json;

  private TrialJson(JsonGenerator json) {
    this.json = json;
  }

  /** Writes a trial in UTF-8, with a line feed at its end, and leaves the stream open. */
  public static void write(OutputStream out, Trial trial) throws IOException {
    JsonLines.write(out, json -> new TrialJson(json).write(trial));
  }

  private void write(Trial trial) throws IOException {
    json.writeStartObject();
    json.writeNumberField("files", trial.files());
    json.writeNumberField("accepted", trial.accepted());
    json.writeNumberField("rows", trial.rows());
    json.writeArrayFieldStart("tables");
    for (TableTrial table : trial.tables()) {
      json.writeStartObject();
      json.writeStringField("table", table.table());
      json.writeStringField("record", table.record());
      json.writeNumberField("read", table.read());
      json.writeNumberField("rows", table.rows());
      json.writeNumberField("files", table.files());
      json.writeNumberField("invalid", table.invalid());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("columns");
    for (TableTrial table : trial.tables()) {
      for (ColumnFill fill : table.columns()) {
        writeColumn(table, fill);
      }
    }
    json.writeEndArray();
    json.writeArrayFieldStart("warnings");
    for (Warning warning : trial.warnings()) {
      json.writeStartObject();
      json.writeStringField("kind", warning.kind().name());
      json.writeStringField("table", warning.table());
      json.writeStringField("path", warning.path());
      json.writeNumberField("count", warning.count());
      json.writeStringField("nearest", warning.nearest());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("complaints");
    for (Complaint complaint : trial.complaints()) {
      json.writeStartObject();
      json.writeStringField("table", complaint.table());
      json.writeStringField("reason", complaint.reason().name());
      json.writeStringField("message", complaint.message());
      json.writeNumberField("count", complaint.count());
      json.writeNumberField("files", complaint.files());
      json.writeStringField("file", complaint.file());
      JsonLines.writePosition(json, complaint.position());
      json.writeEndObject();
    }
    json.writeEndArray();
    JsonLines.writeFiles(json, "rejected", trial.rejected());
    json.writeEndObject();
  }

  private void writeColumn(TableTrial table, ColumnFill fill) throws IOException {
    json.writeStartObject();
    json.writeStringField("table", table.table());
    json.writeStringField("column", fill.column().path());
    json.writeStringField("type", fill.column().type().name());
    json.writeStringField("mode", fill.column().mode().name());
    json.writeNumberField("in", fill.filled());
    json.writeNumberField("of", fill.around());
    json.writeNumberField("values", fill.values());
    json.writeArrayFieldStart("examples");
    for (String example : fill.examples()) {
      json.writeString(example);
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
