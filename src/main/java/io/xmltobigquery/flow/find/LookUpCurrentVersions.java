package io.xmltobigquery.flow.find;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.VersionId;
import java.io.IOException;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Finds the versions that objects have now, by their names, whether or not a notification told of
 * them. Only those that are recent.
 */
final class LookUpCurrentVersions extends PTransform<PCollection<String>, PCollection<Sighting>> {

  private static final long serialVersionUID = 1L;

  private final Recent recent;

  private LookUpCurrentVersions(Recent recent) {
    this.recent = recent;
  }

  static LookUpCurrentVersions of(Recent recent) {
    return new LookUpCurrentVersions(recent);
  }

  @Override
  public PCollection<Sighting> expand(PCollection<String> names) {
    return names
        .apply("Match", FileIO.matchAll().withEmptyMatchTreatment(EmptyMatchTreatment.ALLOW))
        .apply("Look up", ParDo.of(new LookUpFn(recent)));
  }

  private static final class LookUpFn extends DoFn<Metadata, Sighting> {
    private static final long serialVersionUID = 1L;

    private final Recent recent;
    private transient FileStore files;

    LookUpFn(Recent recent) {
      this.recent = recent;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
    }

    @ProcessElement
    public void lookUp(@Element Metadata object, OutputReceiver<Sighting> out) throws IOException {
      VersionId current = new VersionId(object.resourceId().toString(), "");
      Sighting sighting = Sighting.of(current, files, false);
      // What becomes of one that has gone since is told by its notification.
      if (sighting.file() != null && recent.includes(sighting.file())) {
        out.output(sighting);
      }
    }
  }
}
