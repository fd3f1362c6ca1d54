package io.xmltobigquery.rows;

import io.xmltobigquery.mapping.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who wants what a path leads to: a column of the row or RECORD, a row further inside, or a
 * condition on an element.
 */
public final class Taker {

  private final Path.Take take;
  private final @Nullable ColumnPlan plan;
  private final int number;
  private final Path.@Nullable Equals condition;
  private final boolean slot;
  private List<PathNode.Place> through = List.of();

  private Taker(
      Path.Take take,
      @Nullable ColumnPlan plan,
      int number,
      Path.@Nullable Equals condition,
      boolean slot) {
    this.take = take;
    this.plan = plan;
    this.number = number;
    this.condition = condition;
    this.slot = slot;
  }

  /** For a node set of a column. */
  static Taker ofColumn(Path.Take take, ColumnPlan plan, int set) {
    return new Taker(take, plan, set, null, false);
  }

  /** For rows inside of the element where the path begins. */
  static Taker ofSlot(Path.Take take, int slot) {
    return new Taker(take, null, slot, null, true);
  }

  /**
   * For a condition.
   *
   * @param condition on the value, or null if it is enough that it is there
   */
  static Taker ofCondition(Path.Take take, int watch, Path.@Nullable Equals condition) {
    return new Taker(take, null, watch, condition, false);
  }

  void leadsThrough(List<PathNode.Place> places) {
    through = places;
  }

  /** Which of the places that several columns lead through this one does. */
  public boolean leadsThrough(PathNode.Place place) {
    return through.contains(place);
  }

  public Path.Take take() {
    return take;
  }

  /** The column, or null if it isn't for one. */
  public @Nullable ColumnPlan plan() {
    return plan;
  }

  /** Whether it is a column that takes the text of an element as soon as it is read. */
  boolean isImmediate() {
    return plan != null
        && !plan.isDeferred()
        && (take == Path.Take.ELEMENT || take == Path.Take.WHOLE_TEXT);
  }

  /** Whether it is for rows further inside. */
  public boolean isForSlot() {
    return slot;
  }

  /** The number of the node set, the slot or the condition. */
  public int number() {
    return number;
  }

  /** Whether a text fulfils the condition. */
  public boolean accepts(String value) {
    return condition == null || condition.accepts(value);
  }

  /** Whether a value that fulfils the condition is known from the mapping. */
  public boolean compares() {
    return condition != null;
  }

  /** Whether the condition is one on a text. */
  public boolean wantsText() {
    return plan != null || slot || condition != null;
  }
}
