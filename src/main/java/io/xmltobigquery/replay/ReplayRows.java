package io.xmltobigquery.replay;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileStore.Content;
import io.xmltobigquery.files.FileStore.Existing;
import io.xmltobigquery.files.FileStore.PendingFile;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.NoPermissionException;
import io.xmltobigquery.files.OwnFiles;
import io.xmltobigquery.flow.settle.DeadLetter;
import io.xmltobigquery.flow.write.RefusedRowLine;
import io.xmltobigquery.mapping.LineageColumn;
import io.xmltobigquery.outcome.JsonLine;
import io.xmltobigquery.outcome.ProgramVersion;
import io.xmltobigquery.replay.RecordRows.StillInvalidException;
import io.xmltobigquery.replay.RecordRows.TableRow;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Loads refused rows, and the rows that invalid records have become, each at most once.
 *
 * <p>A replay puts all that is wanted of {@code rows/} together in a {@link Batch}:
 *
 * <pre>
 * replayed/batches/ID-rows-TABLE.jsonl  rows to load, as lines of refused rows
 * replayed/batches/ID-rest.jsonl        all other lines of the same sources
 * replayed/batches/000001.json          the batch itself: from here on there is no way back
 * </pre>
 *
 * <p>Then rows are loaded under names of their own, which load nothing a second time; what is
 * refused, and the rest, become new files in {@code rows/}; each source gets a trace, {@code
 * replayed/rows/SOURCE.json}, and the batch one that it is done, {@code
 * replayed/batches/000001.done.json}. Sources are deleted last. The next replay finishes what a
 * killed one has left before it begins a batch.
 */
final class ReplayRows {

  /** As many loads are made of one that is refused, to find the rows that are to blame. */
  private static final int MOST_LOADS = 64;

  private static final String DONE = ".done.json";
  private static final String BATCH = ".json";
  private static final String REST = "-rest.jsonl";
  private static final String KEPT = "kept";

  private final FileStore files;
  private final String rows;
  private final String traces;
  private final String batches;
  private final Selection selection;
  private final RecordRows records;
  private final @Nullable RowsTarget target;
  private final boolean lineage;
  private final Replayed replayed;

  /**
   * @param deadLetter with a slash at the end
   * @param target where rows go, or null to find out only what would be loaded
   * @param lineage whether rows get the lineage column
   */
  ReplayRows(
      FileStore files,
      String deadLetter,
      Selection selection,
      RecordRows records,
      @Nullable RowsTarget target,
      boolean lineage,
      Replayed replayed) {
    this.files = files;
    this.rows = deadLetter + DeadLetter.ROWS;
    this.traces = deadLetter + DeadLetter.REPLAYED + DeadLetter.ROWS;
    this.batches = deadLetter + DeadLetter.REPLAYED + "batches/";
    this.selection = selection;
    this.records = records;
    this.target = target;
    this.lineage = lineage;
    this.replayed = replayed;
  }

  void run() throws IOException {
    List<FileVersion> sources = new ArrayList<>();
    if (target == null) {
      visitSources(sources::add);
      for (FileVersion source : sources) {
        look(source, false);
      }
      return;
    }
    int last = finishBegun(target);
    visitSources(sources::add);
    List<FileVersion> wanted = new ArrayList<>();
    for (FileVersion source : sources) {
      if (look(source, true)) {
        wanted.add(source);
      }
    }
    if (!wanted.isEmpty()) {
      Batch batch = prepare(wanted);
      String name = batchName(last + 1);
      begin(batch, name);
      finish(batch, name, target);
    }
  }

  private void visitSources(FileStore.Visitor visitor) throws IOException {
    files.visit(
        rows,
        file -> {
          String name = file.uri().substring(rows.length());
          boolean finished = name.endsWith(OwnFiles.LINES) && !name.contains("/");
          boolean mayBeWanted =
              selection.since() == null || !file.created().isBefore(selection.since());
          if (finished && !name.startsWith(".") && mayBeWanted && !files.exists(trace(name))) {
            visitor.visit(file);
          }
        });
  }

