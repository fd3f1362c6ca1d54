package io.xmltobigquery.rows;

import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.NameTest;
import io.xmltobigquery.mapping.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A state of the automaton that follows paths through a document: what is to be done with an
 * element, and which state each child and attribute leads to. It stands for all places where paths
 * that begin at the same element may have come to; states are worked out when the mapping is
 * compiled, so that reading looks up one name.
 */
public final class PathNode {

  private static final Taker[] NO_TAKERS = {};

  /** A place on the way of some paths: behind a step, or before any. */
  public static final class Place {
    private final String name;
    private final Map<String, Place> nextByText = new LinkedHashMap<>();
    private final List<Map.Entry<NameTest, Place>> next = new ArrayList<>();
    private final Map<List<Path.Predicate>, Branch> branches = new LinkedHashMap<>();
    private final List<Taker> takers = new ArrayList<>();
    private final List<Map.Entry<NameTest, Taker>> attributes = new ArrayList<>();
    private final List<Opening> openings = new ArrayList<>();
    private final List<Integer> tables = new ArrayList<>();
    private final Set<Integer> tablesBelow = new LinkedHashSet<>();
    private @Nullable Place below;
    private boolean anyDepth;
    private boolean named;
    private int singles;

    Place(String name) {
      this.name = name;
    }

    /** The name of the element, for messages. */
    public String name() {
      return name;
    }

    /** Behind a step from here. */
    Place step(Path.Step step) {
      Place from = step.anyDepth() ? below() : this;
      String text = step.name().toString();
      Place place = from.nextByText.get(text);
      if (place == null) {
        place = new Place(step.name().local() == null ? text : step.name().local());
        from.nextByText.put(text, place);
        from.next.add(Map.entry(step.name(), place));
      }
      boolean isName = step.name().local() != null;
      if (step.predicates().isEmpty()) {
        place.named |= isName;
        return place;
      }
      Branch branch = place.branches.get(step.predicates());
      if (branch == null) {
        branch =
            new Branch(step.predicates(), step.name().local() == null ? "*" : step.name().local());
        branch.place.named = isName;
        step.predicates().forEach(branch.place::compare);
        place.branches.put(step.predicates(), branch);
        place.know(step.predicates());
      }
      return branch.place;
    }

    /** A condition on the element itself, which leads nowhere. */
    Branch condition(Path.Predicate predicate) {
      know(List.of(predicate));
      return new Branch(List.of(predicate), name);
    }

    /** Attributes that predicates look at are known, whatever their values. */
    private void know(List<Path.Predicate> predicates) {
      predicates.stream()
          .flatMap(Path.Predicate::operands)
          .filter(Path::isOwnAttribute)
          .forEach(path -> take(path.attribute(), Taker.ofCondition(path.take(), 0, null)));
    }

    /** Of an element that was chosen, attributes that had to be as the mapping says are known. */
    private void compare(Path.Predicate predicate) {
      if (predicate instanceof Path.Equals equals && equals.path().isOwnAttribute()) {
        take(equals.path().attribute(), Taker.ofCondition(equals.path().take(), 0, equals));
      } else if (predicate instanceof Path.And and) {
        and.all().forEach(this::compare);
      } else if (predicate instanceof Path.Or or) {
        or.any().forEach(this::compare);
      } else if (predicate instanceof Path.Not not) {
        compare(not.predicate());
      }
    }

    /** Here, and at every element below. */
    Place below() {
      if (below == null) {
        below = new Place(name);
        below.anyDepth = true;
      }
      return below;
    }

    void take(Taker taker) {
      takers.add(taker);
    }

    void take(NameTest attribute, Taker taker) {
      attributes.add(Map.entry(attribute, taker));
    }

    void open(Opening opening) {
      openings.add(opening);
    }

    void record(int table) {
      tables.add(table);
    }

    void leadsTo(int table) {
      tablesBelow.add(table);
    }

    void single() {
      singles++;
    }

    /** Whether several columns that aren't arrays lead through here. */
    boolean hasSeveralSingles() {
      return singles > 1;
    }
  }

  /** A RECORD column that an element may be the value of. */
  public static final class Opening {
    private final Taker taker;
    private final Place place;
    private PathNode root;

    Opening(Taker taker, Place place) {
      this.taker = taker;
      this.place = place;
    }

    public Taker taker() {
      return taker;
    }

    public Column column() {
      return taker.plan().column();
    }

    /** Where the paths of the RECORD's columns begin. */
    public PathNode root() {
      return root;
    }
  }

