package io.xmltobigquery.flow.write;

import com.fasterxml.jackson.core.JsonGenerator;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileStore.Existing;
import io.xmltobigquery.files.FileStore.PendingFile;
import io.xmltobigquery.flow.read.FileChunk;
import io.xmltobigquery.outcome.Metrics;
import io.xmltobigquery.rows.Row;
import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps rows that are too large for the write, as {@link RefusedRowLine}s. They go from the
 * parser's memory right into a file for each chunk, {@code PREFIX<digest of the file
 * version>-<first record>.jsonl}: such a row, handed on as an element, would be in memory half a
 * dozen times, and its JSON may be many times as long as its record.
 *
 * <p>A chunk that is parsed again leaves its file as it is: it would be the same.
 *
 * @param prefix how the names of the files begin, local or on Cloud Storage, for this run alone
 * @param maxRequestBytes the longest request that the write may send
 */
public record LargeRows(String prefix, long maxRequestBytes) implements Serializable {

  /** Starts with a chunk. */
  public Writer open(FileChunk chunk, FileStore files) {
    String name = prefix + chunk.file().digest() + "-" + chunk.chunk().firstRecord() + ".jsonl";
    return new Writer(chunk, files, name);
  }

  /** Takes the large rows of one chunk. */
  public static final class Writer implements Closeable {
    private final FileChunk chunk;
    private final FileStore files;
    private final String name;
    private final Map<String, Long> counts = new TreeMap<>();
    private @Nullable PendingFile file;
    private @Nullable JsonGenerator json;

    private Writer(FileChunk chunk, FileStore files, String name) {
      this.chunk = chunk;
      this.files = files;
      this.name = name;
    }

    /**
     * Keeps a row.
     *
     * @param record the number of its record in the file, from 1 over all tables
     * @param error why it isn't written, and what to do
     */
    public void write(Row row, long record, String error) throws IOException {
      if (json == null) {
        file = files.create(name, Existing.KEEP);
        json = RefusedRowLine.lines(file.stream());
      }
      RefusedRowLine.begin(json, row.table().name(), error, chunk.file(), record);
      new JsonRowWriter(json, row.table(), null).write(row, record);
      RefusedRowLine.end(json);
      counts.merge(row.table().name(), 1L, Long::sum);
    }

    /** Makes the file appear, if there is a large row. */
    public void finish() throws IOException {
      if (file != null && json != null) {
        json.flush();
        file.complete();
        counts.forEach((table, count) -> Metrics.counter(Metrics.refusedRows(table)).inc(count));
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
