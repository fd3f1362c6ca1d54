package io.xmltobigquery.flow.held;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.VersionId;
import io.xmltobigquery.xml.InvalidRecord;
import io.xmltobigquery.xml.Position;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Held rows of one table of a good file, as many as are released together.
 *
 * @param table its number in the mapping, or {@link #INVALID_RECORDS}
 * @param firstRecord the number of the first row's record in the file, from 1 over all tables
 * @param rows how many are held
 * @param recordsBefore how many records of the file stand before the part that these are of
 * @param partStart where that part begins
 * @param dropped which of the records, numbered from the part's start, are left out
 * @param archive the archive that the file is in, or null if it is in none
 * @param entry the file's number in the archive, from 1, or 0 if it is in none
 */
public record HeldRange(
    FileVersion file,
    int table,
    long firstRecord,
    long rows,
    long recordsBefore,
    Position partStart,
    HeldContent content,
    List<Dropped> dropped,
    @Nullable VersionId archive,
    int entry) {

  public HeldRange {
    dropped = List.copyOf(dropped);
  }

  /** Of a file that is in no archive. */
  public HeldRange(
      FileVersion file,
      int table,
      long firstRecord,
      long rows,
      long recordsBefore,
      Position partStart,
      HeldContent content,
      List<Dropped> dropped) {
    this(file, table, firstRecord, rows, recordsBefore, partStart, content, dropped, null, 0);
  }

  /** Of which nothing is left out. */
  public HeldRange(
      FileVersion file,
      int table,
      long firstRecord,
      long rows,
      long recordsBefore,
      Position partStart,
      HeldContent content) {
    this(file, table, firstRecord, rows, recordsBefore, partStart, content, List.of());
  }

  /** Stands in the place of a table for the invalid records of all tables. */
  static final int INVALID_RECORDS = -1;

  /** The same, where the file is in an archive. */
  HeldRange in(VersionId version, int number) {
    return new HeldRange(
        file,
        table,
        firstRecord,
        rows,
        recordsBefore,
        partStart,
        content,
        dropped,
        version,
        number);
  }

  /** The version that these came with: the archive's, if the file is in one. */
  public VersionId version() {
    return archive == null ? file.id() : archive;
  }

  /** Whether these are invalid records, and no rows. */
  public boolean isOfInvalidRecords() {
    return table == INVALID_RECORDS;
  }

  /** Takes rows. */
  @FunctionalInterface
  public interface RowVisitor {
    /**
     * Takes a row.
     *
     * @param record the number of its record, from 1 over all tables
     * @param bytes has the row as {@link RowEncoding} made it; it is never changed afterwards
     */
    void row(long record, byte[] bytes, int start, int length) throws IOException;
  }

  /** Takes invalid records. */
  @FunctionalInterface
  public interface InvalidRecordVisitor {
    void record(InvalidRecord record) throws IOException;
  }

  /** Whether the rows are in a file, and not in the range. */
  public boolean isStored() {
    return content instanceof HeldContent.Stored;
  }

  /** How many bytes of a file they take. */
  public long storedBytes() {
    return content instanceof HeldContent.Stored stored
        ? stored.extents().stream().mapToLong(HeldContent.Extent::length).sum()
        : 0;
  }

  /**
   * Visits the rows, in their order.
   *
   * @throws HeldRowsException if they are gone, or are not what was held
   */
  public void visitRows(FileStore files, RowVisitor visitor) throws IOException {
    long visited =
        content.visit(
            files,
            (record, bytes, start, length) -> {
              if (dropped.isEmpty() || !Dropped.contain(dropped, record)) {
                visitor.row(recordsBefore + record, bytes, start, length);
              }
            });
    if (visited != rows) {
      throw new HeldRowsException(
          file + ": " + visited + " rows were held where " + rows + " should be");
    }
  }

  /** Visits the invalid records, of a range that has such. */
  public void visitInvalidRecords(FileStore files, InvalidRecordVisitor visitor)
      throws IOException {
    visitRows(
        files,
        (record, bytes, start, length) ->
            visitor.record(InvalidRecords.read(record, partStart, bytes, start, length)));
  }
}
