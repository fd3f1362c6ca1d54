package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.VersionId;
import io.xmltobigquery.flow.find.Sighting;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.TestRanges;
import io.xmltobigquery.flow.read.FilePart;
import io.xmltobigquery.flow.read.ReadPart;
import io.xmltobigquery.flow.write.RefusedRow;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.FileOutcome.EntryOutcome;
import io.xmltobigquery.outcome.FileOutcome.Rejection;
import io.xmltobigquery.outcome.FileOutcome.TableRows;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.rows.Coverage;
import io.xmltobigquery.rows.Warning;
import io.xmltobigquery.xml.DocumentPart;
import io.xmltobigquery.xml.OpenElement;
import io.xmltobigquery.xml.PartStart;
import io.xmltobigquery.xml.Position;
import io.xmltobigquery.xml.RejectionReason;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.CoderRegistry;
import org.apache.beam.sdk.testing.CoderProperties;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What running jobs hold: these bytes may be added to, never changed. */
class CodersTest {

  private static final CoderRegistry REGISTRY = CoderRegistry.createDefault();

  private static final String NAME = "gs://b/ä€😀.xml";
  private static final Instant THEN = Instant.ofEpochSecond(1_000, 7);
  private static final FileVersion FILE = new FileVersion(NAME, "17", 300, THEN);
  private static final FileVersion UNDATED = new FileVersion("/a", "", 0);
  private static final Position POSITION = new Position(1, 2, 300);
  private static final FileOutcome ACCEPTED =
      FileOutcome.accepted(
              UNDATED,
              List.of(new TableRows("t", 2, 1)),
              List.of(
                  new Warning(Warning.Kind.SKIPPED, "t", "/a", 300, "/b"),
                  new Warning(Warning.Kind.SKIPPED, null, null, 1, null)),
              3,
              Instant.EPOCH,
              THEN)
          .holding("gs://t/s");
  private static final FileOutcome REJECTED =
      FileOutcome.rejected(
          UNDATED, new Rejection(RejectionReason.NOT_XML, "no", POSITION, 4), THEN, THEN);
  private static final FileOutcome UNREADABLE =
      FileOutcome.rejected(
          UNDATED, new Rejection(RejectionReason.UNREADABLE, "no", null, 0), THEN, THEN);

  /** Bytes of the first form, or a later one, each field apart. */
  private static final String FILE_1 =
      "01 14 67733a2f2f622fc3a4e282acf09f98802e786d6c 02 3137 ac02 01 e807 07";

  private static final String UNDATED_1 = "01 02 2f61 00 00 00";
  private static final String ACCEPTED_1 =
      "01"
          + UNDATED_1
          + "08 4143434550544544 01 01 74 02 01 00 03 01 08 67733a2f2f742f73 00 00 e807 07";
  private static final String ACCEPTED_3 =
      "03"
          + UNDATED_1
          + "08 4143434550544544 01 01 74 02 01"
          + "02 07 534b4950504544 01 01 74 01 02 2f61 ac02 01 02 2f62"
          + "07 534b4950504544 00 00 01 00"
          + "00 03 01 08 67733a2f2f742f73 00 00 e807 07 00";
  private static final String ACCEPTED_2 = "02" + ACCEPTED_3.substring(2, ACCEPTED_3.length() - 2);
  private static final String REJECTED_1 =
      "01"
          + UNDATED_1
          + "08 52454a4543544544 00 01 07 4e4f545f584d4c 02 6e6f 01 01 02 ac02 04 00 00 e807 07 e807 07";
  private static final String REJECTED_3 =
      "03"
          + UNDATED_1
          + "08 52454a4543544544 00 00 01 07 4e4f545f584d4c 02 6e6f 01 01 02 ac02 04 00 00 e807 07 e807 07 00";
  private static final String RANGE_1 = "0c 0d 0e 0f 01 02 ac02";

  private static final String PART_1 =
      "01" + UNDATED_1 + "03 ac02 01 03 723a61 02 00 01 75 01 72 05 75726e3a6e 01 00 00 01 e807 07";

  private static final FilePart PART =
      new FilePart(
          UNDATED,
          3,
          new PartStart(300, List.of(new OpenElement("r:a", Map.of("r", "urn:n", "", "u")))),
          List.of(PartStart.OF_DOCUMENT),
          true,
          THEN);

