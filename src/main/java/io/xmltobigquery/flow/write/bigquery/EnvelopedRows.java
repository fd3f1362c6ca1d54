package io.xmltobigquery.flow.write.bigquery;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.Release.Releaser;
import io.xmltobigquery.flow.write.LargeRows;
import io.xmltobigquery.flow.write.bigquery.beam.RowEnvelope;
import io.xmltobigquery.flow.write.bigquery.wire.AddedColumns;
import io.xmltobigquery.flow.write.bigquery.wire.ProtoOrigin;
import io.xmltobigquery.flow.write.bigquery.wire.ProtoRowReader;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.rows.TableColumns;
import java.io.IOException;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Releases the rows of one table in {@link RowEnvelope}s. A row that no request takes isn't among
 * them.
 */
final class EnvelopedRows implements Releaser<Any> {

  private static final long serialVersionUID = 1L;

  /**
   * What a request has besides its rows and their schema, in bytes, at most: the names of project,
   * dataset, table and stream are the longest part.
   */
  private static final long REST_OF_REQUEST = 4 * 1024;

  private final TableMapping table;
  private final AddedColumns added;
  private final LargeRows largeRows;
  private final long maxEnvelopeBytes;
  private transient TableColumns columns;

  /**
   * Describes the rows.
   *
   * @param added what they have beside the mapping's columns
   * @param largeRows takes the rows that don't fit
   */
  EnvelopedRows(TableMapping table, TargetTable target, AddedColumns added, LargeRows largeRows) {
    this.table = table;
    this.added = added;
    this.largeRows = largeRows;
    this.maxEnvelopeBytes =
        largeRows.maxRequestBytes() - target.descriptor().getSerializedSize() - REST_OF_REQUEST;
  }

  @Override
  public void release(HeldRange range, FileStore files, Consumer<Any> envelopes)
      throws IOException {
    if (columns == null) {
      columns = TargetTable.columns(table);
    }
    RowEnvelope envelope = new RowEnvelope(range.file());
    ProtoOrigin origin =
        added.tellOrigin() ? new ProtoOrigin(columns, range.file(), range.entry(), added) : null;
    long maxBytes = maxEnvelopeBytes - envelope.maxBytesAroundRow();
    try (LargeRows.Writer large = largeRows.open(range, columns.name(), files)) {
      range.visitRows(
          files,
          (record, bytes, start, length) -> {
            ByteString row =
                origin == null
                    ? UnsafeByteOperations.unsafeWrap(bytes, start, length)
                    : UnsafeByteOperations.unsafeWrap(origin.added(bytes, start, length, record));
            if (row.size() <= maxBytes) {
              envelopes.accept(envelope.wrap(row, record));
            } else {
              large.write(
                  record,
                  tooLarge(row.size(), maxBytes, added.changes()),
                  json -> new ProtoRowReader(columns).read(row, json));
            }
          });
      large.finish();
    }
  }

  private static String tooLarge(long bytes, long maxBytes, boolean isChange) {
    return String.format(
        Locale.ROOT,
        "the row is too large for a request: it has %,d bytes, and at most %,d fit; %s",
        bytes,
        Math.max(0, maxBytes),
        isChange
            ? "there is no other way for upserts: until a later version of the file has a shorter one, the table keeps what it has of that key"
            : "load it from here by a load job, which takes larger ones");
  }
}
