package io.xmltobigquery.profile;

import io.xmltobigquery.mapping.XmlName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The elements of one path: those that documents have, and where there is a schema also what it
 * declares, which may have come in none of them. An element counts in exactly one of {@code empty},
 * {@code text}, {@code nested} and {@code mixed}.
 *
 * @param count how many there are
 * @param parents how many parents have at least one of them; for a root, how many documents
 * @param mostPerParent how many one parent has at most
 * @param files how many documents have at least one
 * @param empty those with neither text nor child elements; attributes don't count
 * @param text those with text only
 * @param nested those with child elements only
 * @param mixed those with both
 * @param nil those that say by {@code xsi:nil} that they have no value; they are empty as well
 * @param mostCharacters what is between the tags of the longest, in UTF-16 code units
 * @param values the texts of those without child elements, or null if all of them have some or are
 *     empty, unless all are empty
 * @param attributes by name
 * @param children in the order in which documents have them, on the average
 * @param below elements deeper than what is counted by path; 0 unless there are too many paths
 * @param declared what the schema says of them; null without a schema
 */
public record ElementProfile(
    XmlName name,
    long count,
    long parents,
    long mostPerParent,
    long files,
    long empty,
    long text,
    long nested,
    long mixed,
    long nil,
    long mostCharacters,
    @Nullable ValueProfile values,
    List<AttributeProfile> attributes,
    List<ElementProfile> children,
    long below,
    @Nullable Declaration declared) {

  public ElementProfile {
    attributes = List.copyOf(attributes);
    children = List.copyOf(children);
  }

  public ElementProfile withName(XmlName newName) {
    return with(newName, mostPerParent, attributes, children);
  }

  public ElementProfile withMostPerParent(long most) {
    return with(name, most, attributes, children);
  }

  public ElementProfile withAttributes(List<AttributeProfile> others) {
    return with(name, mostPerParent, others, children);
  }

  public ElementProfile withChildren(List<ElementProfile> others) {
    return with(name, mostPerParent, attributes, others);
  }

  private ElementProfile with(
      XmlName newName,
      long newMostPerParent,
      List<AttributeProfile> newAttributes,
      List<ElementProfile> newChildren) {
    return new ElementProfile(
        newName,
        count,
        parents,
        newMostPerParent,
        files,
        empty,
        text,
        nested,
        mixed,
        nil,
        mostCharacters,
        values,
        newAttributes,
        newChildren,
        below,
        declared);
  }

  /** Whether it comes more than once in some parent, or may. */
  public boolean repeats() {
    return mostPerParent > 1 || (declared != null && declared.repeats());
  }

  /** Whether it has text beside child elements, in the same element or in another one, or may. */
  public boolean isMixed() {
    return mixed > 0 || (text > 0 && nested > 0) || (declared != null && declared.mixed());
  }

  /** Whether it has text of its own, or may. */
  public boolean hasText() {
    return text + mixed > 0 || (declared != null && (declared.mixed() || declared.value() != null));
  }

  /** Whether it has a value of its own, or may have: not if it has attributes or children only. */
  public boolean hasValue() {
    return hasText() || (attributes.isEmpty() && children.isEmpty());
  }

  /**
   * Whether this element, inside another one, is the same thing again: it has that one's name, and
   * something else of it, be it text, an attribute or a child. One that has nothing at all may be.
   * A {@code title} with a text in a {@code title} of several parts isn't.
   */
  public boolean recurs(ElementProfile outer) {
    return name.equals(outer.name)
        && ((!hasText() && attributes.isEmpty() && children.isEmpty())
            || (hasText() && outer.hasText())
            || attributes.stream()
                .anyMatch(
                    own ->
                        outer.attributes.stream()
                            .anyMatch(other -> own.name().equals(other.name())))
            || children.stream()
                .anyMatch(
                    own ->
                        outer.children.stream()
                            .anyMatch(other -> own.name().equals(other.name()))));
  }

  /** Whether it {@link #recurs} somewhere inside of itself. */
  public boolean containsItself() {
    return contains(this);
  }

  private boolean contains(ElementProfile outermost) {
    return children.stream()
        .anyMatch(child -> child.recurs(outermost) || child.contains(outermost));
  }

  /** How many columns it and what is below have: attributes, and elements with values. */
  public int columns() {
    return ownColumns() + children.stream().mapToInt(ElementProfile::columns).sum();
  }

  /** Those of its attributes and its own text. */
  public int ownColumns() {
    return attributes.size() + (hasValue() ? 1 : 0);
  }

  /** Paths of this element, its attributes, and all below. */
  public int paths() {
    return 1 + attributes.size() + children.stream().mapToInt(ElementProfile::paths).sum();
  }

  /** Values of this element, its attributes, and all below: attributes, and texts. */
  public long allValues() {
    return ownValues() + children.stream().mapToLong(ElementProfile::allValues).sum();
  }

  private long ownValues() {
    return text + mixed + attributes.stream().mapToLong(AttributeProfile::count).sum();
  }
}
