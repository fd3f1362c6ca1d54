package io.xmltobigquery.mapping;

import java.io.Serializable;
import java.util.List;

/**
 * All table mappings of a job. Read one with {@link MappingReader}, which also checks it: no two
 * tables share a name or a record path, and no record lies inside another.
 */
public record Mapping(List<TableMapping> tables) implements Serializable {

  /** The table of outcomes, which every job has; no mapping has one of that name. */
  public static final String RESERVED_TABLE = "file_loads";

  public Mapping {
    tables = List.copyOf(tables);
  }
}
