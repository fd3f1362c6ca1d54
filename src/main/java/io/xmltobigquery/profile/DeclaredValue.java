package io.xmltobigquery.profile;

import io.xmltobigquery.values.ColumnType;
import java.util.List;

/**
 * The simple type of a value, as a schema declares it.
 *
 * @param type that takes all values which the schema allows, or all that are likely if no type
 *     takes all
 * @param isBounded whether the schema bounds the number so that it takes all
 * @param isList whether it is a list of such values, with white space between them
 * @param words the type, for people
 * @param choices all values that there may be; empty if they aren't enumerated
 */
public record DeclaredValue(
    ColumnType type, boolean isBounded, boolean isList, String words, List<String> choices) {

  public DeclaredValue {
    choices = List.copyOf(choices);
  }
}
