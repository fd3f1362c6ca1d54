package io.xmltobigquery.profile;

import org.jspecify.annotations.Nullable;

/**
 * All paths of one document, or of many, and not more than some number of them. Where there are
 * more, the deepest are given up, one level after the other: what is kept then depends on the paths
 * alone, and not on the order in which they came.
 */
final class PathTree {

  private final int mostPaths;
  private final ElementStatistics document = new ElementStatistics("", "", 0);

  /** Paths of elements of each depth, and of their attributes. */
  private final int[] pathsOfDepth;

  private int paths;
  private int deepest;

  /**
   * A tree without paths.
   *
   * @param maxDepth of elements
   */
  PathTree(int mostPaths, int maxDepth) {
    this.mostPaths = mostPaths;
    this.pathsOfDepth = new int[maxDepth + 1];
    this.deepest = maxDepth;
  }

  /** What stands above the roots. */
  ElementStatistics document() {
    return document;
  }

  /** The depth of elements up to which they are counted by path; a root has 1. */
  int deepest() {
    return deepest;
  }

  /** The child of a parent in this tree; null if it is deeper than what is counted by path. */
  @Nullable ElementStatistics child(ElementStatistics parent, String namespace, String localName) {
    ElementStatistics known = parent.children().find(namespace, localName);
    if (known != null || parent.depth() >= deepest) {
      return known;
    }
    ElementStatistics added = new ElementStatistics(namespace, localName, parent.depth() + 1);
    parent.children().add(added);
    countPath(added.depth());
    return added.depth() <= deepest ? added : null;
  }

  /** The attribute of an element in this tree; null if the element was given up. */
  @Nullable AttributeStatistics attribute(
      ElementStatistics element, String namespace, String localName) {
    AttributeStatistics known = element.attributes().find(namespace, localName);
    if (known != null || element.depth() > deepest) {
      return known;
    }
    AttributeStatistics added = new AttributeStatistics(namespace, localName);
    element.attributes().add(added);
    countPath(element.depth());
    return element.depth() <= deepest ? added : null;
  }

  private void countPath(int depth) {
    pathsOfDepth[depth]++;
    paths++;
    if (paths > mostPaths) {
      limit(deepestWithin());
    }
  }

  /** The greatest depth to which there are few enough paths. */
  private int deepestWithin() {
    int within = 0;
    int found = 0;
    while (found + pathsOfDepth[within + 1] <= mostPaths) {
      within++;
      found += pathsOfDepth[within];
    }
    return within;
  }

  private void limit(int depth) {
    if (depth < deepest) {
      deepest = depth;
      cut(document);
      for (int i = depth + 1; i < pathsOfDepth.length; i++) {
        paths -= pathsOfDepth[i];
        pathsOfDepth[i] = 0;
      }
    }
  }

  private void cut(ElementStatistics element) {
    if (element.depth() == deepest) {
      element.cutChildren();
    } else {
      element.children().all().forEach(this::cut);
    }
  }

  /** Adds what was seen of one document, or of none. */
  void addDocument(PathTree other) {
    limit(other.deepest);
    // First all paths, since they may be too many; then it is known which of them are counted.
    addPaths(document, other.document);
    addCounts(document, other.document);
  }

  private void addPaths(ElementStatistics into, ElementStatistics from) {
    for (AttributeStatistics attribute : from.attributes().all()) {
      if (attribute.isSeen()) {
        var unused = attribute(into, attribute.namespace(), attribute.localName());
      }
    }
    into.children().begin();
    for (ElementStatistics child : from.children().all()) {
      if (child.isSeen()) {
        ElementStatistics added = child(into, child.namespace(), child.localName());
        if (added != null) {
          addPaths(added, child);
        }
      }
    }
  }

  private void addCounts(ElementStatistics into, ElementStatistics from) {
    into.addDocument(from);
    for (AttributeStatistics attribute : from.attributes().all()) {
      if (attribute.isSeen()) {
        attribute(into, attribute.namespace(), attribute.localName()).addDocument(attribute);
      }
    }
    if (from.depth() == deepest) {
      into.countBelow(from.elementsBelow());
      return;
    }
    into.children().begin();
    for (ElementStatistics child : from.children().all()) {
      if (child.isSeen()) {
        addCounts(child(into, child.namespace(), child.localName()), child);
      }
    }
  }

  /** Forgets all but the paths. */
  void clear() {
    clear(document);
  }

  private static void clear(ElementStatistics element) {
    element.clear();
    element.attributes().all().forEach(AttributeStatistics::clear);
    for (ElementStatistics child : element.children().all()) {
      if (child.isSeen()) {
        clear(child);
      }
    }
  }
}
