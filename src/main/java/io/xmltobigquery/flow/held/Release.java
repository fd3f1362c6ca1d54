package io.xmltobigquery.flow.held;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.VersionId;
import java.io.IOException;
import java.io.Serializable;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Makes of held rows what a write takes. They are of good files, so a fault here is an error of
 * ours, or a held file is gone: it fails the bundle.
 *
 * @param <T> an element; it may have one row or many
 */
public final class Release<T> extends PTransform<PCollection<HeldRange>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  /** Makes the elements of one range. */
  @FunctionalInterface
  public interface Releaser<T> extends Serializable {
    /**
     * Releases a range, always in the same way.
     *
     * @param files for what isn't handed on as an element
     */
    void release(HeldRange range, FileStore files, Consumer<T> elements) throws IOException;
  }

  // Without ids of their own they had some that depend on how many there are.
  private final TupleTag<T> elements = new TupleTag<>("elements");
  private final TupleTag<VersionId> releasedRanges = new TupleTag<>("releasedRanges") {};
  private final Releaser<T> releaser;
  private final Coder<T> coder;

  private Release(Releaser<T> releaser, Coder<T> coder) {
    this.releaser = releaser;
    this.coder = coder;
  }

  /**
   * Releases ranges as a releaser does.
   *
   * @param coder of the elements
   */
  public static <T> Release<T> by(Releaser<T> releaser, Coder<T> coder) {
    return new Release<>(releaser, coder);
  }

  /** What was made of the rows. */
  public TupleTag<T> elements() {
    return elements;
  }

  /** Of each range that is released, the file version; in a streaming job only. */
  public TupleTag<VersionId> releasedRanges() {
    return releasedRanges;
  }

  @Override
  public PCollectionTuple expand(PCollection<HeldRange> ranges) {
    boolean streaming = ranges.isBounded() == IsBounded.UNBOUNDED;
    // A second output, used or not, keeps a runner from handing rows to the write as they are.
    TupleTagList more = streaming ? TupleTagList.of(releasedRanges) : TupleTagList.empty();
    PCollectionTuple released =
        ranges.apply(
            "Release", ParDo.of(new ReleaseFn<>(this, streaming)).withOutputTags(elements, more));
    released.get(elements).setCoder(coder);
    return released;
  }

  private static final class ReleaseFn<T> extends DoFn<HeldRange, T> {
    private static final long serialVersionUID = 1L;

    private final Release<T> settings;
    private final boolean tellsOfRanges;
    private transient FileStore files;

    ReleaseFn(Release<T> settings, boolean tellsOfRanges) {
      this.settings = settings;
      this.tellsOfRanges = tellsOfRanges;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
    }

    @ProcessElement
    public void release(@Element HeldRange range, MultiOutputReceiver out) throws IOException {
      OutputReceiver<T> elements = out.get(settings.elements);
      settings.releaser.release(range, files, elements::output);
      if (tellsOfRanges) {
        out.get(settings.releasedRanges).output(range.version());
      }
    }
  }
}
