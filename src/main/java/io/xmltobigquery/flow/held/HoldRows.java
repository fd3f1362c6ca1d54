package io.xmltobigquery.flow.held;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.held.RowEncoding.RowEncoder;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.xml.InvalidRecord;
import io.xmltobigquery.xml.RecordSink;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds the records of one part of a file until all of the file was found good. */
public final class HoldRows implements RecordSink<HeldPart> {

  /** What a block may come to when it is released, in bytes, but for a single row. */
  private static final long BLOCK_BYTES = 512 * 1024;

  private static final int BLOCK_ROWS = 10_000;

  /** What may be held of a whole file in elements, in bytes; more is held in files. */
  static final int MAX_IN_MEMORY = 1 << 20;

  /**
   * What all blocks that are begun may take, in bytes, and what their arrays may keep between them,
   * however many tables there are.
   */
  private static final int MAX_BEGUN = 4 << 20;

  private static final byte[] NOT_YET = {};

  private final RowEncoding encoding;
  private final int bytesAroundRow;
  private final HeldFile held;

  /** Whether others hold rows there, too, so that it is whole only when they have. */
  private final boolean shared;

  /** By table. */
  private final @Nullable RowEncoder[] rows;

  private final BytesStream invalidRecords = new BytesStream();

  /** By table, and behind them that of invalid records. */
  private final Block.@Nullable Builder[] begun;

  private int begunBytes;

  /** Ascending, and apart from each other. */
  private final List<Dropped> dropped = new ArrayList<>();

  /** The highest number of a record that is held. */
  private long lastRecord;

  private final List<HeldPart.Piece> pieces = new ArrayList<>();

  /**
   * Begins to hold.
   *
   * @param tables how many there are
   * @param file that the rows are from
   * @param prefix how the names of held files begin, for this file version alone
   * @param parts how many parts of the file are held at once
   */
  public HoldRows(
      RowEncoding encoding,
      int tables,
      FileVersion file,
      FileStore files,
      String prefix,
      int parts) {
    this(encoding, tables, file, new HeldFile(files, prefix, MAX_IN_MEMORY / parts), false);
  }

  /** Begins to hold rows where those of others are held. */
  HoldRows(RowEncoding encoding, int tables, FileVersion file, HeldFile held) {
    this(encoding, tables, file, held, true);
  }

  private HoldRows(
      RowEncoding encoding, int tables, FileVersion file, HeldFile held, boolean shared) {
    this.encoding = encoding;
    this.bytesAroundRow = encoding.bytesAroundRow(file);
    this.held = held;
    this.shared = shared;
    this.rows = new RowEncoder[tables];
    this.begun = new Block.Builder[tables + 1];
  }

  @Override
  public void row(Row row, long record) throws IOException {
    TableColumns table = row.table();
    RowEncoder encoder = rows[table.id()];
    if (encoder == null) {
      encoder = encoding.open(table);
      rows[table.id()] = encoder;
      begun[table.id()] = block(encoder.bytes());
    }
    int before = encoder.bytes().size();
    encoder.append(row);
    added(table.id(), record, encoder.bytes().size() - before);
  }

  @Override
  public void invalid(InvalidRecord record) throws IOException {
    int table = rows.length;
    if (begun[table] == null) {
      begun[table] = block(invalidRecords);
    }
    int before = invalidRecords.size();
    InvalidRecords.write(record, invalidRecords);
    added(table, record.number(), invalidRecords.size() - before);
  }

  private Block.Builder block(HeldBytes data) {
    return new Block.Builder(data, MAX_BEGUN / begun.length);
  }

  @Override
  public void drop(long record) {
    // Those that it was told before may lie in the same.
    while (!dropped.isEmpty() && dropped.get(dropped.size() - 1).first() > record) {
      dropped.remove(dropped.size() - 1);
    }
    dropped.add(new Dropped(record + 1, lastRecord));
  }

  private void added(int table, long record, int length) throws IOException {
    lastRecord = Math.max(lastRecord, record);
    Block.Builder block = begun[table];
    begunBytes += block.added(record, length);
    if (released(block) >= BLOCK_BYTES || block.rows() == BLOCK_ROWS) {
      end(table);
    } else if (begunBytes > MAX_BEGUN) {
      end(largest());
    }
  }

  private long released(Block.Builder block) {
    return block.dataSize() + (long) block.rows() * bytesAroundRow;
  }

  private int largest() {
    int largest = 0;
    for (int i = 1; i < begun.length; i++) {
      if (size(i) > size(largest)) {
        largest = i;
      }
    }
    return largest;
  }

  private int size(int table) {
    Block.Builder block = begun[table];
    return block == null ? 0 : block.size();
  }

  private void end(int table) throws IOException {
    Block.Builder block = begun[table];
    begunBytes -= block.size();
    long offset = held.length();
    long released = released(block);
    long firstRecord = block.firstRecord();
    int count = block.rows();
    block.moveTo(held);
    pieces.add(
        new HeldPart.Piece(
            table == rows.length ? HeldRange.INVALID_RECORDS : table,
            firstRecord,
            count,
            released,
            offset,
            held.length() - offset));
  }

  @Override
  public HeldPart finish() throws IOException {
    for (int i = 0; i < begun.length; i++) {
      if (size(i) > 0) {
        end(i);
      }
    }
    if (shared) {
      return new HeldPart(null, NOT_YET, pieces, dropped);
    }
    held.complete();
    return new HeldPart(held.uri(), held.memory(), pieces, dropped);
  }

  @Override
  public void close() throws IOException {
    if (!shared) {
      held.close();
    }
  }
}
