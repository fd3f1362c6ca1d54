package io.xmltobigquery.flow.write.bigquery.wire;

import io.xmltobigquery.flow.held.RowEncoding.RowEncoder;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Holds rows as the bytes of their messages. The lineage column comes when they are released. */
public final class ProtoRows implements RowEncoder {

  private final MessageBuffer bytes = new MessageBuffer();
  private final ProtoRowWriter writer;

  /** Takes rows of one table. */
  public ProtoRows(TableColumns table) {
    this.writer = new ProtoRowWriter(table, bytes);
  }

  @Override
  public void append(Row row) throws IOException {
    writer.write(row);
  }

  @Override
  public int size() {
    return bytes.size();
  }

  @Override
  public ByteBuffer bytes() {
    return bytes.bytes();
  }

  @Override
  public void clear() {
    bytes.clear();
  }
}