  /**
   * Looks at the lines of a source.
   *
   * @param first whether to stop at the first one that can be loaded, and to tell nothing then
   * @return whether there is one
   */
  private boolean look(FileVersion source, boolean first) throws IOException {
    Replayed seen = first ? new Replayed(false) : replayed;
    boolean[] found = new boolean[1];
    visit(
        source,
        (line, last, value) -> {
          if (!isWanted(line, source)) {
            return true;
          }
          if (last.equals(BadLines.ROW)) {
            seen.rows(text(line, "table"), 1);
            found[0] = true;
          } else {
            List<TableRow> made = rowsOf(line, value.getText(), seen);
            made.forEach(row -> seen.rows(row.table(), 1));
            found[0] |= !made.isEmpty();
          }
          return !(first && found[0]);
        });
    if (first && !found[0]) {
      replayed.add(seen);
    }
    return found[0];
  }

  private void visit(FileVersion source, BadLines.Visitor visitor) throws IOException {
    try (InputStream in = files.open(source, 0)) {
      BadLines.visit(source.uri(), in, visitor);
    }
  }

  private boolean isWanted(ObjectNode line, FileVersion source) {
    return selection.takes(text(line, "reason"), kept(line, source), text(line, "uri"));
  }

  /** When a line came to the dead letter; those that were left in it have that written down. */
  private static Instant kept(ObjectNode line, FileVersion source) {
    try {
      return line.has(KEPT) ? Instant.parse(text(line, KEPT)) : source.created();
    } catch (DateTimeParseException e) {
      return source.created();
    }
  }

  private static String text(ObjectNode line, String member) {
    return line.path(member).asText();
  }

  private List<TableRow> rowsOf(ObjectNode line, String xml, Replayed seen) throws IOException {
    try {
      return records.of(line.path(DeadLetter.CONTEXT).textValue(), xml);
    } catch (StillInvalidException e) {
      seen.recordStays(
          text(line, "uri")
              + "#"
              + text(line, "generation")
              + ", record "
              + text(line, "record")
              + ": "
              + e.getMessage());
      return List.of();
    }
  }

  /** Writes down what is to be done with the sources, where nobody looks for it. */
  private Batch prepare(List<FileVersion> sources) throws IOException {
    String id = UUID.randomUUID().toString();
    try (Staged staged = new Staged(id)) {
      for (FileVersion source : sources) {
        visit(
            source,
            (line, last, value) -> {
              stage(source, line, last, value, staged);
              return true;
            });
      }
      staged.complete();
      return new Batch(
          id,
          Instant.now(),
          into(),
          sources.stream().map(source -> source.uri().substring(rows.length())).toList(),
          staged.counts);
    }
  }

  private void stage(
      FileVersion source, ObjectNode line, String last, JsonParser value, Staged staged)
      throws IOException {
    boolean wanted = isWanted(line, source);
    line.put(KEPT, kept(line, source).toString());
    if (wanted) {
      if (last.equals(BadLines.ROW)) {
        BadLines.copy(line, last, value, staged.rows(text(line, "table")));
        return;
      }
      List<TableRow> made = rowsOf(line, value.getText(), replayed);
      if (!made.isEmpty()) {
        for (TableRow row : made) {
          stage(line, row, staged.rows(row.table()));
        }
        return;
      }
    }
    BadLines.copy(line, last, value, staged.rest);
  }

  private static void stage(ObjectNode line, TableRow row, JsonGenerator to) throws IOException {
    RefusedRowLine.begin(
        to,
        row.table(),
        "it was an invalid record, and replay has made it a row",
        new FileVersion(text(line, "uri"), text(line, "generation"), 0),
        line.path("record").longValue());
    to.writeRawValue(row.json());
    RefusedRowLine.end(to);
  }

