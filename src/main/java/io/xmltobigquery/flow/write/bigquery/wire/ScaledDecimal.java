package io.xmltobigquery.flow.write.bigquery.wire;

import java.util.Arrays;

/**
 * NUMERIC and BIGNUMERIC as the Storage Write API takes them: the value times 10<sup>9</sup> or
 * 10<sup>38</sup>, an integer in two's complement, in as few bytes as hold it and its sign, the
 * least significant first. It is what Google's {@code BigDecimalByteStringEncoder} makes, without
 * the garbage.
 */
final class ScaledDecimal {

  /** BIGNUMERIC goes from -2<sup>255</sup> to 2<sup>255</sup> - 1. */
  static final int MAX_LENGTH = 32;

  /** As many digits as a long holds, whichever they are. */
  private static final int DIGITS_OF_LONG = 18;

  private static final int DIGITS_OF_INT = 9;
  private static final long[] POWERS_OF_TEN = powersOfTen();

  /** The last digits, which aren't in the limbs yet, and how many they are. */
  private long digits;

  private int digitCount;

  /**
   * The magnitude of the digits before those, in 32 bits each, the least significant first. There
   * are none as long as all digits fit a long, which is the common case.
   */
  private final int[] limbs = new int[MAX_LENGTH / Integer.BYTES];

  private int limbsEnd;

  private static long[] powersOfTen() {
    long[] powers = new long[DIGITS_OF_LONG + 1];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }

  /**
   * Encodes an {@code xs:decimal} that the type can hold exactly.
   *
   * @param out takes at most {@link #MAX_LENGTH} bytes, from 0
   * @return how many bytes there are
   */
  int encode(char[] text, int start, int end, int scale, byte[] out) {
    digits = 0;
    digitCount = 0;
    limbsEnd = 0;
    int at = start;
    for (; at < end && text[at] != '.'; at++) {
      if (text[at] >= '0') {
        append(text[at] - '0');
      }
    }
    // Behind the last place that the type has there can only be zeros.
    int fractionEnd = Math.min(end, at + 1 + scale);
    int places = 0;
    for (at++; at < fractionEnd; at++) {
      append(text[at] - '0');
      places++;
    }
    appendZeros(scale - places);

    boolean negative = text[start] == '-';
    if (limbsEnd == 0) {
      return putLong(negative ? -digits : digits, out);
    }
    moveDigitsToLimbs();
    return putLimbs(negative, out);
  }

  private void append(int digit) {
    if (digitCount == DIGITS_OF_LONG) {
      moveDigitsToLimbs();
    }
    digits = digits * 10 + digit;
    if (digits > 0 || limbsEnd > 0) {
      digitCount++;
    }
  }

  private void appendZeros(int count) {
    int left = digits == 0 && limbsEnd == 0 ? 0 : count;
    while (left > 0) {
      if (digitCount == DIGITS_OF_LONG) {
        moveDigitsToLimbs();
      }
      int zeros = Math.min(left, DIGITS_OF_LONG - digitCount);
      digits *= POWERS_OF_TEN[zeros];
      digitCount += zeros;
      left -= zeros;
    }
  }

  private void moveDigitsToLimbs() {
    int high = Math.max(0, digitCount - DIGITS_OF_INT);
    long low = POWERS_OF_TEN[digitCount - high];
    multiplyAndAdd(POWERS_OF_TEN[high], digits / low);
    multiplyAndAdd(low, digits % low);
    digits = 0;
    digitCount = 0;
  }

  private void multiplyAndAdd(long factor, long summand) {
    long carry = summand;
    for (int i = 0; i < limbsEnd; i++) {
      long product = Integer.toUnsignedLong(limbs[i]) * factor + carry;
      limbs[i] = (int) product;
      carry = product >>> Integer.SIZE;
    }
    if (carry != 0) {
      limbs[limbsEnd++] = (int) carry;
    }
  }

  private static int putLong(long value, byte[] out) {
    int length = (Long.SIZE - Long.numberOfLeadingZeros(value ^ (value >> 63))) / Byte.SIZE + 1;
    for (int i = 0; i < length; i++) {
      out[i] = (byte) (value >> (i * Byte.SIZE));
    }
    return length;
  }

  private int putLimbs(boolean negative, byte[] out) {
    Arrays.fill(limbs, limbsEnd, limbs.length, 0);
    // The two's complement of a negative number: all bits turned, plus one.
    int mask = negative ? -1 : 0;
    long carry = negative ? 1 : 0;
    for (int i = 0; i < limbs.length; i++) {
      long limb = Integer.toUnsignedLong(limbs[i] ^ mask) + carry;
      carry = limb >>> Integer.SIZE;
      for (int j = 0; j < Integer.BYTES; j++) {
        out[i * Integer.BYTES + j] = (byte) (limb >> (j * Byte.SIZE));
      }
    }
    int length = MAX_LENGTH;
    while (length > 1 && out[length - 1] == mask && out[length - 2] < 0 == negative) {
      length--;
    }
    return length;
  }
}
