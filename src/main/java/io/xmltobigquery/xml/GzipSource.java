package io.xmltobigquery.xml;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The uncompressed bytes of a gzip file (RFC 1952) with any number of members. It can be entered at
 * its beginning only: opening it elsewhere reads and drops what comes before.
 *
 * <p>A small file can become a huge document, and a large one hold no text at all. So how far the
 * data may expand is limited, and so is how much of it may yield no text.
 */
public final class GzipSource implements XmlSource {

  /** Uncompressed bytes that any file may have, however small it is. */
  private static final long UNSUSPECTED_BYTES = 100L << 20;

  /** XML compresses 10 to 50 times. */
  private static final int MAX_EXPANSION = 200;

  /** Compressed bytes from one block of text to the next. */
  private static final long MAX_BYTES_WITHOUT_TEXT = 1L << 20;

  private final XmlSource compressed;
  final long unsuspectedBytes;
  final int maxExpansion;
  private final long maxBytesWithoutText;

  public GzipSource(XmlSource compressed) {
    this(compressed, UNSUSPECTED_BYTES, MAX_EXPANSION, MAX_BYTES_WITHOUT_TEXT);
  }

  /** With other limits, for tests. The last must be longer than the 8 KiB that are read ahead. */
  GzipSource(
      XmlSource compressed, long unsuspectedBytes, int maxExpansion, long maxBytesWithoutText) {
    this.compressed = compressed;
    this.unsuspectedBytes = unsuspectedBytes;
    this.maxExpansion = maxExpansion;
    this.maxBytesWithoutText = maxBytesWithoutText;
  }

  /** Whether a file that begins with these bytes is a gzip file: RFC 1952, section 2.3.1. */
  public static boolean isGzip(byte[] head) {
    return head.length >= 2 && (head[0] & 0xFF) == 0x1F && (head[1] & 0xFF) == 0x8B;
  }

  @Override
  public InputStream open(long offset) throws IOException {
    CompressedStream bytes = new CompressedStream(compressed.open(0));
    GunzippedStream stream = new GunzippedStream(bytes);
    boolean skipped = false;
    try {
      stream.skipNBytes(offset);
      skipped = true;
    } finally {
      if (!skipped) {
        stream.close();
      }
    }
    return stream;
  }

  @Override
  public boolean opensAnywhere() {
    return false;
  }

  /**
   * Counts what the gunzipper has taken, and remembers that reading failed, which tells a broken
   * connection from broken data.
   */
  private final class CompressedStream extends FilterInputStream {
    private boolean failed;
    private long taken;
    private long takenAtMark;
    private long takenAtText;

    CompressedStream(InputStream in) {
      super(new BufferedInputStream(in, 64 * 1024));
    }

    @Override
    public int read() throws IOException {
      failed = true;
      int read = in.read();
      failed = false;
      if (read >= 0) {
        take(1);
      }
      return read;
    }

    /** Reads as much as is wanted, so that the counts don't depend on how the bytes arrive. */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      failed = true;
      int read = in.readNBytes(target, offset, length);
      failed = false;
      take(read);
      return read == 0 ? -1 : read;
    }

    private void take(int count) throws BadInputException {
      taken += count;
      if (taken - takenAtText > maxBytesWithoutText) {
        throw new BadInputException(
            RejectionReason.LIMIT_EXCEEDED,
            "more than "
                + maxBytesWithoutText
                + " bytes of the gzip data hold no text; compress the file anew");
      }
    }

    /** The gunzipper reads ahead, and comes back to where a member has ended. */
    @Override
    public synchronized void mark(int limit) {
      super.mark(limit);
      takenAtMark = taken;
    }

    @Override
    public synchronized void reset() throws IOException {
      super.reset();
      taken = takenAtMark;
    }
  }

  /**
   * Gunzips block by block. A gunzipper that meets bad data keeps to itself what it has already
   * made of the good data before; blocks at fixed places make that the same bytes each time, so
   * that a fault that was found once can be located by reading again.
   */
  private final class GunzippedStream extends InputStream {
    private final CompressedStream bytes;
    private final byte[] block = new byte[8 * 1024];
    private int position;
    private int limit;
    private long total;
    private @Nullable InputStream gunzipped;

    GunzippedStream(CompressedStream bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (position == limit) {
        position = 0;
        limit = readBlock();
        if (limit == 0) {
          return -1;
        }
      }
      int count = Math.min(length, limit - position);
      System.arraycopy(block, position, target, offset, count);
      position += count;
      return count;
    }

    private int readBlock() throws IOException {
      try {
        if (gunzipped == null) {
          // Reads the header, so it may find the data corrupt.
          gunzipped = new GzipCompressorInputStream(bytes, true);
        }
        int count = gunzipped.readNBytes(block, 0, block.length);
        limitExpansion(count);
        return count;
      } catch (BadInputException e) {
        throw e;
      } catch (IOException e) {
        if (bytes.failed) {
          throw e;
        }
        throw new BadInputException(
            RejectionReason.CORRUPT_GZIP,
            "the gzip data is damaged or ends too early"
                // Where it just ends, the gunzipper has no more to say.
                + (e.getMessage() == null ? "" : ": " + e.getMessage()));
      }
    }

    private void limitExpansion(int count) throws BadInputException {
      total += count;
      bytes.takenAtText = bytes.taken;
      if (total > unsuspectedBytes && total / maxExpansion > bytes.taken) {
        throw new BadInputException(
            RejectionReason.LIMIT_EXCEEDED,
            "the gzip data expands to more than "
                + maxExpansion
                + " times its size; if the document is right, load it uncompressed");
      }
    }

    @Override
    public void close() throws IOException {
      bytes.close();
      if (gunzipped != null) {
        gunzipped.close();
      }
    }
  }
}
