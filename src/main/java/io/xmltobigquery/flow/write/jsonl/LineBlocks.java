package io.xmltobigquery.flow.write.jsonl;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.Release.Releaser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.values.KV;

/**
 * Releases rows as blocks of JSON lines, keyed by table. A block has many rows, since an element
 * costs a runner about as much as a row costs us.
 */
final class LineBlocks implements Releaser<KV<String, byte[]>> {

  private static final long serialVersionUID = 1L;

  /** Small enough for a runner's buffers, large enough to make the cost of an element disappear. */
  private static final int BLOCK_BYTES = 64 * 1024;

  private final JsonLines lines;
  private final List<String> tables;

  /**
   * @param tables those of the mapping
   */
  LineBlocks(JsonLines lines, List<String> tables) {
    this.lines = lines;
    this.tables = List.copyOf(tables);
  }

  @Override
  public void release(HeldRange range, FileStore files, Consumer<KV<String, byte[]>> blocks)
      throws IOException {
    Blocks out = new Blocks(tables.get(range.table()), blocks);
    lines.release(range, files, out);
    out.handOver();
  }

  private static final class Blocks extends OutputStream {
    private final String table;
    private final Consumer<KV<String, byte[]>> blocks;
    private final ByteArrayOutputStream block =
        new ByteArrayOutputStream(BLOCK_BYTES + BLOCK_BYTES / 4);

    Blocks(String table, Consumer<KV<String, byte[]>> blocks) {
      this.table = table;
      this.blocks = blocks;
    }

    @Override
    public void write(int value) {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int start, int length) {
      block.write(bytes, start, length);
      if (block.size() >= BLOCK_BYTES && bytes[start + length - 1] == '\n') {
        handOver();
      }
    }

    private void handOver() {
      if (block.size() > 0) {
        blocks.accept(KV.of(table, block.toByteArray()));
        block.reset();
      }
    }
  }
}
