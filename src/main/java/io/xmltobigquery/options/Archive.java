package io.xmltobigquery.options;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What one bad file in an archive does to the others: {@code --archive}. */
public enum Archive {
  /** The archive is rejected: all of its files are loaded, or none. */
  @JsonProperty("whole")
  WHOLE,
  /** The others are loaded. */
  @JsonProperty("entries")
  ENTRIES
}
