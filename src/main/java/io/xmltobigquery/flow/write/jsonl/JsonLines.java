package io.xmltobigquery.flow.write.jsonl;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.read.FileChunk;
import io.xmltobigquery.flow.read.RowFormat;
import io.xmltobigquery.flow.write.JsonRowWriter;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.values.KV;
import org.jspecify.annotations.Nullable;

/**
 * Rows as blocks of JSON lines, keyed by table. A block holds many rows, since an element costs a
 * runner about as much as a row costs us.
 */
public final class JsonLines implements RowFormat<KV<String, byte[]>> {

  private static final long serialVersionUID = 1L;

  /** Small enough for a runner's buffers, large enough to make the cost of an element disappear. */
  private static final int BLOCK_BYTES = 64 * 1024;

  private final boolean lineage;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .build();

  /**
   * Describes the format.
   *
   * @param lineage whether rows have the lineage column
   */
  public JsonLines(boolean lineage) {
    this.lineage = lineage;
  }

  @Override
  public Coder<KV<String, byte[]>> coder() {
    return KvCoder.of(StringUtf8Coder.of(), ByteArrayCoder.of());
  }

  @Override
  public RowWriter open(
      FileChunk chunk,
      FileStore files,
      List<TableColumns> tables,
      ElementConsumer<KV<String, byte[]>> output) {
    return open(chunk.file(), tables, output);
  }

  /** Starts writing rows of a file version. */
  public RowWriter open(
      FileVersion file, List<TableColumns> tables, ElementConsumer<KV<String, byte[]>> output) {
    FileVersion origin = lineage ? file : null;
    BlockWriter[] writers = new BlockWriter[tables.size()];
    return new RowWriter() {
      @Override
      public void write(Row row, long record) throws IOException {
        int table = row.table().id();
        if (writers[table] == null) {
          writers[table] = new BlockWriter(row.table(), origin, output);
        }
        writers[table].write(row, record);
      }

      @Override
      public void finish() throws IOException {
        for (BlockWriter writer : writers) {
          if (writer != null) {
            writer.finish();
          }
        }
      }
    };
  }

  private static final class BlockWriter {
    private final String table;
    private final ElementConsumer<KV<String, byte[]>> output;
    private final ByteArrayOutputStream block =
        new ByteArrayOutputStream(BLOCK_BYTES + BLOCK_BYTES / 4);
    private final JsonGenerator json;
    private final JsonRowWriter rows;

    BlockWriter(
        TableColumns table,
        @Nullable FileVersion origin,
        ElementConsumer<KV<String, byte[]>> output)
        throws IOException {
      this.table = table.name();
      this.output = output;
      this.json = JSON.createGenerator(block).setRootValueSeparator(null);
      this.rows = new JsonRowWriter(json, table, origin);
    }

    void write(Row row, long record) throws IOException {
      rows.write(row, record);
      json.writeRaw('\n');
      if (block.size() + json.getOutputBuffered() >= BLOCK_BYTES) {
        handOver();
      }
    }

    void finish() throws IOException {
      handOver();
      json.close();
    }

    private void handOver() throws IOException {
      json.flush();
      if (block.size() > 0) {
        output.accept(KV.of(table, block.toByteArray()));
        block.reset();
      }
    }
  }
}
