package io.xmltobigquery.trial;

import io.xmltobigquery.rows.TableColumns;
import io.xmltobigquery.xml.ReadDocument;
import java.util.List;

/** Counts of files that were read one after the other. */
final class Tally {

  private long files;

  /** By table, as all that follow. */
  private final long[] rows;

  private final long[] filesWithRows;
  private final long[] invalid;
  private final List<TableFill> fills;

  Tally(List<TableColumns> tables) {
    rows = new long[tables.size()];
    filesWithRows = new long[tables.size()];
    invalid = new long[tables.size()];
    fills = tables.stream().map(TableFill::new).toList();
  }

  /** Counts records that tables can't take. */
  void addInvalid(List<Long> records) {
    for (int i = 0; i < invalid.length; i++) {
      invalid[i] += records.get(i);
    }
  }

  /** Counts a file that would be loaded. */
  void addFile(ReadDocument<CountRows.Counted> file) {
    files++;
    for (int i = 0; i < rows.length; i++) {
      rows[i] += file.rows().get(i);
      filesWithRows[i] += file.rows().get(i) > 0 ? 1 : 0;
    }
    for (ReadDocument.Part<CountRows.Counted> part : file.parts()) {
      addFills(part.held().fills());
    }
  }

  void add(Tally other) {
    files += other.files;
    for (int i = 0; i < rows.length; i++) {
      rows[i] += other.rows[i];
      filesWithRows[i] += other.filesWithRows[i];
      invalid[i] += other.invalid[i];
    }
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

  TableTrial table(TableColumns table) {
    int id = table.id();
    return new TableTrial(
        table.name(),
        table.mapping().recordText(),
        rows[id],
        filesWithRows[id],
        invalid[id],
        fills.get(id).columns(table, rows[id]));
  }
}
