package io.xmltobigquery.xml;

import java.nio.charset.CharacterCodingException;

/** Bytes that aren't text in the document's encoding. */
final class UndecodableException extends CharacterCodingException {

  private static final long serialVersionUID = 1L;

  private final String message;
  private final boolean truncated;

  UndecodableException(String charsetName, boolean truncated) {
    this.truncated = truncated;
    this.message =
        truncated
            ? "the file ends within a character"
            : "the bytes here aren't valid "
                + charsetName
                + "; write the file in the encoding that it declares";
  }

  @Override
  public String getMessage() {
    return message;
  }

  /** Whether the bytes could be the beginning of a character whose rest is missing. */
  boolean isTruncated() {
    return truncated;
  }
}
