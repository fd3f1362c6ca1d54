package io.xmltobigquery.xml;

import io.xmltobigquery.mapping.Mode;
import io.xmltobigquery.mapping.Path;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.ColumnTally;
import io.xmltobigquery.rows.PathMapping;
import io.xmltobigquery.rows.PathNode;
import io.xmltobigquery.rows.Row;
import io.xmltobigquery.rows.Taker;
import io.xmltobigquery.rows.UpScope;
import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.InvalidValueException;
import io.xmltobigquery.xml.Candidates.Candidate;
import io.xmltobigquery.xml.Levels.Frame;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows that are being filled, and what is kept for them. */
final class OpenRows {

  private final List<Deque<Row>> unused = new ArrayList<>();
  private final ColumnTally[] columns;

  /**
   * @param columns by the table's number: what takes note of their values
   */
  OpenRows(PathMapping paths, ColumnTally[] columns) {
    this.columns = columns;
    paths.tables().forEach(table -> unused.add(new ArrayDeque<>()));
  }

  OpenRow open(PathMapping.Table table, RowElement element) {
    Row row = unused.get(table.columns().id()).poll();
    ColumnTally tally = columns[table.columns().id()];
    if (row == null) {
      row = new Row(table.columns(), tally);
    }
    row.clear();
    return new OpenRow(row, table, element, tally);
  }

  void close(OpenRow open) {
    unused.get(open.table.columns().id()).push(open.row);
  }

  /** An element that is a row, of one or more tables: they are valid or invalid together. */
  static final class RowElement {
    final @Nullable RowElement outer;
    final long number;
    final long start;
    final int depth;
    final List<OpenRow> rows = new ArrayList<>(1);
    boolean strict;
    @Nullable Fault fault;

    /** What no column of it takes; null if no column is for that. */
    @Nullable Rest rest;

    /** What was handed out of rows inside it; null if that is nothing. */
    @Nullable RowsInside inside;

    /** How many elements inside it, which is invalid, are rows or would be. */
    long lostRows;

    /** Characters that belong to it, and to no row inside it, up to the last of those. */
    long taken;

    long resumedAt;

    RowElement(@Nullable RowElement outer, long number, long start, int depth) {
      this.outer = outer;
      this.number = number;
      this.start = start;
      this.depth = depth;
    }

    void fail(Fault first) throws Fault {
      if (!first.reason().isOfRecord()) {
        throw first;
      }
      if (fault == null) {
        fault = first;
      }
    }

    /** Whether it or an element around it is invalid, and so everything inside. */
    boolean isDead() {
      return fault != null || (outer != null && outer.isDead());
    }
  }

  /** An element on the way of several columns. */
  record StepInstance(PathNode.Place place, @Nullable StepInstance outer) {}

  /** What rows want of an element around them, as far as it was read. */
  static final class Holder {
    final UpScope scope;

    /** Of each node set; null for an element that is nil. */
    final List<List<@Nullable String>> values = new ArrayList<>();

    final int[] readers;
    int length;

    Holder(UpScope scope) {
      this.scope = scope;
      this.readers = new int[scope.slots()];
      for (int i = 0; i < scope.slots(); i++) {
        values.add(new ArrayList<>(0));
      }
    }

    List<@Nullable String> read(int slot) {
      readers[slot]++;
      return values.get(slot);
    }
  }

  /** Something that a path has led to, of which it isn't known yet if it becomes a value. */
  static final class Found implements ContentTree.Claim {
    final Taker taker;
    final int holderGroup;
    final int recordGroup;
    final int start;
    final int end;
    final long order;
    final long startChar;
    final boolean hasElement;

    /** It is there, and has no value. */
    final boolean isNil;

    final @Nullable StepInstance steps;

    /** Whether it is in the row's rest unless it is taken. */
    boolean isKept;

    private boolean taken;
    private final @Nullable Found record;
    private final @Nullable Candidate candidate;

    private Found(
        Taker taker,
        Frame frame,
        int recordGroup,
        int start,
        int end,
        long order,
        long startChar,
        boolean hasElement,
        boolean isNil) {
      this.taker = taker;
      this.holderGroup = frame.group;
      this.recordGroup = recordGroup;
      this.start = start;
      this.end = end;
      this.order = order;
      this.startChar = startChar;
      this.hasElement = hasElement;
      this.isNil = isNil;
      this.steps = frame.steps;
      this.candidate = frame.candidate;
      this.record = frame.record;
    }

    static Found ofText(
        Taker taker,
        Frame frame,
        int start,
        int end,
        long order,
        long startChar,
        boolean hasElement) {
      return new Found(taker, frame, -1, start, end, order, startChar, hasElement, false);
    }

    static Found ofNil(Taker taker, Frame frame, long order, long startChar) {
      return new Found(taker, frame, -1, 0, 0, order, startChar, false, true);
    }

    static Found ofRecord(Taker taker, Frame frame, int group, long order, long startChar) {
      return new Found(taker, frame, group, 0, 0, order, startChar, false, false);
    }

    boolean isAccepted() {
      return candidate == null || candidate.isAccepted();
    }

    /** A column has it, or has it for no value. */
    void take() {
      taken = true;
    }

    /** Whether it, and the RECORD that it is in, are of the row. */
    boolean isTaken() {
      return taken && (record == null || record.isTaken());
    }

    @Override
    public boolean holds() {
      return isTaken();
    }

    long order() {
      return order;
    }
  }

  /** A row that is being filled. */
  static final class OpenRow {

    /** A value of a RECORD column that has columns to look at when all is known. */
    private record Opened(Column column, int group, long startChar, @Nullable Found found) {}

