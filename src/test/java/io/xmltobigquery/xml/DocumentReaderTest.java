package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.util.concurrent.Uninterruptibles;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.Row;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading by several threads: {@link PartPropertyTest} has what all documents must give. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DocumentReaderTest {

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

  @Test
  void rightGuessesBecomeParts() throws Exception {
    XmlSource source = Engine.source(DOCUMENT);
    List<PartStart> guesses = ENGINE.guess(source, 0, 5_000, 13_000, 16_000);

    ReadDocument<HeldRecords> document = ENGINE.read(source, guesses);

    assertThat(guesses).hasSize(4);
    assertThat(document.parts()).hasSize(5);
    assertThat(document.rows()).containsExactly(500L, 500L);
    new InParts(ENGINE, source, false).check(guesses);
  }

  @Test
  void aSmallDocumentIsReadInOnePart() throws Exception {
    RecordReaderFactory readers =
        new RecordReaderFactory(
            CompiledMapping.of(ENGINE.mapping()), new Limits(Limits.DEFAULT_MAX_RECORD_BYTES));
    XmlSource source = Engine.source(DOCUMENT);

    ReadDocument<HeldRecords> document =
        new DocumentReader(readers, false)
            .read(source, DOCUMENT.getBytes(UTF_8).length, HeldRecords::sink);

    assertThat(document).isEqualTo(ENGINE.read(source));
    assertThat(document.parts()).hasSize(1);
  }

  @Test
  void aPlaceTooNearTheEndIsNotGuessed() throws Exception {
    XmlSource source = Engine.source(DOCUMENT);
    assertThat(ENGINE.guess(source, DOCUMENT.getBytes(UTF_8).length - 10)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTF-8",
        "UTF-16LE",
        "UTF-16BE",
        "UTF-32LE",
        "UTF-32BE",
        "ISO-8859-1",
        "windows-1252",
        "IBM037",
        "Shift_JIS",
        "EUC-JP",
        "GB18030",
        "Big5",
        "windows-949"
      })
  void placesAreGuessedInEveryEncoding(String charset) throws Exception {
    String text = charset.equals("IBM037") || charset.startsWith("ISO") ? "é" : "日";
    boolean western = charset.startsWith("windows-12");
    String declared = charset.replaceFirst("[LB]E$", "");
    String document =
        "<?xml version='1.0' encoding='%s'?>\n".formatted(declared)
            + DOCUMENT.substring(HEAD.indexOf("<l>")).replace("é日", western ? "é" : text);
    String marked = charset.startsWith("UTF-") && !charset.equals("UTF-8") ? "\ufeff" : "";
    byte[] bytes = (marked + document).getBytes(charset);
    XmlSource source = Engine.source(bytes);
    int unit = bytes.length / document.length();
    InParts whole = new InParts(ENGINE, source, false);

    for (int wanted : List.of(1_000, 1_001, 1_002, 1_003, 9_000, 13_000, 14_001)) {
      List<PartStart> guesses = ENGINE.guess(source, (long) wanted * unit);
      assertThat(guesses).hasSize(1);
      assertThat(ENGINE.read(source, guesses).parts()).hasSize(2);
      whole.check(guesses);
    }
  }

  @Test
  void namesThatTheEncodingCannotWriteAreNotLookedFor() throws Exception {
    Engine engine =
        Engine.of(
            Stream.of("o", "заказ", "товар")
                .map(
                    name ->
                        "{'table': 't%d', 'record': '/l/%s', 'fields': [{'name': 'x', 'type': 'STRING'}]}"
                            .formatted((int) name.charAt(0), name))
                .collect(Collectors.joining(", ", "{'tables': [", "]}")));
    XmlSource source =
        Engine.source(
            ("<?xml version='1.0' encoding='ISO-8859-1'?><l>"
                    + "<o><x>é</x></o>".repeat(100)
                    + "</l>")
                .getBytes(ISO_8859_1));

    assertThat(engine.read(source, engine.guess(source, 500)).parts()).hasSize(2);
  }

  /** Such as Stack Exchange and OpenStreetMap have. */
  @ParameterizedTest
  @ValueSource(strings = {"<o/>", "<o />\n", "\n  <o></o>", "<o/><o></o>", "<o/>\r\n\t "})
  void recordsWithoutAnEndTagAreGuessedAt(String records) throws Exception {
    String document = "<l><os>" + records.repeat(40) + "</os></l>";
    XmlSource source = Engine.source(document);

    for (int wanted = 20; wanted < document.length() - 50; wanted++) {
      List<PartStart> guesses = ENGINE.guess(source, wanted);
      assertWithMessage("from %s", wanted).that(guesses).hasSize(1);
      assertWithMessage("from %s: %s", wanted, guesses)
          .that(ENGINE.read(source, guesses).parts())
          .hasSize(2);
    }
  }

  @Test
  void whatLooksLikeTheEndOfARecordIsReadOver() throws Exception {
    for (String text : List.of("<!-- </o> -->", "<?p </o> ?>", "<o><x><![CDATA[</o>]]></x></o>")) {
      String document = HEAD + "<os><o/>" + text.repeat(100) + "<o/></os></l>";
      XmlSource source = Engine.source(document);
      List<PartStart> guesses = ENGINE.guess(source, document.indexOf("</o>"));
      assertThat(guesses).hasSize(1);

      assertThat(ENGINE.read(source, guesses)).isEqualTo(ENGINE.read(source));
    }
  }

  @Test
  void theRightPlaceWithOtherElementsOpenIsReadOver() throws Exception {
    String sections = "<os><o/></os><os xmlns:n='urn:n'>" + "<o/>".repeat(100) + "<o></o></os>";
    XmlSource source = Engine.source(HEAD + sections + "</l>");
    List<PartStart> guesses = ENGINE.guess(source, 100);
    assertThat(guesses).hasSize(1);

    assertThat(ENGINE.read(source, guesses)).isEqualTo(ENGINE.read(source));
  }

  @Test
  void aPartThatNobodyWantsIsStopped() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    String comment = "<!-- </o> -->";
    byte[] document = (HEAD + "<os><o/>" + comment + "<o/></os></l>").getBytes(UTF_8);
    int guess = new String(document, UTF_8).indexOf("</o>") + "</o>".length();
    XmlSource endlessFromTheGuess =
        offset -> {
          if (offset < guess) {
            return Engine.source(document).open(offset);
          }
          entered.countDown();
          return new EndlessStream(stopped);
        };
    Sinks sinks = new Sinks();

    ReadDocument<Integer> read =
        ENGINE.read(
            endlessFromTheGuess,
            List.of(new PartStart(guess, List.of())),
            () -> {
              Uninterruptibles.awaitUninterruptibly(entered);
              return sinks.open();
            });

    assertThat(read.rows()).containsExactly(0L, 2L);
    stopped.await();
    // The other may have been stopped before it had one.
    assertThat(sinks.closed.get()).isEqualTo(sinks.opened.get());
    assertThat(sinks.finished.get()).isEqualTo(1);
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
        IllegalStateException.class, () -> ENGINE.read(wrong, ENGINE.guess(source, 5_000)));
  }

  @Test
  void aFailureToReadAPartIsThrownAsItIs() {
    XmlSource source = Engine.source(DOCUMENT);
    XmlSource broken =
        offset ->
            offset > 4_000 ? FailingStream.source(new byte[0], 0).open(0) : source.open(offset);
    IOException failure =
        assertThrows(IOException.class, () -> ENGINE.read(broken, ENGINE.guess(source, 5_000)));
    assertThat(failure).hasMessageThat().isEqualTo(FailingStream.MESSAGE);
  }

  @Test
  void eachPartHasASinkOfItsOwn() throws Exception {
    XmlSource source = Engine.source(DOCUMENT);
    List<PartStart> guesses = ENGINE.guess(source, 0, 5_000, 13_000, 16_000);
    Sinks sinks = new Sinks();

    ReadDocument<Integer> document = ENGINE.read(source, guesses, sinks::open);

    assertThat(document.parts().stream().mapToInt(ReadDocument.Part::held).sum()).isEqualTo(1_000);
    assertThat(sinks.finished.get()).isEqualTo(5);
    assertThat(sinks.closed.get()).isEqualTo(5);
  }

  @Test
  void nothingIsFinishedOfABrokenPart() throws Exception {
    XmlSource source = Engine.source(DOCUMENT.replace("</os></l>", "</os></cs>"));
    List<PartStart> guesses = ENGINE.guess(source, 5_000);
    Sinks sinks = new Sinks();

    assertThrows(RejectedException.class, () -> ENGINE.read(source, guesses, sinks::open));

    assertThat(sinks.finished.get()).isEqualTo(1);
    assertThat(sinks.closed.get()).isEqualTo(2);
  }

  @Test
  void aSinksFailureIsThrownAsItIs() throws Exception {
    XmlSource source = Engine.source(DOCUMENT);
    List<PartStart> guesses = ENGINE.guess(source, 5_000);
    for (int failsFor : List.of(1, 2)) {
      AtomicInteger opened = new AtomicInteger();
      IOException failure =
          assertThrows(
              IOException.class,
              () ->
                  ENGINE.read(
                      source,
                      guesses,
                      () -> {
                        if (opened.incrementAndGet() == failsFor) {
                          throw new IOException("no room");
                        }
                        return HeldRecords.sink();
                      }));
      assertThat(failure).hasMessageThat().isEqualTo("no room");
    }
  }

  /** Sinks that hold how many rows there were. */
  private static final class Sinks {
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger finished = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    RecordSink<Integer> open() {
      opened.incrementAndGet();
      return new RecordSink<>() {
        private int rows;

        @Override
        public void row(Row row, long record) {
          rows++;
        }

        @Override
        public void invalid(InvalidRecord record) {
          throw new AssertionError(record);
        }

        @Override
        public void drop(long record) {
          throw new AssertionError(record);
        }

        @Override
        public Integer finish() {
          finished.incrementAndGet();
          return rows;
        }

        @Override
        public void close() {
          closed.incrementAndGet();
        }
      };
    }
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
