package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.oracle.OracleRecord;
import io.xmltobigquery.rows.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that was read of a part.
 *
 * @param records valid or not, with their rows as JSON
 * @param invalidRecords as the part tells them: numbers and places count from its start
 */
record HeldRecords(List<OracleRecord> records, List<InvalidRecord> invalidRecords) {

  HeldRecords {
    // Not copied, since an invalid record's row is null.
    invalidRecords = List.copyOf(invalidRecords);
  }

  static RecordSink<HeldRecords> sink() {
    return new Sink();
  }

  /** The records of all parts. */
  static List<OracleRecord> records(ReadDocument<HeldRecords> document) {
    List<OracleRecord> records = new ArrayList<>();
    document.parts().forEach(part -> records.addAll(part.held().records()));
    return records;
  }

  /** The invalid records of all parts, with their numbers and places in the document. */
  static List<InvalidRecord> invalidRecords(ReadDocument<HeldRecords> document) {
    List<InvalidRecord> records = new ArrayList<>();
    for (ReadDocument.Part<HeldRecords> part : document.parts()) {
      for (InvalidRecord record : part.held().invalidRecords()) {
        records.add(
            new InvalidRecord(
                record.table(),
                part.recordsBefore() + record.number(),
                record.reason(),
                record.message(),
                record.position().from(part.start()),
                record.xml(),
                record.rowsInside(),
                record.context()));
      }
    }
    return records;
  }

  private static final class Sink implements RecordSink<HeldRecords> {
    private final List<OracleRecord> records = new ArrayList<>();
    private final List<InvalidRecord> invalidRecords = new ArrayList<>();

    @Override
    public void row(Row row, long record) throws IOException {
      add(row.table().name(), row, record);
    }

    @Override
    public void invalid(InvalidRecord record) throws IOException {
      add(record.table(), null, record.number());
      invalidRecords.add(record);
    }

    private void add(String table, @Nullable Row row, long record) throws IOException {
      records.add(new OracleRecord(table, row == null ? null : RowJson.of(row)));
      assertThat(record).isEqualTo(records.size());
    }

    @Override
    public void drop(long record) {
      throw new AssertionError("no record lies in another, but " + record);
    }

    @Override
    public HeldRecords finish() {
      return new HeldRecords(records, invalidRecords);
    }

    @Override
    public void close() {
      // Nothing but memory is held.
    }
  }
}
