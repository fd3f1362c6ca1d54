package io.xmltobigquery.flow.read;

import io.xmltobigquery.xml.XmlSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many bytes of files this process has read. Metrics can't tell: the embedded engine shows them
 * when a job has ended. This is for a progress display only; nothing else may depend on this one
 * piece of shared state.
 */
public final class Progress {

  private static final LongAdder READ = new LongAdder();

  private Progress() {}

  /** Uncompressed bytes that were read. */
  public static long readBytes() {
    return READ.sum();
  }

  /** The same bytes, which are counted when they are read. */
  public static XmlSource reading(XmlSource source) {
    return new XmlSource() {
      @Override
      public InputStream open(long offset) throws IOException {
        return new CountingStream(source.open(offset));
      }

      @Override
      public boolean opensAnywhere() {
        return source.opensAnywhere();
      }
    };
  }

  private static final class CountingStream extends FilterInputStream {
    CountingStream(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = in.read(target, offset, length);
      if (count > 0) {
        READ.add(count);
      }
      return count;
    }
  }
}
