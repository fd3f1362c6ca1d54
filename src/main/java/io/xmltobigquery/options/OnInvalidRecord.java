package io.xmltobigquery.options;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a record that its table can't take does to its file: {@code --onInvalidRecord}. */
public enum OnInvalidRecord {
  /** The file is rejected. */
  @JsonProperty("reject-file")
  REJECT_FILE,
  /** The rest of the file is loaded, and the dead letter has the record. */
  @JsonProperty("dead-letter")
  DEAD_LETTER
}
