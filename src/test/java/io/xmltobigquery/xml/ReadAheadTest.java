package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.Documents;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class ReadAheadTest {

  private static final Engine ENGINE =
      Engine.of("/l/r", "error", "{'name': 'x', 'type': 'STRING'}");

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 1_000_000})
  void givesTheSameBytes(int length) throws Exception {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    Random random = new Random(1);
    byte[] read = new byte[length];

    try (InputStream in = ReadAhead.of(Engine.source(bytes)).open(0)) {
      int at = 0;
      while (at < length) {
        int count = in.read(read, at, Math.min(length - at, random.nextInt(100_000)));
        assertThat(count).isAtLeast(0);
        at += count;
      }
      assertThat(in.read()).isEqualTo(-1);
      assertThat(in.read()).isEqualTo(-1);
    }
    assertThat(read).isEqualTo(bytes);
  }

  /** What comes before a failure is read before it is thrown. */
  @Test
  void failsWhereTheStreamFails() throws Exception {
    IOException failure = new IOException("the connection broke");
    InputStream failing =
        new InputStream() {
          private int left = 100_000;

          @Override
          public int read() throws IOException {
            throw new AssertionError("read by blocks");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
              throw failure;
            }
            int count = Math.min(left, Math.min(length, 7_000));
            left -= count;
            return count;
          }
        };

    try (InputStream in = ReadAhead.of(offset -> failing).open(0)) {
      assertThat(in.readNBytes(100_000)).hasLength(100_000);
      for (int i = 0; i < 2; i++) {
        assertThat(assertThrows(IOException.class, in::read)).isSameInstanceAs(failure);
      }
    }
  }

  @Test
  void stopsAndClosesTheStreamWhenItIsClosed() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 0;
          }

          @Override
          public void close() {
            closed.countDown();
          }
        };

    try (InputStream in = ReadAhead.of(offset -> endless).open(0)) {
      assertThat(in.read()).isEqualTo(0);
    }

    closed.await();
  }

  /** The fault comes first that stands first, and where it stands. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 50, 1_000})
  void rejectsCompressedFilesInTheSameWay(int bytesLost) throws Exception {
    byte[] document = Documents.utf8("<l>" + "<r><x>some text</x></r>\n".repeat(20_000) + "</l>");
    byte[] compressed = Documents.gzip(document);
    XmlSource cut =
        new DecompressedSource(
            Compression.GZIP,
            Engine.source(Arrays.copyOf(compressed, compressed.length - bytesLost)));
    XmlSource invalid =
        new DecompressedSource(
            Compression.GZIP,
            Engine.source(Documents.gzip(Arrays.copyOf(document, document.length - bytesLost))));

    for (XmlSource source : new XmlSource[] {cut, invalid}) {
      RejectedException expected = ENGINE.rejection(source);
      RejectedException found = ENGINE.rejection(ReadAhead.of(source));

      assertThat(found.reason()).isEqualTo(expected.reason());
      assertThat(found.position()).isEqualTo(expected.position());
      assertThat(found).hasMessageThat().isEqualTo(expected.getMessage());
    }
  }

  @Test
  void saysOfItsSourceWhatThatSays() {
    XmlSource compressed =
        new DecompressedSource(Compression.GZIP, offset -> new ByteArrayInputStream(new byte[0]));

    assertThat(ReadAhead.of(compressed).opensAnywhere()).isFalse();
    assertThat(ReadAhead.of(Engine.source(new byte[0])).opensAnywhere()).isTrue();
  }
}