  /** Paths that go on only where some predicates hold. */
  public static final class Branch {
    private final List<Path.Predicate> predicates;
    private final Place place;
    private final Place conditions = new Place("");
    private final IdentityHashMap<Path.Predicate, Integer> watches = new IdentityHashMap<>();
    private final boolean pending;
    private final boolean[] knownAtStart;
    private PathNode root;
    private @Nullable PathNode conditionsRoot;

    Branch(List<Path.Predicate> predicates, String name) {
      this.predicates = predicates;
      this.place = new Place(name);
      this.pending = !predicates.stream().allMatch(Path.Predicate::isKnownAtStart);
      this.knownAtStart = new boolean[predicates.size()];
      for (int i = 0; i < knownAtStart.length; i++) {
        knownAtStart[i] = predicates.get(i).isKnownAtStart();
      }
      predicates.stream().filter(p -> !p.isKnownAtStart()).forEach(this::addWatches);
    }

    private void addWatches(Path.Predicate predicate) {
      if (predicate instanceof Path.Exists exists) {
        addWatch(predicate, exists.path(), null);
      } else if (predicate instanceof Path.Equals equals) {
        addWatch(predicate, equals.path(), equals);
      } else if (predicate instanceof Path.And and) {
        and.all().forEach(this::addWatches);
      } else if (predicate instanceof Path.Or or) {
        or.any().forEach(this::addWatches);
      } else if (predicate instanceof Path.Not not) {
        addWatches(not.predicate());
      }
    }

    private void addWatch(Path.Predicate predicate, Path path, Path.@Nullable Equals condition) {
      int watch = watches.size();
      watches.put(predicate, watch);
      Place at = conditions;
      for (Path.Step step : path.steps()) {
        at = at.step(step);
      }
      at = path.anyDepth() ? at.below() : at;
      Taker taker = Taker.ofCondition(path.take(), watch, condition);
      if (path.attribute() != null) {
        at.take(path.attribute(), taker);
      } else {
        at.take(taker);
      }
    }

    /** In the order of the mapping; the same list may be that of another branch. */
    public List<Path.Predicate> predicates() {
      return predicates;
    }

    /** Whether a predicate is known as soon as the element's start tag was read. */
    public boolean isKnownAtStart(int predicate) {
      return knownAtStart[predicate];
    }

    /** Whether it is known at the element's end only, or at that of its parent, if they hold. */
    public boolean isPending() {
      return pending;
    }

    /** The number of a condition among those that are known later. */
    public int watch(Path.Predicate condition) {
      return watches.get(condition);
    }

    /** Where the paths go on. */
    public PathNode root() {
      return root;
    }

    /** Where the paths of conditions begin, or null if there are none that are known later. */
    public @Nullable PathNode conditions() {
      return conditionsRoot;
    }
  }

  private final Set<Place> places;
  private NameMap<PathNode> children;
  private NameMap<Taker[]> attributes;
  private final Taker[] takers;
  private final Opening[] openings;
  private final Branch[] branches;
  private final int[] tables;
  private final Place[] singlePlaces;
  private final List<UpScope> upScopes = new ArrayList<>();
  private final boolean strictOutside;
  private final boolean leaf;
  private final boolean named;
  private final boolean giving;
  private boolean holdsRecords;

  private PathNode(Set<Place> places, Builder builder) {
    this.places = places;
    List<Taker> allTakers = new ArrayList<>();
    List<Opening> allOpenings = new ArrayList<>();
    List<Branch> allBranches = new ArrayList<>();
    Set<Integer> allTables = new LinkedHashSet<>();
    List<Map.Entry<NameTest, Taker>> attributeTests = new ArrayList<>();
    boolean strict = false;
    for (Place place : places) {
      allTakers.addAll(place.takers);
      allOpenings.addAll(place.openings);
      allBranches.addAll(place.branches.values());
      allTables.addAll(place.tables);
      attributeTests.addAll(place.attributes);
      strict |= place.tablesBelow.stream().anyMatch(builder::isStrictOutside);
    }
    takers = allTakers.toArray(NO_TAKERS);
    openings = allOpenings.toArray(new Opening[0]);
    branches = allBranches.toArray(new Branch[0]);
    tables = allTables.stream().mapToInt(Integer::intValue).sorted().toArray();
    singlePlaces = places.stream().filter(Place::hasSeveralSingles).toArray(Place[]::new);
    strictOutside = strict;
    leaf =
        openings.length == 0
            && branches.length == 0
            && tables.length == 0
            && singlePlaces.length == 0
            && takers.length > 0
            && allTakers.stream().allMatch(Taker::isImmediate)
            && places.stream().allMatch(place -> place.next.isEmpty() && !place.anyDepth);
    named = places.stream().anyMatch(place -> place.named);
    giving =
        openings.length > 0
            || allTakers.stream()
                .anyMatch(taker -> taker.plan() != null && taker.take() != Path.Take.TEXT_NODES);
    attributes = NameMap.of(attributeTests, list -> list.toArray(NO_TAKERS));
    children = NameMap.of(List.of(), list -> this);
  }

