package io.xmltobigquery.options;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with the options. Each problem names its option and says what to do. */
public final class Problems {

  private final List<String> all = new ArrayList<>();

  /**
   * Adds a problem.
   *
   * @param option with its dashes
   */
  public void add(String option, String text) {
    all.add(option + ": " + text);
  }

  /**
   * Adds an option that isn't given.
   *
   * @param instead what to give
   */
  public void addMissing(String option, String instead) {
    all.add(option + " is missing: give " + instead);
  }

  /** Adds what others have found, who name the options themselves. */
  public void addAll(List<String> problems) {
    all.addAll(problems);
  }

  public int count() {
    return all.size();
  }

  /** One line for each. */
  public List<String> lines() {
    return List.copyOf(all);
  }
}
