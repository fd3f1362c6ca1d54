package io.xmltobigquery.flow.held;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.held.HeldRange.RowVisitor;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Where the {@linkplain Block blocks} of a range are. */
sealed interface HeldContent {

  /**
   * Visits the rows of all blocks, in their order.
   *
   * @param visitor is told of numbers in the part
   * @return how many rows there are
   */
  long visit(FileStore files, RowVisitor visitor) throws IOException;

  /** Few rows, which travel with their range. */
  @SuppressWarnings("ArrayRecordComponent") // It is only read, and never compared.
  record Inline(byte[] blocks) implements HeldContent {
    @Override
    public long visit(FileStore files, RowVisitor visitor) throws IOException {
      return Block.visit(new ByteArrayInputStream(blocks), blocks.length, visitor);
    }
  }

  /**
   * Rows in a file under the job's temporary directory.
   *
   * @param extents ascending
   */
  record Stored(String uri, List<Extent> extents) implements HeldContent {

    /** What is sooner read over than left out by another request, in bytes. */
    private static final int MAX_GAP = 1 << 20;

    public Stored {
      extents = List.copyOf(extents);
    }

    @Override
    public long visit(FileStore files, RowVisitor visitor) throws IOException {
      FileVersion held = find(files);
      long visited = 0;
      int next = 0;
      while (next < extents.size()) {
        long at = extents.get(next).offset();
        try (InputStream in = files.open(held, at)) {
          while (next < extents.size() && extents.get(next).offset() - at <= MAX_GAP) {
            Extent extent = extents.get(next);
            in.skipNBytes(extent.offset() - at);
            visited += Block.visit(in, extent.length(), visitor);
            at = extent.offset() + extent.length();
            next++;
          }
        } catch (EOFException e) {
          throw new HeldRowsException(uri + " is shorter than what was held", e);
        }
      }
      return visited;
    }

    /** Nobody reads the input again instead: some of its rows may be written. */
    private FileVersion find(FileStore files) throws IOException {
      try {
        return files.find(uri);
      } catch (FileGoneException e) {
        throw new HeldRowsException(
            uri
                + " is gone, with rows that were held; see \"Held rows are gone\" in docs/RUNBOOK.md",
            e);
      }
    }
  }

  /** A piece of a file, in bytes: some whole blocks. */
  record Extent(long offset, long length) {}
}
