package io.xmltobigquery.values;

/**
 * The XML Schema datatypes (XML Schema Part 2) that a STRING column can be checked against: the
 * value must be in the datatype's lexical space and stays a string, with its white space collapsed.
 * Every text is a {@link #TOKEN} (Part 2, 3.4.2), and since XML Schema 1.1 an {@link #ANY_URI}
 * (3.3.17).
 */
public enum Lexical {
  BOOLEAN("boolean"),
  DECIMAL("decimal"),
  INTEGER("integer"),
  DOUBLE("double"),
  DATE("date"),
  TIME("time"),
  DATE_TIME("dateTime"),
  BASE64_BINARY("base64Binary"),
  HEX_BINARY("hexBinary"),
  TOKEN("token"),
  ANY_URI("anyURI"),
  DURATION("duration"),
  G_YEAR("gYear"),
  G_YEAR_MONTH("gYearMonth");

  private final String xsdName;

  Lexical(String xsdName) {
    this.xsdName = xsdName;
  }

  /** The datatype's name in XML Schema, without a prefix: what a mapping writes. */
  public String xsdName() {
    return xsdName;
  }
}
