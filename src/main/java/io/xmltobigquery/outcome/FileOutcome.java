package io.xmltobigquery.outcome;

import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.UnreadableFileException;
import io.xmltobigquery.rows.Warning;
import io.xmltobigquery.xml.Position;
import io.xmltobigquery.xml.RejectionReason;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one file version: a row of {@code file_loads}.
 *
 * @param tables the rows of each table; empty if none are released
 * @param warnings what people should know though the file is good
 * @param rejection why the file isn't loaded; null unless rejected
 * @param ranges how many ranges of rows and of invalid records are released
 * @param heldPrefix how the names of files with held rows begin, which are deleted when the outcome
 *     is recorded, or null if there can be none
 * @param started when reading it began
 * @param finished when its outcome was known
 * @param entries what became of the files in it, each a row of its own; empty if it is no archive,
 *     or the archive is rejected as a whole
 */
public record FileOutcome(
    FileVersion file,
    Outcome outcome,
    List<TableRows> tables,
    List<Warning> warnings,
    @Nullable Rejection rejection,
    int ranges,
    @Nullable String heldPrefix,
    Instant started,
    Instant finished,
    List<EntryOutcome> entries) {

  public FileOutcome {
    tables = List.copyOf(tables);
    warnings = List.copyOf(warnings);
    entries = List.copyOf(entries);
  }

  /** Of a file that is no archive. */
  public FileOutcome(
      FileVersion file,
      Outcome outcome,
      List<TableRows> tables,
      List<Warning> warnings,
      @Nullable Rejection rejection,
      int ranges,
      @Nullable String heldPrefix,
      Instant started,
      Instant finished) {
    this(
        file,
        outcome,
        tables,
        warnings,
        rejection,
        ranges,
        heldPrefix,
        started,
        finished,
        List.of());
  }

  /** A file that was found good. */
  public static FileOutcome accepted(
      FileVersion file,
      List<TableRows> tables,
      List<Warning> warnings,
      int ranges,
      Instant started,
      Instant finished) {
    return new FileOutcome(
        file, Outcome.ACCEPTED, tables, warnings, null, ranges, null, started, finished);
  }

  /** A file that was found bad. */
  public static FileOutcome rejected(
      FileVersion file, Rejection rejection, Instant started, Instant finished) {
    return new FileOutcome(
        file, Outcome.REJECTED, List.of(), List.of(), rejection, 0, null, started, finished);
  }

  /** A file that can't be read, now or later. */
  public static FileOutcome unreadable(
      FileVersion file, UnreadableFileException why, Instant started, Instant finished) {
    Rejection rejection =
        new Rejection(
            RejectionReason.UNREADABLE,
            why.getMessage() + "; give the job the right to read it, or leave it out of --input",
            null,
            0);
    return rejected(file, rejection, started, finished);
  }

  /** A file that wasn't there any more when it was to be read. */
  public static FileOutcome gone(
      FileVersion file, FileGoneException why, Instant started, Instant finished) {
    Outcome outcome = why.isSuperseded() ? Outcome.SUPERSEDED : Outcome.MISSING;
    return new FileOutcome(file, outcome, List.of(), List.of(), null, 0, null, started, finished);
  }

  /** The same, where rows may have been held in files. */
  public FileOutcome holding(String heldPrefix) {
    return new FileOutcome(
        file, outcome, tables, warnings, rejection, ranges, heldPrefix, started, finished, entries);
  }

  /** The same, of an archive, with what became of the files in it. */
  public FileOutcome with(List<EntryOutcome> files) {
    return new FileOutcome(
        file, outcome, tables, warnings, rejection, ranges, heldPrefix, started, finished, files);
  }

  /**
   * The same, of an archive, some of whose files are bad: it is rejected, though the rows of the
   * others are released.
   */
  public FileOutcome rejectedInPart(Rejection of) {
    return new FileOutcome(
        file,
        Outcome.REJECTED,
        tables,
        warnings,
        of,
        ranges,
        heldPrefix,
        started,
        finished,
        entries);
  }

  /**
   * What became of a file in an archive.
   *
   * @param name in the archive
   * @param size in bytes, unpacked
   * @param tables those that have rows or invalid records of it; empty unless accepted
   * @param rejection why it isn't loaded; null unless rejected
   */
  public record EntryOutcome(
      String name,
      long size,
      Outcome outcome,
      List<TableRows> tables,
      @Nullable Rejection rejection) {

    public EntryOutcome {
      tables = List.copyOf(tables);
    }
  }

  /**
   * How many records of a file are for one table.
   *
   * @param rows the rows that were handed to the write; it may refuse some
   * @param invalidRecords the records that went to the dead letter instead
   */
  public record TableRows(String table, long rows, long invalidRecords) {}

  /**
   * Why a file was rejected.
   *
   * @param message what is wrong and what to do
   * @param position where, or null if there is no place to point to
   * @param recordNumber the record it is about, from 1, or 0 if it is about none
   */
  public record Rejection(
      RejectionReason reason, String message, @Nullable Position position, long recordNumber) {}
}
