package io.xmltobigquery.xml;

import io.xmltobigquery.mapping.Expression;
import io.xmltobigquery.mapping.Path;
import io.xmltobigquery.rows.Column;
import io.xmltobigquery.rows.ColumnPlan;
import io.xmltobigquery.rows.UpScope;
import io.xmltobigquery.values.InvalidValueException;
import io.xmltobigquery.xml.OpenRows.Found;
import io.xmltobigquery.xml.OpenRows.OpenRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Makes values of what was found for a row, when all of it is known. */
final class Choosing {

  private record Place(int group, ColumnPlan plan) {}

  private final OpenRow row;
  private final BiFunction<OpenRow, Expression.OfRow, @Nullable String> ofRow;

  /**
   * @param ofRow what is known of the row itself
   */
  Choosing(OpenRow row, BiFunction<OpenRow, Expression.OfRow, @Nullable String> ofRow) {
    this.row = row;
    this.ofRow = ofRow;
  }

  void finish() throws Fault {
    if (row.found.isEmpty()) {
      for (ColumnPlan plan : row.table.plansAtEnd()) {
        if (row.element.fault == null) {
          choose(new Place(0, plan), List.of());
        }
      }
      return;
    }
    row.found.sort(Comparator.comparingLong(Found::order));
    Map<Place, List<Found>> byPlace = new LinkedHashMap<>();
    for (Found found : row.found) {
      byPlace
          .computeIfAbsent(
              new Place(found.holderGroup, found.taker.plan()), key -> new ArrayList<>())
          .add(found);
    }
    for (ColumnPlan plan : row.table.plansAtEnd()) {
      byPlace.putIfAbsent(new Place(0, plan), List.of());
    }
    for (Map.Entry<Place, List<Found>> place : byPlace.entrySet()) {
      if (row.element.fault != null) {
        return;
      }
      choose(place.getKey(), place.getValue());
    }
  }

  private void choose(Place place, List<Found> found) throws Fault {
    int set = 0;
    for (Expression choice : place.plan.choices()) {
      boolean hasValue;
      if (choice instanceof Expression.Nodes nodes) {
        hasValue = choose(place, nodes, set, found);
      } else if (choice instanceof Expression.Concat concat) {
        hasValue = concat(place, concat, set, found);
      } else if (choice instanceof Expression.Literal literal) {
        hasValue = add(place, literal.text(), false);
      } else {
        String value = ofRow.apply(row, (Expression.OfRow) choice);
        hasValue = value != null && add(place, value, false);
      }
      if (hasValue || row.element.fault != null) {
        return;
      }
      set += (int) choice.nodes().count();
    }
  }

  private boolean choose(Place place, Expression.Nodes nodes, int set, List<Found> found)
      throws Fault {
    boolean hasValue = false;
    UpScope.Slot slot = place.plan.upward(set);
    if (slot != null) {
      for (String value : picked(row.valuesAround(slot), nodes.pick())) {
        if (value != null) {
          hasValue |= add(place, value, true);
        }
      }
      return hasValue;
    }
    for (Found one : picked(ofSet(found, set), nodes.pick())) {
      hasValue |= add(place, one);
    }
    return hasValue;
  }

  private boolean add(Place place, Found found) throws Fault {
    Column column = place.plan.column();
    if (found.isNil) {
      row.tally.noValue(column);
      found.take();
      return false;
    }
    if (found.isKept && !row.canTake(found.taker, place.group, found.steps)) {
      return false;
    }
    found.take();
    if (found.recordGroup < 0) {
      return row.add(
          found.taker,
          place.group,
          found.start,
          found.end,
          found.steps,
          found.startChar,
          found.hasElement);
    }
    if (!row.row.linkRecord(place.group, column, found.recordGroup)) {
      row.element.fail(Walk.repeated(column, found.startChar));
      return false;
    }
    row.takeFromOneInstance(found.taker, place.group, found.steps, found.startChar);
    return true;
  }

  private boolean concat(Place place, Expression.Concat concat, int firstSet, List<Found> found)
      throws Fault {
    StringBuilder text = new StringBuilder();
    boolean hasParts = false;
    boolean outside = false;
    int set = firstSet;
    for (Expression part : concat.parts()) {
      if (part instanceof Expression.Literal literal) {
        text.append(literal.text());
        continue;
      }
      Expression.Nodes nodes = (Expression.Nodes) part;
      UpScope.Slot slot = place.plan.upward(set);
      List<String> texts = new ArrayList<>();
      if (slot != null) {
        outside = true;
        picked(row.valuesAround(slot), nodes.pick()).stream()
            .filter(Objects::nonNull)
            .forEach(texts::add);
      } else {
        for (Found one : picked(ofSet(found, set), nodes.pick())) {
          if (!one.isNil && !(one.isKept && !texts.isEmpty())) {
            texts.add(row.row.text(one.start, one.end));
            one.take();
          }
        }
      }
      if (texts.size() > 1) {
        Fault fault = Walk.repeated(place.plan.column(), row.element.start);
        if (outside) {
          throw fault;
        }
        row.element.fail(fault);
        return false;
      }
      hasParts |= !texts.isEmpty();
      texts.forEach(text::append);
      set++;
    }
    return hasParts && add(place, text.toString(), outside);
  }

  /** A value that isn't in the row yet; a fault of one from outside is the document's. */
  private boolean add(Place place, String value, boolean outside) throws Fault {
    Column column = place.plan.column();
    int start = row.row.textEnd();
    row.row.append(value);
    long startChar = row.element.start;
    if (!outside) {
      return row.add(column, place.group, start, row.row.textEnd(), startChar);
    }
    try {
      return switch (row.row.add(place.group, column, start, row.row.textEnd())) {
        case VALUE, PIECE -> true;
        case NO_VALUE -> false;
        case REPEATED -> throw severalOutside(place.plan, startChar);
      };
    } catch (InvalidValueException e) {
      throw new Fault(
          RejectionReason.INVALID_VALUE,
          column.path() + ", from outside the row that starts here, " + e.getMessage(),
          startChar);
    }
  }

  private static Fault severalOutside(ColumnPlan plan, long startChar) {
    boolean ofDocument =
        plan.choices().stream()
            .flatMap(choice -> choice.nodes())
            .flatMap(nodes -> nodes.paths().stream())
            .anyMatch(path -> path.anchor().from() == Path.From.ROOT);
    return new Fault(
        RejectionReason.REPEATED_FIELD,
        plan.column().path()
            + " has several values outside the row that starts here; "
            + (ofDocument
                ? "of the whole document there may be one: for that of the row's own surroundings"
                    + " write a path with .. or ancestor::"
                : "for the first of them write (path)[1]"),
        startChar);
  }

  /** The nodes of a set, each once, in the document's order. */
  private static List<Found> ofSet(List<Found> found, int set) {
    List<Found> nodes = new ArrayList<>();
    Set<Long> seen = new HashSet<>();
    for (Found one : found) {
      if (one.taker.number() == set && seen.add(one.order)) {
        nodes.add(one);
      }
    }
    return nodes;
  }

  private static <T> List<T> picked(List<T> nodes, int pick) {
    if (pick == 0) {
      return nodes;
    }
    int index = pick == Expression.Nodes.LAST ? nodes.size() - 1 : pick - 1;
    return index >= 0 && index < nodes.size() ? nodes.subList(index, index + 1) : List.of();
  }
}
