package io.xmltobigquery.parse;

import io.xmltobigquery.mapping.Row;
import io.xmltobigquery.mapping.TableColumns;
import io.xmltobigquery.storage.FileVersion;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.Coder;

/**
 * What {@link Parse} makes of rows: the elements that a write takes.
 *
 * @param <T> an element; it may hold one row or many
 */
public interface RowFormat<T> extends Serializable {

  Coder<T> coder();

  /**
   * Starts writing the rows of one chunk.
   *
   * @param file where the rows come from
   * @param output takes the elements as they get full
   */
  RowWriter open(FileVersion file, List<TableColumns> tables, Consumer<T> output);

  /** Takes the rows of one chunk. */
  interface RowWriter {

    /**
     * Takes a row; it is the caller's again afterwards.
     *
     * @param record the number of its record in the file, from 1 over all tables
     */
    void write(Row row, long record) throws IOException;

    /** Hands over what is left. */
    void finish() throws IOException;
  }
}
