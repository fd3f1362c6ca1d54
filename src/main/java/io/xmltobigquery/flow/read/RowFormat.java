package io.xmltobigquery.flow.read;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;

/**
 * What {@link Parse} makes of rows: the elements that a write takes.
 *
 * @param <T> an element; it may hold one row or many
 */
public interface RowFormat<T> extends Serializable {

  /** Of the elements. */
  Coder<T> coder();

  /**
   * Starts writing the rows of one chunk.
   *
   * @param chunk where the rows come from
   * @param files for formats that write files themselves
   * @param output takes the elements as they get full
   */
  RowWriter open(
      FileChunk chunk, FileStore files, List<TableColumns> tables, ElementConsumer<T> output);

  /** Takes elements. */
  @FunctionalInterface
  interface ElementConsumer<T> {
    void accept(T element) throws IOException;
  }

  /** Takes the rows of one chunk. */
  interface RowWriter extends Closeable {

    /**
     * Takes a row; it is the caller's again afterwards.
     *
     * @param record the number of its record in the file, from 1 over all tables
     */
    void write(Row row, long record) throws IOException;

    /** Hands over what is left. */
    void finish() throws IOException;

    /** Lets go of everything; what isn't finished is dropped. */
    @Override
    default void close() throws IOException {
      // Most have nothing to let go of.
    }
  }
}
