package io.xmltobigquery.discovery;

import io.xmltobigquery.storage.FileStore;
import io.xmltobigquery.storage.FileVersion;
import io.xmltobigquery.storage.VersionId;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MetadataCoderV2;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Finds the versions that the objects which match a pattern have now, whether or not a notification
 * told of them. Only those that are {@linkplain Recent recent}: whatever is found here must not
 * have been loaded and forgotten.
 */
final class CurrentVersions extends PTransform<PCollection<String>, PCollection<Sighting>> {

  private static final long serialVersionUID = 1L;

  /**
   * Which versions may be loaded without a notification of their own.
   *
   * <p>A version is known to be loaded for as long as Deduplicate remembers it, which is the
   * deduplication window from when the job saw it first, and so at least that window from when it
   * was created. So a version that was created less than half a window ago is still remembered, if
   * it takes less than the other half from here to Deduplicate. And what was created before this
   * job was launched may have been loaded by an earlier one, of whose memory nothing is left.
   *
   * @param launched when the job was launched, by its own clock
   * @param age less than this
   */
  record Recent(Instant launched, Duration age) implements Serializable {

    static Recent of(Instant launched, Duration deduplicationWindow) {
      return new Recent(launched, deduplicationWindow.dividedBy(2));
    }

    boolean includes(Instant created, Instant now) {
      return !created.isBefore(launched) && created.isAfter(now.minus(age));
    }
  }

  private final Recent recent;
  private final OwnFiles ownFiles;

  private CurrentVersions(Recent recent, OwnFiles ownFiles) {
    this.recent = recent;
    this.ownFiles = ownFiles;
  }

  /**
   * Finds versions of the objects that match patterns.
   *
   * @param ownFiles objects that are left out
   */
  static CurrentVersions of(Recent recent, OwnFiles ownFiles) {
    return new CurrentVersions(recent, ownFiles);
  }

  @Override
  public PCollection<Sighting> expand(PCollection<String> patterns) {
    // The usual coder forgets when an object was changed.
    patterns
        .getPipeline()
        .getCoderRegistry()
        .registerCoderForClass(Metadata.class, MetadataCoderV2.of());
    return patterns
        .apply("Match", FileIO.matchAll().withEmptyMatchTreatment(EmptyMatchTreatment.ALLOW))
        .apply("Look up", ParDo.of(new LookUpFn(recent, ownFiles)))
        .setCoder(SerializableCoder.of(Sighting.class));
  }

  private static final class LookUpFn extends DoFn<Metadata, Sighting> {
    private static final long serialVersionUID = 1L;

    private final Recent recent;
    private final OwnFiles ownFiles;
    private transient FileStore files;

    LookUpFn(Recent recent, OwnFiles ownFiles) {
      this.recent = recent;
      this.ownFiles = ownFiles;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
    }

    @ProcessElement
    public void lookUp(@Element Metadata object, OutputReceiver<Sighting> out) throws IOException {
      String uri = object.resourceId().toString();
      // An object isn't changed before it is created: most need no request of their own.
      Instant changed = Instant.ofEpochMilli(object.lastModifiedMillis());
      if (ownFiles.contains(uri) || !recent.includes(changed, Instant.now())) {
        return;
      }
      FileVersion file = Sighting.of(new VersionId(uri, ""), files, false).file();
      // What becomes of one that has gone since is told by its notification.
      if (file != null
          && file.created() != null
          && recent.includes(file.created(), Instant.now())) {
        out.output(new Sighting(file, null, false));
      }
    }
  }
}