  /** Files that are being written before there is a batch. */
  private final class Staged implements Closeable {
    private final String prefix;
    private final List<PendingFile> pending = new ArrayList<>();
    private final Map<String, JsonGenerator> lines = new TreeMap<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private final JsonGenerator rest;

    Staged(String id) throws IOException {
      prefix = batches + id;
      rest = open(prefix + REST);
    }

    private JsonGenerator open(String name) throws IOException {
      PendingFile file = files.create(name, Existing.KEEP);
      pending.add(file);
      return BadLines.lines(file.stream());
    }

    /** Where the next row of a table goes. */
    JsonGenerator rows(String table) throws IOException {
      JsonGenerator to = lines.get(table);
      if (to == null) {
        to = open(stagedRows(prefix, table));
        lines.put(table, to);
      }
      counts.merge(table, 1L, Long::sum);
      return to;
    }

    void complete() throws IOException {
      rest.flush();
      for (JsonGenerator to : lines.values()) {
        to.flush();
      }
      for (PendingFile file : pending) {
        file.complete();
      }
    }

    @Override
    public void close() throws IOException {
      for (PendingFile file : pending) {
        file.close();
      }
    }
  }

  private static String stagedRows(String prefix, String table) {
    return prefix + "-rows-" + table + OwnFiles.LINES;
  }

  private String batchName(int number) {
    return batches + "%06d".formatted(number) + BATCH;
  }

  private void begin(Batch batch, String name) throws IOException {
    try {
      files.write(name, Existing.REFUSE, out -> out.write(JsonLine.of(batch.json())));
    } catch (FileAlreadyExistsException e) {
      if (!Batch.read(name, files).id().equals(batch.id())) {
        files.deleteAll(batches + batch.id());
        throw new IOException(
            "another replay of the same dead letter is at work; repeat this when it has ended", e);
      }
    }
  }

  /** Where rows go, and how. */
  private String into() {
    return (target == null ? "" : target.place()) + (lineage ? " with lineage" : "");
  }

  /** Returns the highest number of a batch. */
  private int finishBegun(RowsTarget to) throws IOException {
    List<String> begun = new ArrayList<>();
    files.visit(
        batches,
        file -> {
          String name = file.uri().substring(batches.length());
          if (name.matches("[0-9]{6}" + BATCH)) {
            begun.add(name);
          }
        });
    int last = 0;
    for (String name : begun) {
      last = Math.max(last, Integer.parseInt(name.substring(0, 6)));
      Batch batch = Batch.read(batches + name, files);
      // It is what is deleted last.
      if (files.exists(batches + batch.id() + REST)) {
        if (!batch.into().equals(into())) {
          throw new IOException(
              "a replay into "
                  + batch.into()
                  + " was stopped; repeat that one first, with the same --output and --lineage");
        }
        finish(batch, batches + name, to);
      }
    }
    return last;
  }

  private void finish(Batch batch, String name, RowsTarget to) throws IOException {
    // By the batch's own name: numbers may come again where old batches were deleted.
    String done = batches + batch.id() + DONE;
    if (!files.exists(done)) {
      ObjectNode trace = batch.json();
      for (Map.Entry<String, Long> table : batch.tables().entrySet()) {
        long refused = new Load(batch, table.getKey(), to).all(table.getValue());
        replayed.rows(table.getKey(), table.getValue() - refused);
        if (refused > 0) {
          trace.withObject("/refused").put(table.getKey(), refused);
        }
      }
      keepRest(batch);
      for (String source : batch.sources()) {
        files.write(trace(source), out -> out.write(JsonLine.of(sourceTrace(name))));
      }
      trace.put("replayed", Instant.now().toString()).put("version", ProgramVersion.current());
      files.write(done, out -> out.write(JsonLine.of(trace)));
    }
    cleanUp(batch);
  }

