package io.xmltobigquery.mapping;

import io.xmltobigquery.values.Syntax;
import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A path of XPath 1.0, of the part that can be followed while a document is read.
 *
 * @param anchor where it begins
 * @param steps the elements to descend through
 * @param anyDepth whether what is taken may stand at any depth below the last step: {@code a//@b},
 *     {@code a//text()}
 * @param take what is taken there
 * @param attribute the attributes to take, where it is attributes
 */
public record Path(
    Anchor anchor, List<Step> steps, boolean anyDepth, Take take, @Nullable NameTest attribute)
    implements Serializable {

  public Path {
    steps = List.copyOf(steps);
  }

  /** What is taken of the node that a path leads to. */
  public enum Take {
    /** All text inside the element; of a RECORD's element it is its columns. */
    ELEMENT,
    /** All text inside the element, and elements in it are expected. */
    WHOLE_TEXT,
    /** Each run of text between two tags. */
    TEXT_NODES,
    /** The element as XML. */
    XML,
    /** What is in the element, as XML. */
    INNER_XML,
    /** The element's attributes and what is in it, as JSON. */
    JSON,
    ATTRIBUTE,
    LOCAL_NAME,
    NAMESPACE_URI
  }

  /** Where paths begin. */
  public enum From {
    /** The element of the row, or of the RECORD that holds the column. */
    SELF,
    /** A number of elements further up. */
    PARENT,
    /** An element around the row, by its name. */
    ANCESTOR,
    /** Above the root element. */
    ROOT
  }

  /**
   * Where a path begins.
   *
   * @param up how many elements further up, of a PARENT
   * @param name of an ANCESTOR
   * @param nearest whether only the nearest of such ancestors is meant
   */
  public record Anchor(From from, int up, @Nullable NameTest name, boolean nearest)
      implements Serializable {

    public static final Anchor SELF = new Anchor(From.SELF, 0, null, false);
    static final Anchor ROOT = new Anchor(From.ROOT, 0, null, false);

    static Anchor parent(int up) {
      return new Anchor(From.PARENT, up, null, false);
    }

    static Anchor ancestor(NameTest name, boolean nearest) {
      return new Anchor(From.ANCESTOR, 0, name, nearest);
    }

    public boolean isSelf() {
      return from == From.SELF;
    }
  }

  /**
   * A step to an element.
   *
   * @param anyDepth whether it may stand at any depth: {@code //} before it
   * @param predicates what must hold besides, in their order
   */
  public record Step(boolean anyDepth, NameTest name, List<Predicate> predicates)
      implements Serializable {

    public Step {
      predicates = List.copyOf(predicates);
    }
  }

  /** What stands in brackets. */
  public sealed interface Predicate extends Serializable {

    /** Whether it is known as soon as the element's start tag was read. */
    default boolean isKnownAtStart() {
      return operands().allMatch(Path::isOwnAttribute);
    }

    /** The paths that it looks at. */
    default Stream<Path> operands() {
      return Stream.empty();
    }
  }

  /** The n-th of its parent's children that the step takes, from 1. */
  public record Position(int number) implements Predicate {}

  /** The last of its parent's children that the step takes. */
  public record Last() implements Predicate {
    @Override
    public boolean isKnownAtStart() {
      return false;
    }
  }

  /** The path leads to something. */
  public record Exists(Path path) implements Predicate {
    @Override
    public Stream<Path> operands() {
      return Stream.of(path);
    }
  }

  /**
   * Something that the path leads to has this text.
   *
   * @param normalized whether its white space is collapsed before
   */
  public record Equals(Path path, String text, boolean normalized) implements Predicate {
    /** Whether it is so if the path leads to this value. */
    public boolean accepts(String value) {
      return text.equals(normalized ? Syntax.collapse(value) : value);
    }

    @Override
    public Stream<Path> operands() {
      return Stream.of(path);
    }
  }

  /** The element has this name. */
  public record HasLocalName(String name) implements Predicate {}

  /** All of them hold. */
  public record And(List<Predicate> all) implements Predicate {
    @Override
    public Stream<Path> operands() {
      return all.stream().flatMap(Predicate::operands);
    }
  }

  /** One of them holds. */
  public record Or(List<Predicate> any) implements Predicate {
    @Override
    public Stream<Path> operands() {
      return any.stream().flatMap(Predicate::operands);
    }
  }

  /** It doesn't hold. */
  public record Not(Predicate predicate) implements Predicate {
    @Override
    public Stream<Path> operands() {
      return predicate.operands();
    }
  }

  /** Whether it is an attribute of the element where it begins. */
  public boolean isOwnAttribute() {
    return anchor.isSelf() && steps.isEmpty() && !anyDepth && take == Take.ATTRIBUTE;
  }

  /** Whether the predicates of all steps are known as soon as the start tags were read. */
  boolean isKnownAtStart() {
    return steps.stream()
        .flatMap(step -> step.predicates().stream())
        .allMatch(Predicate::isKnownAtStart);
  }

  /** Whether it may lead through elements at any depth. */
  public boolean mayNest() {
    return anyDepth || steps.stream().anyMatch(Step::anyDepth);
  }

  /** Its only name in each step, if it is made of such and of nothing else; else null. */
  @Nullable List<XmlName> plainSteps() {
    List<XmlName> names = new java.util.ArrayList<>();
    for (Step step : steps) {
      XmlName name = step.name().single();
      if (name == null || step.anyDepth() || !step.predicates().isEmpty()) {
        return null;
      }
      names.add(name);
    }
    return names;
  }
}
