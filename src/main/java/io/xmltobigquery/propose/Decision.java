package io.xmltobigquery.propose;

/**
 * What was decided of one path, and why.
 *
 * @param sign whether somebody should look at it
 * @param path of the element or attribute, from the root
 * @param column its names from the table on, with dots between them; empty if it has none
 * @param type of the column, and its mode, as people write it; empty without a column
 * @param reason in words; empty if nothing is to be said
 */
public record Decision(Sign sign, String path, String column, String type, String reason) {

  /** Whether somebody should look at a decision. */
  public enum Sign {
    NONE(" "),
    /** It may be wrong. */
    LOOK("?"),
    /** Something of the files isn't kept. */
    LOSS("!");

    private final String text;

    Sign(String text) {
      this.text = text;
    }

    /** One character, as people see it. */
    public String text() {
      return text;
    }
  }
}
