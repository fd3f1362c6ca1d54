package io.xmltobigquery.flow.write.jsonl;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileStore.Existing;
import io.xmltobigquery.files.FileStore.PendingFile;
import io.xmltobigquery.files.OwnFiles;
import io.xmltobigquery.flow.read.FileChunk;
import io.xmltobigquery.flow.read.RowFormat;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.KV;

/**
 * Rows as JSON Lines files that are written as they are parsed, one for each chunk and table:
 * {@code DIR/<table>-<digest of the file version>-<first record>.jsonl}. The elements are their
 * names.
 *
 * <p>This is for streaming jobs. A file appears when it is complete, and its name says what is in
 * it: a chunk that is parsed again replaces its files by the same. So there is nothing to group, to
 * hold in memory or to wait for.
 */
final class ChunkFiles implements RowFormat<String> {

  private static final long serialVersionUID = 1L;

  private final String directory;
  private final JsonLines lines;

  /**
   * Describes the format.
   *
   * @param directory with a slash at the end
   * @param lineage whether rows have the lineage column
   */
  ChunkFiles(String directory, boolean lineage) {
    this.directory = directory;
    this.lines = new JsonLines(lineage);
  }

  @Override
  public Coder<String> coder() {
    return StringUtf8Coder.of();
  }

  @Override
  public RowWriter open(
      FileChunk chunk, FileStore files, List<TableColumns> tables, ElementConsumer<String> output) {
    return new Writer(chunk, files, tables, output);
  }

  private final class Writer implements RowWriter {
    private final FileChunk chunk;
    private final FileStore files;
    private final ElementConsumer<String> output;
    private final RowWriter rows;
    private final Map<String, PendingFile> pending = new LinkedHashMap<>();

    Writer(
        FileChunk chunk,
        FileStore files,
        List<TableColumns> tables,
        ElementConsumer<String> output) {
      this.chunk = chunk;
      this.files = files;
      this.output = output;
      this.rows = lines.open(chunk.file(), tables, this::append);
    }

    private void append(KV<String, byte[]> block) throws IOException {
      String name = name(block.getKey());
      PendingFile file = pending.get(name);
      if (file == null) {
        file = files.create(name, Existing.REPLACE);
        pending.put(name, file);
      }
      file.stream().write(block.getValue());
    }

    private String name(String table) {
      return directory
          + table
          + "-"
          + chunk.file().digest()
          + "-"
          + chunk.chunk().firstRecord()
          + OwnFiles.LINES;
    }

    @Override
    public void write(Row row, long record) throws IOException {
      rows.write(row, record);
    }

    @Override
    public void finish() throws IOException {
      rows.finish();
      for (Map.Entry<String, PendingFile> file : pending.entrySet()) {
        file.getValue().complete();
        output.accept(file.getKey());
      }
    }

    @Override
    public void close() throws IOException {
      for (PendingFile file : pending.values()) {
        file.close();
      }
    }
  }
}
