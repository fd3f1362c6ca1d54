package io.xmltobigquery.flow.read;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.StableInput;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.outcome.FileOutcome;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Partition;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * Files to held rows, which everybody releases a share of: behind {@link Read} stands a shuffle, so
 * that a runner that tries again releases what was found good, and not what it finds the next time.
 *
 * <p>In a streaming job small and large files have steps of their own, with a shuffle before them.
 * So nobody waits for a file of many gigabytes: neither the messages that came with it, nor, on a
 * runner that gives each step of a worker one thread, the small files behind it.
 */
public final class ReadFiles extends PTransform<PCollection<FileVersion>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  private final Read read;

  private ReadFiles(Read read) {
    this.read = read;
  }

  /** Reads files. The result has {@link Read#OUTCOMES} and {@link Read#RANGES}. */
  public static ReadFiles by(Read read) {
    return new ReadFiles(read);
  }

  @Override
  public PCollectionTuple expand(PCollection<FileVersion> files) {
    if (files.isBounded() == IsBounded.BOUNDED) {
      PCollectionTuple found = files.apply("Read files", read);
      return result(
          found.get(Read.OUTCOMES),
          found.get(Read.RANGES).apply("Spread ranges", Reshuffle.viaRandomKey()));
    }
    PCollectionList<FileVersion> lanes =
        files.apply(
            "Split by size",
            Partition.of(2, (file, count) -> StoredDocument.isSmall(file) ? 0 : 1));
    PCollectionTuple small = lanes.get(0).apply("Small files", new Lane(Reshuffle.viaRandomKey()));
    // What is held may be released before the runner goes back to a checkpoint, and then found
    // gone.
    PCollectionTuple large = lanes.get(1).apply("Large files", new Lane(StableInput.create()));
    return result(
        PCollectionList.of(small.get(Read.OUTCOMES))
            .and(large.get(Read.OUTCOMES))
            .apply("All outcomes", Flatten.pCollections()),
        PCollectionList.of(small.get(Read.RANGES))
            .and(large.get(Read.RANGES))
            .apply("All ranges", Flatten.pCollections()));
  }

  private static PCollectionTuple result(
      PCollection<FileOutcome> outcomes, PCollection<HeldRange> ranges) {
    return PCollectionTuple.of(Read.OUTCOMES, outcomes).and(Read.RANGES, ranges);
  }

  private final class Lane extends PTransform<PCollection<FileVersion>, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final PTransform<PCollection<HeldRange>, PCollection<HeldRange>> spread;

    Lane(PTransform<PCollection<HeldRange>, PCollection<HeldRange>> spread) {
      this.spread = spread;
    }

    @Override
    public PCollectionTuple expand(PCollection<FileVersion> files) {
      PCollectionTuple found =
          files.apply("Spread files", Reshuffle.viaRandomKey()).apply("Read files", read);
      return result(
          found.get(Read.OUTCOMES), found.get(Read.RANGES).apply("Spread ranges", spread));
    }
  }
}
