package io.xmltobigquery.flow.read;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.UnreadableFileException;
import io.xmltobigquery.flow.held.HeldPart;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.HeldRanges;
import io.xmltobigquery.flow.held.HoldArchive;
import io.xmltobigquery.flow.held.HoldRows;
import io.xmltobigquery.flow.held.RowEncoding;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.FileOutcome.EntryOutcome;
import io.xmltobigquery.outcome.FileOutcome.Rejection;
import io.xmltobigquery.outcome.FileOutcome.TableRows;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Coverage;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.rows.Warning;
import io.xmltobigquery.xml.ArchiveReader;
import io.xmltobigquery.xml.DocumentPart;
import io.xmltobigquery.xml.DocumentReader;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.PartStart;
import io.xmltobigquery.xml.ReadDocument;
import io.xmltobigquery.xml.RecordReaderFactory;
import io.xmltobigquery.xml.RecordSink;
import io.xmltobigquery.xml.RejectedException;
import io.xmltobigquery.xml.XmlSource;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/**
 * Reads file versions, whole or in parts, and tells what became of them.
 *
 * <p>A failure to read or to hold is an {@code IOException}. That a file is gone, or nobody may
 * read it, is an outcome.
 */
final class FileReading {

  /** All that was read of a file's parts comes together in one element. */
  private static final int MAX_PARTS = 1_024;

  /** A part whose reader has come to none of so many others ends there; it is most likely wrong. */
  private static final int OTHERS = 2;

  private final Settings settings;
  private final CompiledMapping mapping;
  private final DocumentReader reader;
  private final FileStore files;

  FileReading(Settings settings, PipelineOptions options) {
    this.settings = settings;
    files = FileStore.of(options);
    mapping = CompiledMapping.of(settings.mapping());
    RecordReaderFactory readers = new RecordReaderFactory(mapping, settings.limits());
    reader =
        new DocumentReader(
            settings.manyDocuments() ? readers.ofManyDocuments() : readers,
            settings.allowInvalidRecords());
  }

  /**
   * See {@link Read#with}.
   *
   * @param entriesAlone see {@link Read#loadingEntriesAlone}
   * @param manyDocuments see {@link Read#takingManyDocuments}
   */
  record Settings(
      Mapping mapping,
      Limits limits,
      RowEncoding encoding,
      boolean allowInvalidRecords,
      boolean entriesAlone,
      boolean manyDocuments,
      String heldPrefix,
      long rangeBytes)
      implements Serializable {

    Settings loadingEntriesAlone() {
      return new Settings(
          mapping,
          limits,
          encoding,
          allowInvalidRecords,
          true,
          manyDocuments,
          heldPrefix,
          rangeBytes);
    }

    Settings takingManyDocuments() {
      return new Settings(
          mapping,
          limits,
          encoding,
          allowInvalidRecords,
          entriesAlone,
          true,
          heldPrefix,
          rangeBytes);
    }
  }

  /**
   * What became of a file.
   *
   * @param ranges of its rows, if it is good
   * @param coverage how far the mapping covers it, or null if it isn't good
   */
  record Result(
      FileOutcome outcome,
      List<HeldRange> ranges,
      CompiledMapping mapping,
      @Nullable Coverage coverage) {}

  /** How a file is read: whole, by joining its parts, or as an archive. */
  @FunctionalInterface
  private interface Reading {
    Content read() throws IOException, RejectedException;
  }

  /**
   * What was read of a file.
   *
   * @param entries the files of an archive; empty if it is none
   * @param rejection of some of them, or null
   */
  private record Content(
      List<TableRows> tables,
      List<Long> records,
      Coverage coverage,
      List<HeldRange> ranges,
      List<EntryOutcome> entries,
      @Nullable Rejection rejection) {}

  /**
   * A file that is about to be read, with its content if it is small. That it is gone, or nobody
   * may read it, shows when it is.
   *
   * @param started when its content was asked for
   */
  record Fetched(FileVersion file, Bytes content, Instant started) {

    @FunctionalInterface
    interface Bytes {
      byte @Nullable [] get() throws IOException;
    }
  }

  /** Gets a file ready to be read, in any thread. */
  Fetched fetch(FileVersion file) throws IOException {
    Instant started = Instant.now();
    if (!StoredDocument.isSmall(file)) {
      return new Fetched(file, () -> null, started);
    }
    try {
      byte[] content = StoredDocument.content(file, files);
      return new Fetched(file, () -> content, started);
    } catch (UnreadableFileException | FileGoneException e) {
      return new Fetched(
          file,
          () -> {
            throw e;
          },
          started);
    }
  }

