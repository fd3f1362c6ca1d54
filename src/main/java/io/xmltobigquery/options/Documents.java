package io.xmltobigquery.options;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How many XML documents a file may have: {@code --documents}. */
public enum Documents {
  /** One; what comes behind it rejects the file. */
  @JsonProperty("one")
  ONE,
  /** One or more, one after the other. */
  @JsonProperty("many")
  MANY
}
