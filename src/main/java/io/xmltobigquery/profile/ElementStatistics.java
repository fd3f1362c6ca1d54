package io.xmltobigquery.profile;

import io.xmltobigquery.mapping.XmlName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sums up the elements of one path, of one document or of many. There is only one element of a path
 * open at a time, so this also has what is known of that one.
 */
final class ElementStatistics extends Named {

  private final int depth;
  private final NamedSet<ElementStatistics> children = new NamedSet<>();
  private final NamedSet<AttributeStatistics> attributes = new NamedSet<>();

  private long count;
  private long parents;
  private long mostPerParent;
  private long files;
  private long empty;
  private long texts;
  private long nested;
  private long mixed;
  private long nil;
  private long mostCharacters;
  private long below;

  /** At which place among its different siblings it came first, from 0, summed up over parents. */
  private long places;

  private @Nullable ValueStatistics values;

  // Of the element that is open.
  private long startOffset;
  private boolean hasText;
  private boolean hasChildren;

  /** How often the open parent has it. */
  private long here;

  /** The children that the open element has, in the order in which they came first. */
  private final List<ElementStatistics> seen = new ArrayList<>(2);

  /**
   * A path without elements.
   *
   * @param depth 1 for a root, and 0 for the document itself, which has no name
   */
  ElementStatistics(String namespace, String localName, int depth) {
    super(namespace, localName);
    this.depth = depth;
  }

  int depth() {
    return depth;
  }

  NamedSet<ElementStatistics> children() {
    return children;
  }

  NamedSet<AttributeStatistics> attributes() {
    return attributes;
  }

  boolean isSeen() {
    return count > 0;
  }

  /** An element begins, in a parent that is open. */
  void begin(ElementStatistics parent, long charOffset) {
    count++;
    if (++here == 1) {
      parent.seen.add(this);
    }
    startOffset = charOffset;
    hasText = false;
    hasChildren = false;
    children.begin();
    attributes.begin();
  }

  void setNil() {
    nil++;
  }

  boolean hasChildren() {
    return hasChildren;
  }

  void setHasChildren() {
    hasChildren = true;
  }

  boolean hasText() {
    return hasText;
  }

  void setHasText() {
    hasText = true;
  }

  /** Elements deeper than what is counted by path, below this one. */
  void countBelow(long elements) {
    below += elements;
  }

  /**
   * The open element ends.
   *
   * @param text of an element without children
   */
  void end(ValueText text, long charOffset) {
    if (hasChildren) {
      endChildren();
      if (hasText) {
        mixed++;
      } else {
        nested++;
      }
      mostCharacters = Math.max(mostCharacters, charOffset - startOffset);
      return;
    }
    text.trim();
    if (!text.hasText()) {
      empty++;
      return;
    }
    texts++;
    if (values == null) {
      values = new ValueStatistics();
    }
    values.add(text);
  }

  /** The parent of the children that were seen last ends. */
  void endChildren() {
    for (int i = 0; i < seen.size(); i++) {
      ElementStatistics child = seen.get(i);
      child.parents++;
      child.mostPerParent = Math.max(child.mostPerParent, child.here);
      child.places += i;
      child.here = 0;
    }
    seen.clear();
  }

  /** Adds those of one document, without children and attributes. */
  void addDocument(ElementStatistics document) {
    count += document.count;
    parents += document.parents;
    mostPerParent = Math.max(mostPerParent, document.mostPerParent);
    files++;
    empty += document.empty;
    texts += document.texts;
    nested += document.nested;
    mixed += document.mixed;
    nil += document.nil;
    mostCharacters = Math.max(mostCharacters, document.mostCharacters);
    below += document.below;
    places += document.places;
    if (document.texts > 0) {
      if (values == null) {
        values = new ValueStatistics();
      }
      values.add(document.values);
    }
  }

  /** Forgets all but the names. */
  void clear() {
    count = 0;
    parents = 0;
    mostPerParent = 0;
    empty = 0;
    texts = 0;
    nested = 0;
    mixed = 0;
    nil = 0;
    mostCharacters = 0;
    below = 0;
    places = 0;
    if (values != null) {
      values.clear();
    }
  }

  /** From now on, children are counted only. */
  void cutChildren() {
    below += elementsBelow();
    children.clear();
    seen.clear();
  }

  /** Elements below this path, those included that are only counted. */
  long elementsBelow() {
    long elements = 0;
    for (ElementStatistics child : children.all()) {
      elements += child.count + child.below + child.elementsBelow();
    }
    return elements;
  }

  List<ElementProfile> childProfiles() {
    return children.all().stream()
        .filter(ElementStatistics::isSeen)
        .sorted(
            Comparator.comparingDouble(ElementStatistics::averagePlace)
                .thenComparing(Named::localName)
                .thenComparing(Named::namespace))
        .map(ElementStatistics::profile)
        .toList();
  }

  private double averagePlace() {
    return (double) places / parents;
  }

  private ElementProfile profile() {
    return new ElementProfile(
        new XmlName(namespace(), localName()),
        count,
        parents,
        mostPerParent,
        files,
        empty,
        texts,
        nested,
        mixed,
        nil,
        mostCharacters,
        valueProfile(),
        attributes.all().stream()
            .filter(AttributeStatistics::isSeen)
            .sorted(Comparator.comparing(Named::localName).thenComparing(Named::namespace))
            .map(AttributeStatistics::profile)
            .toList(),
        childProfiles(),
        below,
        null);
  }

  private @Nullable ValueProfile valueProfile() {
    if (texts == 0 && nested + mixed > 0) {
      return null;
    }
    return (values == null ? new ValueStatistics() : values).profile(empty - nil);
  }
}
