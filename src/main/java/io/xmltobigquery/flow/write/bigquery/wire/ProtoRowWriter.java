package io.xmltobigquery.flow.write.bigquery.wire;

import com.google.protobuf.WireFormat;
import io.xmltobigquery.flow.held.RowEncoding.RowEncoder;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.RowVisitor;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.values.ColumnType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes rows as the bytes of the message that {@link RowSchema#descriptor} describes: from the
 * row's characters straight into the buffer, since objects in between take several times as long
 * (see docs/adr/0005-rows-as-protobuf-bytes.md). Columns without a value are left out, which is
 * NULL to BigQuery; an empty text is written.
 */
public final class ProtoRowWriter implements RowEncoder, RowVisitor {

  private static final int NO_TAG = 0;
  private static final byte[] UPSERT = AddedColumns.UPSERT.getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DELETE = AddedColumns.DELETE.getBytes(StandardCharsets.US_ASCII);

  private final MessageBuffer out = new MessageBuffer();

  /** By the column's id. */
  private final int[] tags;

  /** By the column's id, where the value of a RECORD that is open began. */
  private final int[] recordStarts;

  private final ScaledDecimal decimals = new ScaledDecimal();
  private final byte[] decimal = new byte[ScaledDecimal.MAX_LENGTH];
  private final int changeTypeTag;

  /**
   * Prepares for the rows of one table.
   *
   * @param changes whether each row says what it changes: see {@link AddedColumns}
   */
  public ProtoRowWriter(TableColumns table, boolean changes) {
    this.changeTypeTag =
        changes
            ? MessageBuffer.tag(
                RowSchema.changeTypeNumber(table), WireFormat.WIRETYPE_LENGTH_DELIMITED)
            : NO_TAG;
    this.tags = new int[table.columnCount()];
    this.recordStarts = new int[table.columnCount()];
    prepareTags(table.columns());
  }

  private void prepareTags(List<Column> columns) {
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      tags[column.id()] = MessageBuffer.tag(i + 1, wireType(column.type()));
      prepareTags(column.columns());
    }
  }

  private static int wireType(ColumnType type) {
    return switch (type) {
      case STRING, JSON, BYTES, NUMERIC, BIGNUMERIC, RECORD -> WireFormat.WIRETYPE_LENGTH_DELIMITED;
      case INT64, BOOL, DATE, DATETIME, TIME, TIMESTAMP -> WireFormat.WIRETYPE_VARINT;
      case FLOAT64 -> WireFormat.WIRETYPE_FIXED64;
    };
  }

  @Override
  public void append(Row row) throws IOException {
    row.accept(this);
    if (changeTypeTag != NO_TAG) {
      byte[] change = row.isDeletion() ? DELETE : UPSERT;
      out.bytes(changeTypeTag, change, 0, change.length);
    }
  }

  @Override
  public MessageBuffer bytes() {
    return out;
  }

  @Override
  public void startRecord(Column column) {
    recordStarts[column.id()] = out.startMessage(tags[column.id()]);
  }

  @Override
  public void endRecord(Column column) {
    out.endMessage(recordStarts[column.id()]);
  }

  /** Each value of a REPEATED column is a field of its own. */
  @Override
  public void startRepeated(Column column) {}

  @Override
  public void endRepeated(Column column) {}

  @Override
  public void string(Column column, char[] text, int start, int end) {
    out.string(tags[column.id()], text, start, end);
  }

  @Override
  public void json(Column column, char[] text, int start, int end) {
    string(column, text, start, end);
  }

  @Override
  public void bytes(Column column, char[] text, int start, int end) {
    out.base64(tags[column.id()], text, start, end);
  }

  @Override
  public void int64(Column column, long value) {
    out.varint(tags[column.id()], value);
  }

  @Override
  public void float64(Column column, double value) {
    out.fixed64(tags[column.id()], value);
  }

  @Override
  public void decimal(Column column, char[] text, int start, int end) {
    int scale =
        column.type() == ColumnType.NUMERIC
            ? ColumnType.NUMERIC_SCALE
            : ColumnType.BIGNUMERIC_SCALE;
    int length = decimals.encode(text, start, end, scale, decimal);
    out.bytes(tags[column.id()], decimal, 0, length);
  }

  @Override
  public void bool(Column column, boolean value) {
    out.varint(tags[column.id()], value ? 1 : 0);
  }

  @Override
  public void date(Column column, long epochDay) {
    out.varint(tags[column.id()], epochDay);
  }

  @Override
  public void dateTime(Column column, long micros) {
    out.varint(tags[column.id()], CivilTime.packDateTime(micros));
  }

  @Override
  public void time(Column column, long micros) {
    out.varint(tags[column.id()], CivilTime.packTime(micros));
  }

  @Override
  public void timestamp(Column column, long micros) {
    out.varint(tags[column.id()], micros);
  }
}
