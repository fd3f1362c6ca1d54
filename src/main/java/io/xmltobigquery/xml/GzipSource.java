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
 */
public final class GzipSource implements XmlSource {

  private final XmlSource compressed;

  public GzipSource(XmlSource compressed) {
    this.compressed = compressed;
  }

  /** Whether a file that begins with these bytes is a gzip file: RFC 1952, section 2.3.1. */
  public static boolean isGzip(byte[] head) {
    return head.length >= 2 && (head[0] & 0xFF) == 0x1F && (head[1] & 0xFF) == 0x8B;
  }

  @Override
  public InputStream open(long offset) throws IOException {
    RememberingStream bytes = new RememberingStream(compressed.open(0));
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

  /** Remembers that reading failed, which tells a broken connection from broken data. */
  private static final class RememberingStream extends FilterInputStream {
    private boolean failed;

    RememberingStream(InputStream in) {
      super(new BufferedInputStream(in, 64 * 1024));
    }

    @Override
    public int read() throws IOException {
      failed = true;
      int read = in.read();
      failed = false;
      return read;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      failed = true;
      int read = in.read(target, offset, length);
      failed = false;
      return read;
    }
  }

  /**
   * Gunzips block by block. A gunzipper that meets bad data keeps to itself what it has already
   * made of the good data before; blocks at fixed places make that the same bytes each time, so
   * that a fault that was found once can be located by reading again.
   */
  private static final class GunzippedStream extends InputStream {
    private final RememberingStream bytes;
    private final byte[] block = new byte[8 * 1024];
    private int position;
    private int limit;
    private @Nullable InputStream gunzipped;

    GunzippedStream(RememberingStream bytes) {
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
        return gunzipped.readNBytes(block, 0, block.length);
      } catch (IOException e) {
        if (bytes.failed) {
          throw e;
        }
        throw new BadInputException(
            RejectionReason.CORRUPT_GZIP,
            "the gzip data is damaged or ends too early: " + e.getMessage());
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
