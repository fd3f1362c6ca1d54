package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Inspecting by several threads: {@link ChunkPropertyTest} has what all documents must give. */
class InspectorTest {

  private static final Engine ENGINE =
      Engine.of(
          """
          {'tables': [
            {'table': 'c', 'record': '/l/cs/c', 'fields': [{'name': 'x', 'type': 'STRING'}]},
            {'table': 'o', 'record': '/l/os/o', 'fields': [{'name': 'x', 'type': 'STRING'}]}]}
          """);

  private static final String HEAD = "<?xml version='1.0'?>\n<l>";
  private static final String CUSTOMERS = "<cs>\n" + "<c><x>é日</x></c>\r\n".repeat(500) + "</cs>";
  private static final String ORDERS = "<os>" + "<o>\n<x>1</x></o>".repeat(500) + "</os>";
  private static final String DOCUMENT = HEAD + CUSTOMERS + ORDERS + "</l>";

  private static Inspection inWhole(XmlSource source) throws Exception {
    return ENGINE.inspect(source, Long.MAX_VALUE, List.of());
  }

  @Test
  void rightGuessesBecomeParts() throws Exception {
    XmlSource source = Engine.source(DOCUMENT);
    List<PartStart> guesses = ENGINE.guess(source, 0, 5_000, 13_000, 16_000);

    Inspection inspection = ENGINE.inspect(source, Long.MAX_VALUE, guesses);

    assertThat(guesses).hasSize(4);
    assertThat(inspection.chunks()).hasSize(5);
    assertThat(inspection.rows()).containsExactly(500L, 500L);
    assertThat(ENGINE.inspect(source, 1, guesses)).isEqualTo(ENGINE.inspect(source, 1));
  }

  @Test
  void aPlaceTooNearTheEndIsNotGuessed() throws Exception {
    XmlSource source = Engine.source(DOCUMENT);
    assertThat(ENGINE.guess(source, DOCUMENT.getBytes(UTF_8).length - 10)).isEmpty();
  }

  @Test
  void onlyUtf8IsGuessedIn() throws Exception {
    assertThat(ENGINE.guess(Engine.source(("\ufeff" + DOCUMENT).getBytes(UTF_16LE)), 5_000))
        .isEmpty();
  }

  @Test
  void whatLooksLikeTheEndOfARecordIsReadOver() throws Exception {
    for (String text : List.of("<!-- </o> -->", "<?p </o> ?>", "<o><x><![CDATA[</o>]]></x></o>")) {
      String document = HEAD + "<os><o/>" + text.repeat(100) + "<o/></os></l>";
      XmlSource source = Engine.source(document);
      List<PartStart> guesses = ENGINE.guess(source, document.indexOf("</o>"));
      assertThat(guesses).hasSize(1);

      assertThat(ENGINE.inspect(source, Long.MAX_VALUE, guesses)).isEqualTo(inWhole(source));
    }
  }

  @Test
  void theRightPlaceWithOtherElementsOpenIsReadOver() throws Exception {
    String sections = "<os><o/></os><os xmlns:n='urn:n'>" + "<o/>".repeat(100) + "<o></o></os>";
    XmlSource source = Engine.source(HEAD + sections + "</l>");
    List<PartStart> guesses = ENGINE.guess(source, 100);
    assertThat(guesses).hasSize(1);

    assertThat(ENGINE.inspect(source, Long.MAX_VALUE, guesses)).isEqualTo(inWhole(source));
  }

  @Test
  void aPartThatNobodyWantsIsStopped() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    String comment = "<!-- </o> -->";
    byte[] document = (HEAD + "<os><o/>" + comment + "<o/></os></l>").getBytes(UTF_8);
    int guess = new String(document, UTF_8).indexOf("</o>") + "</o>".length();
    XmlSource endlessFromTheGuess =
        offset ->
            offset == guess ? new EndlessStream(stopped) : Engine.source(document).open(offset);

    Inspection inspection =
        ENGINE.inspect(endlessFromTheGuess, 1, List.of(new PartStart(guess, List.of())));

    assertThat(inspection.rows()).containsExactly(0L, 2L);
    stopped.await();
  }

  @Test
  void anErrorOfOursInAPartStaysOne() {
    XmlSource source = Engine.source(DOCUMENT);
    XmlSource wrong =
        offset -> {
          if (offset > 4_000) {
            throw new UnsupportedOperationException("a bug");
          }
          return source.open(offset);
        };
    assertThrows(
        IllegalStateException.class, () -> ENGINE.inspect(wrong, 1, ENGINE.guess(source, 5_000)));
  }

  @Test
  void aFailureToReadAPartIsThrownAsItIs() {
    XmlSource source = Engine.source(DOCUMENT);
    XmlSource broken =
        offset ->
            offset > 4_000 ? FailingStream.source(new byte[0], 0).open(0) : source.open(offset);
    IOException failure =
        assertThrows(
            IOException.class, () -> ENGINE.inspect(broken, 1, ENGINE.guess(source, 5_000)));
    assertThat(failure).hasMessageThat().isEqualTo(FailingStream.MESSAGE);
  }

  /** Comments without end, until the reader closes it. */
  private static final class EndlessStream extends InputStream {
    private static final String COMMENT = "<!-- -->";

    private final CountDownLatch closed;
    private int next;

    EndlessStream(CountDownLatch closed) {
      this.closed = closed;
    }

    @Override
    public int read() {
      return COMMENT.charAt(next++ % COMMENT.length());
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      for (int i = 0; i < length; i++) {
        target[offset + i] = (byte) read();
      }
      return length;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }
}
