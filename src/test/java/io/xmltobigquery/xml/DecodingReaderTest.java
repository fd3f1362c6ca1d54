package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.Range;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecodingReaderTest {

  private static DecodingReader reader(byte[] bytes, String charset) {
    return new DecodingReader(
        new ByteArrayInputStream(bytes), Charset.forName(charset), false, 0, "");
  }

  private static DecodingReader reader(String text) {
    return reader(text.getBytes(UTF_8), "UTF-8");
  }

  /** Characters of all lengths in UTF-8. */
  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    String[] characters = {"a", "b", "\n", "é", "漢", "😀"};
    while (text.length() < length) {
      text.append(characters[random.nextInt(characters.length)].repeat(1 + random.nextInt(20)));
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "GB18030"})
  void knowsTheByteOfEveryCharacterInABlock(String charset) throws Exception {
    Random random = new Random(charset.hashCode());
    String text = text(random, 150_000);
    char[] block = new char[8192];
    int at = 0;
    long byteStart = 0;
    try (DecodingReader reader = reader(text.getBytes(Charset.forName(charset)), charset)) {
      int length = reader.read(block, 0, block.length);
      while (length > 0) {
        assertThat(new String(block, 0, length)).isEqualTo(text.substring(at, at + length));
        assertThat(reader.charsDecoded()).isEqualTo(at + length);
        for (int i = 0; i <= length; i += 1 + random.nextInt(500)) {
          boolean inPair = i < length && Character.isLowSurrogate(block[i]);
          String before = text.substring(at, at + (inPair ? i - 1 : i));
          assertThat(reader.byteOffset(at + i))
              .isEqualTo(byteStart + before.getBytes(Charset.forName(charset)).length);
        }
        at += length;
        byteStart = reader.bytesDecoded();
        length = reader.read(block, 0, 2 + random.nextInt(block.length - 1));
      }
    }
    assertThat(at).isEqualTo(text.length());
  }

  @Test
  void readsAStreamThatGivesOneByteAtATime() throws Exception {
    String text = text(new Random(1), 10_000);
    InputStream slow =
        new FilterInputStream(new ByteArrayInputStream(text.getBytes(UTF_8))) {
          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            return super.read(target, offset, Math.min(length, 1));
          }
        };
    try (DecodingReader reader = new DecodingReader(slow, UTF_8, false, 0, "")) {
      assertThat(readAll(reader)).isEqualTo(text);
    }
  }

  @Test
  void deliversTheFrameFirstAndCountsFromBehindIt() throws Exception {
    byte[] bytes = "é😀b".getBytes(UTF_8);
    char[] block = new char[100];
    try (DecodingReader reader =
        new DecodingReader(new ByteArrayInputStream(bytes), UTF_8, false, 1_000, "<frame>")) {
      assertThat(reader.read(block, 0, 3)).isEqualTo(3);
      assertThat(reader.read(block, 3, 97)).isEqualTo(4);
      assertThat(new String(block, 0, 7)).isEqualTo("<frame>");
      assertThat(reader.charsDecoded()).isEqualTo(0);
      assertThat(reader.bytesDecoded()).isEqualTo(1_000);
      assertThat(reader.read(block, 0, 100)).isEqualTo(4);
      assertThat(reader.byteOffset(1)).isEqualTo(1_002);
      assertThat(reader.byteOffset(3)).isEqualTo(1_006);
      assertThat(reader.byteOffset(4)).isEqualTo(1_007);
    }
  }

  @Test
  void keepsTheLastBlockWhenThereIsNoMore() throws Exception {
    try (DecodingReader reader = reader("é<a/> ")) {
      char[] block = new char[100];
      assertThat(reader.read(block, 0, 100)).isEqualTo(6);
      assertThat(reader.read(block, 0, 100)).isEqualTo(-1);
      assertThat(reader.read(block, 0, 100)).isEqualTo(-1);
      assertThat(reader.byteOffset(5)).isEqualTo(6);
      assertThat(reader.hasEnded()).isTrue();
    }
  }

  @Test
  void doesNotSplitASurrogatePair() throws Exception {
    try (DecodingReader reader = reader("a😀")) {
      char[] block = new char[2];
      assertThat(reader.read(block, 0, 2)).isEqualTo(1);
      assertThat(reader.read(block, 0, 1)).isEqualTo(0);
      assertThat(reader.read(block, 0, 2)).isEqualTo(2);
    }
  }

  @Test
  void deliversAllThatComesBeforeInvalidBytes() throws Exception {
    byte[] bytes = ("x".repeat(20_000) + "é?").getBytes(UTF_8);
    bytes[bytes.length - 1] = (byte) 0xFF;
    try (DecodingReader reader = reader(bytes, "UTF-8")) {
      BadInputException bad = assertThrows(BadInputException.class, () -> readAll(reader));
      assertThat(bad.reason()).isEqualTo(RejectionReason.INVALID_ENCODING);
      assertThat(reader.charsDecoded()).isEqualTo(20_001);
      assertThat(reader.bytesDecoded()).isEqualTo(20_002);
    }
  }

  @Test
  void deliversAllThatComesBeforeAForbiddenCharacter() throws Exception {
    try (DecodingReader reader = reader("é\uFFFDa\uFFFEb")) {
      char[] block = new char[100];
      assertThat(reader.read(block, 0, 100)).isEqualTo(3);
      assertThrows(BadInputException.class, () -> reader.read(block, 0, 100));
      assertThrows(BadInputException.class, () -> reader.read(block, 0, 100));
      assertThat(reader.charsDecoded()).isEqualTo(3);
    }
  }

  @Test
  void deliversAllThatComesBeforeAFailure() throws Exception {
    byte[] document = text(new Random(2), 100_000).getBytes(UTF_8);
    for (int good : new int[] {0, 1, 8_192, 65_536, 65_537, 90_000}) {
      try (DecodingReader reader =
          new DecodingReader(FailingStream.source(document, good).open(0), UTF_8, false, 0, "")) {
        IOException failure = assertThrows(IOException.class, () -> readAll(reader));
        assertThat(failure).hasMessageThat().isEqualTo(FailingStream.MESSAGE);
        assertWithMessage("%s good bytes", good)
            .that(good - reader.bytesDecoded())
            .isIn(Range.closed(0L, 3L));
      }
    }
  }

  @Test
  void readsNoMoreBlocksThanAllowed() throws Exception {
    try (DecodingReader reader = reader("a".repeat(100))) {
      char[] block = new char[10];
      reader.read(block, 0, 10);
      reader.allow(15);
      reader.read(block, 0, 10);
      reader.read(block, 0, 10);
      BadInputException bad =
          assertThrows(BadInputException.class, () -> reader.read(block, 0, 10));
      assertThat(bad.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
      reader.allow(Long.MAX_VALUE);
      assertThat(readAll(reader)).hasLength(70);
    }
  }

  @Test
  void flushesADecoderThatHoldsSomethingBack() throws Exception {
    // ISCII joins some characters, so it can't tell the last one before the end is known.
    byte[] bytes = {'a', (byte) 0xA1};
    try (DecodingReader reader = reader(bytes, "x-ISCII91")) {
      assertThat(readAll(reader)).isEqualTo(new String(bytes, Charset.forName("x-ISCII91")));
    }
  }

  private static String readAll(DecodingReader reader) throws IOException {
    StringBuilder text = new StringBuilder();
    char[] block = new char[1_000];
    for (int length = reader.read(block, 0, 1_000); length > 0; ) {
      text.append(block, 0, length);
      length = reader.read(block, 0, 1_000);
    }
    return text.toString();
  }
}
