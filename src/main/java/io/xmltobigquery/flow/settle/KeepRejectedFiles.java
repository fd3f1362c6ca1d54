package io.xmltobigquery.flow.settle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.KeptNames;
import io.xmltobigquery.files.NoPermissionException;
import io.xmltobigquery.files.UnreadableFileException;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.outcome.FileLoads;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.FileOutcome.Rejection;
import io.xmltobigquery.outcome.JsonLine;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.outcome.ProgramVersion;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Keeps rejected files safe: copies each one to the dead letter and writes a report beside it. All
 * outcomes pass through; that of a rejected file goes on when the file is safe.
 *
 * <p>Every step may be repeated after a crash and comes out the same, since the names are made of
 * the file version.
 */
public final class KeepRejectedFiles
    extends PTransform<PCollection<FileOutcome>, PCollection<FileOutcome>> {

  private static final long serialVersionUID = 1L;

  /** What comes behind the name of a file's copy, in that of its report. */
  public static final String REPORT_SUFFIX = ".error.json";

  private final String deadLetterDir;

  private KeepRejectedFiles(String deadLetterDir) {
    this.deadLetterDir = deadLetterDir;
  }

  /**
   * Keeps them in a directory.
   *
   * @param deadLetterDir a directory with a slash at the end, local or on Cloud Storage
   */
  public static KeepRejectedFiles in(String deadLetterDir) {
    return new KeepRejectedFiles(deadLetterDir);
  }

  /**
   * The name of a file version's copy.
   *
   * @param deadLetterDir as {@link #in} was told
   */
  public static String copyName(String deadLetterDir, FileVersion file) {
    return deadLetterDir + DeadLetter.FILES + KeptNames.path(file);
  }

  @Override
  public PCollection<FileOutcome> expand(PCollection<FileOutcome> outcomes) {
    return outcomes.apply("Keep", ParDo.of(new KeepFn(deadLetterDir)));
  }

  private static final class KeepFn extends DoFn<FileOutcome, FileOutcome> {
    private static final long serialVersionUID = 1L;
    private static final JobLog LOG = JobLog.of(KeepRejectedFiles.class);

    private final String directory;
    private transient FileStore files;

    KeepFn(String deadLetterDir) {
      this.directory = deadLetterDir;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
    }

    @ProcessElement
    public void keep(@Element FileOutcome outcome, OutputReceiver<FileOutcome> kept)
        throws IOException {
      if (outcome.outcome() == Outcome.REJECTED) {
        keep(outcome);
      }
      kept.output(outcome);
    }

    private void keep(FileOutcome outcome) throws IOException {
      FileVersion file = outcome.file();
      String copy = copyName(directory, file);
      boolean copied = copy(outcome, copy);
      String report = copy + REPORT_SUFFIX;
      ObjectNode json =
          FileLoads.row(outcome).put("copied", copied).put("version", ProgramVersion.current());
      putEntries(outcome, json);
      write(report, json);
      Rejection rejection = outcome.rejection();
      LOG.warn(
          "rejected {}{}: {}: {}; see {}",
          file.uri(),
          rejection.position() == null ? "" : ", " + rejection.position(),
          rejection.reason(),
          rejection.message(),
          report);
    }

    /** Which of an archive's files are bad; the others are loaded. */
    private static void putEntries(FileOutcome archive, ObjectNode report) {
      List<ObjectNode> entries =
          archive.entries().stream()
              .filter(entry -> entry.outcome() == Outcome.REJECTED)
              .map(entry -> FileLoads.row(archive, entry))
              .toList();
      if (!entries.isEmpty()) {
        report.putArray("entries").addAll(entries);
      }
    }

    /** An earlier run may have rejected the file for another reason, so its report is replaced. */
    private void write(String report, ObjectNode json) throws IOException {
      try {
        files.replace(report, out -> out.write(JsonLine.of(json)));
      } catch (NoPermissionException e) {
        if (!files.exists(report)) {
          throw e;
        }
        // A retention policy or a hold keeps it, or we may not delete there: most likely an attempt
        // before this one has written it.
      }
    }

    /** Copies the file, unless nobody can read it or it has gone since: the report says so then. */
    private boolean copy(FileOutcome outcome, String target) throws IOException {
      if (outcome.rejection().reason() == RejectionReason.UNREADABLE) {
        return false;
      }
      try {
        files.copy(outcome.file(), target);
        return true;
      } catch (UnreadableFileException e) {
        return false;
      } catch (FileGoneException e) {
        // An attempt before this one may have copied it.
        return files.exists(target);
      }
    }
  }
}
