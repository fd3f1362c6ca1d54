package io.xmltobigquery.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a replay has done, or would do. Safe for use by several threads. */
public final class Replayed {

  /** So many sentences are kept of what stays. */
  private static final int MOST_SENTENCES = 20;

  private final List<String> staying = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final boolean namesWanted;
  private long files;
  private long filesStaying;
  private long recordsStaying;
  private final Map<String, Long> rows = new TreeMap<>();

  /**
   * @param namesWanted whether names of files are kept, as for a dry run
   */
  public Replayed(boolean namesWanted) {
    this.namesWanted = namesWanted;
  }

  synchronized void file(String uri) {
    files++;
    if (namesWanted && names.size() < MOST_SENTENCES) {
      names.add(uri);
    }
  }

  synchronized void fileStays(String sentence) {
    filesStaying++;
    stays(sentence);
  }

  synchronized void recordStays(String sentence) {
    recordsStaying++;
    stays(sentence);
  }

  synchronized void rows(String table, long count) {
    rows.merge(table, count, Long::sum);
  }

  synchronized void rowsStay(long count, String sentence) {
    recordsStaying += count;
    stays(sentence);
  }

  /** Adds what another one has counted of records and rows. */
  synchronized void add(Replayed other) {
    recordsStaying += other.recordsStaying();
    other.rows().forEach(this::rows);
    other.staying().forEach(this::stays);
  }

  private void stays(String sentence) {
    if (staying.size() < MOST_SENTENCES) {
      staying.add(sentence);
    }
  }

  /** How many files went back. */
  public synchronized long files() {
    return files;
  }

  /** Of them, the names of the first few; empty unless asked for. */
  public synchronized List<String> names() {
    return List.copyOf(names);
  }

  /** How many rows went to each table. */
  public synchronized Map<String, Long> rows() {
    return Map.copyOf(rows);
  }

  /** How many of the files that are wanted stay in the dead letter. */
  public synchronized long filesStaying() {
    return filesStaying;
  }

  /** How many of the rows and records that are wanted stay there. */
  public synchronized long recordsStaying() {
    return recordsStaying;
  }

  /** Of the first few that stay, a sentence that begins with the name and says why. */
  public synchronized List<String> staying() {
    return List.copyOf(staying);
  }
}
