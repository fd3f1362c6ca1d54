package io.xmltobigquery.flow.read;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.ObjectName;
import io.xmltobigquery.flow.Overlap;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.RowEncoding;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.outcome.CoverageMetrics;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.FileOutcome.TableRows;
import io.xmltobigquery.outcome.Metrics;
import io.xmltobigquery.xml.DocumentReader;
import io.xmltobigquery.xml.Limits;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * Reads every file version once, from its start to its end, and holds its rows. It emits the file's
 * outcome and, if the file is good, the ranges of its held rows: so no row goes on before all of
 * its file was found good.
 */
public final class Read extends PTransform<PCollection<FileVersion>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  /** The held rows of good files. */
  public static final TupleTag<HeldRange> RANGES = new TupleTag<>() {};

  /** One outcome for each file version. */
  public static final TupleTag<FileOutcome> OUTCOMES = new TupleTag<>() {};

  private static final TupleTag<FileVersion> WHOLE = new TupleTag<>() {};
  private static final TupleTag<FilePart> PARTS = new TupleTag<>() {};

  private final FileReading.Settings settings;

  /** About how long a part is that a worker reads, in bytes, or 0 if files aren't spread. */
  private final long partBytes;

  private Read(FileReading.Settings settings, long partBytes) {
    this.settings = settings;
    this.partBytes = partBytes;
  }

  /**
   * Reads by a mapping.
   *
   * @param encoding of the rows that are held
   * @param allowInvalidRecords see {@link DocumentReader}
   * @param heldPrefix how the names of files with held rows begin, for this job alone
   * @param rangeBytes what a range may come to when it is released
   */
  public static Read with(
      Mapping mapping,
      Limits limits,
      RowEncoding encoding,
      boolean allowInvalidRecords,
      String heldPrefix,
      long rangeBytes) {
    return new Read(
        new FileReading.Settings(
            mapping, limits, encoding, allowInvalidRecords, false, false, heldPrefix, rangeBytes),
        0);
  }

  /**
   * The same, where a bad file in an archive is rejected alone, and not with all of the archive.
   */
  public Read loadingEntriesAlone() {
    return new Read(settings.loadingEntriesAlone(), partBytes);
  }

  /** The same, where a file may have several documents, one after the other. */
  public Read takingManyDocuments() {
    return new Read(settings.takingManyDocuments(), partBytes);
  }

  /**
   * The same, where a large file is the work of many workers.
   *
   * @param partBytes about how much of a file one of them reads at a time, in bytes
   */
  public Read spreading(long partBytes) {
    return new Read(settings, partBytes);
  }

  @Override
  public PCollectionTuple expand(PCollection<FileVersion> files) {
    boolean inOneThread = files.isBounded() == IsBounded.UNBOUNDED;
    if (partBytes == 0) {
      return whole(files, inOneThread);
    }
    PCollectionTuple split =
        files.apply(
            "Split",
            ParDo.of(new SplitFn(settings, partBytes))
                .withOutputTags(WHOLE, TupleTagList.of(PARTS)));
    PCollectionTuple whole = whole(split.get(WHOLE), inOneThread);
    PCollectionTuple joined = split.get(PARTS).apply("Parts", new ReadParts(settings));
    return PCollectionTuple.of(
            RANGES,
            PCollectionList.of(whole.get(RANGES))
                .and(joined.get(RANGES))
                .apply("All ranges", Flatten.pCollections()))
        .and(
            OUTCOMES,
            PCollectionList.of(whole.get(OUTCOMES))
                .and(joined.get(OUTCOMES))
                .apply("All outcomes", Flatten.pCollections()));
  }

  private PCollectionTuple whole(PCollection<FileVersion> files, boolean inOneThread) {
    return files.apply(
        "Read",
        ParDo.of(new ReadFn(settings, inOneThread))
            .withOutputTags(RANGES, TupleTagList.of(OUTCOMES)));
  }

  /** Emits what was read of a file. */
  static void emit(
      FileReading.Result read, Consumer<HeldRange> ranges, Consumer<FileOutcome> outcomes) {
    if (read.coverage() != null) {
      CoverageMetrics.add(read.mapping(), read.coverage());
    }
    for (TableRows table : read.outcome().tables()) {
      Metrics.counter(Metrics.rows(table.table())).inc(table.rows());
      Metrics.counter(Metrics.invalidRecords(table.table())).inc(table.invalidRecords());
    }
    read.ranges().forEach(ranges);
    Metrics.counter(Metrics.HELD_BYTES)
        .inc(read.ranges().stream().mapToLong(HeldRange::storedBytes).sum());
    outcomes.accept(read.outcome());
  }

  private static final class ReadFn extends DoFn<FileVersion, HeldRange> {
    private static final long serialVersionUID = 1L;

    private final FileReading.Settings settings;

    /** Of many files at once, none takes more than its share; and it is always cut the same. */
    private final boolean inOneThread;

    private transient FileReading reading;
    private transient Overlap<FileReading.Fetched> fetched;

    ReadFn(FileReading.Settings settings, boolean inOneThread) {
      this.settings = settings;
      this.inOneThread = inOneThread;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      reading = new FileReading(settings, options);
      fetched = Overlap.of(inOneThread ? IsBounded.UNBOUNDED : IsBounded.BOUNDED, options);
    }

    @StartBundle
    public void start() {
      fetched.begin();
    }

    @ProcessElement
    public void read(@Element FileVersion file, @Timestamp Instant event, MultiOutputReceiver out)
        throws IOException {
      fetched.add(
          StoredDocument.isSmall(file) && ObjectName.is(file.uri()),
          () -> reading.fetch(file),
          event,
          (ready, time) ->
              emit(
                  reading.whole(ready, inOneThread),
                  range -> out.get(RANGES).outputWithTimestamp(range, time),
                  outcome -> out.get(OUTCOMES).outputWithTimestamp(outcome, time)));
    }

    @FinishBundle
    public void finish(FinishBundleContext out) throws IOException {
      fetched.takeAll(
          (ready, time) ->
              emit(
                  reading.whole(ready, inOneThread),
                  range -> out.output(RANGES, range, time, GlobalWindow.INSTANCE),
                  outcome -> out.output(OUTCOMES, outcome, time, GlobalWindow.INSTANCE)));
    }

    @Teardown
    public void tearDown() {
      fetched.close();
    }

    /** An element may be of an event before that of the next one, with which it is emitted. */
    @Override
    @SuppressWarnings("deprecation") // Beam has nothing that would replace it.
    public Duration getAllowedTimestampSkew() {
      return Duration.millis(Long.MAX_VALUE);
    }
  }

  private static final class SplitFn extends DoFn<FileVersion, FileVersion> {
    private static final long serialVersionUID = 1L;

    private final FileReading.Settings settings;
    private final long partBytes;
    private transient FileReading reading;

    SplitFn(FileReading.Settings settings, long partBytes) {
      this.settings = settings;
      this.partBytes = partBytes;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      reading = new FileReading(settings, options);
    }

    @ProcessElement
    public void split(@Element FileVersion file, MultiOutputReceiver out) throws IOException {
      List<FilePart> parts = reading.split(file, partBytes);
      if (parts.isEmpty()) {
        out.get(WHOLE).output(file);
      } else {
        parts.forEach(out.get(PARTS)::output);
      }
    }
  }
}
