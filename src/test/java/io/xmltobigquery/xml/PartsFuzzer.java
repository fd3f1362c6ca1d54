package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import io.xmltobigquery.oracle.OracleRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Any bytes as a document, read in parts of any size: they give the rows that it gives as a whole,
 * or say the same of it.
 *
 * <p>An input is the least length of a part, about where one more is guessed, and a {@link
 * DocumentInput}.
 */
public final class PartsFuzzer {

  /** Each has a thread of its own. */
  private static final int MAX_PARTS = 16;

  private PartsFuzzer() {}

  /** Called by the fuzzing engine. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    DocumentInput chosen = new DocumentInput(input, 4);
    if (!chosen.isComplete()) {
      return;
    }
    Engine engine = chosen.engine();
    byte[] document = chosen.document();
    long partBytes = 1L + DocumentInput.number(input, 0);
    long guess = (document.length * (long) DocumentInput.number(input, 2)) >> 16;
    XmlSource source = Engine.source(document);

    InParts inParts = new InParts(engine, source, false);
    List<PartStart> starts = starts(inParts.starts(), partBytes);
    List<PartStart> guesses = engine.guess(source, guess);
    inParts.check(guesses);
    inParts.check(starts);
    inParts.check(withWrongOne(starts, guess));
    inParts.rejection().ifPresent(e -> ReaderFuzzer.checkPlace(e, document.length));

    InParts withInvalidOnes = new InParts(engine, source, true);
    withInvalidOnes.check(guesses);
    withInvalidOnes.check(starts);
    withInvalidOnes.rejection().ifPresent(PartsFuzzer::checkIsOfNoRecord);
    withInvalidOnes.whole().ifPresent(whole -> checkInvalidRecords(inParts, whole));
    if (inParts.whole().isPresent()) {
      List<OracleRecord> rows = rows(engine, source);
      assertThat(HeldRecords.records(inParts.whole().get())).isEqualTo(rows);
      assertThat(HeldRecords.records(withInvalidOnes.whole().orElseThrow())).isEqualTo(rows);
    }
  }

  private static List<OracleRecord> rows(Engine engine, XmlSource source) throws IOException {
    try {
      return engine.records(source);
    } catch (RejectedException e) {
      throw new AssertionError("rejected when read one by one only", e);
    }
  }

  /** Some of the places where a part may begin, so far from each other. */
  private static List<PartStart> starts(List<PartStart> all, long partBytes) {
    List<PartStart> starts = new ArrayList<>();
    long last = 0;
    for (PartStart start : all) {
      if (start.byteOffset() - last >= partBytes && starts.size() + 1 < MAX_PARTS) {
        starts.add(start);
        last = start.byteOffset();
      }
    }
    return starts;
  }

  /** With one place more, at which most likely no record ends. */
  private static List<PartStart> withWrongOne(List<PartStart> right, long offset) {
    List<OpenElement> open =
        right.isEmpty()
            ? List.of(new OpenElement("catalog", Map.of()))
            : right.get(0).openElements();
    return Stream.concat(right.stream(), Stream.of(new PartStart(offset, open)))
        .distinct()
        .sorted(Comparator.comparingLong(PartStart::byteOffset))
        .toList();
  }

  private static void checkIsOfNoRecord(RejectedException rejection) {
    assertWithMessage(rejection.getMessage())
        .that(rejection.reason().isOfRecord() && rejection.recordNumber() > 0)
        .isFalse();
  }

  private static void checkInvalidRecords(InParts document, ReadDocument<HeldRecords> whole) {
    List<InvalidRecord> invalidRecords = HeldRecords.invalidRecords(whole);
    assertThat(whole.invalidRecords().stream().mapToLong(count -> count).sum())
        .isEqualTo(invalidRecords.size());
    assertThat(HeldRecords.records(whole).stream().filter(record -> record.row() == null).count())
        .isEqualTo(invalidRecords.size());
    List<Position> ends = document.recordEnds();
    for (InvalidRecord invalid : invalidRecords) {
      assertThat(invalid.xml()).startsWith("<");
      assertThat(invalid.xml()).endsWith(">");
      int index = (int) invalid.number() - 1;
      if (index < ends.size()) {
        assertThat(invalid.position().byteOffset()).isLessThan(ends.get(index).byteOffset());
        assertThat(invalid.position().byteOffset())
            .isAtLeast(index == 0 ? 0 : ends.get(index - 1).byteOffset());
      }
    }
  }
}
