package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The JDK's decoder is the oracle: same characters, same bytes consumed, same verdict. */
class Utf8DecoderTest {

  private record Decoded(String text, int bytes, String verdict) {}

  @Test
  void everyTwoBytesDecodeAsInTheJdk() {
    for (int pair = 0; pair < 1 << 16; pair++) {
      assertSameAsJdk(new byte[] {'a', (byte) (pair >> 8), (byte) pair, 'z'}, 10);
    }
  }

  @Test
  void everySeventhCodePointDecodesAsInTheJdk() {
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint += 7) {
      if (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE) {
        assertSameAsJdk(("x" + Character.toString(codePoint)).getBytes(UTF_8), 10);
      }
    }
  }

  @Test
  void anyTextDecodesAsInTheJdkWhateverRoomThereIs() {
    Random random = new Random(20261122);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = randomText(random).getBytes(UTF_8);
      assertSameAsJdk(bytes, random.nextInt(bytes.length + 2));
    }
  }

  @Test
  void anyDamagedTextStopsAtTheSameByteAsInTheJdk() {
    Random random = new Random(20261123);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = ("x" + randomText(random)).getBytes(UTF_8);
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      assertSameAsJdk(bytes, bytes.length);
    }
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(40);
    for (int i = 0; i < length; i++) {
      int kind = random.nextInt(10);
      text.appendCodePoint(
          kind < 6
              ? random.nextInt(0x80)
              : kind < 8 ? 0x80 + random.nextInt(0xD700) : 0x10000 + random.nextInt(0x100000));
    }
    return text.toString();
  }

  private static void assertSameAsJdk(byte[] bytes, int room) {
    assertWithMessage("%s into %s", HexFormat.of().formatHex(bytes), room)
        .that(decode(new Utf8Decoder(), bytes, room))
        .isEqualTo(decode(UTF_8.newDecoder(), bytes, room));
  }

  private static Decoded decode(CharsetDecoder decoder, byte[] bytes, int room) {
    decoder
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(room);
    CoderResult result = decoder.decode(in, out, true);
    // How many bytes are malformed isn't comparable: ours says 1.
    String verdict = result.isMalformed() ? "malformed" : result.toString();
    return new Decoded(out.flip().toString(), in.position(), verdict);
  }
}
