package io.xmltobigquery.flow.read;

import io.xmltobigquery.files.FileVersion;
import java.util.List;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Partition;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;

/**
 * Files to rows: both passes, and between them a shuffle, from where on a large file is everybody's
 * work.
 *
 * <p>In a streaming job small and large files have steps of their own, with a shuffle before them.
 * So nobody waits for a file of many gigabytes: neither the messages that came with it, nor, on a
 * runner that gives each step of a worker one thread, the small files behind it.
 *
 * @param <T> see {@link RowFormat}
 */
public final class ReadFiles<T> extends PTransform<PCollection<FileVersion>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  private final Inspect inspect;
  private final Parse<T> parse;

  private ReadFiles(Inspect inspect, Parse<T> parse) {
    this.inspect = inspect;
    this.parse = parse;
  }

  /**
   * Reads files in two passes. The result has {@link Inspect#OUTCOMES} and the outputs of {@link
   * Parse}.
   */
  public static <T> ReadFiles<T> by(Inspect inspect, Parse<T> parse) {
    return new ReadFiles<>(inspect, parse);
  }

  @Override
  public PCollectionTuple expand(PCollection<FileVersion> files) {
    if (files.isBounded() == IsBounded.BOUNDED) {
      return read(files);
    }
    PCollectionList<FileVersion> lanes =
        files.apply(
            "Split by size",
            Partition.of(2, (file, count) -> file.size() > Inspect.MAX_INLINE_BYTES ? 1 : 0));
    List<PCollectionTuple> read =
        List.of(
            lanes.get(0).apply("Small files", new Lane()),
            lanes.get(1).apply("Large files", new Lane()));
    PCollectionTuple all =
        PCollectionTuple.of(Inspect.OUTCOMES, flatten(read, Inspect.OUTCOMES, "All outcomes"))
            .and(parse.rows(), flatten(read, parse.rows(), "All rows"))
            .and(parse.parsedChunks(), flatten(read, parse.parsedChunks(), "All parsed chunks"));
    return read.get(0).has(parse.invalidRecords())
        ? all.and(
            parse.invalidRecords(), flatten(read, parse.invalidRecords(), "All invalid records"))
        : all;
  }

  private static <E> PCollection<E> flatten(
      List<PCollectionTuple> lanes, TupleTag<E> tag, String label) {
    return PCollectionList.of(lanes.get(0).get(tag))
        .and(lanes.get(1).get(tag))
        .apply(label, Flatten.pCollections());
  }

  private PCollectionTuple read(PCollection<FileVersion> files) {
    PCollectionTuple inspected = files.apply("Inspect files", inspect);
    return inspected
        .get(Inspect.CHUNKS)
        .apply("Spread chunks", Reshuffle.viaRandomKey())
        .apply("Parse chunks", parse)
        .and(Inspect.OUTCOMES, inspected.get(Inspect.OUTCOMES));
  }

  private final class Lane extends PTransform<PCollection<FileVersion>, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    @Override
    public PCollectionTuple expand(PCollection<FileVersion> files) {
      return read(files.apply("Spread files", Reshuffle.viaRandomKey()));
    }
  }
}
