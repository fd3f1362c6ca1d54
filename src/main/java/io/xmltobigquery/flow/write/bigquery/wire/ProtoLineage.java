package io.xmltobigquery.flow.write.bigquery.wire;

import com.google.protobuf.WireFormat;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.rows.TableColumns;

/**
 * Adds the lineage column to rows that {@link ProtoRowWriter} has written: a field more, behind
 * theirs.
 */
public final class ProtoLineage {

  /** Of the record's number, and the tags and lengths of it and of the column. */
  private static final int MAX_NUMBERS_LENGTH = 10 + 3 * (5 + 5);

  private static final int RECORD_TAG =
      MessageBuffer.tag(RowSchema.RECORD_NUMBER, WireFormat.WIRETYPE_VARINT);

  /** For rows of an ordinary length, in bytes. */
  private static final int MAX_KEPT_LENGTH = 64 * 1024;

  private final MessageBuffer out = new MessageBuffer();
  private final int tag;
  private final byte[] file;

  /** Prepares for the rows of one table and file. */
  public ProtoLineage(TableColumns table, FileVersion file) {
    this.tag =
        MessageBuffer.tag(RowSchema.lineageNumber(table), WireFormat.WIRETYPE_LENGTH_DELIMITED);
    this.file = encode(file);
  }

  private static byte[] encode(FileVersion file) {
    MessageBuffer fields = new MessageBuffer();
    string(fields, RowSchema.URI_NUMBER, file.uri());
    string(fields, RowSchema.GENERATION_NUMBER, file.generation());
    return fields.toByteArray();
  }

  private static void string(MessageBuffer fields, int number, String value) {
    int fieldTag = MessageBuffer.tag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    fields.string(fieldTag, value.toCharArray(), 0, value.length());
  }

  /** The bytes that the column adds to a row, at most. */
  public static int maxBytes(FileVersion file) {
    return MAX_NUMBERS_LENGTH + encode(file).length;
  }

  /**
   * A row with the column.
   *
   * @param record the number of its record in its file, from 1
   */
  public byte[] added(byte[] row, int start, int length, long record) {
    out.clear(MAX_KEPT_LENGTH);
    out.raw(row, start, length);
    int message = out.startMessage(tag);
    out.raw(file, 0, file.length);
    out.varint(RECORD_TAG, record);
    out.endMessage(message);
    return out.toByteArray();
  }
}
