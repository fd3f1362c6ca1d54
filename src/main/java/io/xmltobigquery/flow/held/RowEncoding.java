package io.xmltobigquery.flow.held;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.TableColumns;
import java.io.IOException;
import java.io.Serializable;

/** What an output wants rows to look like while they are held. */
public interface RowEncoding extends Serializable {

  /** Encodes rows of one table. */
  RowEncoder open(TableColumns table) throws IOException;

  /**
   * What comes to each row when it is released, in bytes, at most.
   *
   * @param file that the rows are from
   */
  int bytesAroundRow(FileVersion file);

  /** Takes rows of one table. */
  interface RowEncoder {

    /**
     * Appends a row to {@link #bytes}. Where it is from is no part of it: that comes when it is
     * released.
     */
    void append(Row row) throws IOException;

    /** The rows that were appended. */
    HeldBytes bytes();
  }
}
