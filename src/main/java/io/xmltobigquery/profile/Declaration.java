package io.xmltobigquery.profile;

import org.jspecify.annotations.Nullable;

/**
 * What a schema says of the elements or attributes of one path.
 *
 * @param repeats whether an element may come more than once in its parent
 * @param optional whether the parent may be without it
 * @param mixed whether an element may have text beside child elements
 * @param value of the attribute, or of the text of an element without child elements; null if there
 *     is none
 * @param members how many different attributes and child elements an element may have; those that
 *     may be of any name count as one
 * @param whole why an element isn't taken apart: it is kept as XML; null if it is taken apart
 * @param note what else somebody should know who makes a column of it; empty if nothing
 * @param documentation in words, on one line; empty if there is none
 */
public record Declaration(
    boolean repeats,
    boolean optional,
    boolean mixed,
    @Nullable DeclaredValue value,
    int members,
    @Nullable String whole,
    String note,
    String documentation) {

  private static final Declaration MISSING =
      new Declaration(false, true, false, null, 0, null, "isn't in the schema", "");

  /** That of a path which the schema doesn't have, though there is one. */
  public static Declaration missing() {
    return MISSING;
  }

  /** Whether the schema has the path. */
  public boolean isMissing() {
    return equals(MISSING);
  }
}