    final Row row;
    final PathMapping.Table table;
    final RowElement element;
    final ColumnTally tally;
    final List<Found> found = new ArrayList<>(0);
    int depth;

    /** The row's element, of which it is known at its end whether the row deletes another. */
    @Nullable Candidate deletion;

    private final List<Holder> holders = new ArrayList<>(0);
    private final List<Opened> opened = new ArrayList<>(0);
    private @Nullable Map<Integer, Map<PathNode.Place, StepInstance>> taken;

    private OpenRow(Row row, PathMapping.Table table, RowElement element, ColumnTally tally) {
      this.row = row;
      this.table = table;
      this.element = element;
      this.tally = tally;
    }

    /** Values, and columns of RECORDs, whatever their texts. */
    int size() {
      return row.size() + found.size();
    }

    void addHolder(@Nullable Holder holder) {
      if (holder != null) {
        holders.add(holder);
      }
    }

    /** What was read of the elements around the row that a node set leads from. */
    List<@Nullable String> valuesAround(UpScope.Slot slot) {
      List<@Nullable String> values = List.of();
      boolean ours = false;
      for (Holder holder : holders) {
        if (holder.scope == slot.scope()) {
          List<@Nullable String> more = holder.read(slot.number());
          if (values.isEmpty()) {
            values = more;
          } else {
            // There may be one for each of a thousand elements around the row.
            values = ours ? values : new ArrayList<>(values);
            ours = true;
            values.addAll(more);
          }
        }
      }
      return values;
    }

    /**
     * Notes a value of a RECORD column.
     *
     * @param found what tells whether it is one of the row, or null if it is
     */
    void opened(Column column, int group, long startChar, @Nullable Found found) {
      if (!column.requiredColumns().isEmpty() || !column.completedColumns().isEmpty()) {
        opened.add(new Opened(column, group, startChar, found));
      }
    }

    /**
     * Adds a value.
     *
     * @return whether there is one
     */
    boolean add(
        Taker taker,
        int group,
        int start,
        int end,
        @Nullable StepInstance steps,
        long startChar,
        boolean hasElement)
        throws Fault {
      Column column = taker.plan().column();
      if (hasElement && column.type() != ColumnType.STRING) {
        element.fail(
            new Fault(
                RejectionReason.INVALID_VALUE,
                column.path() + " has an element in its text; only a STRING takes that",
                startChar));
        return false;
      }
      if (hasElement && taker.take() == Path.Take.ELEMENT) {
        tally.markup(column);
      }
      boolean added = add(column, group, start, end, startChar);
      if (added) {
        takeFromOneInstance(taker, group, steps, startChar);
      }
      return added;
    }

    boolean add(Column column, int group, int start, int end, long startChar) throws Fault {
      try {
        switch (row.add(group, column, start, end)) {
          case VALUE, PIECE -> {
            return true;
          }
          case NO_VALUE -> {
            return false;
          }
          case REPEATED -> element.fail(Walk.repeated(column, startChar));
        }
      } catch (InvalidValueException e) {
        element.fail(Walk.invalid(column, e, startChar));
      }
      return false;
    }

    /** The value must be from the same element as others of the row, wherever they meet. */
    void takeFromOneInstance(Taker taker, int group, @Nullable StepInstance steps, long startChar)
        throws Fault {
      StepInstance step = otherInstance(taker, group, steps, true);
      if (step != null) {
        element.fail(Walk.otherInstance(taker.plan().column(), step.place().name(), startChar));
      }
    }

    /**
     * Whether a column has room for a value: it is an array, or has none, and what others have is
     * of the same elements.
     */
    boolean canTake(Taker taker, int group, @Nullable StepInstance steps) {
      Column column = taker.plan().column();
      return column.mode() == Mode.REPEATED
          || ((column.isJoined() || !row.has(group, column))
              && otherInstance(taker, group, steps, false) == null);
    }

    /** The innermost element of which other values are from another one, or null. */
    @SuppressWarnings("ReferenceEquality") // Two elements may look the same.
    private @Nullable StepInstance otherInstance(
        Taker taker, int group, @Nullable StepInstance steps, boolean take) {
      if (steps == null || taker.plan().column().mode() == Mode.REPEATED) {
        return null;
      }
      for (StepInstance step = steps; step != null; step = step.outer()) {
        if (taker.leadsThrough(step.place())) {
          if (taken == null) {
            taken = new HashMap<>();
          }
          Map<PathNode.Place, StepInstance> ofGroup =
              taken.computeIfAbsent(group, key -> new HashMap<>());
          StepInstance other =
              take ? ofGroup.putIfAbsent(step.place(), step) : ofGroup.get(step.place());
          if (other != null && other != step) {
            return step;
          }
        }
      }
      return null;
    }

    /** Makes the values that had to wait for all others, and looks for what is missing. */
    void complete(long startChar) throws Fault {
      for (Opened record : opened) {
        if (record.found == null || record.found.isTaken()) {
          complete(record.column.completedColumns(), record.group, record.startChar);
          require(record.column.requiredColumns(), record.group, record.startChar);
        }
      }
      complete(row.table().completedColumns(), 0, startChar);
      require(row.table().requiredColumns(), 0, startChar);
    }

    private void complete(List<Column> columns, int group, long startChar) throws Fault {
      for (Column column : columns) {
        try {
          row.complete(group, column);
        } catch (InvalidValueException e) {
          element.fail(Walk.invalid(column, e, startChar));
        }
      }
    }

    private void require(List<Column> columns, int group, long startChar) throws Fault {
      for (Column column : columns) {
        if (!row.has(group, column)) {
          element.fail(Walk.missing(column, startChar));
        }
      }
    }
  }
}
