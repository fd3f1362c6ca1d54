package io.xmltobigquery;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with the options. Each problem names its option and says what to do. */
final class Problems {

  private final List<String> all = new ArrayList<>();

  /**
   * Adds a problem.
   *
   * @param option with its dashes
   */
  void add(String option, String text) {
    all.add(option + ": " + text);
  }

  /**
   * Adds an option that isn't given.
   *
   * @param instead what to give
   */
  void addMissing(String option, String instead) {
    all.add(option + " is missing: give " + instead);
  }

  /** Adds what others have found, who name the options themselves. */
  void addAll(List<String> problems) {
    all.addAll(problems);
  }

  int count() {
    return all.size();
  }

  /** One line for each. */
  List<String> lines() {
    return List.copyOf(all);
  }
}
