package io.xmltobigquery.flow.read;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.UnreadableFileException;
import io.xmltobigquery.flow.held.HeldPart;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.HeldRanges;
import io.xmltobigquery.flow.held.HoldRows;
import io.xmltobigquery.flow.held.RowEncoding;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.FileOutcome.Rejection;
import io.xmltobigquery.outcome.FileOutcome.TableRows;
import io.xmltobigquery.outcome.Metrics;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.xml.DocumentReader;
import io.xmltobigquery.xml.GzipSource;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.ReadAhead;
import io.xmltobigquery.xml.ReadDocument;
import io.xmltobigquery.xml.RecordReaderFactory;
import io.xmltobigquery.xml.RecordSink;
import io.xmltobigquery.xml.RejectedException;
import io.xmltobigquery.xml.XmlSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * Up to this size, in bytes, a file is read into memory at once. A worker has a few dozen files
   * in work at a time.
   */
  static final int MAX_SMALL_BYTES = 512 * 1024;

  private final Mapping mapping;
  private final Limits limits;
  private final RowEncoding encoding;
  private final boolean allowInvalidRecords;
  private final String heldPrefix;
  private final long rangeBytes;

  private Read(
      Mapping mapping,
      Limits limits,
      RowEncoding encoding,
      boolean allowInvalidRecords,
      String heldPrefix,
      long rangeBytes) {
    this.mapping = mapping;
    this.limits = limits;
    this.encoding = encoding;
    this.allowInvalidRecords = allowInvalidRecords;
    this.heldPrefix = heldPrefix;
    this.rangeBytes = rangeBytes;
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
    return new Read(mapping, limits, encoding, allowInvalidRecords, heldPrefix, rangeBytes);
  }

  @Override
  public PCollectionTuple expand(PCollection<FileVersion> files) {
    return files.apply(
        "Read",
        ParDo.of(new ReadFn(this, files.isBounded() == IsBounded.UNBOUNDED))
            .withOutputTags(RANGES, TupleTagList.of(OUTCOMES)));
  }

  private static final class ReadFn extends DoFn<FileVersion, HeldRange> {
    private static final long serialVersionUID = 1L;

    private final Read settings;

    /** Of many files at once, none takes more than its share; and it is always cut the same. */
    private final boolean inOneThread;

    private transient CompiledMapping mapping;
    private transient DocumentReader reader;
    private transient FileStore files;

    ReadFn(Read settings, boolean inOneThread) {
      this.settings = settings;
      this.inOneThread = inOneThread;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
      mapping = CompiledMapping.of(settings.mapping);
      reader =
          new DocumentReader(
              new RecordReaderFactory(mapping, settings.limits), settings.allowInvalidRecords);
    }

    @ProcessElement
    public void read(@Element FileVersion file, MultiOutputReceiver out) throws IOException {
      Instant started = Instant.now();
      List<HeldRange> ranges = new ArrayList<>();
      FileOutcome outcome;
      try {
        outcome = read(file, started, ranges);
      } catch (UnreadableFileException e) {
        outcome = FileOutcome.unreadable(file, e, started, Instant.now());
      } catch (FileGoneException e) {
        outcome = FileOutcome.gone(file, e, started, Instant.now());
      }
      count(outcome);
      ranges.forEach(out.get(RANGES)::output);
      Metrics.counter(Metrics.HELD_BYTES)
          .inc(ranges.stream().mapToLong(HeldRange::storedBytes).sum());
      // A small file is read in one part, which leaves nothing behind unless it is good.
      boolean mayBeHeld = !isSmall(file) || ranges.stream().anyMatch(HeldRange::isStored);
      out.get(OUTCOMES).output(mayBeHeld ? outcome.holding(heldPrefix(file)) : outcome);
    }

    private FileOutcome read(FileVersion file, Instant started, List<HeldRange> ranges)
        throws IOException {
      XmlSource stored = isSmall(file) ? inMemory(file) : offset -> files.open(file, offset);
      boolean gzip = isGzip(stored);
      XmlSource xml = Progress.reading(gzip ? gunzipped(file, stored) : stored);
      RecordSink.Factory<HeldPart> sinks =
          () ->
              new HoldRows(
                  settings.encoding, mapping.tables().size(), file, files, heldPrefix(file));
      ReadDocument<HeldPart> document;
      try {
        // A compressed file can be read from its start only.
        document =
            inOneThread || gzip ? reader.read(xml, sinks) : reader.read(xml, file.size(), sinks);
      } catch (RejectedException e) {
        // What looks broken may be a mixture of two versions.
        verify(file);
        Rejection rejection =
            new Rejection(e.reason(), e.getMessage(), e.position(), e.recordNumber());
        return FileOutcome.rejected(file, rejection, started, Instant.now());
      }
      verify(file);
      ranges.addAll(HeldRanges.of(file, document, settings.rangeBytes));
      return FileOutcome.accepted(file, tableRows(document), ranges.size(), started, Instant.now());
    }

    private XmlSource gunzipped(FileVersion file, XmlSource stored) {
      XmlSource xml = new GzipSource(stored);
      return inOneThread || isSmall(file) ? xml : ReadAhead.of(xml);
    }

    private static void count(FileOutcome outcome) {
      for (TableRows table : outcome.tables()) {
        Metrics.counter(Metrics.rows(table.table())).inc(table.rows());
        Metrics.counter(Metrics.invalidRecords(table.table())).inc(table.invalidRecords());
      }
    }

    private static boolean isSmall(FileVersion file) {
      return file.size() <= MAX_SMALL_BYTES;
    }

    private XmlSource inMemory(FileVersion file) throws IOException {
      byte[] bytes;
      try (InputStream in = files.open(file, 0)) {
        bytes = in.readNBytes(MAX_SMALL_BYTES);
      }
      files.verify(file);
      return offset -> {
        int start = Math.toIntExact(offset);
        return new ByteArrayInputStream(bytes, start, bytes.length - start);
      };
    }

    private void verify(FileVersion file) throws IOException {
      // What is in memory can't change any more.
      if (!isSmall(file)) {
        files.verify(file);
      }
    }

    private static boolean isGzip(XmlSource source) throws IOException {
      try (InputStream in = source.open(0)) {
        return GzipSource.isGzip(in.readNBytes(2));
      }
    }

    private String heldPrefix(FileVersion file) {
      return settings.heldPrefix + file.digest() + "-";
    }

    private List<TableRows> tableRows(ReadDocument<HeldPart> document) {
      List<TableRows> tables = new ArrayList<>();
      for (TableColumns table : mapping.tables()) {
        tables.add(
            new TableRows(
                table.name(),
                document.rows().get(table.id()),
                document.invalidRecords().get(table.id())));
      }
      return tables;
    }
  }
}
