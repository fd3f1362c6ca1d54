package io.xmltobigquery.xml;

import io.xmltobigquery.mapping.TableColumns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The first pass over a file: reads all of it with the code that also makes the rows, to learn
 * whether it is good, how many rows each table gets, and where it can be cut into chunks.
 */
public final class Inspector {

  private final RecordReaderFactory readers;
  private final long chunkBytes;
  private final boolean allowInvalidRecords;

  /**
   * Makes an inspector, which may be used for one file after the other.
   *
   * @param chunkBytes the length of a chunk in bytes, 1 for one record per chunk; a chunk but the
   *     last is at most 64 KiB shorter, and at most one record longer
   * @param allowInvalidRecords whether invalid records are counted, or else reject the file
   */
  public Inspector(RecordReaderFactory readers, long chunkBytes, boolean allowInvalidRecords) {
    this.readers = readers;
    this.chunkBytes = chunkBytes;
    this.allowInvalidRecords = allowInvalidRecords;
  }

  /**
   * Inspects a file.
   *
   * @throws RejectedException if the file is bad
   * @throws IOException if the file can't be read
   */
  public Inspection inspect(XmlSource source) throws IOException, RejectedException {
    try (RecordReader reader = readers.open(source)) {
      return inspect(reader);
    }
  }

  private Inspection inspect(RecordReader reader) throws IOException, RejectedException {
    int tables = readers.mapping().tables().size();
    long[] rows = new long[tables];
    long[] invalidRecords = new long[tables];
    ChunkCutter cutter = new ChunkCutter(reader);
    while (reader.next()) {
      TableColumns table = reader.table();
      if (!reader.isInvalid()) {
        rows[table.id()]++;
      } else if (allowInvalidRecords) {
        invalidRecords[table.id()]++;
      } else {
        throw reader.invalidRecordRejection();
      }
      cutter.afterRecord();
    }
    return new Inspection(boxed(rows), boxed(invalidRecords), cutter.atEnd());
  }

  private final class ChunkCutter {
    private final RecordReader reader;
    private final boolean canCut;
    private final List<Chunk> chunks = new ArrayList<>();
    private Position start;
    private List<OpenElement> openElements = List.of();
    private long firstRecord = 1;

    ChunkCutter(RecordReader reader) {
      this.reader = reader;
      this.canCut = reader.encoding().canBeEntered();
      this.start = reader.start();
    }

    void afterRecord() {
      if (canCut && reader.bytesRead() - start.byteOffset() >= chunkBytes) {
        Position end = reader.recordEnd();
        add(end.byteOffset());
        start = end;
        openElements = reader.openElements();
        firstRecord = reader.recordNumber() + 1;
      }
    }

    List<Chunk> atEnd() {
      if (firstRecord <= reader.recordNumber()) {
        add(reader.bytesRead());
      }
      return chunks;
    }

    private void add(long end) {
      long records = reader.recordNumber() - firstRecord + 1;
      chunks.add(new Chunk(reader.encoding(), start, end, firstRecord, records, openElements));
    }
  }

  private static List<Long> boxed(long[] counts) {
    return Arrays.stream(counts).boxed().toList();
  }
}
