package io.xmltobigquery.outcome;

import io.xmltobigquery.coders.Fields;
import io.xmltobigquery.coders.VersionedCoder;
import io.xmltobigquery.files.FileVersionCoder;
import io.xmltobigquery.outcome.FileOutcome.EntryOutcome;
import io.xmltobigquery.outcome.FileOutcome.Rejection;
import io.xmltobigquery.outcome.FileOutcome.TableRows;
import io.xmltobigquery.rows.Warning;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

public final class FileOutcomeCoder extends VersionedCoder<FileOutcome> {

  private static final long serialVersionUID = 1L;

  /** For the types that have an outcome. */
  public static final FileOutcomeCoder INSTANCE = new FileOutcomeCoder();

  @Override
  protected int form() {
    return 3;
  }

  @Override
  protected void write(FileOutcome outcome, OutputStream out) throws IOException {
    FileVersionCoder.INSTANCE.encode(outcome.file(), out);
    Fields.writeEnum(outcome.outcome(), out);
    Fields.writeAll(outcome.tables(), out, FileOutcomeCoder::writeTable);
    Fields.writeAll(outcome.warnings(), out, FileOutcomeCoder::writeWarning);
    Fields.writeNullable(outcome.rejection(), out, FileOutcomeCoder::writeRejection);
    Fields.writeInt(outcome.ranges(), out);
    Fields.writeNullable(outcome.heldPrefix(), out, Fields::writeString);
    Fields.writeInstant(outcome.started(), out);
    Fields.writeInstant(outcome.finished(), out);
    Fields.writeAll(outcome.entries(), out, FileOutcomeCoder::writeEntry);
  }

  @Override
  protected FileOutcome read(InputStream in, int form) throws IOException {
    return new FileOutcome(
        FileVersionCoder.INSTANCE.decode(in),
        Fields.readEnum(Outcome.class, in),
        Fields.readAll(in, FileOutcomeCoder::readTable),
        form == 1 ? List.of() : Fields.readAll(in, FileOutcomeCoder::readWarning),
        Fields.readNullable(in, FileOutcomeCoder::readRejection),
        Fields.readInt(in),
        Fields.readNullable(in, Fields::readString),
        Fields.readInstant(in),
        Fields.readInstant(in),
        form < 3 ? List.of() : Fields.readAll(in, FileOutcomeCoder::readEntry));
  }

  private static void writeEntry(EntryOutcome entry, OutputStream out) throws IOException {
    Fields.writeString(entry.name(), out);
    Fields.writeLong(entry.size(), out);
    Fields.writeEnum(entry.outcome(), out);
    Fields.writeAll(entry.tables(), out, FileOutcomeCoder::writeTable);
    Fields.writeNullable(entry.rejection(), out, FileOutcomeCoder::writeRejection);
  }

  private static EntryOutcome readEntry(InputStream in) throws IOException {
    return new EntryOutcome(
        Fields.readString(in),
        Fields.readLong(in),
        Fields.readEnum(Outcome.class, in),
        Fields.readAll(in, FileOutcomeCoder::readTable),
        Fields.readNullable(in, FileOutcomeCoder::readRejection));
  }

  private static void writeTable(TableRows table, OutputStream out) throws IOException {
    Fields.writeString(table.table(), out);
    Fields.writeLong(table.rows(), out);
    Fields.writeLong(table.invalidRecords(), out);
  }

  private static TableRows readTable(InputStream in) throws IOException {
    return new TableRows(Fields.readString(in), Fields.readLong(in), Fields.readLong(in));
  }

  private static void writeWarning(Warning warning, OutputStream out) throws IOException {
    Fields.writeEnum(warning.kind(), out);
    Fields.writeNullable(warning.table(), out, Fields::writeString);
    Fields.writeNullable(warning.path(), out, Fields::writeString);
    Fields.writeLong(warning.count(), out);
    Fields.writeNullable(warning.nearest(), out, Fields::writeString);
  }

  private static Warning readWarning(InputStream in) throws IOException {
    return new Warning(
        Fields.readEnum(Warning.Kind.class, in),
        Fields.readNullable(in, Fields::readString),
        Fields.readNullable(in, Fields::readString),
        Fields.readLong(in),
        Fields.readNullable(in, Fields::readString));
  }

  /** For the types that have a rejection. */
  public static void writeRejection(Rejection rejection, OutputStream out) throws IOException {
    Fields.writeEnum(rejection.reason(), out);
    Fields.writeString(rejection.message(), out);
    Fields.writeNullable(rejection.position(), out, Fields::writePosition);
    Fields.writeLong(rejection.recordNumber(), out);
  }

  /** Reads what {@link #writeRejection} has written. */
  public static Rejection readRejection(InputStream in) throws IOException {
    return new Rejection(
        Fields.readEnum(RejectionReason.class, in),
        Fields.readString(in),
        Fields.readNullable(in, Fields::readPosition),
        Fields.readLong(in));
  }
}
