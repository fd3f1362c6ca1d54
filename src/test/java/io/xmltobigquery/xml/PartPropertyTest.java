package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.oracle.DomOracle;
import io.xmltobigquery.oracle.OracleRecord;
import io.xmltobigquery.oracle.OracleRejection;
import io.xmltobigquery.rows.CompiledMapping;
import io.xmltobigquery.rows.TableColumns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Generated documents of every shape and encoding: the rows read in one go, and those read in parts
 * that begin behind any records, are the oracle's, and every position is the one found by counting.
 *
 * <p>{@code -Dxml.documents=10000} tries more documents, {@code -Dxml.seed=7} others, and {@code
 * -Dxml.choices=3} more choices of places in each.
 */
class PartPropertyTest {

  private static final int DOCUMENTS = Integer.getInteger("xml.documents", 20);
  private static final long SEED = Long.getLong("xml.seed", 1);

  /** How often places are chosen by chance in a document, which is read in four ways each time. */
  private static final int CHOICES = Integer.getInteger("xml.choices", 1);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void partsGiveTheRowsThatTheOracleReads(int mappingIndex) throws Exception {
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

  /** What no column takes is the same in parts: it has the document's prefixes, and no others. */
  @Test
  void partsHaveTheRestThatTheWholeHas() throws Exception {
    int good = 0;
    int withRest = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      Random random = new Random(SEED * 1_000_003 + i);
      List<String> tables =
          new RandomMappings(random)
              .tables("root").stream()
                  .map(
                      table ->
                          table.replaceFirst(
                              "]}$",
                              ", {'name': 'rest', 'type': 'JSON', 'source': 'row:rest()'}]}"))
                  .map(table -> table.replaceFirst("'unknown': 'error'", "'unknown': 'ignore'"))
                  .toList();
      Mapping mapping = RandomMappings.mapping(tables);
      RandomDocument document = new RandomDocuments(mapping, i).next();
      XmlSource source = Engine.source(document.bytes());
      InParts inParts = new InParts(Engine.of(mapping), source, false);
      checkParts(Engine.of(mapping), source, inParts, random);
      if (inParts.whole().isPresent()) {
        good++;
        withRest +=
            (int)
                HeldRecords.records(inParts.whole().orElseThrow()).stream()
                    .filter(record -> record.row().has("rest"))
                    .count();
      }
    }
    assertWithMessage("good documents").that(good).isAtLeast(DOCUMENTS / 2);
    assertWithMessage("rows").that(withRest).isAtLeast(DOCUMENTS);
  }

  /**
   * Reads a document in every way, and throws if one of them differs from the oracle.
   *
   * @return whether the document is good
   */
  static boolean check(Mapping mapping, RandomDocument document, Random random) throws Exception {
    Engine engine = Engine.of(mapping);
    XmlSource source = Engine.source(document.bytes());
    checkWithInvalidRecords(engine, document, source, random);
    InParts inParts = new InParts(engine, source, false);
    List<OracleRecord> expected;
    try {
      expected = DomOracle.read(document.textInXml10(), mapping);
    } catch (OracleRejection e) {
      assertWithMessage(e.getMessage()).that(inParts.whole()).isEmpty();
      checkParts(engine, source, inParts, random);
      return false;
    }
    assertThat(engine.records(source)).isEqualTo(expected);
    ReadDocument<HeldRecords> whole = inParts.whole().orElseThrow();
    assertThat(HeldRecords.records(whole)).isEqualTo(expected);
    assertThat(whole.rows()).isEqualTo(counts(mapping, expected, record -> true));
    assertThat(expected).hasSize(document.recordEnds().size());
    boolean entered = !document.charset().name().equals("ISO-2022-JP");
    assertThat(inParts.recordEnds())
        .isEqualTo(entered ? document.positions(document.recordEnds()) : List.of());
    checkParts(engine, source, inParts, random);
    return true;
  }

