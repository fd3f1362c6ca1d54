package io.xmltobigquery.parse;

import io.xmltobigquery.audit.FileOutcome;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MoveOptions.StandardMoveOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Deletes the copies that {@link Inspect} has staged. All outcomes pass through; they must come
 * when their chunks are parsed for good.
 */
public final class DeleteStagedFiles
    extends PTransform<PCollection<FileOutcome>, PCollection<FileOutcome>> {

  private static final long serialVersionUID = 1L;

  /** Deletes the copies of the files whose outcomes come. */
  public static DeleteStagedFiles create() {
    return new DeleteStagedFiles();
  }

  @Override
  public PCollection<FileOutcome> expand(PCollection<FileOutcome> outcomes) {
    return outcomes
        .apply("Delete", ParDo.of(new DeleteFn()))
        .setCoder(SerializableCoder.of(FileOutcome.class));
  }

  private static final class DeleteFn extends DoFn<FileOutcome, FileOutcome> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void delete(@Element FileOutcome outcome, OutputReceiver<FileOutcome> out)
        throws IOException {
      if (outcome.stagedFile() != null) {
        // The names are our own, so none of them is taken for a pattern.
        FileSystems.delete(
            List.of(FileSystems.matchNewResource(outcome.stagedFile(), false)),
            StandardMoveOptions.IGNORE_MISSING_FILES);
      }
      out.output(outcome);
    }
  }
}
