package io.xmltobigquery.trial;

import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Coverage;
import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.rows.Warning;
import io.xmltobigquery.xml.ReadDocument;
import java.util.Arrays;
import java.util.List;

/** Counts of files that were read one after the other. */
final class Tally {

  private long files;

  /** By table, as all that follow. */
  private final long[] rows;

  private final long[] filesWithRows;
  private final long[] invalid;

  /** Those that were read, rows or not, of files that wouldn't be loaded, too. */
  private final long[] records;

  private Coverage coverage;
  private final List<TableFill> fills;

  Tally(List<TableColumns> tables) {
    rows = new long[tables.size()];
    filesWithRows = new long[tables.size()];
    invalid = new long[tables.size()];
    records = new long[tables.size()];
    coverage = Coverage.none(tables.size());
    fills = tables.stream().map(TableFill::new).toList();
  }

  /** Counts what is in a file that was read to its end, whether it would be loaded or not. */
  void addRead(ReadDocument<CountRows.Counted> file) {
    coverage = coverage.join(file.coverage());
    for (int i = 0; i < records.length; i++) {
      records[i] += file.records().get(i);
      invalid[i] += file.invalidRecords().get(i);
    }
    for (ReadDocument.Part<CountRows.Counted> part : file.parts()) {
      addFills(part.held().fills());
    }
  }

  /** Counts a file that would be loaded. */
  void addFile(ReadDocument<CountRows.Counted> file) {
    files++;
    for (int i = 0; i < rows.length; i++) {
      rows[i] += file.rows().get(i);
      filesWithRows[i] += file.rows().get(i) > 0 ? 1 : 0;
    }
  }

  void add(Tally other) {
    files += other.files;
    for (int i = 0; i < rows.length; i++) {
      rows[i] += other.rows[i];
      filesWithRows[i] += other.filesWithRows[i];
      invalid[i] += other.invalid[i];
      records[i] += other.records[i];
    }
    coverage = coverage.join(other.coverage);
    addFills(other.fills);
  }

  private void addFills(List<TableFill> others) {
    for (int i = 0; i < others.size(); i++) {
      fills.get(i).add(others.get(i));
    }
  }

  long files() {
    return files;
  }

  List<Warning> warnings(CompiledMapping mapping) {
    return Warning.of(mapping, coverage, Arrays.stream(records).boxed().toList());
  }

  TableTrial table(TableColumns table) {
    int id = table.id();
    return new TableTrial(
        table.name(),
        table.mapping().recordText(),
        fills.get(id).rows(),
        rows[id],
        filesWithRows[id],
        invalid[id],
        fills.get(id).columns(table));
  }
}
