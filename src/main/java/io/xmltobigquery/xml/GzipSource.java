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

  private static final class GunzippedStream extends InputStream {
    private final RememberingStream bytes;
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
      try {
        if (gunzipped == null) {
          // Reads the header, so it may find the data corrupt.
          gunzipped = new GzipCompressorInputStream(bytes, true);
        }
        return gunzipped.read(target, offset, length);
      } catch (IOException e) {
        throw bytes.failed ? e : new CorruptGzipException(e);
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
