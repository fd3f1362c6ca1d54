package io.xmltobigquery.flow.write.bigquery;

import com.google.protobuf.Any;
import com.google.protobuf.UnsafeByteOperations;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.read.FileChunk;
import io.xmltobigquery.flow.read.RowFormat;
import io.xmltobigquery.flow.write.LargeRows;
import io.xmltobigquery.flow.write.bigquery.beam.RowEnvelope;
import io.xmltobigquery.flow.write.bigquery.wire.MessageBuffer;
import io.xmltobigquery.flow.write.bigquery.wire.ProtoRowWriter;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.values.KV;

/**
 * Rows in {@link RowEnvelope}s, keyed by the number of their table in the mapping. A row that no
 * request takes isn't among them.
 */
final class EnvelopedRows implements RowFormat<KV<Integer, Any>> {

  private static final long serialVersionUID = 1L;

  /**
   * What a request has besides its rows and their schema, in bytes, at most: the names of project,
   * dataset, table and stream are the longest part.
   */
  private static final long REST_OF_REQUEST = 4 * 1024;

  private final boolean lineage;
  private final LargeRows largeRows;

  /** By the table's number. */
  private final List<Long> maxEnvelopeBytes;

  /**
   * Describes the format.
   *
   * @param lineage whether rows have the lineage column
   * @param tables those of the mapping, in its order
   * @param largeRows takes the rows that don't fit
   */
  EnvelopedRows(boolean lineage, List<TargetTable> tables, LargeRows largeRows) {
    this.lineage = lineage;
    this.largeRows = largeRows;
    this.maxEnvelopeBytes =
        tables.stream()
            .map(
                table ->
                    largeRows.maxRequestBytes()
                        - table.descriptor().getSerializedSize()
                        - REST_OF_REQUEST)
            .toList();
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
    LargeRows.Writer large = largeRows.open(chunk, files);
    return new RowWriter() {
      @Override
      public void write(Row row, long record) throws IOException {
        int table = row.table().id();
        if (writers[table] == null) {
          writers[table] = new ProtoRowWriter(row.table(), lineage ? file : null, buffer);
        }
        buffer.clear();
        writers[table].write(row, record);
        long maxBytes = maxEnvelopeBytes.get(table) - envelope.maxBytesAroundRow();
        if (buffer.size() > maxBytes) {
          String problem = tooLarge(buffer.size(), maxBytes);
          buffer.clear();
          large.write(row, record, problem);
          return;
        }
        output.accept(
            KV.of(
                table,
                envelope.wrap(UnsafeByteOperations.unsafeWrap(buffer.toByteArray()), record)));
      }

      @Override
      public void finish() throws IOException {
        large.finish();
      }

      @Override
      public void close() throws IOException {
        large.close();
      }
    };
  }

  private static String tooLarge(long bytes, long maxBytes) {
    return String.format(
        Locale.ROOT,
        "the row is too large for a request: it has %,d bytes, and at most %,d fit;"
            + " load it from here by a load job, which takes larger ones",
        bytes,
        Math.max(0, maxBytes));
  }
}
