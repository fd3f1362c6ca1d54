package io.xmltobigquery.flow.write.bigquery.beam;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableRow;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.xmltobigquery.files.FileVersion;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.extensions.protobuf.ProtoCoder;

/**
 * The message that a row travels in until it is appended: where it is from, and its bytes. So a row
 * that BigQuery refuses can be told with its file and record, which isn't in the row itself.
 *
 * <p>BigQueryIO takes protobuf messages of one Java class, and the rows of a mapping have none; so
 * the message is an {@link Any}: {@code value} has the row, and {@code type_url} the origin.
 */
public final class RowEnvelope {

  /** What BigQueryIO believes to be the table's schema. */
  public static final TableSchema SCHEMA =
      new TableSchema()
          .setFields(
              List.of(
                  new TableFieldSchema().setName("type_url").setType("STRING"),
                  new TableFieldSchema().setName("value").setType("BYTES")));

  public static final Coder<Any> CODER = ProtoCoder.of(Any.class);

  /** Of the record's number, and the tags and lengths of both fields and of the envelope itself. */
  private static final int MAX_NUMBERS_LENGTH = 19 + 3 * (1 + 5);

  /** Of a file version: a blank, its generation, a blank, and its uri. */
  private final ByteString file;

  /** Envelopes for rows of one file version. */
  public RowEnvelope(FileVersion file) {
    this.file = ByteString.copyFromUtf8(" " + file.generation() + " " + file.uri());
  }

  /** The bytes of a serialized envelope besides the row, at most. */
  public int maxBytesAroundRow() {
    return MAX_NUMBERS_LENGTH + file.size();
  }

  /**
   * Puts a row in an envelope.
   *
   * @param record the number of its record in the file, from 1
   */
  public Any wrap(ByteString row, long record) {
    return Any.newBuilder()
        .setTypeUrlBytes(ByteString.copyFromUtf8(Long.toString(record)).concat(file))
        .setValue(row)
        .build();
  }

  /**
   * The row of a serialized envelope.
   *
   * @throws IllegalArgumentException if it is no envelope
   */
  static ByteString row(ByteString envelope) {
    CodedInputStream in = envelope.newCodedInput();
    in.enableAliasing(true);
    try {
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == Any.VALUE_FIELD_NUMBER) {
          return in.readBytes();
        }
        in.skipField(tag);
      }
      // A row without any value has no bytes.
      return ByteString.EMPTY;
    } catch (IOException e) {
      throw new IllegalArgumentException("not an envelope", e);
    }
  }

  /**
   * An envelope that BigQueryIO gives back as a row of {@link #SCHEMA}.
   *
   * @param file the file version that the row is from; of its size nothing is known
   * @param record the number of its record in that file
   */
  public record Returned(ByteString row, FileVersion file, long record) {

    /** Reads it. */
    public static Returned of(TableRow envelope) {
      String[] origin = ((String) envelope.get("type_url")).split(" ", 3);
      String value = (String) envelope.getOrDefault("value", "");
      return new Returned(
          ByteString.copyFrom(Base64.getDecoder().decode(value)),
          new FileVersion(origin[2], origin[1], 0),
          Long.parseLong(origin[0]));
    }
  }
}
