package io.xmltobigquery.outcome;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.outcome.FileOutcome.Rejection;
import io.xmltobigquery.outcome.FileOutcome.TableRows;
import io.xmltobigquery.rows.Warning;
import io.xmltobigquery.xml.Position;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The {@code file_loads} table: one row for each outcome of a file version. */
public final class FileLoads {

  public static final String TABLE = Mapping.RESERVED_TABLE;

  private static final ObjectMapper JSON = new ObjectMapper();

  private FileLoads() {}

  /**
   * The table's BigQuery schema.
   *
   * @throws IOException if the program itself is damaged
   */
  public static String schema() throws IOException {
    try (InputStream in = FileLoads.class.getResourceAsStream("file_loads.schema.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** An outcome as a JSON object with the table's columns; columns without a value are left out. */
  public static ObjectNode row(FileOutcome outcome) {
    ObjectNode row = JSON.createObjectNode();
    row.put("uri", outcome.file().uri());
    row.put("generation", outcome.file().generation());
    row.put("size", outcome.file().size());
    row.put("outcome", outcome.outcome().name());
    ArrayNode tables = row.putArray("tables");
    for (TableRows table : outcome.tables()) {
      tables
          .addObject()
          .put("table", table.table())
          .put("rows", table.rows())
          .put("invalid_records", table.invalidRecords());
    }
    if (!outcome.warnings().isEmpty()) {
      ArrayNode warnings = row.putArray("warnings");
      outcome.warnings().forEach(warning -> put(warnings.addObject(), warning));
    }
    if (outcome.rejection() != null) {
      putRejection(row, outcome.rejection());
    }
    row.put("started", timestamp(outcome.started()));
    row.put("finished", timestamp(outcome.finished()));
    return row;
  }

  private static void put(ObjectNode row, Warning warning) {
    row.put("kind", warning.kind().name());
    if (warning.table() != null) {
      row.put("table", warning.table());
    }
    if (warning.path() != null) {
      row.put("path", warning.path());
    }
    if (warning.count() > 0) {
      row.put("count", warning.count());
    }
    if (warning.nearest() != null) {
      row.put("nearest", warning.nearest());
    }
  }

  /** BigQuery takes microseconds at most. */
  private static String timestamp(Instant time) {
    return time.truncatedTo(ChronoUnit.MICROS).toString();
  }

  private static void putRejection(ObjectNode row, Rejection rejection) {
    row.put("reason", rejection.reason().name());
    row.put("message", rejection.message());
    Position position = rejection.position();
    if (position != null) {
      row.put("line", position.line());
      row.put("column", position.column());
      row.put("byte_offset", position.byteOffset());
    }
    if (rejection.recordNumber() > 0) {
      row.put("record", rejection.recordNumber());
    }
  }
}
