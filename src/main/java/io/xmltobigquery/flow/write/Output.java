package io.xmltobigquery.flow.write;

import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.RowEncoding;
import java.io.IOException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/** Where rows and outcomes go. */
public interface Output {

  /**
   * Looks whether the place can take the rows, and changes nothing.
   *
   * @throws IOException if it can't; the message says all of it in one line
   */
  default void check(PipelineOptions options) throws IOException {
    // A directory can, if it can be written to; only some hold what may not be replaced.
  }

  /**
   * Makes the place ready, right before the job is launched. In a directory that means to delete
   * the rows of an earlier backfill.
   *
   * @throws IOException if it can't take the rows
   */
  void prepare(PipelineOptions options) throws IOException;

  /**
   * Makes a streaming job lose and repeat nothing where the runner goes back to a checkpoint, which
   * is everywhere but on Dataflow.
   *
   * @param pipeline that is complete
   */
  default void holdThroughRestarts(Pipeline pipeline) {
    // Most writes can be repeated.
  }

  /** What {@link #writeRows} wants rows to look like. */
  RowEncoding encoding();

  /**
   * Releases and writes the rows of all tables.
   *
   * @param rows without invalid records
   * @param largeRows for rows that are too large to be written, if there are any such
   */
  WrittenRows writeRows(PCollection<HeldRange> rows, LargeRows largeRows);

  /**
   * Writes the rows of {@code file_loads}.
   *
   * @param lines as {@code FileOutcomeLines} makes them
   * @return a collection that is complete once they are safe
   */
  PCollection<?> writeOutcomes(PCollection<KV<String, byte[]>> lines);
}
