package io.xmltobigquery.xml;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.MemoryLimitException;
import org.jspecify.annotations.Nullable;

/**
 * The uncompressed bytes of a compressed file, with any number of members, streams or frames. It
 * can be entered at its beginning only: opening it elsewhere reads and drops what comes before.
 *
 * <p>A small file can become a huge document, and a large one hold no text at all. So how far the
 * data may expand is limited, and so is how much of it may yield no text.
 */
public final class DecompressedSource extends SequentialSource {

  /** Uncompressed bytes that any file may have, however small it is. */
  static final long UNSUSPECTED_BYTES = 100L << 20;

  /** XML compresses 10 to 50 times. */
  static final int MAX_EXPANSION = 200;

  /** Compressed bytes from one block of text to the next. */
  private static final long MAX_BYTES_WITHOUT_TEXT = 1L << 20;

  /** Heap that a decompressor may take at any time, in KiB: xz asks for 9 MiB, if not told else. */
  private static final int SMALL_MEMORY_KB = 16 << 10;

  /** Heap for one that waits until there is room, in KiB: {@code xz -9} asks for 65 MiB. */
  private static final int LARGE_MEMORY_KB =
      (int) Math.min(80 << 10, (Runtime.getRuntime().maxMemory() / 4) >> 10);

  private final Compression compression;
  private final XmlSource compressed;
  final long unsuspectedBytes;
  final int maxExpansion;
  private final long maxBytesWithoutText;

  public DecompressedSource(Compression compression, XmlSource compressed) {
    this(compression, compressed, UNSUSPECTED_BYTES, MAX_EXPANSION, MAX_BYTES_WITHOUT_TEXT);
  }

  /**
   * With other limits, for tests. The last must be longer than what is read ahead: 8 KiB of gzip.
   */
  DecompressedSource(
      Compression compression,
      XmlSource compressed,
      long unsuspectedBytes,
      int maxExpansion,
      long maxBytesWithoutText) {
    this.compression = compression;
    this.compressed = compressed;
    this.unsuspectedBytes = unsuspectedBytes;
    this.maxExpansion = maxExpansion;
    this.maxBytesWithoutText = maxBytesWithoutText;
  }

  @Override
  InputStream open() throws IOException {
    return new DecompressedStream();
  }

  private PackedStream openPacked() throws IOException {
    return new PackedStream(compressed.open(0), compression.tail());
  }

  private final class DecompressedStream extends BlockStream {
    private PackedStream packed;
    private long total;
    private @Nullable InputStream decompressed;
    private int memoryKb = SMALL_MEMORY_KB;
    private final LargeRecords room = new LargeRecords();
    private final String withoutText =
        "more than "
            + maxBytesWithoutText
            + " bytes of the "
            + compression
            + " data hold no text; compress the file anew";

    DecompressedStream() throws IOException {
      packed = openPacked();
      allowBytesWithoutText();
    }

    private void allowBytesWithoutText() {
      packed.allow(maxBytesWithoutText, withoutText);
    }

    @Override
    int readBlock(byte[] block) throws IOException {
      while (true) {
        try {
          return readBlockInMemory(block);
        } catch (MemoryLimitException e) {
          takeMemory(e.getMemoryNeededInKb(), block);
        }
      }
    }

    private int readBlockInMemory(byte[] block) throws IOException {
      try {
        if (decompressed == null) {
          // Reads the header, so it may find the data corrupt.
          decompressed = compression.decompress(packed, memoryKb);
        }
        int count = decompressed.readNBytes(block, 0, block.length);
        limitExpansion(count);
        return count;
      } catch (BadInputException | MemoryLimitException e) {
        throw e;
      } catch (IOException e) {
        if (packed.hasFailed()) {
          throw e;
        }
        throw Compression.needsTooMuchMemory(e)
            ? tooMuchMemory()
            : new BadInputException(
                compression.corrupt(),
                "the "
                    + compression
                    + " data is damaged or ends too early"
                    // Where it just ends, some decompressors have no more to say.
                    + (e.getMessage() == null ? "" : ": " + e.getMessage()));
      }
    }

    /** Begins anew with more memory, once there is room for it, and comes to the same place. */
    private void takeMemory(long wantedKb, byte[] block) throws IOException {
      if (wantedKb > LARGE_MEMORY_KB) {
        throw tooMuchMemory();
      }
      close();
      room.enterHeap(wantedKb << 10);
      memoryKb = (int) wantedKb;
      decompressed = null;
      packed = openPacked();
      allowBytesWithoutText();
      long before = total;
      total = 0;
      while (total < before) {
        if (readBlock(block) == 0) {
          throw new EOFException("the file became shorter while it was read");
        }
      }
    }

    private BadInputException tooMuchMemory() {
      return new BadInputException(
          RejectionReason.LIMIT_EXCEEDED,
          "decompressing the "
              + compression
              + " data takes more memory than there is for one file; compress it with a lower level, such as -6, or without --long");
    }

    private void limitExpansion(int count) throws BadInputException {
      total += count;
      allowBytesWithoutText();
      if (total > unsuspectedBytes && total / maxExpansion > packed.taken()) {
        throw new BadInputException(
            RejectionReason.LIMIT_EXCEEDED,
            "the "
                + compression
                + " data expands to more than "
                + maxExpansion
                + " times its size; if the document is right, load it uncompressed");
      }
    }

    @Override
    public void close() throws IOException {
      room.leave();
      // What decompresses may have memory outside the heap.
      try {
        if (decompressed != null) {
          decompressed.close();
        }
      } finally {
        packed.close();
      }
    }
  }
}
