package io.xmltobigquery.flow.write.bigquery;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.held.RowEncoding;
import io.xmltobigquery.flow.write.bigquery.beam.RowEnvelope;
import io.xmltobigquery.flow.write.bigquery.wire.ProtoLineage;
import io.xmltobigquery.flow.write.bigquery.wire.ProtoRowWriter;
import io.xmltobigquery.rows.TableColumns;

/**
 * Rows as {@link EnvelopedRows} takes them.
 *
 * @param lineage whether they get the lineage column
 */
record EnvelopedEncoding(boolean lineage) implements RowEncoding {

  private static final long serialVersionUID = 1L;

  @Override
  public RowEncoder open(TableColumns table) {
    return new ProtoRowWriter(table);
  }

  @Override
  public int bytesAroundRow(FileVersion file) {
    int envelope = new RowEnvelope(file).maxBytesAroundRow();
    return lineage ? envelope + ProtoLineage.maxBytes(file) : envelope;
  }
}