  private static final Coverage COVERAGE =
      new Coverage(
          List.of(
              new Coverage.OfTable(
                  BitSet.valueOf(new byte[] {5}),
                  new TreeMap<>(),
                  new TreeMap<>(Map.of(2, 300L)),
                  9,
                  new Coverage.Skipped(Map.of("/a", 3L), 4)),
              new Coverage.OfTable(
                  new BitSet(), new TreeMap<>(), new TreeMap<>(), 0, Coverage.Skipped.NONE)),
          new Coverage.Skipped(Map.of(), 1));

  private static Map<String, Object> golden() {
    Map<String, Object> golden = new LinkedHashMap<>();
    golden.put("01 02 2f61 03 313723", new VersionId("/a", "17#"));
    golden.put(FILE_1, FILE);
    golden.put(UNDATED_1, UNDATED);
    golden.put(ACCEPTED_3, ACCEPTED);
    golden.put(REJECTED_3, REJECTED);
    golden.put(
        "03"
            + UNDATED_1
            + "08 52454a4543544544 00 00 01 0a 554e5245414441424c45 02 6e6f 00 00 00 00 e807 07 e807 07 00",
        UNREADABLE);
    golden.put("01 01" + FILE_1 + "00 01", new Sighting(FILE, null, true));
    golden.put("01 00 01" + REJECTED_3 + "00", new Sighting(null, REJECTED, false));
    golden.put(PART_1, PART);
    golden.put(
        "02"
            + PART_1
            + "01 02 02 01 02 00 00"
            + "01 02 01 05 00 01 02 ac02 09 01 02 2f61 03 04 00 00 00 00 00 00 00 01"
            + "02 01 02 2f68 00 01 00 0c 0d 0e 0f 10 01 03 04 01 02 ac02 01 00 00 00",
        new ReadPart(
            PART,
            new DocumentPart<>(
                List.of(2L, 1L),
                List.of(0L, 0L),
                COVERAGE,
                TestRanges.part("/h"),
                POSITION,
                PartStart.OF_DOCUMENT),
            null));
    golden.put(
        "02" + PART_1 + "00 01 07 4e4f545f584d4c 02 6e6f 01 01 02 ac02 04",
        new ReadPart(PART, null, new Rejection(RejectionReason.NOT_XML, "no", POSITION, 4)));
    golden.put(
        "04" + FILE_1 + RANGE_1 + "00 03 00ff7f 01 05 06 00 00", TestRanges.inline(FILE, POSITION));
    golden.put(
        "04" + FILE_1 + RANGE_1 + "01 04 2f742f68 02 10 11 ac02 12 01 05 06 00 00",
        TestRanges.stored(FILE, POSITION, "/t/h"));
    golden.put(
        "04" + FILE_1 + RANGE_1 + "00 03 00ff7f 01 05 06 01 01 02 2f7a 01 39 03",
        TestRanges.inArchive(TestRanges.inline(FILE, POSITION), new VersionId("/z", "9"), 3));
    golden.put(
        "03"
            + UNDATED_1
            + "08 4143434550544544 00 00 00 00 00 00 00 e807 07 03"
            + "01 61 ac02 08 4143434550544544 01 01 74 02 01 00"
            + "01 62 00 08 52454a4543544544 00 01 07 4e4f545f584d4c 02 6e6f 01 01 02 ac02 04"
            + "01 63 07 08 4c4546545f4f5554 00 00",
        FileOutcome.accepted(UNDATED, List.of(), List.of(), 0, Instant.EPOCH, THEN)
            .with(
                List.of(
                    new EntryOutcome(
                        "a", 300, Outcome.ACCEPTED, List.of(new TableRows("t", 2, 1)), null),
                    new EntryOutcome(
                        "b",
                        0,
                        Outcome.REJECTED,
                        List.of(),
                        new Rejection(RejectionReason.NOT_XML, "no", POSITION, 4)),
                    new EntryOutcome("c", 7, Outcome.LEFT_OUT, List.of(), null))));
    golden.put(
        "01 01 74 02 6e6f" + UNDATED_1 + "05 02 7b7d", new RefusedRow("t", "no", UNDATED, 5, "{}"));
    return golden;
  }

