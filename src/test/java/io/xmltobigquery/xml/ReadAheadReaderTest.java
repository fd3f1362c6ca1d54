package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadAheadReaderTest {

  private static final String TEXT = text(400_000);

  private static String text(int characters) {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    while (text.length() < characters) {
      text.appendCodePoint(
          switch (random.nextInt(8)) {
            case 0 -> 'é';
            case 1 -> '日';
            case 2 -> 0x1F600 + random.nextInt(50);
            default -> 'a' + random.nextInt(26);
          });
    }
    return text.toString();
  }

  private static ReadAheadReader reader(InputStream bytes, long directBytes) {
    return new ReadAheadReader(new DecodingReader(bytes, UTF_8, false, 0, ""), directBytes);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 50_000, 300_000, Long.MAX_VALUE})
  void deliversTheCharactersAndKnowsTheirBytes(long directBytes) throws IOException {
    StringBuilder read = new StringBuilder();
    char[] block = new char[StaxReaders.BUFFER_LENGTH];
    byte[] bytes = TEXT.getBytes(UTF_8);
    long bytesBefore = 0;
    try (ReadAheadReader reader = reader(new ByteArrayInputStream(bytes), directBytes)) {
      while (true) {
        int length = reader.read(block, 0, block.length);
        if (length < 0) {
          break;
        }
        int before = read.length();
        read.append(block, 0, length);
        assertThat(reader.charsDecoded()).isEqualTo(read.length());
        assertThat(reader.byteOffset(before)).isEqualTo(bytesBefore);
        int middle = before + length / 2;
        middle -= Character.isLowSurrogate(TEXT.charAt(middle)) ? 1 : 0;
        assertThat(reader.byteOffset(middle))
            .isEqualTo(bytesBefore + TEXT.substring(before, middle).getBytes(UTF_8).length);
        bytesBefore += new String(block, 0, length).getBytes(UTF_8).length;
        assertThat(reader.byteOffset(read.length())).isEqualTo(bytesBefore);
        assertThat(reader.bytesDecoded()).isEqualTo(bytesBefore);
        assertThat(reader.hasEnded()).isFalse();
      }
      assertThat(reader.hasEnded()).isTrue();
      assertThat(reader.bytesDecoded()).isEqualTo(bytes.length);
    }
    assertThat(read.toString()).isEqualTo(TEXT);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE})
  void deliversEverythingBeforeAnInvalidByte(long directBytes) throws IOException {
    byte[] bytes = TEXT.getBytes(UTF_8);
    int broken = new String(bytes, 0, 400_001, UTF_8).length() - 2;
    int brokenByte = TEXT.substring(0, broken).getBytes(UTF_8).length;
    bytes[brokenByte] = (byte) 0xFF;
    try (ReadAheadReader reader = reader(new ByteArrayInputStream(bytes), directBytes)) {
      BadInputException bad =
          assertThrows(BadInputException.class, () -> reader.transferTo(new NoWriter()));
      assertThat(bad.reason()).isEqualTo(RejectionReason.INVALID_ENCODING);
      assertThat(reader.charsDecoded()).isEqualTo(broken);
      assertThrows(BadInputException.class, reader::read);
    }
  }

  @Test
  void aFailureToReadIsThrownAsItIs() throws IOException {
    XmlSource source = FailingStream.source(TEXT.getBytes(UTF_8), 500_000);
    try (ReadAheadReader reader = reader(source.open(0), 0)) {
      IOException thrown = assertThrows(IOException.class, () -> reader.transferTo(new NoWriter()));
      assertThat(thrown).hasMessageThat().isEqualTo(FailingStream.MESSAGE);
    }
  }

  @Test
  void anErrorOfOursStaysOne() throws IOException {
    InputStream wrong =
        new ByteArrayInputStream(TEXT.getBytes(UTF_8)) {
          @Override
          public synchronized int read(byte[] target, int offset, int length) {
            if (pos > 300_000) {
              throw new UnsupportedOperationException("a bug");
            }
            return super.read(target, offset, length);
          }
        };
    try (ReadAheadReader reader = reader(wrong, 0)) {
      IllegalStateException thrown =
          assertThrows(IllegalStateException.class, () -> reader.transferTo(new NoWriter()));
      assertThat(thrown).hasCauseThat().isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  void closingEndsTheThread() throws Exception {
    try (ReadAheadReader reader = reader(new ByteArrayInputStream(TEXT.getBytes(UTF_8)), 0)) {
      char[] block = new char[StaxReaders.BUFFER_LENGTH];
      for (int i = 0; i < 3; i++) {
        assertThat(reader.read(block, 0, block.length)).isGreaterThan(0);
      }
      assertThat(threads()).isGreaterThan(0);
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("read-ahead")) {
        thread.join();
      }
    }
    assertThat(threads()).isEqualTo(0);
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("read-ahead"))
        .count();
  }

  private static final class NoWriter extends java.io.Writer {
    @Override
    public void write(char[] text, int offset, int length) {
      // What was read is counted by the reader.
    }

    @Override
    public void flush() {
      // Nothing is held.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}
