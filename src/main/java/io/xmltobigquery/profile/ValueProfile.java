package io.xmltobigquery.profile;

import io.xmltobigquery.values.ColumnType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the values of one path look like: those of an attribute, or the texts of elements that have
 * no child elements. White space at either end doesn't count, but for lengths.
 *
 * @param kinds how many there are of each kind; no entry for none
 * @param minLength of the shortest that isn't empty, in characters (code points); 0 if all are
 *     empty
 * @param maxLength of the longest
 * @param integerDigits most digits before the point, leading zeros apart, of those that are numbers
 *     without an exponent; 0 if none are
 * @param fractionDigits most digits after the point, trailing zeros apart
 * @param distinct how many different values there are, the empty one apart, if that is at most
 *     {@link #MOST_DISTINCT}; otherwise {@code MOST_DISTINCT + 1}
 * @param examples at most {@link #MOST_EXAMPLES} different values, which aren't the first ones but
 *     drawn from all; sorted, with white space collapsed, and cut off with "…" behind {@link
 *     #EXAMPLE_LENGTH} characters
 */
public record ValueProfile(
    Map<ValueKind, Long> kinds,
    long minLength,
    long maxLength,
    int integerDigits,
    int fractionDigits,
    int distinct,
    List<String> examples) {

  /** Different values that are counted. */
  public static final int MOST_DISTINCT = 32;

  public static final int MOST_EXAMPLES = 5;

  /** In characters (code points). */
  public static final int EXAMPLE_LENGTH = 60;

  /** From the narrowest on: what fits INT64 also fits NUMERIC, and so on. */
  private static final List<ColumnType> TYPES =
      List.of(
          ColumnType.BOOL,
          ColumnType.INT64,
          ColumnType.NUMERIC,
          ColumnType.BIGNUMERIC,
          ColumnType.FLOAT64,
          ColumnType.DATE,
          ColumnType.DATETIME,
          ColumnType.TIMESTAMP,
          ColumnType.TIME);

  public ValueProfile {
    kinds = Map.copyOf(kinds);
    examples = List.copyOf(examples);
  }

  /** How many values there are, of all kinds. */
  public long count() {
    return kinds.values().stream().mapToLong(Long::longValue).sum();
  }

  public long count(ValueKind kind) {
    return kinds.getOrDefault(kind, 0L);
  }

  /** The narrowest type that all values fit. */
  public ColumnType type() {
    return fitting().get(0);
  }

  /**
   * The types that all values fit, the narrowest first, and STRING last. An empty value fits all of
   * them: but for STRING, a load takes it for none.
   */
  public List<ColumnType> fitting() {
    List<ColumnType> fitting = new ArrayList<>();
    if (count() > count(ValueKind.EMPTY)) {
      TYPES.stream().filter(this::takesAll).forEach(fitting::add);
    }
    fitting.add(ColumnType.STRING);
    return fitting;
  }

  /**
   * The type itself if all values fit it, or else a wider one that a value of its kind may need.
   * Unlike {@link #fitting}, zeros and ones may be truth values, and texts bytes.
   *
   * @return null if values of another kind came
   */
  public @Nullable ColumnType fitting(ColumnType type) {
    return switch (type) {
      case BOOL -> areOnly(EnumSet.of(ValueKind.TRUTH, ValueKind.BIT)) ? ColumnType.BOOL : null;
      case INT64, NUMERIC, BIGNUMERIC ->
          TYPES.stream()
              .filter(wider -> wider != ColumnType.FLOAT64)
              .filter(wider -> TYPES.indexOf(wider) >= TYPES.indexOf(type))
              .filter(wider -> TYPES.indexOf(wider) <= TYPES.indexOf(ColumnType.BIGNUMERIC))
              .filter(this::takesAll)
              .findFirst()
              .orElse(null);
      case FLOAT64, DATE, DATETIME, TIMESTAMP, TIME -> takesAll(type) ? type : null;
      case STRING, BYTES, JSON, RECORD -> type;
    };
  }

  private boolean areOnly(Set<ValueKind> allowed) {
    return kinds.keySet().stream()
        .allMatch(kind -> kind == ValueKind.EMPTY || allowed.contains(kind));
  }

  private boolean takesAll(ColumnType type) {
    return kinds.keySet().stream().allMatch(kind -> kind == ValueKind.EMPTY || takes(type, kind));
  }

  private boolean takes(ColumnType type, ValueKind kind) {
    boolean integer = kind == ValueKind.BIT || kind == ValueKind.INTEGER;
    boolean numeric = integer || kind == ValueKind.DECIMAL;
    boolean bignumeric = numeric || kind == ValueKind.LONG_DECIMAL;
    return switch (type) {
      // Zeros and ones alone are numbers.
      case BOOL -> kind == ValueKind.TRUTH || (kind == ValueKind.BIT && count(ValueKind.TRUTH) > 0);
      case INT64 -> integer;
      case NUMERIC -> numeric;
      case BIGNUMERIC -> bignumeric;
      case FLOAT64 -> bignumeric || kind == ValueKind.FLOAT;
      case DATE -> kind == ValueKind.DATE;
      case DATETIME -> kind == ValueKind.DATE_TIME;
      case TIMESTAMP -> kind == ValueKind.DATE_TIME || kind == ValueKind.ZONED_DATE_TIME;
      case TIME -> kind == ValueKind.TIME;
      case STRING -> true;
      case BYTES, JSON, RECORD -> false;
    };
  }
}
