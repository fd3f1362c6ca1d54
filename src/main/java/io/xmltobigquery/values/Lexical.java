package io.xmltobigquery.values;

/**
 * The XML Schema datatypes (XML Schema Part 2) that a STRING column can be checked against: the
 * value must be in the datatype's lexical space and stays a string, with its white space collapsed.
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
  HEX_BINARY("hexBinary");

  private final String xsdName;

  Lexical(String xsdName) {
    this.xsdName = xsdName;
  }

  /** The datatype's name in XML Schema, without a prefix: what a mapping writes. */
  public String xsdName() {
    return xsdName;
  }
}
