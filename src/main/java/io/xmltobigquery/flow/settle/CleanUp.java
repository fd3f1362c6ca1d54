package io.xmltobigquery.flow.settle;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.KeptNames;
import io.xmltobigquery.files.NoPermissionException;
import io.xmltobigquery.files.UnreadableFileException;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.Outcome;
import java.io.IOException;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;

/**
 * Deletes the held rows of files and, if told, the files themselves. Outcomes must come when they
 * are recorded, or, in a streaming job, will be whatever becomes of the workers: a run that fails
 * before leaves everything to be found by the next one.
 *
 * <p>A file is deleted only if it is still the version that was read; a rejected one, only if its
 * copy is in the dead letter. What may not be deleted stays, with a warning: it is recorded, and
 * trying again would fail for ever. Every step may be repeated after a crash and comes out the
 * same.
 */
public final class CleanUp extends PTransform<PCollection<FileOutcome>, PDone> {

  private static final long serialVersionUID = 1L;

  private final @Nullable String deadLetterDir;
  private final boolean clearsAccepted;
  private final @Nullable String acceptedDir;

  private CleanUp(
      @Nullable String deadLetterDir, boolean clearsAccepted, @Nullable String acceptedDir) {
    this.deadLetterDir = deadLetterDir;
    this.clearsAccepted = clearsAccepted;
    this.acceptedDir = acceptedDir;
  }

  /** Deletes held rows only. */
  public static CleanUp create() {
    return new CleanUp(null, false, null);
  }

  /**
   * Also deletes rejected files.
   *
   * @param deadLetterDir as {@link KeepRejectedFiles} was told
   */
  public CleanUp deletingRejected(String deadLetterDir) {
    return new CleanUp(deadLetterDir, clearsAccepted, acceptedDir);
  }

  /** Also deletes accepted files, whose rows are safe. */
  public CleanUp deletingAccepted() {
    return new CleanUp(deadLetterDir, true, null);
  }

  /**
   * Also moves accepted files, whose rows are safe.
   *
   * @param directory where to, with a slash at the end; the copies are named after file versions
   */
  public CleanUp movingAccepted(String directory) {
    return new CleanUp(deadLetterDir, true, directory);
  }

  @Override
  public PDone expand(PCollection<FileOutcome> outcomes) {
    outcomes.apply("Delete", ParDo.of(new CleanUpFn(this)));
    return PDone.in(outcomes.getPipeline());
  }

  private static final class CleanUpFn extends DoFn<FileOutcome, Void> {
    private static final long serialVersionUID = 1L;
    private static final JobLog LOG = JobLog.of(CleanUp.class);

    private final CleanUp settings;
    private transient FileStore files;

    CleanUpFn(CleanUp settings) {
      this.settings = settings;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
    }

    @ProcessElement
    public void cleanUp(@Element FileOutcome outcome) throws IOException {
      if (outcome.heldPrefix() != null) {
        deleteHeld(outcome.heldPrefix());
      }
      if (outcome.outcome() == Outcome.REJECTED && settings.deadLetterDir != null) {
        deleteRejected(outcome.file(), settings.deadLetterDir);
      } else if (outcome.outcome() == Outcome.ACCEPTED && settings.clearsAccepted) {
        clearAccepted(outcome.file());
      }
    }

    /** Those of all attempts, of which most are named to nobody. */
    private void deleteHeld(String heldPrefix) throws IOException {
      try {
        files.deleteAll(heldPrefix);
      } catch (NoPermissionException | UnreadableFileException e) {
        LOG.warn("{}; held rows stay under --tempLocation", e.getMessage());
      }
    }

    private void deleteRejected(FileVersion file, String deadLetterDir) throws IOException {
      try {
        if (files.exists(KeepRejectedFiles.copyName(deadLetterDir, file))) {
          files.delete(file);
        }
      } catch (NoPermissionException | UnreadableFileException e) {
        LOG.warn("{}; {} stays, and every run will reject it again", e.getMessage(), file.uri());
      }
    }

    private void clearAccepted(FileVersion file) throws IOException {
      try {
        if (settings.acceptedDir != null) {
          files.copy(file, settings.acceptedDir + KeptNames.path(file));
        }
        files.delete(file);
      } catch (FileGoneException e) {
        // An attempt before this one has moved it, or its owner did something with it.
      } catch (NoPermissionException e) {
        LOG.warn("{}; it stays, and the next backfill will load it again", e.getMessage());
      }
    }
  }
}
