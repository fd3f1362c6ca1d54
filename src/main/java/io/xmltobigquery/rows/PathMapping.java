package io.xmltobigquery.rows;

import io.xmltobigquery.mapping.Expression;
import io.xmltobigquery.mapping.Field;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.Path;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.values.ColumnType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mapping whose paths need more than a tree of names: its paths as automata, one that leads to
 * rows, and one for each table and RECORD, which begins at the row's or the RECORD's element.
 */
public final class PathMapping {

  /** What is known of a table's rows. */
  public static final class Table {
    private final TableColumns columns;
    private final PathNode.Place place;
    private final List<ColumnPlan> plansAtEnd = new ArrayList<>();
    private final Map<Path.Anchor, UpScope> upScopes = new HashMap<>();
    private final PathNode.@Nullable Branch deletion;
    private PathNode root;

    private Table(TableColumns columns) {
      this.columns = columns;
      this.place = new PathNode.Place(columns.name());
      Path.Predicate deleteWhen = columns.mapping().deleteWhen();
      this.deletion = deleteWhen == null ? null : place.condition(deleteWhen);
    }

    public TableColumns columns() {
      return columns;
    }

    /** Where the paths of its columns begin. */
    public PathNode root() {
      return root;
    }

    /** What holds for a row that deletes another; null if none does. */
    public PathNode.@Nullable Branch deletion() {
      return deletion;
    }

    /** The columns that may have a value though nothing was found for them in the row. */
    public List<ColumnPlan> plansAtEnd() {
      return plansAtEnd;
    }

    /** What its rows want of elements around them. */
    public Iterable<UpScope> upScopes() {
      return upScopes.values();
    }

    public boolean ignoresUnknown() {
      return columns.mapping().ignoreUnknown();
    }
  }

  private final List<Table> tables = new ArrayList<>();
  private final List<UpScope> upScopes = new ArrayList<>();
  private final PathNode document;
  private boolean countsPositions;
  private final boolean canBeEntered;
  private final boolean allAtAnyDepth;

  PathMapping(Mapping mapping, List<TableColumns> tableColumns) {
    PathNode.Builder nodes = new PathNode.Builder(mapping);
    PathNode.Place top = new PathNode.Place("");
    for (TableColumns columns : tableColumns) {
      Table table = new Table(columns);
      tables.add(table);
      TableMapping its = columns.mapping();
      addColumns(table, table.place, columns.columns(), its.fields());
      top.leadsTo(columns.id());
      for (Path path : its.records()) {
        PathNode.Place place = top;
        for (int i = 0; i < path.steps().size(); i++) {
          if (path.steps().get(i).anyDepth()) {
            place.below().leadsTo(columns.id());
          }
          place = place.step(path.steps().get(i));
          if (i + 1 < path.steps().size()) {
            place.leadsTo(columns.id());
          }
        }
        place.record(columns.id());
      }
    }
    document = nodes.node(top);
    for (Table table : tables) {
      table.root = nodes.node(table.place);
      if (table.deletion != null) {
        nodes.build(table.deletion);
      }
    }
    upScopes.forEach(scope -> scope.build(nodes));
    for (Table table : tables) {
      table.upScopes.forEach((anchor, scope) -> place(scope, table, nodes));
    }
    allAtAnyDepth =
        mapping.tables().stream()
            .flatMap(table -> table.records().stream())
            .allMatch(path -> path.steps().get(0).anyDepth());
    canBeEntered = canBeEntered(mapping);
  }

  private static boolean canBeEntered(Mapping mapping) {
    Set<List<?>> paths = new HashSet<>();
    for (TableMapping table : mapping.tables()) {
      if (table.record().isEmpty()
          || !paths.add(table.record())
          || table.fields().stream().anyMatch(PathMapping::leavesRow)) {
        return false;
      }
    }
    return paths.stream()
        .noneMatch(
            inner ->
                paths.stream()
                    .anyMatch(
                        outer ->
                            inner.size() > outer.size()
                                && inner.subList(0, outer.size()).equals(outer)));
  }

  private static boolean leavesRow(Field field) {
    return field.source().expressions().stream()
        .anyMatch(
            expression ->
                (expression instanceof Expression.OfRow && !field.source().isRest())
                    || expression
                        .nodes()
                        .flatMap(nodes -> nodes.paths().stream())
                        .anyMatch(path -> !path.anchor().isSelf()));
  }

