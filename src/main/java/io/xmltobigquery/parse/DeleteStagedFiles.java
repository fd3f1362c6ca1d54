package io.xmltobigquery.parse;

import io.xmltobigquery.audit.FileOutcome;
import io.xmltobigquery.storage.FileGoneException;
import io.xmltobigquery.storage.FileStore;
import java.io.IOException;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.options.PipelineOptions;
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

    private transient FileStore files;

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
    }

    @ProcessElement
    public void delete(@Element FileOutcome outcome, OutputReceiver<FileOutcome> out)
        throws IOException {
      if (outcome.stagedFile() != null) {
        delete(outcome.stagedFile());
      }
      out.output(outcome);
    }

    private void delete(String stagedFile) throws IOException {
      try {
        files.delete(files.find(stagedFile));
      } catch (FileGoneException e) {
        // An attempt before this one has deleted it.
      }
    }
  }
}
