package io.xmltobigquery;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random edits of good inputs, the same for the same seed. */
final class Mutations {

  private static final byte[] SYNTAX =
      "<>/=&;:!?-[]'\"{},.#+ \t\r\n0123456789Tx\0".getBytes(US_ASCII);
  private static final int MAX_EDITS = 6;
  private static final int MAX_RANGE = 64;

  private final List<byte[]> inputs;
  private final Random random;

  Mutations(List<byte[]> inputs, long seed) {
    this.inputs = inputs;
    this.random = new Random(seed);
  }

  byte[] next() {
    byte[] mutated = any();
    for (int edits = 1 + random.nextInt(MAX_EDITS); edits > 0; edits--) {
      mutated = edit(mutated);
    }
    return mutated;
  }

  private byte[] any() {
    return inputs.get(random.nextInt(inputs.size())).clone();
  }

  private byte[] edit(byte[] input) {
    int at = random.nextInt(input.length + 1);
    int end = Math.min(input.length, at + 1 + random.nextInt(MAX_RANGE));
    return switch (random.nextInt(7)) {
      case 0 -> replace(input, at, end, new byte[0]);
      case 1 -> replace(input, at, at, Arrays.copyOfRange(input, at, end));
      case 2 -> replace(input, at, at, range(any()));
      case 3 -> replace(input, at, end, range(input));
      case 4 -> replace(input, at, Math.min(at + 1, end), syntax());
      case 5 -> replace(input, at, at, syntax());
      default -> replace(input, at, Math.min(at + 1, end), new byte[] {(byte) random.nextInt()});
    };
  }

  private byte[] syntax() {
    return new byte[] {SYNTAX[random.nextInt(SYNTAX.length)]};
  }

  private byte[] range(byte[] input) {
    int start = random.nextInt(input.length + 1);
    return Arrays.copyOfRange(
        input, start, Math.min(input.length, start + random.nextInt(MAX_RANGE)));
  }

  private static byte[] replace(byte[] input, int start, int end, byte[] by) {
    byte[] edited = Arrays.copyOf(input, input.length - (end - start) + by.length);
    System.arraycopy(by, 0, edited, start, by.length);
    System.arraycopy(input, end, edited, start + by.length, input.length - end);
    return edited;
  }
}