  /** Makes the states that the places of a mapping's paths need. */
  static final class Builder {
    /** As many states as paths of real formats need by far. */
    private static final int MOST_NODES = 50_000;

    private final Map<Set<Place>, PathNode> nodes = new HashMap<>();
    private final Mapping mapping;

    Builder(Mapping mapping) {
      this.mapping = mapping;
    }

    private boolean isStrictOutside(int table) {
      return mapping.outside() == null
          ? !mapping.tables().get(table).ignoreUnknown()
          : !mapping.outside();
    }

    PathNode node(Place place) {
      return node(List.of(place));
    }

    private PathNode node(List<Place> reached) {
      Set<Place> places = new LinkedHashSet<>();
      for (Place place : reached) {
        places.add(place);
        if (place.below != null) {
          places.add(place.below);
        }
      }
      PathNode known = nodes.get(places);
      if (known != null) {
        return known;
      }
      if (nodes.size() > MOST_NODES) {
        throw new IllegalArgumentException(
            "the paths of the mapping meet in too many ways: use fewer // and *");
      }
      PathNode node = new PathNode(places, this);
      nodes.put(places, node);
      List<Map.Entry<NameTest, Place>> steps = new ArrayList<>();
      for (Place place : places) {
        if (place.anyDepth) {
          steps.add(Map.entry(new NameTest(null, null), place));
        }
        steps.addAll(place.next);
      }
      node.children = NameMap.of(steps, this::node);
      node.holdsRecords =
          places.stream()
              .filter(place -> !place.anyDepth)
              .flatMap(place -> place.next.stream())
              .map(Map.Entry::getValue)
              .anyMatch(
                  place ->
                      !place.tables.isEmpty()
                          || place.branches.values().stream()
                              .anyMatch(branch -> !branch.place.tables.isEmpty()));
      for (Opening opening : node.openings) {
        opening.root = node(opening.place);
      }
      for (Branch branch : node.branches) {
        build(branch);
      }
      return node;
    }

    void build(Branch branch) {
      branch.root = node(branch.place);
      branch.conditionsRoot = branch.watches.isEmpty() ? null : node(branch.conditions);
    }

    /** All states that were made. */
    Iterable<PathNode> nodes() {
      return nodes.values();
    }
  }

  /** The state that a child element leads to, or null. */
  public @Nullable PathNode child(String namespace, String local) {
    return children.get(namespace, local);
  }

  /** Who wants the attribute, or null if nobody does. */
  public Taker @Nullable [] attribute(String namespace, String local) {
    return attributes.get(namespace, local);
  }

  /** Who wants the element's text or name. */
  public Taker[] takers() {
    return takers;
  }

  /** The RECORDs that the element is a value of. */
  public Opening[] openings() {
    return openings;
  }

  /** The paths that go on here under some conditions. */
  public Branch[] branches() {
    return branches;
  }

  /** The tables that the element is a row of, ascending. */
  public int[] tables() {
    return tables;
  }

  /** Whether nothing is done with the element but that columns take its text at its end. */
  public boolean isLeaf() {
    return leaf;
  }

  /** Whether a path leads to the element or through it by its name. */
  public boolean isNamed() {
    return named;
  }

  /** Whether columns take the element itself: what is in it, or its name. */
  public boolean isGiving() {
    return giving;
  }

  /** The places here that several columns lead through, none of them an array. */
  public Place[] singlePlaces() {
    return singlePlaces;
  }

  /** What rows want of the element if it is one around them. */
  public List<UpScope> upScopes() {
    return upScopes;
  }

  /** Outside of records: whether what no path leads to is an error here. */
  public boolean isStrictOutside() {
    return strictOutside;
  }

  /** Whether records are children of the element, of paths that say where they stand. */
  public boolean holdsRecords() {
    return holdsRecords;
  }

  /** The names of children that paths lead to, for messages. */
  public List<String> childNames() {
    return children.locals();
  }

  /** The namespaces of those of a name, for messages. */
  public List<String> childNamespaces(String local) {
    return children.namespaces(local);
  }

  Iterable<PathNode> childNodes() {
    return children.values();
  }

  boolean isRecordOf(int table) {
    return places.stream()
        .anyMatch(
            place ->
                place.tables.contains(table)
                    || place.branches.values().stream()
                        .anyMatch(branch -> branch.root.isRecordOf(table)));
  }

  @Override
  public String toString() {
    return places.stream().map(Place::name).collect(Collectors.joining("+"));
  }
}
