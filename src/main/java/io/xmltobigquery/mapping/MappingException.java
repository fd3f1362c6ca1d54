package io.xmltobigquery.mapping;

import java.util.List;
import java.util.stream.Collectors;

/** A mapping document that can't be used, with all that is wrong with it. */
public final class MappingException extends Exception {

  private static final long serialVersionUID = 1L;

  private final List<MappingProblem> problems;

  MappingException(List<MappingProblem> problems) {
    super(problems.stream().map(MappingProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Every mistake that was found, in the document's order; at least one. */
  public List<MappingProblem> problems() {
    return problems;
  }
}
