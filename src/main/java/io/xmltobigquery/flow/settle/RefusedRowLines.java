package io.xmltobigquery.flow.settle;

import com.fasterxml.jackson.core.JsonGenerator;
import io.xmltobigquery.flow.write.RefusedRow;
import io.xmltobigquery.flow.write.RefusedRowLine;
import io.xmltobigquery.outcome.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.beam.sdk.transforms.SimpleFunction;

/**
 * Refused rows as JSON lines of the dead letter, with the keys of {@link InvalidRecordLines} where
 * they mean the same.
 */
public final class RefusedRowLines extends SimpleFunction<RefusedRow, byte[]> {

  private static final long serialVersionUID = 1L;

  /** All of a line but the row, in bytes, about. */
  private static final int REST_BYTES = 4 * 1024;

  @Override
  public byte[] apply(RefusedRow refused) {
    Metrics.counter(Metrics.refusedRows(refused.table())).inc();
    // A row may be large: there are no more copies of it than it takes.
    ByteArrayOutputStream line = new ByteArrayOutputStream(refused.row().length() + REST_BYTES);
    try (JsonGenerator json = RefusedRowLine.lines(line)) {
      RefusedRowLine.begin(
          json, refused.table(), refused.error(), refused.file(), refused.record());
      json.writeRawValue(refused.row());
      RefusedRowLine.end(json);
    } catch (IOException e) {
      throw new IllegalStateException("memory can always be written", e);
    }
    return line.toByteArray();
  }
}
