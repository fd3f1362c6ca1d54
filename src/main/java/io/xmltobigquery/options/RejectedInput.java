package io.xmltobigquery.options;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happens to a rejected file once its copy is safe: {@code --rejectedInput}. */
public enum RejectedInput {
  @JsonProperty("delete")
  DELETE,
  @JsonProperty("keep")
  KEEP
}
