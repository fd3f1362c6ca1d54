package io.xmltobigquery.propose;

import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.NameTest;
import io.xmltobigquery.mapping.Path;
import io.xmltobigquery.mapping.Path.Predicate;
import io.xmltobigquery.mapping.Path.Step;
import io.xmltobigquery.mapping.Path.Take;
import io.xmltobigquery.mapping.XmlName;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path that a mapping names, and what it knows by that. Conditions aren't looked at: an element
 * that is chosen by one is known, whether it is chosen or not.
 */
record Known(List<Step> steps, boolean anyDepth, Take take, @Nullable NameTest attribute) {

  Known {
    steps = List.copyOf(steps);
  }

  static Known of(Path path) {
    return new Known(path.steps(), path.anyDepth(), path.take(), path.attribute());
  }

  /** The paths of a column that begin at the element of its row or RECORD. */
  static List<Known> of(Field field) {
    List<Known> known = new ArrayList<>();
    field.source().expressions().stream()
        .flatMap(expression -> expression.nodes())
        .flatMap(nodes -> nodes.paths().stream())
        .filter(path -> path.anchor().isSelf())
        .forEach(path -> add(path, List.of(), known));
    return known;
  }

  /** Adds a path, and those of its conditions. */
  private static void add(Path path, List<Step> around, List<Known> known) {
    List<Step> steps = new ArrayList<>(around);
    for (Step step : path.steps()) {
      steps.add(step);
      for (Predicate predicate : step.predicates()) {
        List<Step> inside = List.copyOf(steps);
        predicate.operands().forEach(operand -> add(operand, inside, known));
      }
    }
    known.add(new Known(steps, path.anyDepth(), path.take(), path.attribute()));
  }

  /** After how many of its steps the path may be at an element; empty if it doesn't come there. */
  private BitSet stepsAt(List<XmlName> element) {
    BitSet at = new BitSet();
    at.set(0);
    for (XmlName name : element) {
      BitSet next = new BitSet();
      for (int i = at.nextSetBit(0); i >= 0; i = at.nextSetBit(i + 1)) {
        if (i < steps.size()) {
          Step step = steps.get(i);
          next.set(i, next.get(i) || step.anyDepth());
          next.set(i + 1, next.get(i + 1) || step.name().matches(name.namespace(), name.local()));
        } else if (anyDepth) {
          next.set(i);
        }
      }
      at = next;
    }
    return at;
  }

  /** Whether it leads to an element, whatever is taken there. */
  boolean leadsTo(List<XmlName> element) {
    return stepsAt(element).get(steps.size());
  }

  /** Whether an element is on its way. */
  boolean passes(List<XmlName> element) {
    return !stepsAt(element).isEmpty();
  }

  /** Whether it takes an attribute, or what is in an element where that is null. */
  boolean takes(List<XmlName> element, @Nullable XmlName wanted) {
    if (!leadsTo(element)) {
      return false;
    }
    return wanted == null
        ? take != Take.ATTRIBUTE
        : attribute != null && attribute.matches(wanted.namespace(), wanted.local());
  }

  /** Whether it takes all text of an element around one, so that elements in it are expected. */
  boolean takesTextAround(List<XmlName> element) {
    return (take == Take.WHOLE_TEXT || take == Take.INNER_XML || isWhole())
        && leadsToOneOf(element, element.size() - 1);
  }

  /** Whether it takes an element with all that it has. */
  private boolean isWhole() {
    return take == Take.XML || take == Take.JSON;
  }

  /** Whether an element is part of a value that is XML or JSON, with its attributes. */
  boolean takesAsXml(List<XmlName> element) {
    return (isWhole() && leadsToOneOf(element, element.size()))
        || (take == Take.INNER_XML && leadsToOneOf(element, element.size() - 1));
  }

  /** Whether it leads to an element, or one around it, of at most so many steps. */
  private boolean leadsToOneOf(List<XmlName> element, int most) {
    for (int i = 0; i <= most; i++) {
      if (leadsTo(element.subList(0, i))) {
        return true;
      }
    }
    return false;
  }
}
