package io.xmltobigquery.discovery;

import io.xmltobigquery.audit.JobLog;
import io.xmltobigquery.storage.ObjectListing;
import io.xmltobigquery.storage.UnreadableFileException;
import java.io.IOException;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Finds the versions of all objects that match patterns now, if they are recent. Not by FileIO,
 * which holds all of a listing in memory, and in a bucket that grows for ever that is too much.
 */
final class ListVersions extends PTransform<PCollection<String>, PCollection<Sighting>> {

  private static final long serialVersionUID = 1L;

  private final Recent recent;
  private final OwnFiles ownFiles;

  private ListVersions(Recent recent, OwnFiles ownFiles) {
    this.recent = recent;
    this.ownFiles = ownFiles;
  }

  /**
   * Lists what matches.
   *
   * @param ownFiles objects that are left out
   */
  static ListVersions of(Recent recent, OwnFiles ownFiles) {
    return new ListVersions(recent, ownFiles);
  }

  @Override
  public PCollection<Sighting> expand(PCollection<String> patterns) {
    return patterns.apply("List", ParDo.of(new ListFn(recent, ownFiles)));
  }

  private static final class ListFn extends DoFn<String, Sighting> {
    private static final long serialVersionUID = 1L;
    private static final JobLog LOG = JobLog.of(ListVersions.class);

    private final Recent recent;
    private final OwnFiles ownFiles;
    private transient ObjectListing objects;

    ListFn(Recent recent, OwnFiles ownFiles) {
      this.recent = recent;
      this.ownFiles = ownFiles;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      objects = ObjectListing.of(options.as(GcsOptions.class));
    }

    @ProcessElement
    public void list(@Element String text, OutputReceiver<Sighting> out) throws IOException {
      InputPattern pattern = new InputPattern(text);
      try {
        objects.visit(
            InputPattern.beforeWildcard(text),
            file -> {
              if (recent.includes(file)
                  && pattern.matches(file.uri())
                  && !ownFiles.contains(file.uri())) {
                out.output(new Sighting(file, null, false));
              }
            });
      } catch (UnreadableFileException e) {
        LOG.warn("{}; give the job the right to, or leave --reconcileInterval out", e.getMessage());
      }
    }
  }
}
