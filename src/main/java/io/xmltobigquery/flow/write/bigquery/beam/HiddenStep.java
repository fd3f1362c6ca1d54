package io.xmltobigquery.flow.write.bigquery.beam;

import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;

/**
 * Steps of BigQueryIO that its result doesn't tell of. Their classes aren't public, so they are
 * known by name; whoever looks for one fails the launch if it has another name one day.
 */
enum HiddenStep {
  /** Commits the pending streams of a backfill's write. */
  COMMIT("StorageApiFinalizeWritesDoFn"),
  /** Flushes the buffered streams of a streaming job's write. */
  FLUSH("StorageApiFlushAndFinalizeDoFn");

  private final String function;

  HiddenStep(String function) {
    this.function = function;
  }

  boolean is(PTransform<?, ?> transform) {
    return transform instanceof ParDo.MultiOutput<?, ?> parDo
        && parDo.getFn().getClass().getSimpleName().equals(function);
  }
}
