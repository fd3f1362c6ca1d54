package io.xmltobigquery.flow.write.bigquery.wire;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What this package writes of a row, for tests and benchmarks. */
public final class RowBytes {

  private final ProtoRowWriter writer;
  private final @Nullable ProtoOrigin origin;

  public RowBytes(TableColumns table, @Nullable FileVersion lineage) {
    this.writer = new ProtoRowWriter(table, false);
    this.origin =
        lineage == null ? null : new ProtoOrigin(table, lineage, 0, new AddedColumns(true, false));
  }

  public byte[] of(Row row, long recordNumber) throws IOException {
    writer.bytes().clear(Integer.MAX_VALUE);
    writer.append(row);
    byte[] bytes = writer.bytes().toByteArray();
    return origin == null ? bytes : origin.added(bytes, 0, bytes.length, recordNumber);
  }
}
