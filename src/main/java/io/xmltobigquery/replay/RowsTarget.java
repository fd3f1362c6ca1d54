package io.xmltobigquery.replay;

import io.xmltobigquery.files.FileStore.Content;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where rows go. */
public interface RowsTarget {

  /**
   * Why rows aren't loaded.
   *
   * @param message for people
   * @param isOfRows whether it is about some of the rows, so that the others might be loaded
   */
  record Refusal(String message, boolean isOfRows) {}

  /** The dataset or directory, as it is told from others. */
  String place();

  /**
   * Loads rows, all of them or none. What was loaded under a name isn't loaded once more, whatever
   * the rows are.
   *
   * @param name letters, digits, "-" and "_"
   * @param rows as lines of JSON
   * @return null if they are there, or why they never will be under this name
   * @throws IOException if it isn't known what became of them; then it is to be asked again
   */
  @Nullable Refusal load(String name, String table, Content rows) throws IOException;
}
