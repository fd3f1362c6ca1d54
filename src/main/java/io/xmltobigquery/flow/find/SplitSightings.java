package io.xmltobigquery.flow.find;

import io.xmltobigquery.files.FileVersion;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;

/** Sightings as the versions that can be read, and the outcomes of those that can't. */
final class SplitSightings extends PTransform<PCollection<Sighting>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  /** Splits sightings. */
  static SplitSightings create() {
    return new SplitSightings();
  }

  @Override
  public PCollectionTuple expand(PCollection<Sighting> sightings) {
    return sightings.apply(
        "Split",
        ParDo.of(new SplitFn())
            .withOutputTags(FindFiles.FILES, TupleTagList.of(FindFiles.OUTCOMES)));
  }

  private static final class SplitFn extends DoFn<Sighting, FileVersion> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void split(@Element Sighting sighting, MultiOutputReceiver out) {
      if (sighting.outcome() != null) {
        out.get(FindFiles.OUTCOMES).output(sighting.outcome());
      } else if (!sighting.file().isPlaceholder()) {
        out.get(FindFiles.FILES).output(sighting.file());
      }
    }
  }
}
