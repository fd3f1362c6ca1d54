package io.xmltobigquery.flow.write.jsonl;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.OwnFiles;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.Release.Releaser;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Releases rows as JSON Lines files, one for each range: {@code DIR/<table>-<digest of the file
 * version>-<first record>.jsonl}. The elements are their names.
 *
 * <p>This is for streaming jobs. A file appears when it is complete, and its name says what is in
 * it: a range that is released again replaces its file by the same. So there is nothing to group,
 * to hold in memory or to wait for.
 */
final class LineFiles implements Releaser<String> {

  private static final long serialVersionUID = 1L;

  private static final int BUFFER_BYTES = 64 * 1024;

  private final JsonLines lines;
  private final String directory;
  private final List<String> tables;

  /**
   * @param directory with a slash at the end
   * @param tables those of the mapping
   */
  LineFiles(JsonLines lines, String directory, List<String> tables) {
    this.lines = lines;
    this.directory = directory;
    this.tables = List.copyOf(tables);
  }

  @Override
  public void release(HeldRange range, FileStore files, Consumer<String> names) throws IOException {
    String name =
        directory
            + tables.get(range.table())
            + "-"
            + range.file().digest()
            + "-"
            + range.firstRecord()
            + OwnFiles.LINES;
    files.replace(
        name,
        out -> {
          BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER_BYTES);
          lines.release(range, files, buffered);
          buffered.flush();
        });
    names.accept(name);
  }
}