  private void addColumns(
      Table table, PathNode.Place holder, List<Column> columns, List<Field> fields) {
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      Field field = fields.get(i);
      if (field.source().isRest()) {
        continue;
      }
      List<Expression> choices = field.source().expressions();
      ColumnPlan plan = new ColumnPlan(column, choices);
      PathNode.Place inside = null;
      if (column.type() == ColumnType.RECORD) {
        inside = new PathNode.Place(column.name());
        addColumns(table, inside, column.columns(), field.fields());
      }
      for (Expression choice : choices) {
        for (Expression.Nodes set : choice.nodes().toList()) {
          addSet(table, holder, plan, set, inside);
        }
        countsPositions |=
            choice instanceof Expression.OfRow ofRow
                && ofRow.value() == Expression.RowValue.POSITION;
      }
      if (plan.hasOthers()) {
        table.plansAtEnd.add(plan);
      }
    }
  }

  private void addSet(
      Table table,
      PathNode.Place holder,
      ColumnPlan plan,
      Expression.Nodes set,
      PathNode.@Nullable Place inside) {
    Path.Anchor anchor = set.paths().get(0).anchor();
    if (!anchor.isSelf()) {
      UpScope scope =
          table.upScopes.computeIfAbsent(
              anchor,
              key -> {
                UpScope made = new UpScope(upScopes.size(), key, table.columns.mapping().names());
                upScopes.add(made);
                return made;
              });
      UpScope.Slot slot = scope.addSlot(Math.max(0, set.pick()));
      plan.addSet(slot);
      for (Path path : set.paths()) {
        addPath(scope.place(), path, Taker.ofSlot(path.take(), slot.number()), null, null);
      }
      return;
    }
    int number = plan.addSet(null);
    for (Path path : set.paths()) {
      addPath(holder, path, Taker.ofColumn(path.take(), plan, number), plan, inside);
    }
  }

  private static void addPath(
      PathNode.Place from,
      Path path,
      Taker taker,
      @Nullable ColumnPlan plan,
      PathNode.@Nullable Place inside) {
    PathNode.Place place = from;
    List<PathNode.Place> through = new ArrayList<>();
    for (Path.Step step : path.steps()) {
      place = place.step(step);
      through.add(place);
      if (plan != null && !step.predicates().stream().allMatch(Path.Predicate::isKnownAtStart)) {
        plan.defer();
      }
    }
    if (plan != null && plan.isSingle()) {
      taker.leadsThrough(through);
      through.forEach(PathNode.Place::single);
    }
    if (path.anyDepth()) {
      place = place.below();
    }
    if (path.attribute() != null) {
      place.take(path.attribute(), taker);
    } else if (inside != null) {
      place.open(new PathNode.Opening(taker, inside));
    } else {
      place.take(taker);
    }
  }

  /** Finds the elements that may be the one around rows that a scope is of. */
  private void place(UpScope scope, Table table, PathNode.Builder nodes) {
    int id = table.columns.id();
    if (scope.anchor().from() == Path.From.ROOT) {
      document.upScopes().add(scope);
      return;
    }
    Set<PathNode> reached = new HashSet<>();
    for (PathNode node : nodes.nodes()) {
      if (node.isRecordOf(id)) {
        reached.add(node);
      }
    }
    if (scope.anchor().from() == Path.From.PARENT) {
      for (int i = 0; i < scope.anchor().up(); i++) {
        reached = parents(reached, nodes);
      }
    } else {
      Set<PathNode> all = new HashSet<>();
      reached = parents(reached, nodes);
      while (all.addAll(reached)) {
        reached = parents(reached, nodes);
      }
      reached = all;
    }
    reached.forEach(node -> node.upScopes().add(scope));
  }

  private static Set<PathNode> parents(Set<PathNode> children, PathNode.Builder nodes) {
    Set<PathNode> parents = new HashSet<>();
    for (PathNode node : nodes.nodes()) {
      if (leadsTo(node, children)) {
        parents.add(node);
      }
    }
    return parents;
  }

  private static boolean leadsTo(PathNode node, Set<PathNode> children) {
    for (PathNode child : node.childNodes()) {
      if (children.contains(child)) {
        return true;
      }
    }
    for (PathNode.Branch branch : node.branches()) {
      if (leadsTo(branch.root(), children)) {
        return true;
      }
    }
    return false;
  }

  /** By their numbers. */
  public List<Table> tables() {
    return tables;
  }

  /** The state above the root element. */
  public PathNode document() {
    return document;
  }

  /** How many elements around rows are told apart. */
  public int upScopes() {
    return upScopes.size();
  }

  /** Whether rows want to know the how manieth an element is. */
  public boolean countsPositions() {
    return countsPositions;
  }

  /** Whether a document can be read from a place behind a record: no row wants what is around. */
  public boolean canBeEntered() {
    return canBeEntered;
  }

  /** Whether records may be anywhere, so that there is no element that must be there. */
  public boolean recordsAreAnywhere() {
    return allAtAnyDepth;
  }
}
