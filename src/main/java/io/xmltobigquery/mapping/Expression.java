package io.xmltobigquery.mapping;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/** What a column's values are made of. */
public sealed interface Expression extends Serializable {

  /** The node sets that it looks at. */
  default Stream<Nodes> nodes() {
    return Stream.empty();
  }

  /**
   * Nodes of a document, each once, in its order.
   *
   * @param paths that lead to them
   * @param pick the n-th of all of them, from 1; {@link #LAST} for the last; 0 for all
   */
  record Nodes(List<Path> paths, int pick) implements Expression {
    /** Stands for the last one. */
    public static final int LAST = -1;

    public Nodes {
      paths = List.copyOf(paths);
    }

    @Override
    public Stream<Nodes> nodes() {
      return Stream.of(this);
    }
  }

  /** The parts one behind the other, each a {@link Nodes} or a {@link Literal}. */
  record Concat(List<Expression> parts) implements Expression {
    public Concat {
      parts = List.copyOf(parts);
    }

    @Override
    public Stream<Nodes> nodes() {
      return parts.stream().flatMap(Expression::nodes);
    }
  }

  /** A text that the mapping has. */
  record Literal(String text) implements Expression {}

  /** What is known of a row itself. */
  enum RowValue {
    /** A text that no other element has: the file version, and the place of the start tag. */
    KEY,
    /** 1 and the number of siblings of the same name before it. */
    POSITION,
    /** How many rows of the same table are open, itself included. */
    DEPTH,
    /** The names of the elements from the root to it. */
    PATH,
    /** What is in the row, or the RECORD, and no column takes. */
    REST
  }

  /**
   * What is known of a row, or of an element around it.
   *
   * @param of the element
   */
  record OfRow(RowValue value, Path.Anchor of) implements Expression {}
}
