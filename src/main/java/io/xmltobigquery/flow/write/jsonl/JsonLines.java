package io.xmltobigquery.flow.write.jsonl;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.held.BytesStream;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.RowEncoding;
import io.xmltobigquery.flow.write.JsonRowWriter;
import io.xmltobigquery.mapping.LineageColumn;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Rows as JSON lines, each with its line feed. The lineage column comes when they are released. */
final class JsonLines implements RowEncoding {

  private static final long serialVersionUID = 1L;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
          .build();

  private final boolean lineage;

  /**
   * Describes the lines.
   *
   * @param lineage whether rows have the lineage column
   */
  JsonLines(boolean lineage) {
    this.lineage = lineage;
  }

  @Override
  public RowEncoder open(TableColumns table) throws IOException {
    BytesStream lines = new BytesStream();
    JsonGenerator json = JSON.createGenerator(lines).setRootValueSeparator(null);
    return new Encoder(lines, json, new JsonRowWriter(json, table));
  }

  @Override
  public int bytesAroundRow(FileVersion file) {
    return lineage ? lineageStart(file).length + Long.toString(Long.MAX_VALUE).length() + 4 : 0;
  }

  /**
   * Releases the lines of a range.
   *
   * @param out takes them; it is given pieces of lines
   */
  void release(HeldRange range, FileStore files, OutputStream out) throws IOException {
    if (!lineage) {
      range.visitRows(files, (record, line, start, length) -> out.write(line, start, length));
      return;
    }
    byte[] lineageStart = lineageStart(range.file());
    range.visitRows(
        files,
        (record, line, start, length) -> {
          // But for the brace and the line feed.
          out.write(line, start, length - 2);
          if (length > 3) {
            out.write(',');
          }
          out.write(lineageStart);
          out.write(Long.toString(record).getBytes(UTF_8));
          out.write('}');
          out.write('}');
          out.write('\n');
        });
  }

  private static byte[] lineageStart(FileVersion file) {
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(field)) {
      json.writeStartObject();
      json.writeObjectFieldStart(LineageColumn.NAME);
      json.writeStringField(LineageColumn.URI, file.uri());
      json.writeStringField(LineageColumn.GENERATION, file.generation());
      json.writeFieldName(LineageColumn.RECORD);
      json.writeNumber(0);
    } catch (IOException e) {
      throw new IllegalStateException("nothing is written to but memory", e);
    }
    String text = field.toString(UTF_8);
    return text.substring(1, text.lastIndexOf('0')).getBytes(UTF_8);
  }

  private record Encoder(BytesStream bytes, JsonGenerator json, JsonRowWriter rows)
      implements RowEncoder {

    @Override
    public void append(Row row) throws IOException {
      rows.write(row);
      json.writeRaw('\n');
      json.flush();
    }
  }
}
