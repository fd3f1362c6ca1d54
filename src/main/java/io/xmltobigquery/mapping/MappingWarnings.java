package io.xmltobigquery.mapping;

import io.xmltobigquery.values.ColumnType;
import io.xmltobigquery.values.InvalidValueException;
import io.xmltobigquery.values.TimeFormat;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is allowed in a mapping, and most likely not what is meant. */
public final class MappingWarnings {

  /** Its parts may each be another one, and then it is another date. */
  private static final LocalDateTime EXAMPLE = LocalDateTime.of(2001, 2, 3, 4, 5, 6);

  private MappingWarnings() {}

  /** The warnings, each a sentence that begins with the table and the column. */
  public static List<String> of(Mapping mapping) {
    List<String> warnings = new ArrayList<>();
    for (TableMapping table : mapping.tables()) {
      check(table.table() + ": ", table.fields(), warnings);
      checkKey(table, warnings);
    }
    return warnings;
  }

  private static void checkKey(TableMapping table, List<String> warnings) {
    for (Field field : table.fields()) {
      if (table.primaryKey().contains(field.name())
          && field.source().expressions().stream().anyMatch(MappingWarnings::isRowKey)) {
        warnings.add(
            table.table()
                + ": "
                + field.name()
                + " of the primaryKey is row:key(), and a new version of a file has other ones: rows"
                + " of the version before stay; take what tells the rows apart in the file itself");
      }
    }
  }

  private static boolean isRowKey(Expression expression) {
    return expression instanceof Expression.OfRow ofRow && ofRow.value() == Expression.RowValue.KEY;
  }

  private static void check(String place, List<Field> fields, List<String> warnings) {
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      checkFormats(place, field, warnings);
      checkArrays(place, fields, i, warnings);
      check(place + field.name() + ".", field.fields(), warnings);
    }
  }

  /** Items of two arrays that come from the same elements have lost what belongs together. */
  private static void checkArrays(
      String place, List<Field> fields, int second, List<String> warnings) {
    List<Path.Step> steps = arraySteps(fields.get(second));
    for (int first = 0; first < second; first++) {
      List<Path.Step> others = arraySteps(fields.get(first));
      int shared = 0;
      while (shared < Math.min(steps.size(), others.size())
          && steps.get(shared).equals(others.get(shared))) {
        shared++;
      }
      if (shared > 0) {
        warnings.add(
            place
                + fields.get(first).name()
                + " and "
                + fields.get(second).name()
                + " are arrays of what is in the same elements "
                + steps.get(shared - 1).name()
                + ": if these occur several times, nothing tells which items belong together; make"
                + " a RECORD of them that is REPEATED");
        return;
      }
    }
  }

  /** The elements on the way to an array's items; empty for what isn't an array of such. */
  private static List<Path.Step> arraySteps(Field field) {
    List<Expression> expressions = field.source().expressions();
    if (field.mode() != Mode.REPEATED
        || field.type() == ColumnType.RECORD
        || expressions.size() > 1
        || !(expressions.get(0) instanceof Expression.Nodes nodes)
        || nodes.paths().size() > 1
        || !nodes.paths().get(0).anchor().isSelf()) {
      return List.of();
    }
    return nodes.paths().get(0).steps();
  }

  private static void checkFormats(String place, Field field, List<String> warnings) {
    List<TimeFormat> formats =
        field.conversion() == null ? List.of() : field.conversion().formats();
    for (int second = 1; second < formats.size(); second++) {
      for (int first = 0; first < second; first++) {
        String text = ambiguous(formats.get(first), formats.get(second), field.type());
        if (text != null) {
          warnings.add(
              place
                  + field.name()
                  + " has formats that can't be told apart: "
                  + text
                  + " is read as "
                  + formats.get(first)
                  + ", and never as "
                  + formats.get(second));
        }
      }
    }
  }

  /** A text that two formats read as different values, or null if none was found. */
  private static @Nullable String ambiguous(TimeFormat one, TimeFormat other, ColumnType type) {
    for (TimeFormat format : List.of(one, other)) {
      String text = format.write(EXAMPLE);
      Long first = value(one, text, type);
      Long second = value(other, text, type);
      if (first != null && second != null && !first.equals(second)) {
        return text;
      }
    }
    return null;
  }

  private static @Nullable Long value(TimeFormat format, String text, ColumnType type) {
    try {
      return format.parse(text.toCharArray(), 0, text.length(), type, null);
    } catch (InvalidValueException e) {
      return null;
    }
  }
}
