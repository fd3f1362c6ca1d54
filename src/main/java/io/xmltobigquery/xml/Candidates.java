package io.xmltobigquery.xml;

import io.xmltobigquery.mapping.Path;
import io.xmltobigquery.rows.PathNode;
import io.xmltobigquery.xml.Levels.Frame;
import java.util.BitSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Elements that are chosen, or not, by what stands in brackets. */
final class Candidates {

  private Candidates() {}

  /** An element of which it is known at its end, or at its parent's, whether it is chosen. */
  static final class Candidate implements ContentTree.Claim {
    private final PathNode.Branch branch;
    private final @Nullable Candidate outer;
    private final String local;
    private final BitSet fulfilled = new BitSet();
    private final boolean mustBeLast;
    private boolean isLast;
    private boolean fulfilsAll;

    /**
     * @param outer an element around it of which it is open, too
     */
    Candidate(PathNode.Branch branch, @Nullable Candidate outer, String local, boolean mustBeLast) {
      this.branch = branch;
      this.outer = outer;
      this.local = local;
      this.mustBeLast = mustBeLast;
    }

    void fulfil(int condition) {
      fulfilled.set(condition);
    }

    /** Its end tag was read. */
    void end() {
      fulfilsAll = true;
      for (Path.Predicate predicate : branch.predicates()) {
        if (!predicate.isKnownAtStart() && !(predicate instanceof Path.Last)) {
          fulfilsAll &=
              Candidates.holds(
                  predicate, local, condition -> fulfilled.get(branch.watch(condition)));
        }
      }
    }

    @Override
    public boolean holds() {
      return isAccepted();
    }

    boolean isAccepted() {
      return fulfilsAll && (!mustBeLast || isLast) && (outer == null || outer.isAccepted());
    }
  }

  /** Counts the children of one element that a step takes from there. */
  static final class Counter {
    private final PathNode.Branch branch;
    private final Frame parent;
    private final int[] counts;
    private @Nullable Candidate last;

    /**
     * @param parent where the step begins: it may begin there for several reasons
     */
    Counter(PathNode.Branch branch, Frame parent) {
      this.branch = branch;
      this.parent = parent;
      this.counts = new int[branch.predicates().size()];
    }

    boolean isOf(PathNode.Branch other, Frame otherParent) {
      return branch == other && parent == otherParent;
    }

    /** The number of the current child among those that come to a predicate. */
    int next(int predicate) {
      return ++counts[predicate];
    }

    void replaceLast(Candidate candidate) {
      last = candidate;
    }

    /** The parent's end tag was read. */
    void end() {
      if (last != null) {
        last.isLast = true;
      }
    }
  }

  /**
   * Whether a predicate holds.
   *
   * @param conditions whether those that look at paths hold
   */
  static boolean holds(
      Path.Predicate predicate, String local, Predicate<Path.Predicate> conditions) {
    if (predicate instanceof Path.And and) {
      return and.all().stream().allMatch(part -> holds(part, local, conditions));
    }
    if (predicate instanceof Path.Or or) {
      return or.any().stream().anyMatch(part -> holds(part, local, conditions));
    }
    if (predicate instanceof Path.Not not) {
      return !holds(not.predicate(), local, conditions);
    }
    if (predicate instanceof Path.HasLocalName name) {
      return name.name().equals(local);
    }
    return conditions.test(predicate);
  }

  /** Whether a condition holds for a value that its path leads to. */
  static boolean accepts(Path.Predicate condition, String value) {
    if (condition instanceof Path.Equals equals) {
      return equals.accepts(value);
    }
    return true;
  }
}
