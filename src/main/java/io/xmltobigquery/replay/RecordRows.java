package io.xmltobigquery.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import io.xmltobigquery.flow.write.JsonRowWriter;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.RecordReader;
import io.xmltobigquery.xml.RecordReaderFactory;
import io.xmltobigquery.xml.RejectedException;
import io.xmltobigquery.xml.XmlSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes rows of invalid records by the mapping of now.
 *
 * <p>A record alone has no more than the names of the elements around it. So a mapping that takes
 * values from there, or has rows in rows, can't make the row that the file would have become.
 */
final class RecordRows {

  /** In what {@code PartStart} writes, where a "&lt;" begins nothing but a tag. */
  private static final Pattern START_TAG = Pattern.compile("<([^?\\s>]+)");

  private final CompiledMapping mapping;
  private final RecordReaderFactory readers;

  /** By the table's number. */
  private final @Nullable JsonRowWriter[] writers;

  private final ByteArrayOutputStream json = new ByteArrayOutputStream();
  private final JsonGenerator generator;

  RecordRows(Mapping mapping, Limits limits) throws IOException {
    this.mapping = CompiledMapping.of(mapping);
    this.readers = new RecordReaderFactory(this.mapping, limits);
    this.writers = new JsonRowWriter[this.mapping.tables().size()];
    this.generator = BadLines.lines(json);
  }

  /**
   * A row.
   *
   * @param json an object
   */
  record TableRow(String table, String json) {}

  /** Why a record is no row still; the message is for people. */
  static final class StillInvalidException extends Exception {
    private static final long serialVersionUID = 1L;

    StillInvalidException(String message) {
      super(message);
    }
  }

  /**
   * The rows of a record: one, unless the mapping has become another one.
   *
   * @param context of the record, or null if it has none
   */
  List<TableRow> of(@Nullable String context, String xml)
      throws IOException, StillInvalidException {
    if (!mapping.canBeEntered()) {
      throw new StillInvalidException(
          "the mapping has rows in rows, or takes values from around them, and a record alone doesn't have these; load its file again");
    }
    if (context == null) {
      throw new StillInvalidException(
          "what stands around the record isn't kept, by an older program or since it is in the DOCTYPE; load its file again");
    }
    byte[] before = (context + xml).getBytes(UTF_8);
    byte[] document = (context + xml + endTags(context)).getBytes(UTF_8);
    XmlSource source =
        offset -> new ByteArrayInputStream(document, (int) offset, document.length - (int) offset);
    List<TableRow> rows = new ArrayList<>();
    try (RecordReader reader = readers.open(source)) {
      while (reader.next()) {
        if (reader.isInvalid()) {
          throw reader.invalidRecordRejection();
        }
        if (reader.recordEnd().byteOffset() > before.length) {
          throw new StillInvalidException(
              "the mapping's records aren't those of before; load its file again");
        }
        rows.add(row(reader));
      }
    } catch (RejectedException e) {
      throw new StillInvalidException(e.reason() + ": " + e.getMessage());
    }
    if (rows.isEmpty()) {
      throw new StillInvalidException("the mapping has no such record any more");
    }
    return rows;
  }

  private TableRow row(RecordReader reader) throws IOException {
    TableColumns table = reader.table();
    JsonRowWriter writer = writers[table.id()];
    if (writer == null) {
      writer = new JsonRowWriter(generator, table);
      writers[table.id()] = writer;
    }
    writer.write(reader.row());
    generator.flush();
    String row = json.toString(UTF_8);
    json.reset();
    return new TableRow(table.name(), row);
  }

  private static String endTags(String context) {
    StringBuilder tags = new StringBuilder();
    Matcher start = START_TAG.matcher(context);
    while (start.find()) {
      tags.insert(0, "</" + start.group(1) + ">");
    }
    return tags.toString();
  }
}
