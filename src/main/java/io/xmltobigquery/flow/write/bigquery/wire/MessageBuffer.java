package io.xmltobigquery.flow.write.bigquery.wire;

import io.xmltobigquery.flow.held.HeldBytes;
import io.xmltobigquery.values.Values;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Protobuf messages, field by field, in an array that grows and is used again. See <a
 * href="https://protobuf.dev/programming-guides/encoding/">the encoding</a>.
 */
public final class MessageBuffer implements HeldBytes {

  /** An array up to this length becomes twice as long when it is full. */
  private static final int MAX_DOUBLED_LENGTH = 1 << 20;

  /** A longer text is gone through twice rather than given three bytes for each character. */
  private static final int LONG_TEXT = 1 << 14;

  private static final int MAX_TAG_LENGTH = 5;
  private static final int MAX_LENGTH_LENGTH = 5;
  private static final int MAX_VARINT_LENGTH = 10;

  private byte[] bytes = new byte[1024];
  private int size;

  /** A field's number and how its value is encoded: what precedes each value. */
  static int tag(int number, int wireType) {
    return number << 3 | wireType;
  }

  @Override
  public void clear(int maxKept) {
    size = 0;
    if (bytes.length > maxKept) {
      bytes = new byte[1024];
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public ByteBuffer view() {
    return ByteBuffer.wrap(bytes, 0, size);
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** A field of type bool, int32 or int64. */
  void varint(int tag, long value) {
    ensure(MAX_TAG_LENGTH + MAX_VARINT_LENGTH);
    size = putVarint(putVarint(size, tag), value);
  }

  /** A field of type double. */
  void fixed64(int tag, double value) {
    ensure(MAX_TAG_LENGTH + Long.BYTES);
    size = putVarint(size, tag);
    long bits = Double.doubleToRawLongBits(value);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      bytes[size++] = (byte) (bits >>> shift);
    }
  }

  /** A field of type bytes or string. */
  void bytes(int tag, byte[] value, int start, int end) {
    int length = end - start;
    ensure(Math.addExact(MAX_TAG_LENGTH + MAX_LENGTH_LENGTH, length));
    size = putVarint(putVarint(size, tag), length);
    System.arraycopy(value, start, bytes, size, length);
    size += length;
  }

  /** Fields that have been written elsewhere. */
  void raw(byte[] fields, int start, int length) {
    ensure(length);
    System.arraycopy(fields, start, bytes, size, length);
    size += length;
  }

  /** A field of type bytes, given as Base64 without white space, which must be valid. */
  void base64(int tag, char[] text, int start, int end) {
    int length = Values.base64Length(text, start, end);
    ensure(Math.addExact(MAX_TAG_LENGTH + MAX_LENGTH_LENGTH, length));
    size = putVarint(putVarint(size, tag), length);
    Values.decodeBase64(text, start, end, bytes, size);
    size += length;
  }

  /**
   * A field of type string.
   *
   * @throws IllegalArgumentException if the text has a surrogate without its pair
   */
  void string(int tag, char[] text, int start, int end) {
    int length = end - start;
    if (length > LONG_TEXT) {
      longString(tag, text, start, end);
      return;
    }
    ensure(MAX_TAG_LENGTH + MAX_LENGTH_LENGTH + 3 * length);
    int lengthAt = putVarint(size, tag);
    // As for ASCII, which is moved the least often.
    int valueAt = lengthAt + varintLength(length);
    int valueEnd = putUtf8(valueAt, text, start, end);
    size = putLength(lengthAt, valueAt, valueEnd);
  }

  private void longString(int tag, char[] text, int start, int end) {
    int length = utf8Length(text, start, end);
    ensure(Math.addExact(MAX_TAG_LENGTH + MAX_LENGTH_LENGTH, length));
    size = putVarint(putVarint(size, tag), length);
    size = putUtf8(size, text, start, end);
  }

  /**
   * Starts a field that is a message: what follows is its fields, until {@link #endMessage}.
   *
   * @return what {@code endMessage} takes
   */
  int startMessage(int tag) {
    ensure(MAX_TAG_LENGTH + 1);
    // Room for the length of a short message.
    size = putVarint(size, tag) + 1;
    return size;
  }

  /**
   * Ends a field that is a message.
   *
   * @param start what {@link #startMessage} returned
   */
  void endMessage(int start) {
    ensure(MAX_LENGTH_LENGTH);
    size = putLength(start - 1, start, size);
  }

  /** Puts the length before a value, which is moved if there isn't as much room as it takes. */
  private int putLength(int lengthAt, int valueAt, int valueEnd) {
    int length = valueEnd - valueAt;
    int moveTo = lengthAt + varintLength(length);
    if (moveTo != valueAt) {
      System.arraycopy(bytes, valueAt, bytes, moveTo, length);
    }
    putVarint(lengthAt, length);
    return moveTo + length;
  }

  /** How many bytes {@code putVarint} takes for a number that isn't negative. */
  private static int varintLength(long value) {
    return (Long.SIZE + 6 - Long.numberOfLeadingZeros(value | 1)) / 7;
  }

  private int putVarint(int start, long value) {
    int at = start;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[at++] = (byte) rest;
    return at;
  }

  private static int utf8Length(char[] text, int start, int end) {
    int length = end - start;
    for (int at = start; at < end; at++) {
      char c = text[at];
      if (c >= 0x80) {
        // Both surrogates of a pair count 2.
        length = Math.addExact(length, c < 0x800 || Character.isSurrogate(c) ? 1 : 2);
      }
    }
    return length;
  }

  private int putUtf8(int start, char[] text, int from, int end) {
    byte[] out = bytes;
    int at = start;
    int i = from;
    while (i < end && text[i] < 0x80) {
      out[at++] = (byte) text[i++];
    }
    while (i < end) {
      char c = text[i++];
      if (c < 0x80) {
        out[at++] = (byte) c;
      } else if (c < 0x800) {
        out[at++] = (byte) (0xC0 | c >> 6);
        out[at++] = continuation(c);
      } else if (!Character.isSurrogate(c)) {
        out[at++] = (byte) (0xE0 | c >> 12);
        out[at++] = continuation(c >> 6);
        out[at++] = continuation(c);
      } else {
        if (i == end || !Character.isSurrogatePair(c, text[i])) {
          throw new IllegalArgumentException("a surrogate without its pair");
        }
        int codePoint = Character.toCodePoint(c, text[i++]);
        out[at++] = (byte) (0xF0 | codePoint >> 18);
        out[at++] = continuation(codePoint >> 12);
        out[at++] = continuation(codePoint >> 6);
        out[at++] = continuation(codePoint);
      }
    }
    return at;
  }

  /** A byte after the first, with the six lowest bits. */
  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3F));
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      // A long array grows by less, since old and new are in memory together.
      int larger = bytes.length < MAX_DOUBLED_LENGTH ? bytes.length * 2 : bytes.length / 4 * 5;
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), larger));
    }
  }
}
