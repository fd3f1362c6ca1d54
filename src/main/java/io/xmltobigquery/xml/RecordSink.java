package io.xmltobigquery.xml;

import io.xmltobigquery.rows.Row;
import java.io.Closeable;
import java.io.IOException;

/**
 * Takes the records of one part of a document, in their order. Until the whole document is read
 * nobody knows whether it is good, nor whether the part is one of it: see {@link DocumentReader}.
 *
 * @param <H> what is held of the part's records
 */
public interface RecordSink<H> extends Closeable {

  /** Makes the sinks of a document's parts, each in the thread that reads the part. */
  @FunctionalInterface
  interface Factory<H> {
    RecordSink<H> open() throws IOException;
  }

  /**
   * Takes a row; it is the caller's again afterwards.
   *
   * @param record the number of its record in the part, from 1 over all tables
   */
  void row(Row row, long record) throws IOException;

  /** Takes a record that its table can't take. Number and position count from the part's start. */
  void invalid(InvalidRecord record) throws IOException;

  /**
   * Forgets the rows and the invalid records that lie in a record which turned out to be invalid:
   * of all that it took, those with higher numbers than that.
   */
  void drop(long record) throws IOException;

  /** Ends the part. */
  H finish() throws IOException;

  /** Lets go of everything; what isn't finished is dropped. */
  @Override
  void close() throws IOException;
}
