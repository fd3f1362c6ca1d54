package io.xmltobigquery.flow.settle;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.xmltobigquery.flow.read.InvalidFileRecord;
import io.xmltobigquery.outcome.JsonLine;
import io.xmltobigquery.xml.InvalidRecord;
import org.apache.beam.sdk.transforms.SimpleFunction;

/**
 * Invalid records as JSON lines of the dead letter: table, what is wrong, where it came from, and
 * the raw XML.
 */
public final class InvalidRecordLines extends SimpleFunction<InvalidFileRecord, byte[]> {

  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public byte[] apply(InvalidFileRecord invalid) {
    InvalidRecord record = invalid.record();
    return JsonLine.of(
        JSON.createObjectNode()
            .put("table", record.table())
            .put("reason", record.reason().name())
            .put("message", record.message())
            .put("uri", invalid.file().uri())
            .put("generation", invalid.file().generation())
            .put("record", record.number())
            .put("line", record.position().line())
            .put("column", record.position().column())
            .put("byte_offset", record.position().byteOffset())
            .put("xml", record.xml()));
  }
}
