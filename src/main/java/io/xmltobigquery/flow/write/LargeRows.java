package io.xmltobigquery.flow.write;

import com.fasterxml.jackson.core.JsonGenerator;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileStore.Existing;
import io.xmltobigquery.files.FileStore.PendingFile;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.outcome.Metrics;
import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rows that are too large for the write, as {@link RefusedRowLine}s. They go right into a
 * file for each range, {@code PREFIX<digest of the file version>-<first record>.jsonl}: such a row,
 * handed on as an element, would be in memory half a dozen times, and its JSON may be many times as
 * long as its record.
 *
 * <p>A range that is released again leaves its file as it is: it would be the same.
 *
 * @param prefix how the names of the files begin, local or on Cloud Storage, for this run alone
 * @param maxRequestBytes the longest request that the write may send
 */
public record LargeRows(String prefix, long maxRequestBytes) implements Serializable {

  /**
   * Starts with a range.
   *
   * @param table that its rows are of
   */
  public Writer open(HeldRange range, String table, FileStore files) {
    // Ranges of two tables may begin with the same record: one element may be a row of both.
    String name =
        prefix + range.file().digest() + "-" + range.firstRecord() + "-" + table + ".jsonl";
    return new Writer(range.file(), table, files, name);
  }

  /** Writes a row as a JSON object. */
  @FunctionalInterface
  public interface JsonRow {
    void writeTo(JsonGenerator json) throws IOException;
  }

  /** Takes the large rows of one range. */
  public static final class Writer implements Closeable {
    private final FileVersion origin;
    private final String table;
    private final FileStore files;
    private final String name;
    private long count;
    private @Nullable PendingFile file;
    private @Nullable JsonGenerator json;

    private Writer(FileVersion origin, String table, FileStore files, String name) {
      this.origin = origin;
      this.table = table;
      this.files = files;
      this.name = name;
    }

    /**
     * Keeps a row.
     *
     * @param record the number of its record in the file, from 1 over all tables
     * @param error why it isn't written, and what to do
     */
    public void write(long record, String error, JsonRow row) throws IOException {
      if (json == null) {
        file = files.create(name, Existing.KEEP);
        json = RefusedRowLine.lines(file.stream());
      }
      RefusedRowLine.begin(json, table, error, origin, record);
      row.writeTo(json);
      RefusedRowLine.end(json);
      count++;
    }

    /** Makes the file appear, if there is a large row. */
    public void finish() throws IOException {
      if (file != null && json != null) {
        json.flush();
        file.complete();
        Metrics.counter(Metrics.refusedRows(table)).inc(count);
      }
    }

    /** Drops what isn't finished. */
    @Override
    public void close() throws IOException {
      if (file != null) {
        file.close();
      }
    }
  }
}
