package io.xmltobigquery.replay;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileStore.Content;
import io.xmltobigquery.files.OwnFiles;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A directory of JSON Lines: each name is a file there, beside those that a load writes, which
 * doesn't replace it.
 *
 * @param directory with a slash at the end
 */
public record DirectoryRows(FileStore files, String directory) implements RowsTarget {

  @Override
  public String place() {
    return directory;
  }

  @Override
  public @Nullable Refusal load(String name, String table, Content rows) throws IOException {
    files.write(directory + table + "-" + name + OwnFiles.LINES, rows);
    return null;
  }
}
