package io.xmltobigquery.profile;

import io.xmltobigquery.values.Syntax;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many different values there are, up to a bound, and some of them as examples. Kept are those
 * with the lowest hashes: which these are depends neither on the order of the values nor on how
 * often each comes, and two such sets can be joined.
 */
public final class DistinctValues {

  /** One more than are counted. */
  private static final int CAPACITY = ValueProfile.MOST_DISTINCT + 1;

  private static final int FIRST_CAPACITY = 4;

  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  /** Ascending. */
  private long[] hashes = new long[FIRST_CAPACITY];

  private int size;

  /** Those of the lowest hashes. */
  private final @Nullable String[] examples = new @Nullable String[ValueProfile.MOST_EXAMPLES];

  /**
   * A hash of some characters.
   *
   * @param seed makes another hash of the same characters
   */
  public static long hash(char[] text, int start, int end, long seed) {
    long hash = seed ^ (end - start);
    int i = start;
    // One step waits for the one before, so four characters take one.
    for (; i + 3 < end; i += 4) {
      long four =
          text[i] | (long) text[i + 1] << 16 | (long) text[i + 2] << 32 | (long) text[i + 3] << 48;
      hash = step(hash ^ four);
    }
    for (; i < end; i++) {
      hash = step(hash ^ text[i]);
    }
    return hash;
  }

  /**
   * A hash of characters that come in pieces, which makes no difference.
   *
   * @param seed the hash of the pieces before, or 0
   */
  static long hashOfPiece(char[] text, int start, int end, long seed) {
    long hash = seed;
    for (int i = start; i < end; i++) {
      hash = step(hash ^ text[i]);
    }
    return hash;
  }

  /** A hash of a number. */
  public static long hash(long number) {
    return step(step(number));
  }

  private static long step(long hash) {
    long product = hash * MULTIPLIER;
    return product ^ (product >>> 29);
  }

  /** Whether a value changes anything; if not, its text need not be made. */
  public boolean wants(long hash) {
    return (size < CAPACITY || hash <= hashes[size - 1])
        && Arrays.binarySearch(hashes, 0, size, hash) < 0;
  }

  /**
   * Adds a value.
   *
   * @param hash of all its characters
   * @param isCut whether the text is only how the value begins
   */
  public void add(long hash, char[] text, int start, int end, boolean isCut) {
    if (size == CAPACITY && hash > hashes[size - 1]) {
      return;
    }
    int place = Arrays.binarySearch(hashes, 0, size, hash);
    if (place < 0) {
      insert(
          -1 - place, hash, -1 - place < examples.length ? example(text, start, end, isCut) : null);
    }
  }

  /** Adds others, of which there may be more than they have kept. */
  public void add(DistinctValues others) {
    for (int i = 0; i < others.size; i++) {
      long hash = others.hashes[i];
      if (size == CAPACITY && hash > hashes[size - 1]) {
        return;
      }
      int place = Arrays.binarySearch(hashes, 0, size, hash);
      if (place < 0) {
        insert(-1 - place, hash, i < examples.length ? others.examples[i] : null);
      }
    }
  }

  private void insert(int place, long hash, @Nullable String example) {
    if (size == hashes.length && size < CAPACITY) {
      hashes = Arrays.copyOf(hashes, Math.min(CAPACITY, 3 * size));
    }
    int moved = Math.min(size, CAPACITY - 1) - place;
    System.arraycopy(hashes, place, hashes, place + 1, moved);
    hashes[place] = hash;
    size = Math.min(CAPACITY, size + 1);
    if (place < examples.length) {
      System.arraycopy(examples, place, examples, place + 1, examples.length - 1 - place);
      examples[place] = example;
    }
  }

  private static String example(char[] text, int start, int end, boolean isCut) {
    StringBuilder example = new StringBuilder();
    int characters = 0;
    int at = start;
    while (at < end && characters < ValueProfile.EXAMPLE_LENGTH) {
      if (Syntax.isSpace(text[at])) {
        example.append(' ');
        while (at < end && Syntax.isSpace(text[at])) {
          at++;
        }
      } else {
        int character = Character.codePointAt(text, at, end);
        example.appendCodePoint(character);
        at += Character.charCount(character);
      }
      characters++;
    }
    return at < end || isCut ? example + "…" : example.toString();
  }

  /** How many there are, or one more than are counted. */
  int count() {
    return size;
  }

  /** Some of the values, sorted, with white space collapsed, and cut off if they are long. */
  public List<String> examples() {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < Math.min(size, examples.length); i++) {
      found.add(examples[i]);
    }
    return found.stream().sorted().distinct().toList();
  }

  void clear() {
    size = 0;
    Arrays.fill(examples, null);
  }
}
