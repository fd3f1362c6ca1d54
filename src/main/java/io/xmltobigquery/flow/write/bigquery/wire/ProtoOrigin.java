package io.xmltobigquery.flow.write.bigquery.wire;

import com.google.protobuf.WireFormat;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.rows.TableColumns;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Adds to rows that {@link ProtoRowWriter} has written what follows from where they are from,
 * behind their fields: the lineage column, and the number that puts the changes of one key in
 * order.
 *
 * <p>That number has three parts: the order of the file version, the file's number in its archive,
 * and the record's number in the file. So it is the same whenever a version is loaded, and of two
 * changes the one that stands later lasts.
 */
public final class ProtoOrigin {

  /** Of the record's number, and the tags and lengths of it and of the column. */
  private static final int MAX_LINEAGE_NUMBERS_LENGTH = 10 + 3 * (5 + 5);

  /** Three numbers, and a tag and a length. */
  private static final int MAX_SEQUENCE_LENGTH = 3 * 16 + 2 + 2 * 5;

  private static final int RECORD_TAG =
      MessageBuffer.tag(RowSchema.RECORD_NUMBER, WireFormat.WIRETYPE_VARINT);

  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  /** For rows of an ordinary length, in bytes. */
  private static final int MAX_KEPT_LENGTH = 64 * 1024;

  private final MessageBuffer out = new MessageBuffer();
  private final AddedColumns added;
  private final int lineageTag;
  private final byte[] lineage;
  private final int sequenceTag;

  /** With room for the record's number behind what all rows of the file share. */
  private final byte[] sequence;

  private final int sequenceStart;

  /**
   * Prepares for the rows of one table and file.
   *
   * @param entry the file's number in its archive, from 1, or 0 if it is in none
   */
  public ProtoOrigin(TableColumns table, FileVersion file, int entry, AddedColumns added) {
    this.added = added;
    this.lineageTag =
        MessageBuffer.tag(RowSchema.lineageNumber(table), WireFormat.WIRETYPE_LENGTH_DELIMITED);
    this.lineage = added.lineage() ? lineage(file) : new byte[0];
    this.sequenceTag =
        MessageBuffer.tag(
            RowSchema.sequenceNumberNumber(table), WireFormat.WIRETYPE_LENGTH_DELIMITED);
    byte[] shared =
        added.changes()
            ? "%X/%X/".formatted(file.order(), entry).getBytes(StandardCharsets.US_ASCII)
            : new byte[0];
    this.sequenceStart = shared.length;
    this.sequence = Arrays.copyOf(shared, shared.length + 16);
  }

  private static byte[] lineage(FileVersion file) {
    MessageBuffer fields = new MessageBuffer();
    string(fields, RowSchema.URI_NUMBER, file.uri());
    string(fields, RowSchema.GENERATION_NUMBER, file.generation());
    return fields.toByteArray();
  }

  private static void string(MessageBuffer fields, int number, String value) {
    int fieldTag = MessageBuffer.tag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    fields.string(fieldTag, value.toCharArray(), 0, value.length());
  }

  /** The bytes that come to a row, at most. */
  public static int maxBytes(FileVersion file, AddedColumns added) {
    return (added.lineage() ? MAX_LINEAGE_NUMBERS_LENGTH + lineage(file).length : 0)
        + (added.changes() ? MAX_SEQUENCE_LENGTH : 0);
  }

  /**
   * A row with what is added.
   *
   * @param record the number of its record in its file, from 1
   */
  public byte[] added(byte[] row, int start, int length, long record) {
    out.clear(MAX_KEPT_LENGTH);
    out.raw(row, start, length);
    if (added.lineage()) {
      int message = out.startMessage(lineageTag);
      out.raw(lineage, 0, lineage.length);
      out.varint(RECORD_TAG, record);
      out.endMessage(message);
    }
    if (added.changes()) {
      out.bytes(sequenceTag, sequence, 0, putHex(record));
    }
    return out.toByteArray();
  }

  /**
   * Puts a number behind what is shared.
   *
   * @return where it ends
   */
  private int putHex(long number) {
    int digits = Math.max(1, (Long.SIZE + 3 - Long.numberOfLeadingZeros(number)) / 4);
    for (int i = 0; i < digits; i++) {
      sequence[sequenceStart + i] = HEX[(int) (number >>> (4 * (digits - 1 - i))) & 0xF];
    }
    return sequenceStart + digits;
  }
}
