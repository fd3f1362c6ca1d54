package io.xmltobigquery.flow.write.bigquery;

import io.xmltobigquery.flow.write.RefusedRow;
import io.xmltobigquery.flow.write.bigquery.beam.RowEnvelope;
import io.xmltobigquery.flow.write.bigquery.wire.ProtoRowReader;
import io.xmltobigquery.mapping.TableMapping;
import java.io.IOException;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryStorageApiInsertError;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.jspecify.annotations.Nullable;

/** Takes what BigQuery refused out of its envelope. */
final class RefusedRows extends SimpleFunction<BigQueryStorageApiInsertError, RefusedRow> {

  private static final long serialVersionUID = 1L;

  private final TableMapping table;
  private transient @Nullable ProtoRowReader reader;

  RefusedRows(TableMapping table) {
    this.table = table;
  }

  @Override
  public RefusedRow apply(BigQueryStorageApiInsertError error) {
    RowEnvelope.Returned returned = RowEnvelope.Returned.of(error.getRow());
    if (reader == null) {
      reader = new ProtoRowReader(TargetTable.columns(table));
    }
    try {
      return new RefusedRow(
          table.table(),
          error.getErrorMessage(),
          returned.file(),
          returned.record(),
          reader.read(returned.row()));
    } catch (IOException e) {
      throw new IllegalStateException("a refused row is one that we wrote", e);
    }
  }
}
