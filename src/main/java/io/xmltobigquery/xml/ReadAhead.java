package io.xmltobigquery.xml;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream in a thread of its own, some blocks ahead of whoever reads this one: for a stream
 * that costs about as much as what is done with its bytes.
 */
public final class ReadAhead extends InputStream {

  /** As many as a decompressor gives at once. */
  private static final int BLOCK_BYTES = 8 * 1024;

  private static final int BLOCKS_AHEAD = 32;

  private static final byte[] NO_BYTES = {};

  /**
   * What one call of {@code read} came to.
   *
   * @param length of what was read, or -1 at the end
   */
  @SuppressWarnings("ArrayRecordComponent") // It is only read, and never compared.
  private record Block(byte[] bytes, int length, @Nullable Throwable failure) {}

  private final BlockingQueue<Block> blocks = new ArrayBlockingQueue<>(BLOCKS_AHEAD);
  private final Thread thread;
  private Block current = new Block(NO_BYTES, 0, null);
  private int position;

  /**
   * Begins to read.
   *
   * @param in is closed by the thread
   */
  private ReadAhead(InputStream in) {
    thread = new Thread(() -> readAll(in), "read-ahead");
    thread.setDaemon(true);
    thread.start();
  }

  /** The same bytes, each stream of which is read ahead. */
  public static XmlSource of(XmlSource source) {
    return new XmlSource() {
      @Override
      public InputStream open(long offset) throws IOException {
        return new ReadAhead(source.open(offset));
      }

      @Override
      public boolean opensAnywhere() {
        return source.opensAnywhere();
      }
    };
  }

  private void readAll(InputStream in) {
    try (in) {
      Block last;
      do {
        last = readBlock(in);
        blocks.put(last);
      } while (last.length() >= 0);
    } catch (InterruptedException | IOException e) {
      // Nobody wants the rest; and what was read is read, if the stream can't be closed.
    }
  }

  private static Block readBlock(InputStream in) {
    try {
      byte[] bytes = new byte[BLOCK_BYTES];
      return new Block(bytes, in.read(bytes, 0, bytes.length), null);
    } catch (IOException | RuntimeException | Error e) {
      return new Block(NO_BYTES, -1, e);
    }
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
    while (position == current.length()) {
      current = next();
      position = 0;
    }
    if (current.length() < 0) {
      rethrow(current.failure());
      return -1;
    }
    int count = Math.min(length, current.length() - position);
    System.arraycopy(current.bytes(), position, target, offset, count);
    position += count;
    return count;
  }

  private Block next() throws IOException {
    try {
      while (true) {
        Block next = blocks.poll(1, TimeUnit.SECONDS);
        if (next != null) {
          return next;
        }
        // What it has put last may have come just now.
        if (!thread.isAlive() && blocks.isEmpty()) {
          throw new IOException("the thread that reads ahead has ended");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for what is read ahead");
    }
  }

  private static void rethrow(@Nullable Throwable failure) throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure != null) {
      throw new IllegalStateException("the thread that reads ahead has failed", failure);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
