package io.xmltobigquery.propose;

import io.xmltobigquery.explore.EachFile;
import io.xmltobigquery.explore.LeftOut;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.read.StoredDocument;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.xml.DocumentReader;
import io.xmltobigquery.xml.InvalidRecord;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.RecordReaderFactory;
import io.xmltobigquery.xml.RecordSink;
import io.xmltobigquery.xml.RejectedException;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;

/**
 * What a load would say of files, without loading them.
 *
 * @param accepted how many are good
 * @param rows how many rows they would make, of all tables
 * @param rejected the others, by name
 */
public record SampleCheck(long accepted, long rows, List<LeftOut> rejected) {

  public SampleCheck {
    rejected = List.copyOf(rejected);
  }

  /**
   * Reads files by a mapping.
   *
   * @throws IOException if one can't be read
   */
  public static SampleCheck of(Mapping mapping, List<FileVersion> files, FileStore store)
      throws IOException {
    Check check = new Check(store, CompiledMapping.of(mapping));
    EachFile.read(files, () -> check::read);
    return new SampleCheck(check.accepted, check.rows, List.copyOf(check.rejected.values()));
  }

  private static final class Check {
    private final FileStore store;
    private final CompiledMapping mapping;
    private final TreeMap<String, LeftOut> rejected = new TreeMap<>();
    private long accepted;
    private long rows;

    Check(FileStore store, CompiledMapping mapping) {
      this.store = store;
      this.mapping = mapping;
    }

    void read(FileVersion file) throws IOException {
      StoredDocument document = new StoredDocument(file, store);
      DocumentReader reader =
          new DocumentReader(
              new RecordReaderFactory(mapping, new Limits(Limits.DEFAULT_MAX_RECORD_BYTES)), false);
      try {
        accept(
            reader.read(document.xml(true), Nothing::new).rows().stream()
                .mapToLong(Long::longValue)
                .sum());
      } catch (RejectedException e) {
        reject(new LeftOut(file.uri(), e.reason().name(), e.getMessage(), e.position()));
      }
      document.verify();
    }

    private synchronized void accept(long rowsOfFile) {
      accepted++;
      rows += rowsOfFile;
    }

    private synchronized void reject(LeftOut file) {
      rejected.put(file.file(), file);
    }
  }

  /** Rows are made and checked, and held nowhere. */
  private static final class Nothing implements RecordSink<Boolean> {

    @Override
    public void row(Row row, long record) {}

    @Override
    public void invalid(InvalidRecord record) {
      throw new IllegalStateException("an invalid record rejects its file here");
    }

    @Override
    public Boolean finish() {
      return true;
    }

    @Override
    public void close() {}
  }
}
