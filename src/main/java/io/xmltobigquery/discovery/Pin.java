package io.xmltobigquery.discovery;

import io.xmltobigquery.audit.FileOutcome;
import io.xmltobigquery.storage.FileGoneException;
import io.xmltobigquery.storage.FileStore;
import io.xmltobigquery.storage.FileVersion;
import io.xmltobigquery.storage.UnreadableFileException;
import io.xmltobigquery.storage.VersionId;
import java.io.IOException;
import java.time.Instant;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Looks up file versions: what is known of those that are there, and what became of those that
 * aren't. The placeholders that make Cloud Storage look as if it had directories are left out.
 */
final class Pin extends PTransform<PCollection<VersionId>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  private Pin() {}

  /** Looks up versions; where the generation is empty, whichever is there. */
  static Pin versions() {
    return new Pin();
  }

  @Override
  public PCollectionTuple expand(PCollection<VersionId> versions) {
    PCollectionTuple found =
        versions.apply(
            "Look up",
            ParDo.of(new PinFn())
                .withOutputTags(FindFiles.FILES, TupleTagList.of(FindFiles.OUTCOMES)));
    found.get(FindFiles.FILES).setCoder(SerializableCoder.of(FileVersion.class));
    found.get(FindFiles.OUTCOMES).setCoder(SerializableCoder.of(FileOutcome.class));
    return found;
  }

  private static final class PinFn extends DoFn<VersionId, FileVersion> {
    private static final long serialVersionUID = 1L;

    private transient FileStore files;

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
    }

    @ProcessElement
    public void pin(@Element VersionId id, MultiOutputReceiver out) throws IOException {
      try {
        FileVersion file = id.generation().isEmpty() ? files.find(id.uri()) : files.find(id);
        if (!isPlaceholder(file)) {
          out.get(FindFiles.FILES).output(file);
        }
      } catch (FileGoneException e) {
        Instant now = Instant.now();
        out.get(FindFiles.OUTCOMES).output(FileOutcome.gone(unseen(id), e, now, now));
      } catch (UnreadableFileException e) {
        Instant now = Instant.now();
        out.get(FindFiles.OUTCOMES).output(FileOutcome.unreadable(unseen(id), e, now, now));
      }
    }

    private static boolean isPlaceholder(FileVersion file) {
      return file.size() == 0 && file.uri().endsWith("/");
    }

    private static FileVersion unseen(VersionId id) {
      return new FileVersion(id.uri(), id.generation(), 0);
    }
  }
}