  @SuppressWarnings("unchecked")
  private static <T> Coder<T> coder(T value) {
    try {
      return (Coder<T>) REGISTRY.getCoder(TypeDescriptor.of(value.getClass()));
    } catch (CannotProvideCoderException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  @TestFactory
  Stream<DynamicTest> bytesAreThoseThatWerePromised() {
    return golden().entrySet().stream()
        .map(
            golden ->
                DynamicTest.dynamicTest(
                    golden.getValue().getClass().getSimpleName() + " " + golden.getKey(),
                    () -> {
                      Coder<Object> coder = coder(golden.getValue());
                      byte[] bytes = bytes(golden.getKey());
                      assertThat(HexFormat.of().formatHex(encode(golden.getValue())))
                          .isEqualTo(HexFormat.of().formatHex(bytes));
                      Object decoded = CoderUtils.decodeFromByteArray(coder, bytes);
                      assertThat(coder.structuralValue(decoded))
                          .isEqualTo(coder.structuralValue(golden.getValue()));
                      if (coder.consistentWithEquals()) {
                        assertThat(decoded).isEqualTo(golden.getValue());
                      }
                    }));
  }

  @Test
  void namesOfCodersAreThoseThatWerePromised() {
    // A runner keeps them beside what it holds.
    assertThat(
            golden().values().stream().map(value -> coder(value).getClass().getName()).distinct())
        .containsExactly(
            "io.xmltobigquery.files.VersionIdCoder",
            "io.xmltobigquery.files.FileVersionCoder",
            "io.xmltobigquery.outcome.FileOutcomeCoder",
            "io.xmltobigquery.flow.find.SightingCoder",
            "io.xmltobigquery.flow.read.FilePartCoder",
            "io.xmltobigquery.flow.read.ReadPartCoder",
            "io.xmltobigquery.flow.held.HeldRangeCoder",
            "io.xmltobigquery.flow.write.RefusedRowCoder");
  }

  /** So that Beam can't fall back to Java's serialization for one that isn't registered. */
  @Test
  void typesAreNotSerializable() {
    golden().values().forEach(value -> assertThat(value).isNotInstanceOf(Serializable.class));
  }

  @TestFactory
  Stream<DynamicTest> codersAreDeterministicAndSurviveTheirOwnSerialization() {
    return golden().values().stream()
        .map(
            value ->
                DynamicTest.dynamicTest(
                    value.getClass().getSimpleName(),
                    () -> {
                      Coder<Object> coder = coder(value);
                      coder.verifyDeterministic();
                      CoderProperties.coderDeterministic(coder, value, value);
                      CoderProperties.coderConsistentWithEquals(coder, value, value);
                      SerializableUtils.ensureSerializable(coder);
                    }));
  }

  @Test
  void whatAnEarlierProgramWroteIsRead() throws Exception {
    FileOutcome without =
        FileOutcome.accepted(UNDATED, ACCEPTED.tables(), List.of(), 3, Instant.EPOCH, THEN)
            .holding("gs://t/s");
    assertThat(CoderUtils.decodeFromByteArray(coder(ACCEPTED), bytes(ACCEPTED_1)))
        .isEqualTo(without);
    assertThat(CoderUtils.decodeFromByteArray(coder(ACCEPTED), bytes(ACCEPTED_2)))
        .isEqualTo(ACCEPTED);
    HeldRange range = TestRanges.inline(FILE, POSITION);
    HeldRange earlier =
        CoderUtils.decodeFromByteArray(
            coder(range), bytes("02" + FILE_1 + RANGE_1 + "00 03 00ff7f 01 05 06"));
    assertThat(earlier.version()).isEqualTo(FILE.id());
    assertThat(earlier.dropped()).isEqualTo(range.dropped());
    HeldRange inArchive =
        CoderUtils.decodeFromByteArray(
            coder(range),
            bytes("03" + FILE_1 + RANGE_1 + "00 03 00ff7f 01 05 06 01 01 02 2f7a 01 39"));
    assertThat(inArchive.version()).isEqualTo(new VersionId("/z", "9"));
    assertThat(inArchive.entry()).isEqualTo(0);
    assertThat(CoderUtils.decodeFromByteArray(coder(REJECTED), bytes(REJECTED_1)))
        .isEqualTo(REJECTED);
    ReadPart part =
        CoderUtils.decodeFromByteArray(
            coder(new ReadPart(PART, null, null)),
            bytes(
                "01"
                    + PART_1
                    + "01 02 02 01 02 00 00 01 01 02 2f68 00 01 00 0c 0d 0e 0f 10 01 02 ac02 01 00 00 00"));
    assertThat(part.read().coverage()).isEqualTo(Coverage.none(2));
    assertThat(part.read().rows()).containsExactly(2L, 1L).inOrder();
  }

  @Test
  void anotherFormIsToldAsSuch() throws Exception {
    byte[] bytes = encode(FILE);
    bytes[0] = 2;

    CoderException e =
        assertThrows(
            CoderException.class, () -> CoderUtils.decodeFromByteArray(coder(FILE), bytes));

    assertThat(e)
        .hasMessageThat()
        .isEqualTo(
            "FileVersionCoder finds form 2 and knows form 1 only: another version of this program wrote it; see \"Change it in place\" in docs/RUNBOOK.md");
  }

  @Test
  void aConstantThatIsntKnownIsToldAsSuch() throws Exception {
    byte[] bytes = bytes(ACCEPTED_3.replace("4143434550544544", "4143434550544545"));

    CoderException e =
        assertThrows(
            CoderException.class, () -> CoderUtils.decodeFromByteArray(coder(ACCEPTED), bytes));

    assertThat(e).hasMessageThat().isEqualTo("no constant of Outcome: ACCEPTEE");
  }

  @Test
  void noPrefixIsAValue() throws Exception {
    for (Map.Entry<String, Object> golden : golden().entrySet()) {
      byte[] bytes = bytes(golden.getKey());
      for (int length = 0; length < bytes.length; length++) {
        byte[] prefix = Arrays.copyOf(bytes, length);
        assertThrows(
            IOException.class,
            () -> coder(golden.getValue()).decode(new ByteArrayInputStream(prefix)));
      }
    }
    assertThrows(
        EOFException.class, () -> coder(FILE).decode(new ByteArrayInputStream(new byte[0])));
  }

  @Test
  void oddAndLongTextsComeBack() throws Exception {
    for (String text :
        List.of(
            "",
            "\0",
            "a\nb\t\r",
            "\u0085\u2028\uFFFD\uFFFE",
            "😀".repeat(500),
            "x".repeat(70_000))) {
      for (Object value :
          List.of(
              new VersionId(text, text),
              new FileVersion(text, text, Long.MAX_VALUE, Instant.MIN),
              FileOutcome.accepted(
                      FILE,
                      List.of(new TableRows(text, Long.MAX_VALUE, 0), new TableRows("", 0, 0)),
                      List.of(new Warning(Warning.Kind.MARKUP, text, text, 1, text)),
                      Integer.MAX_VALUE,
                      Instant.MAX,
                      Instant.ofEpochSecond(-1, 999_999_999))
                  .holding(text),
              new RefusedRow(text, text, FILE, Long.MAX_VALUE, text))) {
        assertThat(CoderUtils.clone(coder(value), value)).isEqualTo(value);
      }
    }
  }

  /** There is no such text in UTF-8. Names and records have none; a message that was cut might. */
  @Test
  void halfASurrogatePairBecomesAQuestionMark() throws Exception {
    VersionId id = new VersionId("a\uD83Db", "1");

    assertThat(CoderUtils.clone(coder(id), id)).isEqualTo(new VersionId("a?b", "1"));
  }

  @Test
  void everyConstantComesBack() throws Exception {
    List<FileOutcome> outcomes = new ArrayList<>();
    for (Outcome outcome : Outcome.values()) {
      outcomes.add(new FileOutcome(FILE, outcome, List.of(), List.of(), null, 0, null, THEN, THEN));
    }
    for (RejectionReason reason : RejectionReason.values()) {
      outcomes.add(FileOutcome.rejected(FILE, new Rejection(reason, "", null, 0), THEN, THEN));
    }
    for (FileOutcome outcome : outcomes) {
      assertThat(CoderUtils.clone(coder(outcome), outcome)).isEqualTo(outcome);
    }
  }

  @Test
  void aNameOfSixtyCharactersTakesLittle() throws Exception {
    String name = "gs://partner-landing-bucket/orders/2026/11/29/orders-0001.xml";
    VersionId id = new VersionId(name.substring(0, 60), "1764430000123456");

    assertThat(encode(id)).hasLength(79);
  }

  private static byte[] encode(Object value) throws CoderException {
    return CoderUtils.encodeToByteArray(coder(value), value);
  }
}
