package io.xmltobigquery.flow.held;

import io.xmltobigquery.flow.held.HeldRange.RowVisitor;
import io.xmltobigquery.xml.LargeRecords;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Some rows of one table and one part of a document, as bytes:
 *
 * <pre>
 * form     1 byte   how what follows is written: 0
 * rows     4 bytes  how many
 * index    4 bytes  its length
 * data     4 bytes  its length
 * checksum 4 bytes  CRC32C of all the rest
 * index    for each row two varints: how much further its record's number is, and its length
 * data     the rows, one behind the other
 * </pre>
 */
final class Block {

  static final int HEADER_BYTES = 1 + 4 * Integer.BYTES;

  private static final byte FORM = 0;

  private Block() {}

  /** A block that rows are added to. */
  static final class Builder {
    private final HeldBytes data;
    private final int maxKept;
    private final ByteArrayOutputStream index = new ByteArrayOutputStream(64);
    private long firstRecord;
    private long lastRecord;
    private int rows;

    /**
     * @param data what rows are appended to
     * @param maxKept how much memory it may keep from one block to the next, in bytes
     */
    Builder(HeldBytes data, int maxKept) {
      this.data = data;
      this.maxKept = maxKept;
    }

    /**
     * Tells of a row that was appended to the data.
     *
     * @param record the number of its record in the part
     * @param length in bytes
     * @return by how many bytes the block has grown
     */
    int added(long record, int length) {
      if (rows++ == 0) {
        firstRecord = record;
      }
      int before = index.size();
      varint(record - lastRecord);
      varint(length);
      lastRecord = record;
      return index.size() - before + length;
    }

    private void varint(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        index.write((int) (rest | 0x80));
        rest >>>= 7;
      }
      index.write((int) rest);
    }

    int rows() {
      return rows;
    }

    long firstRecord() {
      return firstRecord;
    }

    /** Of the rows, in bytes. */
    int dataSize() {
      return data.size();
    }

    /** Of rows and index, in bytes. */
    int size() {
      return data.size() + index.size();
    }

    /** Writes the block and begins a new one. */
    void moveTo(HeldFile out) throws IOException {
      ByteBuffer bytes = data.view();
      byte[] numbers = index.toByteArray();
      ByteBuffer header =
          ByteBuffer.allocate(HEADER_BYTES)
              .put(FORM)
              .putInt(rows)
              .putInt(numbers.length)
              .putInt(bytes.remaining());
      CRC32C checksum = new CRC32C();
      checksum.update(header.array(), 0, header.position());
      checksum.update(numbers, 0, numbers.length);
      checksum.update(bytes.duplicate());
      header.putInt((int) checksum.getValue());
      out.write(header.array(), 0, HEADER_BYTES);
      out.write(numbers, 0, numbers.length);
      out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      data.clear(maxKept);
      index.reset();
      lastRecord = 0;
      rows = 0;
    }
  }

  /**
   * Visits the rows of some blocks.
   *
   * @param length of all of them, in bytes
   * @param visitor is told of numbers in the part
   * @return how many rows there are
   * @throws HeldRowsException if they are not what was written
   */
  static long visit(InputStream in, long length, RowVisitor visitor) throws IOException {
    long left = length;
    long visited = 0;
    LargeRecords room = new LargeRecords();
    while (left > 0) {
      ByteBuffer header = ByteBuffer.wrap(read(in, HEADER_BYTES));
      byte form = header.get();
      int rows = header.getInt();
      int indexLength = header.getInt();
      int dataLength = header.getInt();
      int checksum = header.getInt();
      left -= HEADER_BYTES + (long) indexLength + dataLength;
      if (form != FORM || rows < 0 || indexLength < 0 || dataLength < 0 || left < 0) {
        throw damaged();
      }
      if (dataLength > LargeRecords.SMALL_BYTES) {
        room.enter(dataLength);
      }
      try {
        byte[] block = read(in, Math.addExact(indexLength, dataLength));
        CRC32C found = new CRC32C();
        found.update(header.array(), 0, HEADER_BYTES - Integer.BYTES);
        found.update(block, 0, block.length);
        if ((int) found.getValue() != checksum) {
          throw damaged();
        }
        visit(block, indexLength, rows, visitor);
      } finally {
        room.leave();
      }
      visited += rows;
    }
    return visited;
  }

  private static void visit(byte[] block, int indexLength, int rows, RowVisitor visitor)
      throws IOException {
    Varints index = new Varints(block);
    long record = 0;
    int start = indexLength;
    for (int i = 0; i < rows; i++) {
      record += index.next();
      int length = (int) index.next();
      visitor.row(record, block, start, length);
      start += length;
    }
    if (index.at != indexLength || start != block.length) {
      throw damaged();
    }
  }

  private static byte[] read(InputStream in, int length) throws IOException {
    byte[] bytes = new byte[length];
    if (in.readNBytes(bytes, 0, length) < length) {
      throw damaged();
    }
    return bytes;
  }

  private static HeldRowsException damaged() {
    return new HeldRowsException("held rows are not what was written");
  }

  private static final class Varints {
    private final byte[] bytes;
    private int at;

    Varints(byte[] bytes) {
      this.bytes = bytes;
    }

    long next() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = bytes[at++];
        value |= (long) (next & 0x7F) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }
  }
}
