package io.xmltobigquery.outcome;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.outcome.FileOutcome.EntryOutcome;
import io.xmltobigquery.outcome.FileOutcome.Rejection;
import io.xmltobigquery.outcome.FileOutcome.TableRows;
import io.xmltobigquery.rows.Warning;
import io.xmltobigquery.xml.Position;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  /** An outcome as JSON objects with the table's columns: an archive's, and of each file in it. */
  public static List<ObjectNode> rows(FileOutcome outcome) {
    List<ObjectNode> rows = new ArrayList<>();
    rows.add(row(outcome));
    outcome.entries().forEach(entry -> rows.add(row(outcome, entry)));
    return rows;
  }

  /**
   * An outcome as a JSON object with the table's columns; columns without a value are left out. The
   * rows of an archive are those of the files in it, so that none is counted twice.
   */
  public static ObjectNode row(FileOutcome outcome) {
    ObjectNode row =
        begin(
            outcome.file(),
            outcome.file().size(),
            outcome.outcome(),
            outcome.entries().isEmpty() ? outcome.tables() : List.of());
    if (!outcome.warnings().isEmpty()) {
      ArrayNode warnings = row.putArray("warnings");
      outcome.warnings().forEach(warning -> put(warnings.addObject(), warning));
    }
    return end(row, outcome.rejection(), outcome);
  }

  /** What became of a file in an archive; otherwise the same. */
  public static ObjectNode row(FileOutcome archive, EntryOutcome entry) {
    ObjectNode row =
        begin(archive.file().entry(entry.name()), entry.size(), entry.outcome(), entry.tables());
    return end(row, entry.rejection(), archive);
  }

  private static ObjectNode begin(
      FileVersion file, long size, Outcome outcome, List<TableRows> tables) {
    ObjectNode row = JSON.createObjectNode();
    row.put("uri", file.uri());
    row.put("generation", file.generation());
    row.put("size", size);
    row.put("outcome", outcome.name());
    ArrayNode array = row.putArray("tables");
    for (TableRows table : tables) {
      array
          .addObject()
          .put("table", table.table())
          .put("rows", table.rows())
          .put("invalid_records", table.invalidRecords());
    }
    return row;
  }

  private static ObjectNode end(ObjectNode row, @Nullable Rejection rejection, FileOutcome times) {
    if (rejection != null) {
      putRejection(row, rejection);
    }
    row.put("started", timestamp(times.started()));
    row.put("finished", timestamp(times.finished()));
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
