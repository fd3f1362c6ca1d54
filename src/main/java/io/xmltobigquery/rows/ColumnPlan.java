package io.xmltobigquery.rows;

import io.xmltobigquery.mapping.Expression;
import io.xmltobigquery.mapping.Mode;
import java.util.ArrayList;
import java.util.List;

/**
 * How a column's values are chosen among what its paths lead to. Each node set of the source has a
 * number within the column, in the order of the mapping.
 */
public final class ColumnPlan {

  private final Column column;
  private final List<Expression> choices;
  private final List<UpScope.Slot> upward = new ArrayList<>();
  private boolean deferred;
  private int sets;

  ColumnPlan(Column column, List<Expression> choices) {
    this.column = column;
    this.choices = choices;
    // Nodes must be put in order, or be chosen from, when all of them are known.
    this.deferred =
        choices.size() > 1
            || !(choices.get(0) instanceof Expression.Nodes nodes)
            || nodes.pick() != 0
            || nodes.paths().size() > 1
            || nodes.paths().get(0).mayNest()
            || !nodes.paths().get(0).anchor().isSelf();
  }

  /** Adds the next node set; null stands for one within the row. */
  int addSet(UpScope.Slot slot) {
    upward.add(slot);
    return sets++;
  }

  /** Tells that a path leads through elements whose choice is known later. */
  void defer() {
    deferred = true;
  }

  public Column column() {
    return column;
  }

  /** The members of the source, the first of which that has a value gives it. */
  public List<Expression> choices() {
    return choices;
  }

  /** Where the values of a node set are, or null if they are in the row. */
  public UpScope.Slot upward(int set) {
    return upward.get(set);
  }

  /** Whether its values are put into the row at the row's end only. */
  public boolean isDeferred() {
    return deferred;
  }

  /** Whether it may have a value though no path led to a node within the row. */
  boolean hasOthers() {
    return upward.stream().anyMatch(slot -> slot != null)
        || choices.stream().anyMatch(choice -> !(choice instanceof Expression.Nodes));
  }

  /** Whether values of it and of other columns must be of one element, wherever they meet. */
  boolean isSingle() {
    return column.mode() != Mode.REPEATED
        && choices.size() == 1
        && choices.get(0) instanceof Expression.Nodes nodes
        && nodes.pick() == 0
        && nodes.paths().size() == 1;
  }
}
