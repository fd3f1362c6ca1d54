package io.xmltobigquery.xml;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 (RFC 3629) for text that is mostly ASCII: takes eight bytes at a time where it can. The
 * JDK's decoder does so up to the first other character only, and then took a quarter of all time
 * that reading a file takes.
 *
 * <p>Both buffers must have arrays. Malformed input is always reported with a length of 1.
 */
final class Utf8Decoder extends CharsetDecoder {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long NOT_ASCII = 0x8080808080808080L;

  private boolean noncharacterDecoded;

  Utf8Decoder() {
    super(StandardCharsets.UTF_8, 1.0f, 1.0f);
  }

  /** Whether U+FFFE or U+FFFF was among the characters, which are good UTF-8 but not XML. */
  boolean hasDecodedNoncharacter() {
    return noncharacterDecoded;
  }

  @Override
  protected CoderResult decodeLoop(ByteBuffer source, CharBuffer target) {
    byte[] bytes = source.array();
    char[] chars = target.array();
    int in = source.arrayOffset() + source.position();
    int inEnd = source.arrayOffset() + source.limit();
    int out = target.arrayOffset() + target.position();
    int outEnd = target.arrayOffset() + target.limit();
    CoderResult result = null;
    while (result == null) {
      int ascii = copyAscii(bytes, in, chars, out, Math.min(inEnd - in, outEnd - out));
      in += ascii;
      out += ascii;
      if (in == inEnd) {
        result = CoderResult.UNDERFLOW;
      } else if (out == outEnd) {
        result = CoderResult.OVERFLOW;
      } else {
        int length = sequenceLength(bytes[in]);
        if (length == 0 || !isValidSoFar(bytes, in, Math.min(in + length, inEnd))) {
          result = CoderResult.malformedForLength(1);
        } else if (in + length > inEnd) {
          result = CoderResult.UNDERFLOW;
        } else if (length == 4 && out + 1 == outEnd) {
          result = CoderResult.OVERFLOW;
        } else {
          out += decode(bytes, in, length, chars, out);
          in += length;
        }
      }
    }
    source.position(in - source.arrayOffset());
    target.position(out - target.arrayOffset());
    return result;
  }

  /**
   * Copies up to {@code most} characters, as long as they are ASCII, and returns how many there
   * were.
   */
  private static int copyAscii(byte[] bytes, int in, char[] chars, int out, int most) {
    int i = 0;
    for (; i + Long.BYTES <= most; i += Long.BYTES) {
      long eight = (long) LONGS.get(bytes, in + i);
      if ((eight & NOT_ASCII) != 0) {
        break;
      }
      int at = out + i;
      chars[at] = (char) (eight & 0x7F);
      chars[at + 1] = (char) ((eight >>> 8) & 0x7F);
      chars[at + 2] = (char) ((eight >>> 16) & 0x7F);
      chars[at + 3] = (char) ((eight >>> 24) & 0x7F);
      chars[at + 4] = (char) ((eight >>> 32) & 0x7F);
      chars[at + 5] = (char) ((eight >>> 40) & 0x7F);
      chars[at + 6] = (char) ((eight >>> 48) & 0x7F);
      chars[at + 7] = (char) ((eight >>> 56) & 0x7F);
    }
    while (i < most && bytes[in + i] >= 0) {
      chars[out + i] = (char) bytes[in + i];
      i++;
    }
    return i;
  }

  /**
   * The bytes of the character that starts with the given byte, which isn't ASCII; 0 if none does.
   */
  private static int sequenceLength(byte first) {
    int value = first & 0xFF;
    if (value >= 0xC2 && value <= 0xDF) {
      return 2;
    }
    if (value >= 0xE0 && value <= 0xEF) {
      return 3;
    }
    return value >= 0xF0 && value <= 0xF4 ? 4 : 0;
  }

  /**
   * Whether the bytes behind the first are such as may follow: RFC 3629, section 4. The second byte
   * rules out surrogates, needlessly long forms and what is beyond U+10FFFF.
   */
  private static boolean isValidSoFar(byte[] bytes, int start, int end) {
    for (int i = start + 1; i < end; i++) {
      if ((bytes[i] & 0xC0) != 0x80) {
        return false;
      }
    }
    if (start + 1 == end) {
      return true;
    }
    int second = bytes[start + 1] & 0xFF;
    return switch (bytes[start] & 0xFF) {
      case 0xE0 -> second >= 0xA0;
      case 0xED -> second <= 0x9F;
      case 0xF0 -> second >= 0x90;
      case 0xF4 -> second <= 0x8F;
      default -> true;
    };
  }

  /** Decodes one valid sequence and returns how many characters it makes. */
  private int decode(byte[] bytes, int in, int length, char[] chars, int out) {
    if (length == 2) {
      chars[out] = (char) ((bytes[in] & 0x1F) << 6 | (bytes[in + 1] & 0x3F));
      return 1;
    }
    if (length == 3) {
      chars[out] =
          (char) ((bytes[in] & 0x0F) << 12 | (bytes[in + 1] & 0x3F) << 6 | (bytes[in + 2] & 0x3F));
      noncharacterDecoded |= chars[out] >= 0xFFFE;
      return 1;
    }
    int codePoint =
        (bytes[in] & 0x07) << 18
            | (bytes[in + 1] & 0x3F) << 12
            | (bytes[in + 2] & 0x3F) << 6
            | (bytes[in + 3] & 0x3F);
    chars[out] = Character.highSurrogate(codePoint);
    chars[out + 1] = Character.lowSurrogate(codePoint);
    return 2;
  }
}
