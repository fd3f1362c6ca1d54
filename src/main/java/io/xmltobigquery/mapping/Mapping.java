package io.xmltobigquery.mapping;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All table mappings of a job. Read one with {@link MappingReader}, which also checks it: no two
 * tables share a name or a record path, and no record lies inside another.
 *
 * @param entities the characters, as code points, that references to entities stand for, by the
 *     entities' names
 * @param outside what becomes of elements and text around records that no table names: true if they
 *     are skipped, false if they are errors, and null if they are skipped where all tables whose
 *     records lie there skip what is unknown
 * @param acceptEmpty whether a document with the right root but none of the elements that records
 *     stand in is one without records; otherwise it is rejected
 * @param digest of the document that it was read from: the first 16 hexadecimal digits of its
 *     SHA-256, as {@code sha256sum} tells it; empty if it was read from none
 */
public record Mapping(
    List<TableMapping> tables,
    Map<String, Integer> entities,
    @Nullable Boolean outside,
    boolean acceptEmpty,
    String digest)
    implements Serializable {

  /** The table of outcomes, which every job has; no mapping has one of that name. */
  public static final String RESERVED_TABLE = "file_loads";

  public Mapping {
    tables = List.copyOf(tables);
    entities = Map.copyOf(entities);
  }

  Mapping with(String digestOfDocument) {
    return new Mapping(tables, entities, outside, acceptEmpty, digestOfDocument);
  }

  /** With the defaults of everything but the tables. */
  public Mapping(List<TableMapping> tables) {
    this(tables, Map.of(), null, false, "");
  }
}
