package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A document that is read as a whole and in parts, which must come to the same. */
final class InParts {

  private final Engine engine;
  private final XmlSource source;
  private final boolean allowInvalidRecords;
  private final @Nullable ReadDocument<HeldRecords> whole;
  private final @Nullable RejectedException rejection;
  private final List<Engine.RecordEnd> recordEnds;

  /** Reads it as a whole. */
  InParts(Engine engine, XmlSource source, boolean allowInvalidRecords) throws IOException {
    this.engine = engine;
    this.source = source;
    this.allowInvalidRecords = allowInvalidRecords;
    ReadDocument<HeldRecords> document = null;
    RejectedException rejected = null;
    try {
      document = read(List.of());
      assertThat(document.parts()).hasSize(1);
    } catch (RejectedException e) {
      rejected = e;
    }
    this.whole = document;
    this.rejection = rejected;
    this.recordEnds = engine.recordEnds(source);
  }

  /** The whole document, if it is good. */
  Optional<ReadDocument<HeldRecords>> whole() {
    return Optional.ofNullable(whole);
  }

  /** Why it is rejected, if it is. */
  Optional<RejectedException> rejection() {
    return Optional.ofNullable(rejection);
  }

  /** Where its records end, as far as they can be read, if it can be entered there. */
  List<Position> recordEnds() {
    return recordEnds.stream().map(Engine.RecordEnd::position).toList();
  }

  /** All places where a part may begin. */
  List<PartStart> starts() {
    return recordEnds.stream().map(Engine.RecordEnd::start).toList();
  }

  /** Enters it behind every record. */
  void check() throws IOException {
    check(starts());
  }

  /**
   * Enters it at some places.
   *
   * @param starts right and wrong ones, ascending
   */
  void check(List<PartStart> starts) throws IOException {
    ReadDocument<HeldRecords> document = readAsAWhole(() -> read(starts));
    if (document != null) {
      checkPlaces(document, starts);
    }
  }

  /**
   * Enters it at some places, as workers do that know of the two next ones only.
   *
   * @param starts right and wrong ones, ascending
   * @param lost which of the parts nobody has read
   */
  void checkSpread(List<PartStart> starts, Predicate<PartStart> lost) throws IOException {
    var unused = readAsAWhole(() -> readSpread(starts, lost));
  }

  private interface Reading {
    ReadDocument<HeldRecords> read() throws IOException, RejectedException;
  }

  /** Checks that what is read is what is read as a whole; null if it is rejected. */
  private @Nullable ReadDocument<HeldRecords> readAsAWhole(Reading reading) throws IOException {
    ReadDocument<HeldRecords> document;
    try {
      document = reading.read();
    } catch (RejectedException e) {
      checkRejection(e);
      return null;
    }
    if (whole == null) {
      throw new AssertionError("rejected as a whole only", rejection);
    }
    assertThat(document.rows()).isEqualTo(whole.rows());
    assertThat(document.invalidRecords()).isEqualTo(whole.invalidRecords());
    assertThat(document.coverage()).isEqualTo(whole.coverage());
    assertThat(HeldRecords.records(document)).isEqualTo(HeldRecords.records(whole));
    assertThat(HeldRecords.invalidRecords(document)).isEqualTo(HeldRecords.invalidRecords(whole));
    return document;
  }

  private ReadDocument<HeldRecords> readSpread(List<PartStart> starts, Predicate<PartStart> lost)
      throws IOException, RejectedException {
    DocumentReader reader = engine.reader(allowInvalidRecords);
    List<PartStart> all = new ArrayList<>(starts);
    all.add(0, PartStart.OF_DOCUMENT);
    Map<PartStart, DocumentPart<HeldRecords>> parts = new HashMap<>();
    Map<PartStart, RejectedException> rejections = new HashMap<>();
    for (int i = 0; i < all.size(); i++) {
      int end = Math.min(i + 3, all.size());
      try {
        parts.put(
            all.get(i),
            reader.readPart(
                source, all.get(i), all.subList(i + 1, end), end == all.size(), HeldRecords::sink));
      } catch (RejectedException e) {
        rejections.put(all.get(i), e);
      }
    }
    return reader.join(
        source,
        starts,
        start -> {
          if (lost.test(start)) {
            return null;
          }
          if (rejections.containsKey(start)) {
            throw rejections.get(start);
          }
          return parts.get(start);
        },
        HeldRecords::sink);
  }

  private void checkRejection(RejectedException inParts) {
    if (rejection == null) {
      throw new AssertionError("rejected in parts only", inParts);
    }
    assertWithMessage(inParts.getMessage()).that(inParts.reason()).isEqualTo(rejection.reason());
    assertThat(inParts).hasMessageThat().isEqualTo(rejection.getMessage());
    assertThat(inParts.position()).isEqualTo(rejection.position());
    assertThat(inParts.recordNumber()).isEqualTo(rejection.recordNumber());
  }

  /** There is a part for every right start, and each begins where the one before it has ended. */
  private void checkPlaces(ReadDocument<HeldRecords> document, List<PartStart> starts) {
    List<PartStart> right = starts.stream().filter(starts()::contains).toList();
    List<Position> expected = new ArrayList<>();
    List<Position> found = new ArrayList<>();
    long records = 0;
    for (ReadDocument.Part<HeldRecords> part : document.parts()) {
      assertThat(part.recordsBefore()).isEqualTo(records);
      expected.add(records == 0 ? Position.START : recordEnds.get((int) records - 1).position());
      found.add(part.start());
      records += part.held().records().size();
    }
    assertThat(found).isEqualTo(expected);
    assertThat(found.stream().skip(1).map(Position::byteOffset).toList())
        .isEqualTo(right.stream().map(PartStart::byteOffset).toList());
  }

  private ReadDocument<HeldRecords> read(List<PartStart> starts)
      throws IOException, RejectedException {
    return allowInvalidRecords
        ? engine.readAllowingInvalidRecords(source, starts)
        : engine.read(source, starts);
  }
}
