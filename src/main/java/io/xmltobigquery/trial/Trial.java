package io.xmltobigquery.trial;

import io.xmltobigquery.explore.EachFile;
import io.xmltobigquery.explore.LeftOut;
import io.xmltobigquery.explore.LeftOutFiles;
import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.UnreadableFileException;
import io.xmltobigquery.flow.read.Progress;
import io.xmltobigquery.flow.read.StoredDocument;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.rows.Warning;
import io.xmltobigquery.xml.ArchiveReader;
import io.xmltobigquery.xml.DocumentReader;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.ReadDocument;
import io.xmltobigquery.xml.RecordReaderFactory;
import io.xmltobigquery.xml.RejectedException;
import io.xmltobigquery.xml.XmlSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a load would make of files, found by reading them as a load does.
 *
 * @param files how many were read, of an archive those in it
 * @param accepted how many of them would be loaded
 * @param rejected the others, by name; {@link LeftOutFiles#MOST} at most
 * @param tables in the order of the mapping
 * @param complaints what is wrong, the most frequent first
 * @param warnings what the mapping leaves out, and what in it is of no use
 */
public record Trial(
    long files,
    long accepted,
    List<LeftOut> rejected,
    List<TableTrial> tables,
    List<Complaint> complaints,
    List<Warning> warnings) {

  public Trial {
    rejected = List.copyOf(rejected);
    tables = List.copyOf(tables);
    complaints = List.copyOf(complaints);
    warnings = List.copyOf(warnings);
  }

  /**
   * How files are read.
   *
   * @param allowInvalidRecords whether a file that has some would be loaded without them
   * @param manyDocuments whether a file may have several documents
   * @param counted whether values are counted, column by column
   */
  public record Settings(
      Limits limits, boolean allowInvalidRecords, boolean manyDocuments, boolean counted) {}

  /** Rows of all tables, of files that would load. */
  public long rows() {
    return tables.stream().mapToLong(TableTrial::rows).sum();
  }

  /** Whether each record of each file would be loaded. */
  public boolean takesAll() {
    return complaints.isEmpty() && accepted == files;
  }

  /**
   * Reads files by a mapping.
   *
   * @throws IOException if one can't be read, which says nothing of what is in it
   */
  public static Trial of(
      Mapping mapping, List<FileVersion> files, FileStore store, Settings settings)
      throws IOException {
    Reading reading = new Reading(CompiledMapping.of(mapping), store, settings);
    EachFile.read(files, reading::newReader);
    return reading.trial();
  }

  private static final class Reading {
    private final CompiledMapping mapping;
    private final FileStore store;
    private final Settings settings;

    /** It goes on behind an invalid record, so that all of them are told. */
    private final DocumentReader reader;

    /** One for each thread. */
    private final List<Tally> tallies = new ArrayList<>();

    /** Those that were read, and in archives the files in them. */
    private final LongAdder files = new LongAdder();

    private final LeftOutFiles rejected = new LeftOutFiles();
    private final Complaints complaints = new Complaints();

    Reading(CompiledMapping mapping, FileStore store, Settings settings) {
      this.mapping = mapping;
      this.store = store;
      this.settings = settings;
      RecordReaderFactory readers = new RecordReaderFactory(mapping, settings.limits());
      this.reader =
          new DocumentReader(settings.manyDocuments() ? readers.ofManyDocuments() : readers, true);
    }

    EachFile.Reader newReader() {
      Tally tally = new Tally(mapping.tables());
      tallies.add(tally);
      return file -> {
        try {
          read(file, tally);
        } catch (UnreadableFileException e) {
          files.increment();
          rejected.add(LeftOut.of(file, e));
        } catch (FileGoneException e) {
          files.increment();
          rejected.add(LeftOut.of(file, e));
        }
      };
    }

    private void read(FileVersion file, Tally tally) throws IOException {
      StoredDocument document = new StoredDocument(file, store);
      ArchiveReader archive = document.archive(true);
      ReadDocument<CountRows.Counted> read = null;
      RejectedException rejection = null;
      try {
        if (archive != null) {
          archive.read(new EntryReader(file, tally));
        } else {
          read = document.read(reader.of(file.digest()), this::newSink);
        }
      } catch (RejectedException e) {
        rejection = e;
      }
      document.verify();
      if (rejection != null) {
        reject(file, rejection);
      } else if (read != null) {
        take(file, read, tally);
      }
    }

    private void reject(FileVersion file, RejectedException rejection) {
      files.increment();
      rejected.add(LeftOut.of(file, rejection));
      complaints.add(file, Faults.of(rejection));
    }

    /** Each file of an archive is tried for itself. */
    private final class EntryReader implements ArchiveReader.Visitor {
      private final FileVersion archive;
      private final Tally tally;

      EntryReader(FileVersion archive, Tally tally) {
        this.archive = archive;
        this.tally = tally;
      }

      @Override
      public void document(ArchiveReader.Entry entry, XmlSource xml) throws IOException {
        FileVersion file = archive.entry(entry.name());
        try {
          take(
              file,
              reader.of(file.digest()).read(Progress.reading(xml), Reading.this::newSink),
              tally);
        } catch (RejectedException e) {
          reject(file, e);
        }
      }

      @Override
      public void leftOut(ArchiveReader.Entry entry) {
        // A load has nothing to say against it either.
      }
    }

    private CountRows newSink() {
      return new CountRows(mapping.tables(), settings.counted());
    }

    private void take(FileVersion file, ReadDocument<CountRows.Counted> read, Tally tally) {
      files.increment();
      Faults faults = new Faults();
      for (ReadDocument.Part<CountRows.Counted> part : read.parts()) {
        faults.add(part.held().faults(), part.start());
      }
      complaints.add(file, faults);
      tally.addRead(read);
      if (!faults.isEmpty() && !settings.allowInvalidRecords()) {
        rejected.add(faults.asRejection(file));
        return;
      }
      tally.addFile(read);
    }

    /** In an order that doesn't depend on which file was read first. */
    private List<Warning> warnings(Tally all) {
      return all.warnings(mapping).stream()
          .sorted(
              Comparator.comparing(Warning::kind)
                  .thenComparing(Warning::table, Comparator.nullsFirst(Comparator.naturalOrder()))
                  .thenComparing(Comparator.comparing(Warning::count).reversed())
                  .thenComparing(Warning::path, Comparator.nullsLast(Comparator.naturalOrder())))
          .toList();
    }

    Trial trial() {
      Tally all = new Tally(mapping.tables());
      tallies.forEach(all::add);
      List<TableTrial> tables = new ArrayList<>();
      for (TableColumns table : mapping.tables()) {
        tables.add(all.table(table));
      }
      return new Trial(
          files.sum(), all.files(), rejected.first(), tables, complaints.list(), warnings(all));
    }
  }
}
