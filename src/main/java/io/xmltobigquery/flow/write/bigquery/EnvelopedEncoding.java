package io.xmltobigquery.flow.write.bigquery;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.held.RowEncoding;
import io.xmltobigquery.flow.write.bigquery.beam.RowEnvelope;
import io.xmltobigquery.flow.write.bigquery.wire.AddedColumns;
import io.xmltobigquery.flow.write.bigquery.wire.ProtoOrigin;
import io.xmltobigquery.flow.write.bigquery.wire.ProtoRowWriter;
import io.xmltobigquery.rows.TableColumns;

/**
 * Rows as {@link EnvelopedRows} takes them.
 *
 * @param added what they have beside the mapping's columns
 */
record EnvelopedEncoding(AddedColumns added) implements RowEncoding {

  private static final long serialVersionUID = 1L;

  @Override
  public RowEncoder open(TableColumns table) {
    return new ProtoRowWriter(table, added.changes());
  }

  @Override
  public int bytesAroundRow(FileVersion file) {
    return new RowEnvelope(file).maxBytesAroundRow() + ProtoOrigin.maxBytes(file, added);
  }
}
