package io.xmltobigquery.deadletter;

import io.xmltobigquery.audit.FileOutcome;
import io.xmltobigquery.audit.JobLog;
import io.xmltobigquery.audit.Outcome;
import io.xmltobigquery.storage.FileStore;
import io.xmltobigquery.storage.FileVersion;
import io.xmltobigquery.storage.KeptNames;
import io.xmltobigquery.storage.NoPermissionException;
import java.io.IOException;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Deletes rejected files from where they came from. Outcomes must come when they are recorded, or,
 * in a streaming job, will be whatever becomes of the workers: a run that fails before leaves the
 * file to be found by the next one.
 *
 * <p>A file is deleted only if its copy is in the dead letter, and if it is still the version that
 * was read.
 */
public final class DeleteRejectedFiles extends PTransform<PCollection<FileOutcome>, PDone> {

  private static final long serialVersionUID = 1L;

  private final String deadLetterDir;

  private DeleteRejectedFiles(String deadLetterDir) {
    this.deadLetterDir = deadLetterDir;
  }

  /**
   * Deletes the files that were copied to a directory.
   *
   * @param deadLetterDir as {@link KeepRejectedFiles} was told
   */
  public static DeleteRejectedFiles in(String deadLetterDir) {
    return new DeleteRejectedFiles(deadLetterDir);
  }

  @Override
  public PDone expand(PCollection<FileOutcome> outcomes) {
    outcomes.apply("Delete", ParDo.of(new DeleteFn(deadLetterDir)));
    return PDone.in(outcomes.getPipeline());
  }

  private static final class DeleteFn extends DoFn<FileOutcome, Void> {
    private static final long serialVersionUID = 1L;
    private static final JobLog LOG = JobLog.of(DeleteRejectedFiles.class);

    private final String directory;
    private transient FileStore files;

    DeleteFn(String deadLetterDir) {
      this.directory = deadLetterDir;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
    }

    @ProcessElement
    public void delete(@Element FileOutcome outcome) throws IOException {
      FileVersion file = outcome.file();
      if (outcome.outcome() != Outcome.REJECTED) {
        return;
      }
      String copy = directory + KeepRejectedFiles.FILES + KeptNames.path(file);
      try {
        if (files.exists(copy)) {
          files.delete(file);
        }
      } catch (NoPermissionException e) {
        // It would fail for ever, and every run would with it.
        LOG.warn("{}; it stays, and every run will reject it again", e.getMessage());
      }
    }
  }
}
