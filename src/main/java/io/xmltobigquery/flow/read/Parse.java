package io.xmltobigquery.flow.read;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.VersionId;
import io.xmltobigquery.flow.read.RowFormat.RowWriter;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.outcome.Metrics;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.RecordCounts;
import io.xmltobigquery.xml.RecordReader;
import io.xmltobigquery.xml.RecordReaderFactory;
import io.xmltobigquery.xml.RejectedException;
import java.io.IOException;
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
 * The second pass: turns chunks into rows. Everything was found good by {@link Inspect}, so a fault
 * here is either a file that has changed or an error of ours, and fails the bundle.
 *
 * @param <T> what the write takes
 */
public final class Parse<T> extends PTransform<PCollection<FileChunk>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  private final TupleTag<T> rows = new TupleTag<>() {};
  private final TupleTag<InvalidFileRecord> invalidRecords = new TupleTag<>() {};
  private final TupleTag<VersionId> parsedChunks = new TupleTag<>() {};
  private final Mapping mapping;
  private final Limits limits;
  private final boolean allowInvalidRecords;
  private final LargeInvalidRecords largeInvalidRecords;
  private final RowFormat<T> format;

  private Parse(
      Mapping mapping,
      Limits limits,
      boolean allowInvalidRecords,
      LargeInvalidRecords largeInvalidRecords,
      RowFormat<T> format) {
    this.mapping = mapping;
    this.limits = limits;
    this.allowInvalidRecords = allowInvalidRecords;
    this.largeInvalidRecords = largeInvalidRecords;
    this.format = format;
  }

  /**
   * Parses into rows of the given format.
   *
   * @param allowInvalidRecords as {@link Inspect} was told
   * @param largeInvalidRecords keeps those that are too large for {@link #invalidRecords}
   */
  public static <T> Parse<T> into(
      RowFormat<T> format,
      Mapping mapping,
      Limits limits,
      boolean allowInvalidRecords,
      LargeInvalidRecords largeInvalidRecords) {
    return new Parse<>(mapping, limits, allowInvalidRecords, largeInvalidRecords, format);
  }

  /** The rows, as the format has them. */
  public TupleTag<T> rows() {
    return rows;
  }

  /** The records that their tables can't take, where those are allowed, but for large ones. */
  public TupleTag<InvalidFileRecord> invalidRecords() {
    return invalidRecords;
  }

  /** Of each chunk that is parsed, the version; in a streaming job only. */
  public TupleTag<VersionId> parsedChunks() {
    return parsedChunks;
  }

  @Override
  public PCollectionTuple expand(PCollection<FileChunk> chunks) {
    boolean streaming = chunks.isBounded() == IsBounded.UNBOUNDED;
    // A second output, used or not, keeps a runner from handing rows to the write as they are.
    TupleTagList more = TupleTagList.empty();
    if (allowInvalidRecords) {
      more = more.and(invalidRecords);
    }
    if (streaming) {
      more = more.and(parsedChunks);
    }
    PCollectionTuple parsed =
        chunks.apply("Parse", ParDo.of(new ParseFn<>(this, streaming)).withOutputTags(rows, more));
    parsed.get(rows).setCoder(format.coder());
    return parsed;
  }

  private static final class ParseFn<T> extends DoFn<FileChunk, T> {
    private static final long serialVersionUID = 1L;

    private final Parse<T> settings;
    private final boolean tellsOfChunks;
    private transient CompiledMapping mapping;
    private transient RecordReaderFactory readers;
    private transient FileStore files;

    ParseFn(Parse<T> settings, boolean tellsOfChunks) {
      this.settings = settings;
      this.tellsOfChunks = tellsOfChunks;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
      mapping = CompiledMapping.of(settings.mapping);
      readers = new RecordReaderFactory(mapping, settings.limits);
    }

    @ProcessElement
    public void parse(@Element FileChunk chunk, MultiOutputReceiver out) throws IOException {
      RecordCounts counts = new RecordCounts(mapping.tables().size(), settings.allowInvalidRecords);
      try (RecordReader reader = readers.open(chunk.content().from(files), chunk.chunk());
          RowWriter writer =
              settings.format.open(
                  chunk, files, mapping.tables(), out.get(settings.rows)::output)) {
        while (reader.next()) {
          if (counts.add(reader)) {
            writer.write(reader.row(), reader.recordNumber());
          } else {
            InvalidFileRecord invalid = new InvalidFileRecord(chunk.file(), reader.invalidRecord());
            if (!settings.largeInvalidRecords.keep(invalid, files)) {
              out.get(settings.invalidRecords).output(invalid);
            }
          }
        }
        checkCount(chunk, counts.records());
        chunk.content().verify(files);
        writer.finish();
      } catch (RejectedException e) {
        chunk.content().verify(files);
        throw new IllegalStateException(
            chunk.file()
                + " was good when it was inspected, but now: "
                + e.getMessage()
                + " at "
                + e.position(),
            e);
      }
      Progress.parsed(chunk.chunk().length());
      Metrics.distribution(Metrics.CHUNK_BYTES).update(chunk.chunk().length());
      for (TableColumns table : mapping.tables()) {
        Metrics.counter(Metrics.rows(table.name())).inc(counts.rows().get(table.id()));
        Metrics.counter(Metrics.invalidRecords(table.name()))
            .inc(counts.invalidRecords().get(table.id()));
      }
      if (tellsOfChunks) {
        out.get(settings.parsedChunks).output(chunk.file().id());
      }
    }

    private static void checkCount(FileChunk chunk, long records) {
      if (records != chunk.chunk().records()) {
        throw new IllegalStateException(
            chunk.file()
                + " had other records when it was inspected: "
                + records
                + " in "
                + chunk.chunk());
      }
    }
  }
}
