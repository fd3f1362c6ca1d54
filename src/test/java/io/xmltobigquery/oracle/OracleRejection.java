package io.xmltobigquery.oracle;

/** The oracle doesn't take the document; the message says why, for people only. */
public final class OracleRejection extends Exception {

  private static final long serialVersionUID = 1L;

  OracleRejection(String message) {
    super(message);
  }
}
