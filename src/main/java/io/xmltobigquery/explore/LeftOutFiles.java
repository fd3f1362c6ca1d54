package io.xmltobigquery.explore;

import java.util.List;
import java.util.TreeMap;

/** Files that don't count; several threads may add some. */
public final class LeftOutFiles {

  /** Files that are told of by name. */
  public static final int MOST = 1_000;

  private final TreeMap<String, LeftOut> byName = new TreeMap<>();
  private long count;

  public synchronized void add(LeftOut file) {
    count++;
    byName.put(file.file(), file);
    if (byName.size() > MOST) {
      byName.pollLastEntry();
    }
  }

  /** The first ones, by name. */
  public synchronized List<LeftOut> first() {
    return List.copyOf(byName.values());
  }

  /** How many there are in all. */
  public synchronized long count() {
    return count;
  }
}
