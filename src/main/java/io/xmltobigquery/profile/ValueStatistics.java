package io.xmltobigquery.profile;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Sums up the values of one path: a {@link ValueProfile} that grows. */
@SuppressWarnings("EnumOrdinal") // The numbers are of this process only, and there are billions.
final class ValueStatistics {

  private static final ValueKind[] KINDS = ValueKind.values();

  private final long[] kinds = new long[KINDS.length];
  private long minLength = Long.MAX_VALUE;
  private long maxLength;
  private int integerDigits;
  private int fractionDigits;
  private final DistinctValues distinct = new DistinctValues();

  void add(ValueText value) {
    ValueKind kind = value.kind();
    kinds[kind.ordinal()]++;
    if (kind == ValueKind.EMPTY) {
      return;
    }
    long length = value.characters();
    minLength = Math.min(minLength, length);
    maxLength = Math.max(maxLength, length);
    if (kind.isDecimal()) {
      countDigits(value.chars(), value.start(), value.end());
    }
    distinct.add(value.hash(), value.chars(), value.start(), value.end(), value.isCut());
  }

  private void countDigits(char[] text, int start, int end) {
    int at = text[start] == '-' || text[start] == '+' ? start + 1 : start;
    while (at < end && text[at] == '0') {
      at++;
    }
    int point = at;
    while (point < end && text[point] != '.') {
      point++;
    }
    integerDigits = Math.max(integerDigits, point - at);
    int fractionEnd = end;
    while (fractionEnd > point + 1 && text[fractionEnd - 1] == '0') {
      fractionEnd--;
    }
    fractionDigits = Math.max(fractionDigits, fractionEnd - point - 1);
  }

  void add(ValueStatistics others) {
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] += others.kinds[i];
    }
    minLength = Math.min(minLength, others.minLength);
    maxLength = Math.max(maxLength, others.maxLength);
    integerDigits = Math.max(integerDigits, others.integerDigits);
    fractionDigits = Math.max(fractionDigits, others.fractionDigits);
    distinct.add(others.distinct);
  }

  void clear() {
    Arrays.fill(kinds, 0);
    minLength = Long.MAX_VALUE;
    maxLength = 0;
    integerDigits = 0;
    fractionDigits = 0;
    distinct.clear();
  }

  /**
   * What was summed up.
   *
   * @param moreEmpty values that are empty and weren't added
   */
  ValueProfile profile(long moreEmpty) {
    Map<ValueKind, Long> counts = new EnumMap<>(ValueKind.class);
    for (ValueKind kind : KINDS) {
      if (kinds[kind.ordinal()] > 0) {
        counts.put(kind, kinds[kind.ordinal()]);
      }
    }
    if (moreEmpty > 0) {
      counts.merge(ValueKind.EMPTY, moreEmpty, Long::sum);
    }
    return new ValueProfile(
        counts,
        Math.min(minLength, maxLength), // Without any, both are 0.
        maxLength,
        integerDigits,
        fractionDigits,
        distinct.count(),
        distinct.examples());
  }
}
