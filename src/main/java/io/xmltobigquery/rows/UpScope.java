package io.xmltobigquery.rows;

import io.xmltobigquery.mapping.Namespaces;
import io.xmltobigquery.mapping.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What rows of one table want of an element around them: which element that is, and the paths that
 * are followed from it.
 */
public final class UpScope {

  private final int id;
  private final Path.Anchor anchor;
  private final Namespaces names;
  private final PathNode.Place place = new PathNode.Place("..");
  private PathNode root;
  private final List<Integer> wanted = new ArrayList<>();

  UpScope(int id, Path.Anchor anchor, Namespaces names) {
    this.id = id;
    this.anchor = anchor;
    this.names = names;
  }

  /** What the prefixes of the table's paths stand for. */
  public Namespaces names() {
    return names;
  }

  /**
   * The values of one node set.
   *
   * @param number among those of the scope
   */
  public record Slot(UpScope scope, int number) {}

  /**
   * Adds a node set.
   *
   * @param first how many of its values are wanted at most, or 0 for all
   */
  Slot addSlot(int first) {
    wanted.add(first);
    return new Slot(this, wanted.size() - 1);
  }

  /** How many of the first values of a node set are wanted, or 0 for all of them. */
  public int wanted(int slot) {
    return wanted.get(slot);
  }

  PathNode.Place place() {
    return place;
  }

  void build(PathNode.Builder nodes) {
    root = nodes.node(place);
  }

  /** The scope's number in the mapping, from 0. */
  public int id() {
    return id;
  }

  public Path.Anchor anchor() {
    return anchor;
  }

  /** Where its paths begin. */
  public PathNode root() {
    return root;
  }

  /** How many node sets have values here. */
  public int slots() {
    return wanted.size();
  }
}
