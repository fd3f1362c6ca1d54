package io.xmltobigquery.deadletter;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.audit.FileLoads;
import io.xmltobigquery.parse.FileRecord;
import io.xmltobigquery.xml.InvalidRecord;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;

/**
 * Invalid records as JSON lines of the dead letter: table, what is wrong, where it came from, and
 * the raw XML.
 */
final class InvalidRecordLines extends SimpleFunction<FileRecord, KV<String, byte[]>> {

  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String fileNamePrefix;

  /**
   * Makes lines for files of the given name.
   *
   * @param fileNamePrefix the beginning of the names of the files that the lines go to
   */
  InvalidRecordLines(String fileNamePrefix) {
    this.fileNamePrefix = fileNamePrefix;
  }

  @Override
  public KV<String, byte[]> apply(FileRecord invalid) {
    InvalidRecord record = invalid.record();
    ObjectNode line =
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
            .put("xml", record.xml());
    return KV.of(fileNamePrefix, FileLoads.line(line));
  }
}
