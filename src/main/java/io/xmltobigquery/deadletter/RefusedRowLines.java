package io.xmltobigquery.deadletter;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.RawValue;
import io.xmltobigquery.audit.JsonLine;
import io.xmltobigquery.audit.Metrics;
import io.xmltobigquery.load.RefusedRow;
import org.apache.beam.sdk.transforms.SimpleFunction;

/**
 * Refused rows as JSON lines of the dead letter, with the keys of {@link InvalidRecordLines} where
 * they mean the same.
 */
public final class RefusedRowLines extends SimpleFunction<RefusedRow, byte[]> {

  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public byte[] apply(RefusedRow refused) {
    Metrics.counter(Metrics.refusedRows(refused.table())).inc();
    return JsonLine.of(
        JSON.createObjectNode()
            .put("table", refused.table())
            .put("reason", "REFUSED")
            .put("message", refused.error())
            .put("uri", refused.file().uri())
            .put("generation", refused.file().generation())
            .put("record", refused.record())
            .putRawValue("row", new RawValue(refused.row())));
  }
}
