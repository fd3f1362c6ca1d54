package io.xmltobigquery.flow.read;

import io.xmltobigquery.xml.XmlSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many bytes the two passes have read in this process. Metrics can't tell: the embedded engine
 * shows them when a job has ended. This is for a progress display only; nothing else may depend on
 * this one piece of shared state.
 */
public final class Progress {

  private static final LongAdder INSPECTED = new LongAdder();
  private static final LongAdder PARSED = new LongAdder();

  private Progress() {}

  /** Uncompressed bytes that were inspected. */
  public static long inspectedBytes() {
    return INSPECTED.sum();
  }

  /** Uncompressed bytes that were parsed into rows. */
  public static long parsedBytes() {
    return PARSED.sum();
  }

  static XmlSource inspecting(XmlSource source) {
    return offset -> new CountingStream(source.open(offset), INSPECTED);
  }

  static void parsed(long bytes) {
    PARSED.add(bytes);
  }

  private static final class CountingStream extends FilterInputStream {
    private final LongAdder counter;

    CountingStream(InputStream in, LongAdder counter) {
      super(in);
      this.counter = counter;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = in.read(target, offset, length);
      if (count > 0) {
        counter.add(count);
      }
      return count;
    }
  }
}
