package io.xmltobigquery.load.bigquery;

import io.xmltobigquery.mapping.Row;
import io.xmltobigquery.mapping.TableColumns;
import io.xmltobigquery.storage.FileVersion;
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
