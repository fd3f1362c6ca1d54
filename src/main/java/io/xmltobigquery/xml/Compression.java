package io.xmltobigquery.xml;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/** How a single document is compressed. What follows the first compressed stream is one, too. */
public enum Compression {
  GZIP("gzip", RejectionReason.CORRUPT_GZIP) {
    @Override
    InputStream decompress(InputStream in, int memoryKb) throws IOException {
      return new GzipMembers(in);
    }
  },
  BZIP2("bzip2", RejectionReason.CORRUPT_BZIP2) {
    @Override
    InputStream decompress(InputStream in, int memoryKb) throws IOException {
      return new BZip2CompressorInputStream(in, true);
    }
  },
  XZ("xz", RejectionReason.CORRUPT_XZ) {
    @Override
    InputStream decompress(InputStream in, int memoryKb) throws IOException {
      return new XZCompressorInputStream(in, true, memoryKb);
    }
  },
  /** Takes memory outside of the heap: as much as its window, of at most 128 MiB, as zstd does. */
  ZSTD("zstd", RejectionReason.CORRUPT_ZSTD) {
    @Override
    InputStream decompress(InputStream in, int memoryKb) throws IOException {
      return new ZstdCompressorInputStream(in);
    }
  };

  /**
   * An empty skippable frame (RFC 8878, section 3.1.2). The decompressor takes an end of the bytes
   * for the end of all frames when a frame has ended since it asked for bytes, even if another one
   * has begun. With this behind the last frame it has to ask once more. Of the magic numbers there
   * are it has one that isn't a frame's header, behind the first half of another frame's.
   */
  private static final byte[] EMPTY_FRAME = {0x58, 0x2A, 0x4D, 0x18, 0, 0, 0, 0};

  private static final byte[] NOTHING = {};

  private final String text;
  private final RejectionReason corrupt;

  Compression(String text, RejectionReason corrupt) {
    this.text = text;
    this.corrupt = corrupt;
  }

  /**
   * Decompresses bytes.
   *
   * @param in the compressed bytes, and behind them {@link #tail}, in a read of its own
   * @param memoryKb as much heap as an xz decompressor may take, in KiB
   * @throws IOException from here on, if the bytes are bad or can't be read
   */
  abstract InputStream decompress(InputStream in, int memoryKb) throws IOException;

  /** What the decompressor must find behind the bytes. */
  byte[] tail() {
    return this == ZSTD ? EMPTY_FRAME : NOTHING;
  }

  /** Whether the decompressor has failed since it would take more memory than it may. */
  static boolean needsTooMuchMemory(IOException e) {
    return e instanceof ZstdIOException zstd
        && zstd.getErrorCode() == Zstd.errFrameParameterWindowTooLarge();
  }

  /** Why a file with damaged data is rejected. */
  RejectionReason corrupt() {
    return corrupt;
  }

  /** As its tool is called. */
  @Override
  public String toString() {
    return text;
  }
}
