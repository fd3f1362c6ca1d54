package io.xmltobigquery.load.bigquery;

import com.google.protobuf.Any;
import com.google.protobuf.UnsafeByteOperations;
import io.xmltobigquery.load.bigquery.beam.RowEnvelope;
import io.xmltobigquery.mapping.Row;
import io.xmltobigquery.mapping.TableColumns;
import io.xmltobigquery.parse.FileChunk;
import io.xmltobigquery.parse.RowFormat;
import io.xmltobigquery.storage.FileStore;
import io.xmltobigquery.storage.FileVersion;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.values.KV;

/** Rows in {@link RowEnvelope}s, keyed by the number of their table in the mapping. */
final class EnvelopedRows implements RowFormat<KV<Integer, Any>> {

  private static final long serialVersionUID = 1L;

  private final boolean lineage;

  /**
   * Describes the format.
   *
   * @param lineage whether rows have the lineage column
   */
  EnvelopedRows(boolean lineage) {
    this.lineage = lineage;
  }

  @Override
  public Coder<KV<Integer, Any>> coder() {
    return KvCoder.of(VarIntCoder.of(), RowEnvelope.CODER);
  }

  @Override
  public RowWriter open(
      FileChunk chunk,
      FileStore files,
      List<TableColumns> tables,
      ElementConsumer<KV<Integer, Any>> output) {
    FileVersion file = chunk.file();
    ProtoRowWriter[] writers = new ProtoRowWriter[tables.size()];
    MessageBuffer buffer = new MessageBuffer();
    RowEnvelope envelope = new RowEnvelope(file);
    return new RowWriter() {
      @Override
      public void write(Row row, long record) throws IOException {
        int table = row.table().id();
        if (writers[table] == null) {
          writers[table] = new ProtoRowWriter(row.table(), lineage ? file : null, buffer);
        }
        buffer.clear();
        writers[table].write(row, record);
        output.accept(
            KV.of(
                table,
                envelope.wrap(UnsafeByteOperations.unsafeWrap(buffer.toByteArray()), record)));
      }

      @Override
      public void finish() {
        // Nothing is held back.
      }
    };
  }
}
