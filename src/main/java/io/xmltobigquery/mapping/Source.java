package io.xmltobigquery.mapping;

import io.xmltobigquery.mapping.Expression.Nodes;
import io.xmltobigquery.mapping.Path.Anchor;
import io.xmltobigquery.mapping.Path.Step;
import io.xmltobigquery.mapping.Path.Take;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a column's value comes from, seen from the element of the record or RECORD column that
 * holds the column. Most sources are plain: names of elements one inside the other, and an
 * attribute, which is known from the name of each element alone.
 *
 * @param elements of a plain source, the child elements to descend through; empty for the element
 *     itself
 * @param attribute of a plain source, the attribute to read, or null for the text of the element
 * @param wholeText of a plain source, whether the mapping asks for all text inside the element by
 *     name, so that elements among it are expected
 * @param choices of a source that isn't plain, the first of which that has a value gives it; empty
 *     for a plain one
 * @param text as the mapping writes it
 */
public record Source(
    List<XmlName> elements,
    @Nullable XmlName attribute,
    boolean wholeText,
    List<Expression> choices,
    String text)
    implements Serializable {

  public Source {
    elements = List.copyOf(elements);
    choices = List.copyOf(choices);
  }

  /** A plain source: an element's text or an attribute's value. */
  public Source(List<XmlName> elements, @Nullable XmlName attribute) {
    this(elements, attribute, false);
  }

  /** A plain source. */
  public Source(List<XmlName> elements, @Nullable XmlName attribute, boolean wholeText) {
    this(elements, attribute, wholeText, List.of(), text(elements, attribute, wholeText));
  }

  /** The source of the given choices. */
  static Source of(List<Expression> choices, String text) {
    Source plain = plain(choices);
    return plain == null ? new Source(List.of(), null, false, choices, text) : plain;
  }

  private static @Nullable Source plain(List<Expression> choices) {
    if (choices.size() > 1
        || !(choices.get(0) instanceof Nodes nodes)
        || nodes.pick() != 0
        || nodes.paths().size() > 1) {
      return null;
    }
    Path path = nodes.paths().get(0);
    List<XmlName> steps = path.plainSteps();
    XmlName attribute = path.attribute() == null ? null : path.attribute().single();
    boolean isAttribute = path.take() == Take.ATTRIBUTE && attribute != null;
    boolean wholeText = path.take() == Take.WHOLE_TEXT;
    return steps != null
            && path.anchor().isSelf()
            && !path.anyDepth()
            && (isAttribute || wholeText || path.take() == Take.ELEMENT)
        ? new Source(steps, attribute, wholeText)
        : null;
  }

  /**
   * The source that takes its elements in another form.
   *
   * @return null if it takes anything but elements
   */
  @Nullable Source taking(Take take) {
    List<Expression> taking = new ArrayList<>();
    for (Expression expression : expressions()) {
      if (!(expression instanceof Nodes nodes)) {
        return null;
      }
      List<Path> paths = new ArrayList<>();
      for (Path path : nodes.paths()) {
        if (path.take() != Take.ELEMENT) {
          return null;
        }
        paths.add(new Path(path.anchor(), path.steps(), path.anyDepth(), take, path.attribute()));
      }
      taking.add(new Nodes(paths, nodes.pick()));
    }
    return new Source(List.of(), null, false, taking, text);
  }

  /** Whether it is known from the names of elements alone. */
  public boolean isPlain() {
    return choices.isEmpty();
  }

  /** Whether it is what no column takes. */
  public boolean isRest() {
    return choices.size() == 1
        && choices.get(0) instanceof Expression.OfRow ofRow
        && ofRow.value() == Expression.RowValue.REST;
  }

  /** What it chooses from, also of a plain source. */
  public List<Expression> expressions() {
    if (!isPlain()) {
      return choices;
    }
    Take take = attribute != null ? Take.ATTRIBUTE : wholeText ? Take.WHOLE_TEXT : Take.ELEMENT;
    List<Step> steps =
        elements.stream().map(name -> new Step(false, NameTest.of(name), List.of())).toList();
    NameTest test = attribute == null ? null : NameTest.of(attribute);
    return List.of(new Nodes(List.of(new Path(Anchor.SELF, steps, false, take, test)), 0));
  }

  private static String text(
      List<XmlName> elements, @Nullable XmlName attribute, boolean wholeText) {
    String path = elements.stream().map(XmlName::toString).collect(Collectors.joining("/"));
    if (attribute == null) {
      String element = path.isEmpty() ? "." : path;
      return wholeText ? "string(" + element + ")" : element;
    }
    return path.isEmpty() ? "@" + attribute : path + "/@" + attribute;
  }

  /** The source as the mapping writes it, but for the names of plain ones: {@code {uri}local}. */
  @Override
  public String toString() {
    return text;
  }
}
