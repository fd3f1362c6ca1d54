package io.xmltobigquery.xml;

import io.xmltobigquery.mapping.Namespaces;
import io.xmltobigquery.rows.PathNode;
import io.xmltobigquery.rows.Taker;
import io.xmltobigquery.rows.UpScope;
import io.xmltobigquery.xml.Candidates.Candidate;
import io.xmltobigquery.xml.Candidates.Counter;
import io.xmltobigquery.xml.OpenRows.Found;
import io.xmltobigquery.xml.OpenRows.Holder;
import io.xmltobigquery.xml.OpenRows.OpenRow;
import io.xmltobigquery.xml.OpenRows.RowElement;
import io.xmltobigquery.xml.OpenRows.StepInstance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The open elements, the document itself first, in objects that are used again. */
final class Levels {

  /** Where an automaton is at an open element, and whom its paths are for. */
  static final class Frame {
    PathNode node;
    @Nullable OpenRow row;
    int group;

    /** The innermost element on the way here of which it is open whether it is chosen. */
    @Nullable Candidate candidate;

    /** The element around rows that the paths lead from. */
    @Nullable Holder holder;

    /** The element whose conditions the paths are of. */
    @Nullable Candidate watched;

    @Nullable StepInstance steps;

    /** The innermost RECORD around of which it is open whether it is one of the row. */
    @Nullable Found record;

    private void set(PathNode at, @Nullable Frame from) {
      node = at;
      row = from == null ? null : from.row;
      group = from == null ? 0 : from.group;
      candidate = from == null ? null : from.candidate;
      holder = from == null ? null : from.holder;
      watched = from == null ? null : from.watched;
      steps = from == null ? null : from.steps;
      record = from == null ? null : from.record;
    }

    /** Whether its paths lead to rows. */
    boolean isOfDocument() {
      return row == null && holder == null && watched == null;
    }
  }

  /** A text that is being put together. */
  static final class Collector {
    final Taker taker;
    final Frame frame;
    final Level level;
    int start;
    long order;
    boolean hasElement;

    /** Of a taker that wants XML or JSON. */
    @Nullable TakenContent markup;

    Collector(Taker taker, Frame frame, Level level, int start, long order) {
      this.taker = taker;
      this.frame = frame;
      this.level = level;
      this.start = start;
      this.order = order;
    }
  }

  /** An open element. */
  static final class Level {
    String namespace = "";
    String local = "";
    long start;
    long order;
    long position;

    /** Whether only its text is wanted. */
    boolean markup;

    boolean nil;
    boolean outside;

    /** The element, where what of the row no column takes is kept. */
    ContentTree.@Nullable Node content;

    /** Whether a column takes all that is in it. */
    boolean covered;

    @Nullable RowElement rowElement;

    /** For what is skipped in it; null until something is. */
    SkippedPaths.@Nullable Place place;

    Frame[] frames = new Frame[2];
    int frameCount;
    final BitSet tables = new BitSet();
    final List<Holder> holders = new ArrayList<>(0);
    final List<Candidate> candidates = new ArrayList<>(0);
    final List<Counter> counters = new ArrayList<>(0);
    private final Map<String, Map<String, long[]>> children = new HashMap<>();

    private void clear() {
      markup = false;
      nil = false;
      content = null;
      covered = false;
      outside = false;
      rowElement = null;
      place = null;
      frameCount = 0;
      if (!tables.isEmpty()) {
        tables.clear();
      }
      if (!holders.isEmpty()) {
        holders.clear();
      }
      if (!candidates.isEmpty()) {
        candidates.clear();
      }
      if (!counters.isEmpty()) {
        counters.clear();
      }
      if (!children.isEmpty()) {
        children.clear();
      }
    }

    void begin(String elementNamespace, String elementLocal, long startChar, long elementOrder) {
      namespace = elementNamespace;
      local = elementLocal;
      start = startChar;
      order = elementOrder;
    }

    Frame add(PathNode node, @Nullable Frame from) {
      if (frameCount == frames.length) {
        frames = Arrays.copyOf(frames, 2 * frameCount);
      }
      Frame frame = frames[frameCount];
      if (frame == null) {
        frame = new Frame();
        frames[frameCount] = frame;
      }
      frameCount++;
      frame.set(node, from);
      return frame;
    }

    @Nullable Holder holder(UpScope scope) {
      for (Holder holder : holders) {
        if (holder.scope == scope) {
          return holder;
        }
      }
      return null;
    }

    /** Counts the children that a branch's step takes from a frame of the element. */
    Counter counter(PathNode.Branch branch, Frame parent) {
      for (Counter counter : counters) {
        if (counter.isOf(branch, parent)) {
          return counter;
        }
      }
      Counter counter = new Counter(branch, parent);
      counters.add(counter);
      return counter;
    }

    /** How many children of a name there are with the one that begins. */
    long countChild(String childNamespace, String childLocal) {
      return ++children.computeIfAbsent(childNamespace, key -> new HashMap<>())
          .computeIfAbsent(childLocal, key -> new long[1])[0];
    }
  }

  private final List<Level> levels = new ArrayList<>();
  private int count;

  Level push() {
    if (count == levels.size()) {
      levels.add(new Level());
    }
    Level level = levels.get(count++);
    level.clear();
    return level;
  }

  void pop() {
    count--;
  }

  Level top() {
    return levels.get(count - 1);
  }

  /** How many elements are open. */
  int depth() {
    return count - 1;
  }

  /** An open element, from 1 for the root; 0 is the document. */
  Level get(int depth) {
    return levels.get(depth);
  }

  /** The names from the root element to an open one, as a mapping would write them. */
  String path(int depth, Namespaces names) {
    StringBuilder path = new StringBuilder();
    for (int i = 1; i <= depth; i++) {
      Level level = levels.get(i);
      path.append('/').append(names.name(level.namespace, level.local));
    }
    return path.toString();
  }
}
