package io.xmltobigquery.flow.read;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.OwnFiles;
import io.xmltobigquery.files.UnreadableFileException;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.FileOutcome.Rejection;
import io.xmltobigquery.outcome.FileOutcome.TableRows;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.xml.Chunk;
import io.xmltobigquery.xml.GzipSource;
import io.xmltobigquery.xml.Inspection;
import io.xmltobigquery.xml.Inspector;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.RecordReaderFactory;
import io.xmltobigquery.xml.RejectedException;
import io.xmltobigquery.xml.XmlSource;
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
 * The first pass: reads every file version to its end and emits no row, but the file's outcome and,
 * if it is good, its chunks.
 *
 * <p>A small file travels in its chunk, so that it is read once. Two kinds of large files are
 * staged once they are known to be good, and the chunks are cut from the copies: compressed files,
 * uncompressed, since they can't be entered in the middle; and objects of Cloud Storage, since
 * others may overwrite or delete them.
 */
public final class Inspect extends PTransform<PCollection<FileVersion>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  /** The chunks of good files. */
  public static final TupleTag<FileChunk> CHUNKS = new TupleTag<>() {};

  /** One outcome for each file version. */
  public static final TupleTag<FileOutcome> OUTCOMES = new TupleTag<>() {};

  /**
   * Up to this size, in bytes, a file is held in memory. A worker has a few dozen files in work at
   * once.
   */
  static final int MAX_INLINE_BYTES = 512 * 1024;

  private final Mapping mapping;
  private final Limits limits;
  private final long chunkBytes;
  private final boolean allowInvalidRecords;
  private final String stagingPrefix;

  private Inspect(
      Mapping mapping,
      Limits limits,
      long chunkBytes,
      boolean allowInvalidRecords,
      String stagingPrefix) {
    this.mapping = mapping;
    this.limits = limits;
    this.chunkBytes = chunkBytes;
    this.allowInvalidRecords = allowInvalidRecords;
    this.stagingPrefix = stagingPrefix;
  }

  /**
   * Inspects by a mapping.
   *
   * @param chunkBytes see {@link Inspector}
   * @param allowInvalidRecords see {@link Inspector}
   * @param stagingPrefix how the names of temporary files begin, for this job alone
   */
  public static Inspect with(
      Mapping mapping,
      Limits limits,
      long chunkBytes,
      boolean allowInvalidRecords,
      String stagingPrefix) {
    return new Inspect(mapping, limits, chunkBytes, allowInvalidRecords, stagingPrefix);
  }

  @Override
  public PCollectionTuple expand(PCollection<FileVersion> files) {
    return files.apply(
        "Inspect",
        ParDo.of(new InspectFn(this, files.isBounded() == IsBounded.UNBOUNDED))
            .withOutputTags(CHUNKS, TupleTagList.of(OUTCOMES)));
  }

  private static final class InspectFn extends DoFn<FileVersion, FileChunk> {
    private static final long serialVersionUID = 1L;

    private final Inspect settings;

    /** Of many files at once, none takes more than its share; and it is always cut the same. */
    private final boolean inOneThread;

    private transient CompiledMapping mapping;
    private transient Inspector inspector;
    private transient FileStore files;

    InspectFn(Inspect settings, boolean inOneThread) {
      this.settings = settings;
      this.inOneThread = inOneThread;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
      mapping = CompiledMapping.of(settings.mapping);
      inspector =
          new Inspector(
              new RecordReaderFactory(mapping, settings.limits),
              settings.chunkBytes,
              settings.allowInvalidRecords);
    }

    @ProcessElement
    public void inspect(@Element FileVersion file, MultiOutputReceiver out) throws IOException {
      Instant started = Instant.now();
      try {
        out.get(OUTCOMES).output(inspect(file, started, out));
      } catch (UnreadableFileException e) {
        out.get(OUTCOMES).output(FileOutcome.unreadable(file, e, started, Instant.now()));
      } catch (FileGoneException e) {
        out.get(OUTCOMES).output(FileOutcome.gone(file, e, started, Instant.now()));
      }
    }

    private FileOutcome inspect(FileVersion file, Instant started, MultiOutputReceiver out)
        throws IOException {
      FileContent stored = content(file);
      XmlSource bytes = stored.from(files);
      XmlSource xml = isGzip(bytes) ? new GzipSource(bytes) : bytes;
      Inspection inspection;
      try {
        XmlSource counted = Progress.inspecting(xml);
        // A compressed file can be read from its start only.
        inspection =
            inOneThread || xml != bytes
                ? inspector.inspect(counted)
                : inspector.inspect(counted, file.size());
      } catch (RejectedException e) {
        // What looks broken may be a mixture of two versions.
        stored.verify(files);
        Rejection rejection =
            new Rejection(e.reason(), e.getMessage(), e.position(), e.recordNumber());
        return FileOutcome.rejected(file, rejection, started, Instant.now());
      }
      FileContent content =
          xml == bytes
              ? settled(file, stored, inspection)
              : uncompressed(file, stored, xml, inspection);
      for (Chunk chunk : inspection.chunks()) {
        out.get(CHUNKS).output(new FileChunk(file, content, chunk));
      }
      String staged = content instanceof FileContent.Staged copy ? copy.uri() : null;
      return FileOutcome.accepted(
          file, tableRows(inspection), inspection.chunks().size(), staged, started, Instant.now());
    }

    private FileContent content(FileVersion file) throws IOException {
      FileContent stored = new FileContent.Stored(file);
      if (file.size() > MAX_INLINE_BYTES) {
        return stored;
      }
      FileContent inline = read(stored.from(files), MAX_INLINE_BYTES);
      stored.verify(files);
      return inline;
    }

    /** Holds the beginning of a file; of a compressed one, what follows may be huge. */
    private static FileContent read(XmlSource source, int atMost) throws IOException {
      try (InputStream in = source.open(0)) {
        return new FileContent.Inline(in.readNBytes(atMost));
      }
    }

    private static boolean isGzip(XmlSource source) throws IOException {
      try (InputStream in = source.open(0)) {
        return GzipSource.isGzip(in.readNBytes(2));
      }
    }

    /** Where an uncompressed file's bytes stay until they are parsed. */
    private FileContent settled(FileVersion file, FileContent stored, Inspection inspection)
        throws IOException {
      if (!(stored instanceof FileContent.Stored)
          || !file.isOnCloudStorage()
          || inspection.chunks().isEmpty()) {
        stored.verify(files);
        return stored;
      }
      // Others may overwrite or delete the object at any time, but nobody knows of the copy. So a
      // version is gone before it is accepted, or all its rows are loaded.
      String staged = stagedName(file);
      files.copy(file, staged);
      return new FileContent.Staged(staged);
    }

    /** The same at each attempt, so that one that is repeated leaves no second copy. */
    private String stagedName(FileVersion file) {
      return settings.stagingPrefix + file.digest() + OwnFiles.STAGED;
    }

    /** The uncompressed bytes, in a place where they can be entered anywhere. */
    private FileContent uncompressed(
        FileVersion file, FileContent stored, XmlSource gunzipped, Inspection inspection)
        throws IOException {
      List<Chunk> chunks = inspection.chunks();
      long end = chunks.isEmpty() ? 0 : chunks.get(chunks.size() - 1).end();
      if (end <= MAX_INLINE_BYTES) {
        try {
          return read(gunzipped, (int) end);
        } finally {
          stored.verify(files);
        }
      }
      String staged = stagedName(file);
      files.write(
          staged,
          out -> {
            try (InputStream in = gunzipped.open(0)) {
              in.transferTo(out);
            } finally {
              // Before the copy is whole; and what looks damaged may be a mixture of two versions.
              stored.verify(files);
            }
          });
      return new FileContent.Staged(staged);
    }

    private List<TableRows> tableRows(Inspection inspection) {
      List<TableRows> tables = new ArrayList<>();
      for (TableColumns table : mapping.tables()) {
        tables.add(
            new TableRows(
                table.name(),
                inspection.rows().get(table.id()),
                inspection.invalidRecords().get(table.id())));
      }
      return tables;
    }
  }
}