  /** A part for each record, and for some of them. */
  private static void checkParts(Engine engine, XmlSource source, InParts document, Random random)
      throws IOException {
    document.check();
    document.checkSpread(document.starts(), start -> false);
    for (int i = 0; i < CHOICES; i++) {
      document.check(document.starts().stream().filter(start -> random.nextBoolean()).toList());
      List<PartStart> guesses = guesses(engine, source, document.starts(), random);
      document.check(guesses);
      document.checkSpread(guesses, start -> false);
      document.checkSpread(guesses, start -> random.nextInt(4) == 0);
    }
  }

  /** The guesses that the engine makes itself, right ones, and some that are wrong. */
  private static List<PartStart> guesses(
      Engine engine, XmlSource source, List<PartStart> right, Random random) throws IOException {
    long length = source.open(0).readAllBytes().length;
    long[] wanted = random.longs(3, 0, length).sorted().toArray();
    Set<PartStart> guesses = new LinkedHashSet<>(engine.guess(source, wanted));
    List<OpenElement> open = List.of(new OpenElement("catalog", Map.of()));
    for (PartStart start : right) {
      switch (random.nextInt(4)) {
        case 0 -> guesses.add(start);
        case 1 -> guesses.add(new PartStart(start.byteOffset(), open));
        default -> {
          // No part begins here, unless the engine has guessed it.
        }
      }
      open = start.openElements();
    }
    for (int i = 0; i < 3; i++) {
      guesses.add(new PartStart(random.nextLong(length), open));
    }
    return guesses.stream().sorted(Comparator.comparingLong(PartStart::byteOffset)).toList();
  }

  private static List<Long> counts(
      Mapping mapping, List<OracleRecord> records, Predicate<OracleRecord> which) {
    List<Long> counts = new ArrayList<>();
    for (TableColumns table : CompiledMapping.of(mapping).tables()) {
      counts.add(
          records.stream()
              .filter(record -> record.table().equals(table.name()))
              .filter(which)
              .count());
    }
    return counts;
  }

  /** The rest of the document is read right, and an invalid record's XML is that of the file. */
  private static void checkWithInvalidRecords(
      Engine engine, RandomDocument document, XmlSource source, Random random) throws Exception {
    InParts inParts = new InParts(engine, source, true);
    checkParts(engine, source, inParts, random);
    List<OracleRecord> expected;
    try {
      expected = DomOracle.readAllowingInvalidRecords(document.textInXml10(), engine.mapping());
    } catch (OracleRejection e) {
      assertWithMessage(e.getMessage()).that(inParts.whole()).isEmpty();
      return;
    }
    ReadDocument<HeldRecords> whole = inParts.whole().orElseThrow();
    assertThat(HeldRecords.records(whole)).isEqualTo(expected);
    assertThat(whole.rows())
        .isEqualTo(counts(engine.mapping(), expected, record -> record.row() != null));
    assertThat(whole.invalidRecords())
        .isEqualTo(counts(engine.mapping(), expected, record -> record.row() == null));
    List<Long> numbers = new ArrayList<>();
    for (InvalidRecord invalid : HeldRecords.invalidRecords(whole)) {
      int index = (int) invalid.number() - 1;
      int start = document.recordStarts().get(index);
      int end = document.recordEnds().get(index);
      assertThat(invalid.xml()).isEqualTo(document.text().substring(start, end));
      List<Position> range = document.positions(List.of(start, end));
      assertThat(invalid.position().byteOffset()).isAtLeast(range.get(0).byteOffset());
      assertThat(invalid.position().byteOffset()).isLessThan(range.get(1).byteOffset());
      assertThat(invalid.table()).isEqualTo(expected.get(index).table());
      assertThat(expected.get(index).row()).isNull();
      numbers.add(invalid.number());
    }
    assertThat(numbers).isInStrictOrder();
    assertThat((long) numbers.size())
        .isEqualTo(whole.invalidRecords().stream().mapToLong(count -> count).sum());
  }
}
