package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.Documents;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.oracle.DomOracle;
import io.xmltobigquery.oracle.OracleRecord;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Generated documents of generated mappings: however one is written and read (in one go, in parts,
 * compressed, in other encodings), it has the rows that the oracle reads, or is rejected as the
 * oracle does.
 *
 * <p>{@code -Ddifferential.documents=9000} tries more documents, {@code -Ddifferential.seed=7}
 * others.
 */
class DifferentialTest {

  private static final int DOCUMENTS = Integer.getInteger("differential.documents", 40);
  private static final long SEED = Long.getLong("differential.seed", 1);

  @Test
  void everyWayToReadADocumentGivesTheRowsOfTheOracle() {
    int good = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      long seed = SEED * 1_000_003 + i;
      Random random = new Random(seed);
      List<String> tables = new RandomMappings(random).tables("root");
      Mapping mapping = RandomMappings.mapping(tables);
      RandomDocument document = new RandomDocuments(mapping, seed).next();
      try {
        boolean accepted = PartPropertyTest.check(mapping, document, random);
        for (RandomDocument other : document.inOtherEncodings()) {
          assertWithMessage("%s", other.charset())
              .that(PartPropertyTest.check(mapping, other, random))
              .isEqualTo(accepted);
        }
        checkCompressed(mapping, document, accepted);
        good += accepted ? 1 : 0;
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            "seed " + seed + ", " + RandomMappings.document(tables) + "\n" + document, e);
      }
    }
    System.out.printf(
        "Differential: %d documents from seed %d, %d of them good%n", DOCUMENTS, SEED, good);
    assertWithMessage("good documents").that(good).isAtLeast(DOCUMENTS / 2);
    assertWithMessage("good documents").that(good).isLessThan(DOCUMENTS);
  }

  private static void checkCompressed(Mapping mapping, RandomDocument document, boolean accepted)
      throws Exception {
    Engine engine = Engine.of(mapping);
    XmlSource plain = Engine.source(document.bytes());
    XmlSource compressed =
        new DecompressedSource(Compression.GZIP, Engine.source(Documents.gzip(document.bytes())));
    if (!accepted) {
      RejectedException expected = assertThrows(RejectedException.class, () -> engine.read(plain));
      RejectedException rejection =
          assertThrows(RejectedException.class, () -> engine.read(compressed));
      assertThat(rejection.reason()).isEqualTo(expected.reason());
      assertThat(rejection.position()).isEqualTo(expected.position());
      assertThat(rejection.recordNumber()).isEqualTo(expected.recordNumber());
      return;
    }
    List<OracleRecord> expected = DomOracle.read(document.textInXml10(), mapping);
    assertThat(HeldRecords.records(engine.read(compressed))).isEqualTo(expected);
  }
}