  /** Reads a file from its start to its end. */
  Result whole(Fetched fetched, boolean inOneThread) throws IOException {
    FileVersion file = fetched.file();
    return result(
        file,
        fetched.started(),
        () -> {
          StoredDocument document = new StoredDocument(file, files, fetched.content().get());
          ArchiveReader archive = document.archive(!inOneThread);
          if (archive != null) {
            return archive(file, archive);
          }
          return content(
              file,
              inOneThread
                  ? reader(file).read(document.xml(false), sinks(file, 1))
                  : document.read(reader(file), sinks(file, 1)));
        });
  }

  /**
   * Cuts a file into parts at guessed places.
   *
   * @param partBytes about how long a part is, in bytes
   * @return empty if it is to be read whole
   */
  List<FilePart> split(FileVersion file, long partBytes) throws IOException {
    Instant started = Instant.now();
    if (file.size() < 2 * partBytes) {
      return List.of();
    }
    List<PartStart> starts = new ArrayList<>();
    starts.add(PartStart.OF_DOCUMENT);
    try {
      StoredDocument document = new StoredDocument(file, files);
      if (document.isPlain()) {
        long bytes = Math.max(partBytes, file.size() / MAX_PARTS);
        starts.addAll(reader(file).guess(document.xml(false), file.size(), bytes));
      }
    } catch (UnreadableFileException | FileGoneException e) {
      // Whoever reads it will tell.
      return List.of();
    }
    int count = starts.size();
    List<FilePart> parts = new ArrayList<>();
    for (int i = 0; i < count && count > 1; i++) {
      int end = Math.min(i + 1 + OTHERS, count);
      parts.add(
          new FilePart(
              file, count, starts.get(i), starts.subList(i + 1, end), end == count, started));
    }
    return parts;
  }

  /** Reads a part. Whether it is one of the document is for {@link #join} to tell. */
  ReadPart part(FilePart part) throws IOException {
    FileVersion file = part.file();
    try {
      DocumentPart<HeldPart> read =
          reader(file)
              .readPart(
                  plain(file),
                  part.start(),
                  part.others(),
                  part.readsOn(),
                  sinks(file, part.count()));
      return new ReadPart(part, read, null);
    } catch (RejectedException e) {
      return new ReadPart(part, null, rejection(e));
    } catch (UnreadableFileException | FileGoneException e) {
      // Whoever joins the parts will tell.
      return new ReadPart(part, null, null);
    }
  }

  /**
   * Joins all parts of a file, and reads what lies between them.
   *
   * @param parts in any order
   */
  Result join(List<ReadPart> parts) throws IOException {
    Map<PartStart, ReadPart> byStart = new HashMap<>();
    parts.forEach(part -> byStart.put(part.part().start(), part));
    List<PartStart> starts = byStart.keySet().stream().sorted(PartStart.BY_PLACE).toList();
    FilePart any = parts.get(0).part();
    FileVersion file = any.file();
    return result(
        file,
        any.started(),
        () ->
            content(
                file,
                reader(file)
                    .join(
                        plain(file),
                        starts,
                        start -> {
                          ReadPart part = byStart.get(start);
                          return part == null ? null : part.document();
                        },
                        sinks(file, any.count()))));
  }

  private Result result(FileVersion file, Instant started, Reading reading) throws IOException {
    List<HeldRange> ranges = List.of();
    Coverage coverage = null;
    FileOutcome outcome;
    try {
      Content content = null;
      RejectedException rejected = null;
      try {
        content = reading.read();
      } catch (RejectedException e) {
        rejected = e;
      }
      StoredDocument.verify(file, files);
      if (content == null) {
        outcome = FileOutcome.rejected(file, rejection(rejected), started, Instant.now());
      } else {
        ranges = content.ranges();
        coverage = content.coverage();
        outcome =
            FileOutcome.accepted(
                    file,
                    content.tables(),
                    Warning.of(mapping, coverage, content.records()),
                    ranges.size(),
                    started,
                    Instant.now())
                .with(content.entries());
        if (content.rejection() != null) {
          outcome = outcome.rejectedInPart(content.rejection());
        }
      }
    } catch (UnreadableFileException e) {
      outcome = FileOutcome.unreadable(file, e, started, Instant.now());
    } catch (FileGoneException e) {
      outcome = FileOutcome.gone(file, e, started, Instant.now());
    }
    // A small file is read in one part, which leaves nothing behind unless it is good.
    boolean mayBeHeld =
        !StoredDocument.isSmall(file) || ranges.stream().anyMatch(HeldRange::isStored);
    return new Result(
        mayBeHeld ? outcome.holding(heldPrefix(file)) : outcome, ranges, mapping, coverage);
  }

  private Content content(FileVersion file, ReadDocument<HeldPart> document) {
    return new Content(
        tableRows(document),
        document.records(),
        document.coverage(),
        HeldRanges.of(file, document.parts(), settings.rangeBytes()),
        List.of(),
        null);
  }