  private ObjectNode sourceTrace(String name) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("replayed", Instant.now().toString())
        .put("batch", name.substring(batches.length()));
  }

  private void keepRest(Batch batch) throws IOException {
    FileVersion rest = files.find(batches + batch.id() + REST);
    if (rest.size() > 0) {
      files.copy(rest, rows + "replay-" + batch.id() + REST);
    }
  }

  private void cleanUp(Batch batch) throws IOException {
    try {
      for (String source : batch.sources()) {
        delete(rows + source);
      }
      files.deleteAll(batches + batch.id() + "-rows-");
      delete(batches + batch.id() + REST);
    } catch (NoPermissionException e) {
      // A retention policy keeps them, and the traces tell that they are done.
    }
  }

  private void delete(String name) throws IOException {
    try {
      var unused = files.delete(files.find(name));
    } catch (FileGoneException e) {
      // A replay before this one has.
    }
  }

  private String trace(String source) {
    return traces + source + BATCH;
  }

  /**
   * Loads the rows of a table. Where some are refused, it is tried with halves, and the rows that
   * are refused in the end go back to the dead letter. All of it follows from what was refused
   * before, so that a replay that is repeated loads the same pieces under the same names.
   */
  private final class Load {
    private final Batch batch;
    private final String table;
    private final RowsTarget to;
    private final List<long[]> refused = new ArrayList<>();
    private int loads;

    Load(Batch batch, String table, RowsTarget to) {
      this.batch = batch;
      this.table = table;
      this.to = to;
    }

    /** Returns how many rows are refused. */
    long all(long count) throws IOException {
      load(0, count);
      if (refused.isEmpty()) {
        return 0;
      }
      files.write(
          rows + "replay-" + batch.id() + "-" + table + OwnFiles.LINES,
          out -> {
            JsonGenerator json = BadLines.lines(out);
            visitStaged(
                (index, line, value) -> {
                  if (refused.stream().anyMatch(r -> index >= r[0] && index < r[1])) {
                    BadLines.copy(line, BadLines.ROW, value, json);
                  }
                });
            json.flush();
          });
      return refused.stream().mapToLong(range -> range[1] - range[0]).sum();
    }

    private void load(long from, long end) throws IOException {
      loads++;
      String name = "replay-" + batch.id() + "-" + batch.number(table) + "-" + from + "-" + end;
      RowsTarget.Refusal refusal = to.load(name, table, rows(from, end));
      if (refusal == null) {
        return;
      }
      if (!refusal.isOfRows() || end - from == 1 || loads + 2 > MOST_LOADS) {
        refused.add(new long[] {from, end});
        replayed.rowsStay(end - from, table + ": " + refusal.message());
        return;
      }
      long middle = (from + end) / 2;
      load(from, middle);
      load(middle, end);
    }

    private Content rows(long from, long end) {
      return out -> {
        JsonGenerator json = BadLines.lines(out);
        visitStaged(
            (index, line, value) -> {
              if (index >= from && index < end) {
                write(line, value, json);
              }
            });
        json.flush();
      };
    }

    private void write(ObjectNode line, JsonParser value, JsonGenerator json) throws IOException {
      json.writeStartObject();
      while (value.nextToken() != JsonToken.END_OBJECT) {
        json.copyCurrentEvent(value);
        value.nextToken();
        json.copyCurrentStructure(value);
      }
      if (lineage) {
        json.writeObjectFieldStart(LineageColumn.NAME);
        json.writeStringField(LineageColumn.URI, text(line, "uri"));
        json.writeStringField(LineageColumn.GENERATION, text(line, "generation"));
        json.writeNumberField(LineageColumn.RECORD, line.path("record").longValue());
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeRaw('\n');
    }

    private void visitStaged(StagedVisitor visitor) throws IOException {
      FileVersion staged = files.find(stagedRows(batches + batch.id(), table));
      long[] index = new long[1];
      visit(
          staged,
          (line, last, value) -> {
            visitor.row(index[0]++, line, value);
            return true;
          });
    }
  }

  @FunctionalInterface
  private interface StagedVisitor {
    void row(long index, ObjectNode line, JsonParser value) throws IOException;
  }
}
