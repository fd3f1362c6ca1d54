package io.xmltobigquery.audit;

import io.xmltobigquery.storage.FileGoneException;
import io.xmltobigquery.storage.FileStore;
import io.xmltobigquery.storage.FileVersion;
import io.xmltobigquery.storage.KeptNames;
import io.xmltobigquery.storage.NoPermissionException;
import java.io.IOException;
import java.util.Optional;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;
import org.jspecify.annotations.Nullable;

/**
 * Moves or deletes the files that were loaded, if they are still the versions that were read.
 * Outcomes must come when the rows are safe and the outcomes recorded.
 *
 * <p>Every step may be repeated after a crash and comes out the same: the names of the copies are
 * made of the file version.
 */
public final class ClearAcceptedFiles extends PTransform<PCollection<FileOutcome>, PDone> {

  private static final long serialVersionUID = 1L;

  private final @Nullable String directory;

  private ClearAcceptedFiles(@Nullable String directory) {
    this.directory = directory;
  }

  /**
   * Clears accepted files away.
   *
   * @param directory where to, with a slash at the end; without one they are deleted
   */
  public static ClearAcceptedFiles to(Optional<String> directory) {
    return new ClearAcceptedFiles(directory.orElse(null));
  }

  @Override
  public PDone expand(PCollection<FileOutcome> outcomes) {
    outcomes.apply("Clear", ParDo.of(new ClearFn(directory)));
    return PDone.in(outcomes.getPipeline());
  }

  private static final class ClearFn extends DoFn<FileOutcome, Void> {
    private static final long serialVersionUID = 1L;
    private static final JobLog LOG = JobLog.of(ClearAcceptedFiles.class);

    private final @Nullable String directory;
    private transient FileStore files;

    ClearFn(@Nullable String directory) {
      this.directory = directory;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
    }

    @ProcessElement
    public void clear(@Element FileOutcome outcome) throws IOException {
      if (outcome.outcome() != Outcome.ACCEPTED) {
        return;
      }
      FileVersion file = outcome.file();
      try {
        if (directory != null) {
          files.copy(file, directory + KeptNames.path(file));
        }
        files.delete(file);
      } catch (FileGoneException e) {
        // An attempt before this one has moved it, or its owner did something with it.
      } catch (NoPermissionException e) {
        // It would fail for ever, and the rows are loaded.
        LOG.warn("{}; it stays, and the next backfill will load it again", e.getMessage());
      }
    }
  }
}