  private Content archive(FileVersion file, ArchiveReader archive)
      throws IOException, RejectedException {
    try (HoldArchive held =
        new HoldArchive(
            settings.encoding(), mapping.tables().size(), file, files, heldPrefix(file))) {
      EntryReader entries = new EntryReader(file, held);
      archive.read(entries);
      return new Content(
          entries.tables(),
          entries.records(),
          entries.coverage,
          held.ranges(settings.rangeBytes()),
          entries.outcomes(),
          entries.rejectionOfSome());
    }
  }

  /** Reads the files of an archive. */
  private final class EntryReader implements ArchiveReader.Visitor {
    private final FileVersion archive;
    private final HoldArchive held;
    private final List<Read> read = new ArrayList<>();
    private Coverage coverage = Coverage.none(mapping.tables().size());

    /** A file, its rows by table, and what is wrong with it. */
    private record Read(
        ArchiveReader.Entry entry,
        Outcome outcome,
        List<TableRows> tables,
        @Nullable Rejection rejection) {}

    EntryReader(FileVersion archive, HoldArchive held) {
      this.archive = archive;
      this.held = held;
    }

    @Override
    public void document(ArchiveReader.Entry entry, XmlSource xml)
        throws IOException, RejectedException {
      FileVersion file = archive.entry(entry.name());
      try {
        ReadDocument<HeldPart> document =
            reader(file).read(Progress.reading(xml), held.sinks(file));
        held.add(file, read.size() + 1, document.parts());
        coverage = coverage.join(document.coverage());
        read.add(new Read(entry, Outcome.ACCEPTED, tableRows(document), null));
      } catch (RejectedException e) {
        if (!settings.entriesAlone()) {
          throw new RejectedException(
              e.reason(),
              ArchiveReader.quoted(entry.name()) + " in the archive: " + e.getMessage(),
              e.position(),
              e.recordNumber());
        }
        read.add(new Read(entry, Outcome.REJECTED, List.of(), rejection(e)));
      }
    }

    @Override
    public void leftOut(ArchiveReader.Entry entry) {
      read.add(new Read(entry, Outcome.LEFT_OUT, List.of(), null));
    }

    /** Of all files together, in the mapping's order. */
    List<TableRows> tables() {
      List<TableRows> sums = new ArrayList<>();
      for (int i = 0; i < mapping.tables().size(); i++) {
        long rows = 0;
        long invalid = 0;
        for (Read file : read) {
          if (!file.tables().isEmpty()) {
            rows += file.tables().get(i).rows();
            invalid += file.tables().get(i).invalidRecords();
          }
        }
        sums.add(new TableRows(mapping.tables().get(i).name(), rows, invalid));
      }
      return sums;
    }

    List<Long> records() {
      return tables().stream().map(table -> table.rows() + table.invalidRecords()).toList();
    }

    List<EntryOutcome> outcomes() {
      return read.stream()
          .map(
              file ->
                  new EntryOutcome(
                      file.entry().name(),
                      file.entry().size(),
                      file.outcome(),
                      file.tables().stream()
                          .filter(table -> table.rows() + table.invalidRecords() > 0)
                          .toList(),
                      file.rejection()))
          .toList();
    }

    /** What is wrong with the first bad file, and how many there are; null if all are good. */
    @Nullable Rejection rejectionOfSome() {
      List<Read> bad = read.stream().filter(file -> file.rejection() != null).toList();
      if (bad.isEmpty()) {
        return null;
      }
      long good = read.stream().filter(file -> file.outcome() == Outcome.ACCEPTED).count();
      Rejection first = bad.get(0).rejection();
      return new Rejection(
          first.reason(),
          bad.size()
              + " of the files in the archive are bad, "
              + good
              + " are loaded; the first bad one is "
              + ArchiveReader.quoted(bad.get(0).entry().name())
              + ": "
              + first.message(),
          first.position(),
          first.recordNumber());
    }
  }

  private static Rejection rejection(RejectedException e) {
    return new Rejection(e.reason(), e.getMessage(), e.position(), e.recordNumber());
  }

  private DocumentReader reader(FileVersion file) {
    return reader.of(file.digest());
  }

  /** Of a file that is known not to be compressed. */
  private XmlSource plain(FileVersion file) {
    return Progress.reading(offset -> files.open(file, offset));
  }

  private RecordSink.Factory<HeldPart> sinks(FileVersion file, int parts) {
    return () ->
        new HoldRows(
            settings.encoding(), mapping.tables().size(), file, files, heldPrefix(file), parts);
  }

  private String heldPrefix(FileVersion file) {
    return settings.heldPrefix() + file.digest() + "-";
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
