package io.xmltobigquery.flow.settle;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.Release.Releaser;
import io.xmltobigquery.outcome.JsonLine;
import io.xmltobigquery.xml.InvalidRecord;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Releases invalid records as JSON lines of the dead letter: table, what is wrong, where it came
 * from, and the raw XML.
 *
 * <p>Those that are large go right into a file for each one, {@code PREFIX<digest of the file
 * version>-<record>-invalid.jsonl}. Handed on as an element, such a record would be in memory a
 * dozen times. A range that is released again leaves the files as they are: they would be the same.
 */
public final class InvalidRecordLines implements Releaser<byte[]> {

  private static final long serialVersionUID = 1L;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** In characters. */
  private static final int LARGE = 1 << 20;

  private final String prefix;

  /**
   * Describes the lines.
   *
   * @param prefix how the names of files begin, local or on Cloud Storage, for this run alone
   */
  public InvalidRecordLines(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public void release(HeldRange range, FileStore files, Consumer<byte[]> lines) throws IOException {
    FileVersion file = range.file();
    range.visitInvalidRecords(
        files,
        record -> {
          byte[] line = line(file, record);
          if (record.xml().length() < LARGE) {
            lines.accept(line);
          } else {
            files.write(
                prefix + file.digest() + "-" + record.number() + "-invalid.jsonl",
                out -> out.write(line));
          }
        });
  }

  private static byte[] line(FileVersion file, InvalidRecord record) {
    ObjectNode line =
        JSON.createObjectNode()
            .put("table", record.table())
            .put("reason", record.reason().name())
            .put("message", record.message())
            .put("uri", file.uri())
            .put("generation", file.generation())
            .put("record", record.number())
            .put("line", record.position().line())
            .put("column", record.position().column())
            .put("byte_offset", record.position().byteOffset());
    if (record.rowsInside() > 0) {
      line.put("parent_invalid", record.rowsInside());
    }
    if (record.context() != null) {
      line.put(DeadLetter.CONTEXT, record.context());
    }
    return JsonLine.of(line.put(DeadLetter.XML, record.xml()));
  }
}
