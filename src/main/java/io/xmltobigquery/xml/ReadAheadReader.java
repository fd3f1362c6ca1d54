package io.xmltobigquery.xml;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads and decodes a large file on a thread of its own, a batch of blocks ahead of the parser. The
 * first pass over one file is the work of one thread; this takes a fifth of it away, and hides how
 * long a remote file takes to answer.
 *
 * <p>For UTF-8 only, where the characters of a block tell how many bytes they came from.
 */
final class ReadAheadReader extends PositionedReader {

  /** Bytes that are read without a thread: most files end before. */
  static final long DIRECT_BYTES = 4_000_000;

  /** Large enough to make handing over cheap, small enough to stay in the processor's cache. */
  private static final int BLOCKS = 16;

  /** Blocks as {@link DecodingReader} delivers them. */
  private static final class Batch {
    private final char[][] blocks = new char[BLOCKS][];
    private final int[] lengths = new int[BLOCKS];
    private final long[] byteEnds = new long[BLOCKS];
    private int count;

    /** Whether the end, or else a failure, is behind its blocks. */
    private boolean last;

    private @Nullable IOException failure;
  }

  private final DecodingReader decoder;
  private final long directBytes;
  private @Nullable ExecutorService thread;
  private @Nullable Future<Batch> following;
  private Batch batch = new Batch();
  private Batch spare = new Batch();
  private int next;

  private char[] block = {};
  private int blockLength;
  private long blockStartByte;
  private long blockEndByte;
  private int delivered;
  private long chars;
  private boolean ended;

  /**
   * Makes a reader in front of another one.
   *
   * @param decoder of UTF-8 and XML 1.0, without a frame; it is this reader's from now on
   * @param directBytes bytes to read before the thread is started
   */
  ReadAheadReader(DecodingReader decoder, long directBytes) {
    this.decoder = decoder;
    this.directBytes = directBytes;
    this.blockEndByte = decoder.bytesDecoded();
  }

  /** Whether files of this encoding can be read ahead. */
  static boolean canRead(Encoding encoding) {
    return encoding.charset().equals(StandardCharsets.UTF_8) && !encoding.xml11();
  }

  @Override
  public int read(char[] target, int offset, int length) throws IOException {
    requireAllowed();
    if (delivered == blockLength && !nextBlock()) {
      ended = true;
      return -1;
    }
    int count = Math.min(length, blockLength - delivered);
    System.arraycopy(block, delivered, target, offset, count);
    delivered += count;
    chars += count;
    return count;
  }

  private boolean nextBlock() throws IOException {
    if (next == batch.count && !nextBatch()) {
      return false;
    }
    block = batch.blocks[next];
    blockLength = batch.lengths[next];
    blockStartByte = blockEndByte;
    blockEndByte = batch.byteEnds[next];
    delivered = 0;
    next++;
    return true;
  }

  private boolean nextBatch() throws IOException {
    if (batch.failure != null) {
      throw batch.failure;
    }
    if (batch.last) {
      return false;
    }
    next = 0;
    if (following != null) {
      Batch done = batch;
      batch = await(following);
      spare = done;
    } else {
      fill(batch, 1);
    }
    following = null;
    if (!batch.last && blockEndByte >= directBytes) {
      if (thread == null) {
        thread = Executors.newSingleThreadExecutor(ReadAheadReader::daemon);
      }
      Batch ahead = spare;
      following = thread.submit(() -> fill(ahead, BLOCKS));
    }
    return batch.count > 0 || nextBatch();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "read-ahead");
    thread.setDaemon(true);
    return thread;
  }

  private Batch fill(Batch target, int blocks) {
    target.count = 0;
    try {
      while (target.count < blocks && !target.last) {
        char[] chars = target.blocks[target.count];
        if (chars == null) {
          chars = new char[StaxReaders.BUFFER_LENGTH];
          target.blocks[target.count] = chars;
        }
        int length = decoder.read(chars, 0, chars.length);
        if (length < 0) {
          target.last = true;
        } else {
          target.lengths[target.count] = length;
          target.byteEnds[target.count] = decoder.bytesDecoded();
          target.count++;
        }
      }
    } catch (IOException e) {
      target.failure = e;
      target.last = true;
    }
    return target;
  }

  private static Batch await(Future<Batch> future) throws IOException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading ahead");
    } catch (ExecutionException e) {
      throw new IllegalStateException("reading ahead has failed", e.getCause());
    }
  }

  @Override
  long bytesDecoded() {
    return blockEndByte;
  }

  @Override
  long charsDecoded() {
    return chars;
  }

  @Override
  boolean hasEnded() {
    return ended;
  }

  @Override
  long byteOffset(long charOffset) {
    long inBlock = charOffset - (chars - delivered);
    if (inBlock < 0 || inBlock > delivered) {
      throw new IllegalArgumentException("character " + charOffset + " isn't in the last block");
    }
    int length = new String(block, 0, (int) inBlock).getBytes(StandardCharsets.UTF_8).length;
    return blockStartByte + length;
  }

  @Override
  public void close() throws IOException {
    if (thread != null) {
      thread.shutdownNow();
    }
    decoder.close();
  }
}
