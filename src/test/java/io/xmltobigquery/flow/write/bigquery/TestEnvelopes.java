package io.xmltobigquery.flow.write.bigquery;

import com.google.protobuf.Any;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.write.LargeRows;
import io.xmltobigquery.flow.write.bigquery.wire.AddedColumns;
import io.xmltobigquery.mapping.TableMapping;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.beam.sdk.options.PipelineOptions;

/** The envelopes of this package, for other tests. */
public final class TestEnvelopes {

  private TestEnvelopes() {}

  /** Releases a range as the write of its table wants it. */
  public static void release(
      TableMapping table,
      HeldRange range,
      PipelineOptions options,
      boolean lineage,
      Consumer<Any> envelopes)
      throws IOException {
    AddedColumns added = new AddedColumns(lineage, false);
    TargetTable target = TargetTable.of(TargetTable.columns(table), added);
    LargeRows largeRows = new LargeRows("gs://bucket/rows/", 9_000_000);
    new EnvelopedRows(table, target, added, largeRows)
        .release(range, FileStore.of(options), envelopes);
  }
}
