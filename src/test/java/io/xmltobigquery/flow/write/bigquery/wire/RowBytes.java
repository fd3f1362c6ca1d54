package io.xmltobigquery.flow.write.bigquery.wire;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The writer of this package, for benchmarks. */
public final class RowBytes {

  private final MessageBuffer buffer = new MessageBuffer();
  private final ProtoRowWriter writer;

  public RowBytes(TableColumns table, @Nullable FileVersion lineage) {
    writer = new ProtoRowWriter(table, lineage, buffer);
  }

  public byte[] of(Row row, long recordNumber) throws IOException {
    buffer.clear();
    writer.write(row, recordNumber);
    return buffer.toByteArray();
  }
}
