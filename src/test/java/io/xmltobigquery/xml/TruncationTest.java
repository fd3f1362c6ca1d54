package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import io.xmltobigquery.Documents;
import io.xmltobigquery.oracle.DomOracle;
import io.xmltobigquery.oracle.OracleRecord;
import io.xmltobigquery.oracle.OracleRejection;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small document cut at every byte and damaged at every byte: never a wrong row, or a crash. */
class TruncationTest {

  /** Each part takes a thread, so not every damaged document is read in parts, too. */
  private static final int IN_PARTS_EVERY = 7;

  private static final Engine ENGINE = Engine.of(TestMappings.SHOP);

  private static final String DOCUMENT =
      """
      <?xml version="1.0" encoding="ENCODING"?>
      <!-- é -->
      <c:catalog xmlns:c="urn:shop" xmlns='urn:shop'><items>
      <item id="1"><title>a &amp; b</title><count> 42 </count></item>\r
      <item id='ä&#x1F600;'><title><![CDATA[<é>]]></title>
      <cost currency="€"><amount>1.50</amount></cost><seen>2020-01-01T00:00:00Z</seen></item>
      </items><?p x?><log><o:event xmlns:o="urn:other" at="2020-02-29T12:00:00.5+01:00">😀<x/>y</o:event>
      </log></c:catalog>
      <!-- end -->
      """;

  private static byte[] document(String encoding) {
    String text = DOCUMENT.replace("ENCODING", encoding);
    return (encoding.equals("UTF-16") ? "\uFEFF" + text : text)
        .getBytes(Charset.forName(encoding.equals("UTF-16") ? "UTF-16LE" : encoding));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16"})
  void aDocumentIsGood(String encoding) throws Exception {
    byte[] document = document(encoding);
    assertThat(ENGINE.records(Engine.source(document)))
        .isEqualTo(DomOracle.read(document, ENGINE.mapping()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16"})
  void aCutDocumentIsAcceptedOnlyIfTheOracleAcceptsIt(String encoding) throws Exception {
    byte[] document = document(encoding);
    int accepted = 0;
    for (int length = 0; length < document.length; length++) {
      byte[] cut = Arrays.copyOf(document, length);
      Optional<List<OracleRecord>> expected = oracle(cut);
      new InParts(ENGINE, Engine.source(cut), false).check();
      Optional<List<OracleRecord>> actual = engine(cut, expectedReasons(encoding, cut));
      assertWithMessage("%s bytes", length).that(actual).isEqualTo(expected);
      accepted += actual.isPresent() ? 1 : 0;
    }
    // At the three places behind the root element that are in no comment and no character.
    assertThat(accepted).isEqualTo(3);
  }

  private static List<RejectionReason> expectedReasons(String encoding, byte[] cut) {
    if (cut.length == 0) {
      return List.of(RejectionReason.EMPTY_FILE);
    }
    if (encoding.equals("UTF-16") && cut.length == 1) {
      return List.of(RejectionReason.INVALID_ENCODING);
    }
    String text = text(cut, encoding);
    boolean inCharacter = text.endsWith("\uFFFD");
    boolean inRootTag = text.endsWith("<c:") || text.endsWith("<c");
    if (text.contains("<c:c") || inCharacter) {
      return List.of(RejectionReason.TRUNCATED);
    }
    return inRootTag
        ? List.of(RejectionReason.NOT_XML, RejectionReason.TRUNCATED)
        : List.of(RejectionReason.NOT_XML);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16", "ISO-8859-15"})
  void aDamagedDocumentIsAcceptedOnlyIfTheOracleAcceptsIt(String encoding) throws Exception {
    byte[] document = document(encoding);
    for (int i = 0; i < document.length; i++) {
      for (int damage :
          new int[] {0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFF, document[i]}) {
        byte[] damaged = document.clone();
        damaged[i] ^= (byte) damage;
        if (i % IN_PARTS_EVERY == 0) {
          new InParts(ENGINE, Engine.source(damaged), false).check();
        }
        Optional<List<OracleRecord>> actual = engine(damaged, List.of(RejectionReason.values()));
        if (actual.isPresent() && !hasControlCharacterInDeclaration(damaged, encoding)) {
          assertWithMessage("byte %s changed by %s", i, damage)
              .that(actual)
              .isEqualTo(oracle(damaged));
        }
      }
    }
  }

  /** Woodstox takes any control character there for white space. */
  private static boolean hasControlCharacterInDeclaration(byte[] document, String encoding) {
    String text = text(document, encoding);
    return text.substring(0, Math.max(0, text.indexOf("?>")))
        .chars()
        .anyMatch(c -> c < ' ' && c != '\t' && c != '\n' && c != '\r');
  }

  private static String text(byte[] document, String encoding) {
    return new String(document, Charset.forName(encoding.equals("UTF-16") ? "UTF-16LE" : encoding));
  }

  @Test
  void aDamagedGzipFileIsAcceptedOnlyIfItsContentIsTheSame() throws Exception {
    byte[] document = document("UTF-8");
    byte[] compressed = Documents.gzip(document);
    List<OracleRecord> rows = ENGINE.records(Engine.source(document));
    for (int i = 0; i < compressed.length; i++) {
      for (int damage : new int[] {0x01, 0x10, 0x80, 0xFF}) {
        byte[] damaged = compressed.clone();
        damaged[i] ^= (byte) damage;
        if (Packing.of(damaged) == Packing.GZIP) {
          // Time and system in the header and filling bits have no meaning for the content.
          Optional<List<OracleRecord>> actual = engineOfGzip(damaged);
          if (actual.isPresent()) {
            assertWithMessage("byte %s changed by %s", i, damage).that(actual).hasValue(rows);
          }
        }
      }
    }
  }

  @Test
  void aCutGzipFileIsCorrupt() throws Exception {
    byte[] compressed = Documents.gzip(document("UTF-8"));
    for (int length = 2; length < compressed.length; length++) {
      assertWithMessage("%s bytes", length)
          .that(engineOfGzip(Arrays.copyOf(compressed, length)))
          .isEmpty();
    }
  }

  private static Optional<List<OracleRecord>> oracle(byte[] document) {
    try {
      return Optional.of(DomOracle.read(document, ENGINE.mapping()));
    } catch (OracleRejection e) {
      return Optional.empty();
    }
  }

  private static Optional<List<OracleRecord>> engine(
      byte[] document, List<RejectionReason> allowedReasons) throws IOException {
    XmlSource source = Engine.source(document);
    try {
      return Optional.of(ENGINE.records(source));
    } catch (RejectedException e) {
      assertWithMessage("reason of %s bytes: %s", document.length, e.getMessage())
          .that(e.reason())
          .isIn(allowedReasons);
      Position position = e.position();
      assertThat(position).isNotNull();
      assertThat(position.byteOffset()).isAtMost(document.length);
      return Optional.empty();
    }
  }

  private static Optional<List<OracleRecord>> engineOfGzip(byte[] compressed) throws IOException {
    try {
      return Optional.of(
          ENGINE.records(new DecompressedSource(Compression.GZIP, Engine.source(compressed))));
    } catch (RejectedException e) {
      assertThat(e.reason()).isEqualTo(RejectionReason.CORRUPT_GZIP);
      return Optional.empty();
    }
  }
}
