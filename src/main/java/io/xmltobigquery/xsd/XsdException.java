package io.xmltobigquery.xsd;

import java.util.List;
import java.util.stream.Stream;

/** Schemas can't be used as they were given. */
public final class XsdException extends Exception {
  private static final long serialVersionUID = 1L;

  /** More of them tell nothing new. */
  private static final int MOST_PROBLEMS = 20;

  private final transient List<String> problems;

  XsdException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems =
        problems.size() <= MOST_PROBLEMS
            ? List.copyOf(problems)
            : Stream.concat(
                    problems.stream().limit(MOST_PROBLEMS),
                    Stream.of("and " + (problems.size() - MOST_PROBLEMS) + " more problems"))
                .toList();
  }

  XsdException(String problem) {
    this(List.of(problem));
  }

  /** What is wrong and what to do, each with the file and the place; 20 and a count at most. */
  public List<String> problems() {
    return problems;
  }
}
