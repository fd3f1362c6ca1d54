package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.oracle.DomOracle;
import io.xmltobigquery.oracle.OracleRecord;
import io.xmltobigquery.oracle.OracleRejection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Generated documents of every shape and encoding: the rows read in one go, and those read chunk by
 * chunk in any order, are the oracle's, and every position is the one found by counting.
 *
 * <p>{@code -Dxml.documents=10000} tries more documents, {@code -Dxml.seed=7} others.
 */
class ChunkPropertyTest {

  private static final int DOCUMENTS = Integer.getInteger("xml.documents", 40);
  private static final long SEED = Long.getLong("xml.seed", 1);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void chunksGiveTheRowsThatTheOracleReads(int mappingIndex) throws Exception {
    Mapping mapping = TestMappings.ALL.get(mappingIndex);
    int good = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      long seed = SEED * 1_000_003 + i * 10L + mappingIndex;
      RandomDocument document = new RandomDocuments(mapping, seed).next();
      try {
        good += check(mapping, document, new Random(seed)) ? 1 : 0;
      } catch (Exception | AssertionError e) {
        throw new AssertionError("mapping " + mappingIndex + ", seed " + seed + ", " + document, e);
      }
    }
    assertWithMessage("good documents").that(good).isAtLeast(DOCUMENTS / 2);
    assertWithMessage("good documents").that(good).isLessThan(DOCUMENTS);
  }

  /**
   * Reads a document in every way, and throws if one of them differs from the oracle.
   *
   * @return whether the document is good
   */
  static boolean check(Mapping mapping, RandomDocument document, Random random) throws Exception {
    Engine engine = Engine.of(mapping);
    XmlSource source = Engine.source(document.bytes());
    checkWithInvalidRecords(engine, document, source);
    List<OracleRecord> expected;
    try {
      expected = DomOracle.read(document.textInXml10(), mapping);
    } catch (OracleRejection e) {
      RejectedException rejection =
          assertThrows(RejectedException.class, () -> engine.inspect(source, 1), e::getMessage);
      checkRejectionByParts(engine, source, guesses(engine, source, document, random), rejection);
      return false;
    }
    assertThat(engine.records(source)).isEqualTo(expected);
    for (long chunkBytes : new long[] {1, 1 + random.nextInt(20_000), Long.MAX_VALUE}) {
      Inspection inspection = engine.inspect(source, chunkBytes);
      checkPlaces(document, inspection, chunkBytes);
      checkRows(engine, source, inspection.chunks(), expected);
      List<PartStart> guesses = guesses(engine, source, document, random);
      Inspection byParts = engine.inspect(source, chunkBytes, guesses);
      assertThat(byParts.rows()).isEqualTo(inspection.rows());
      checkRows(engine, source, byParts.chunks(), expected);
      List<Chunk> oneByOne = engine.inspect(source, 1).chunks();
      assertThat(engine.inspect(source, 1, guesses).chunks()).isEqualTo(oneByOne);
    }
    return true;
  }

  private static void checkRejectionByParts(
      Engine engine, XmlSource source, List<PartStart> guesses, RejectedException expected) {
    RejectedException rejection =
        assertThrows(RejectedException.class, () -> engine.inspect(source, 1, guesses));
    assertThat(rejection.reason()).isEqualTo(expected.reason());
    assertThat(rejection).hasMessageThat().isEqualTo(expected.getMessage());
    assertThat(rejection.position()).isEqualTo(expected.position());
    assertThat(rejection.recordNumber()).isEqualTo(expected.recordNumber());
  }

  /** The guesses that the engine makes itself, right ones, and some that are wrong. */
  private static List<PartStart> guesses(
      Engine engine, XmlSource source, RandomDocument document, Random random) throws IOException {
    long length = document.bytes().length;
    TreeMap<Long, PartStart> guesses = new TreeMap<>();
    long[] wanted = random.longs(3, 0, length).sorted().toArray();
    engine.guess(source, wanted).forEach(guess -> guesses.put(guess.byteOffset(), guess));
    List<OpenElement> open = List.of(new OpenElement("catalog", Map.of()));
    try {
      for (Chunk chunk : engine.inspect(source, 1).chunks()) {
        open = chunk.openElements().isEmpty() ? open : chunk.openElements();
        if (chunk.firstRecord() > 1 && random.nextInt(3) == 0) {
          long offset = chunk.start().byteOffset();
          guesses.put(offset, new PartStart(offset, open));
        }
      }
    } catch (RejectedException e) {
      // The document has no chunks to begin with.
    }
    for (int i = 0; i < 3; i++) {
      long offset = random.nextLong(length);
      guesses.putIfAbsent(offset, new PartStart(offset, open));
    }
    return List.copyOf(guesses.values());
  }

  private static void checkPlaces(RandomDocument document, Inspection inspection, long chunkBytes) {
    List<Chunk> chunks = inspection.chunks();
    int records = document.recordEnds().size();
    assertThat(inspection.rows().stream().mapToLong(rows -> rows).sum()).isEqualTo(records);
    if (records == 0) {
      assertThat(chunks).isEmpty();
      return;
    }
    boolean oneChunk =
        chunkBytes == Long.MAX_VALUE || document.charset().name().equals("ISO-2022-JP");
    assertThat(chunks)
        .hasSize(chunkBytes == 1 && !oneChunk ? records : oneChunk ? 1 : chunks.size());

    List<Integer> cuts = new ArrayList<>();
    cuts.add(0);
    long next = 1;
    for (Chunk chunk : chunks) {
      assertThat(chunk.firstRecord()).isEqualTo(next);
      assertThat(chunk.records()).isAtLeast(1);
      next += chunk.records();
      cuts.add(document.recordEnds().get((int) next - 2));
    }
    assertThat(next).isEqualTo(records + 1);

    List<Position> positions = document.positions(cuts);
    for (int i = 0; i < chunks.size(); i++) {
      assertThat(chunks.get(i).start()).isEqualTo(positions.get(i));
    }
    for (int i = 0; i + 1 < chunks.size(); i++) {
      assertThat(chunks.get(i).end()).isEqualTo(chunks.get(i + 1).start().byteOffset());
    }
    assertThat(chunks.get(chunks.size() - 1).end())
        .isIn(List.of(positions.get(chunks.size()).byteOffset(), (long) document.bytes().length));
  }

  private static void checkRows(
      Engine engine, XmlSource source, List<Chunk> chunks, List<OracleRecord> expected)
      throws IOException, RejectedException {
    List<Chunk> lastFirst = new ArrayList<>(chunks);
    Collections.reverse(lastFirst);
    for (Chunk chunk : lastFirst) {
      int first = (int) chunk.firstRecord() - 1;
      assertThat(engine.records(source, chunk))
          .isEqualTo(expected.subList(first, first + (int) chunk.records()));
    }
  }

  /** The rest of the document is read right, and an invalid record's XML is that of the file. */
  private static void checkWithInvalidRecords(
      Engine engine, RandomDocument document, XmlSource source) throws Exception {
    List<OracleRecord> expected;
    try {
      expected = DomOracle.readAllowingInvalidRecords(document.textInXml10(), engine.mapping());
    } catch (OracleRejection e) {
      assertThrows(
          RejectedException.class,
          () -> engine.inspectAllowingInvalidRecords(source, 5_000),
          e::getMessage);
      return;
    }
    Inspection inspection = engine.inspectAllowingInvalidRecords(source, 5_000);
    assertThat(inspection.invalidRecords().stream().mapToLong(count -> count).sum())
        .isEqualTo(expected.stream().filter(record -> record.row() == null).count());
    List<OracleRecord> records = new ArrayList<>();
    for (Chunk chunk : inspection.chunks()) {
      records.addAll(engine.recordsAllowingInvalidOnes(source, chunk));
      try (RecordReader reader = engine.open(source, chunk)) {
        while (reader.next()) {
          int index = (int) reader.recordNumber() - 1;
          if (reader.isInvalid()) {
            int start = document.recordStarts().get(index);
            int end = document.recordEnds().get(index);
            InvalidRecord invalid = reader.invalidRecord();
            assertThat(invalid.number()).isEqualTo(index + 1);
            assertThat(invalid.xml()).isEqualTo(document.text().substring(start, end));
            List<Position> range = document.positions(List.of(start, end));
            long fault = Objects.requireNonNull(invalid.position()).byteOffset();
            assertThat(fault).isAtLeast(range.get(0).byteOffset());
            assertThat(fault).isLessThan(range.get(1).byteOffset());
          }
        }
      }
    }
    assertThat(records).isEqualTo(expected);
  }
}
