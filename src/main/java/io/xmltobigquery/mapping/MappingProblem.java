package io.xmltobigquery.mapping;

import java.io.Serializable;

/**
 * One mistake in a mapping document.
 *
 * @param pointer where it stands: a JSON Pointer (RFC 6901); empty for the whole document
 * @param message what is wrong and what to do
 */
public record MappingProblem(String pointer, String message) implements Serializable {

  @Override
  public String toString() {
    return pointer.isEmpty() ? message : pointer + ": " + message;
  }
}
