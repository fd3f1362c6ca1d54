package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import io.xmltobigquery.oracle.DomOracle;
import io.xmltobigquery.oracle.OracleRecord;
import io.xmltobigquery.oracle.OracleRejection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Any bytes as a document: what is accepted gives the rows that the JDK's DOM parser finds in it,
 * and what is rejected has a reason and a place.
 */
public final class ReaderFuzzer {

  /** The oracle knows no limits, reads DTDs, and is given characters. */
  private static final Set<RejectionReason> UNKNOWN_TO_THE_ORACLE =
      Set.of(
          RejectionReason.LIMIT_EXCEEDED,
          RejectionReason.UNKNOWN_ENTITY,
          RejectionReason.INVALID_ENCODING);

  private ReaderFuzzer() {}

  /** Called by the fuzzing engine. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    DocumentInput chosen = new DocumentInput(input, 0);
    if (!chosen.isComplete()) {
      return;
    }
    Engine engine = chosen.engine();
    byte[] document = chosen.document();
    try {
      List<OracleRecord> records = engine.records(Engine.source(document));
      checkAccepted(engine, document, records);
    } catch (RejectedException e) {
      checkRejected(engine, document, e);
    }
  }

  private static void checkAccepted(Engine engine, byte[] document, List<OracleRecord> records) {
    Optional<List<OracleRecord>> expected = oracle(engine, document);
    if (expected.isPresent() || oracleIsRight(document)) {
      assertThat(Optional.of(records)).isEqualTo(expected);
    }
  }

  private static void checkRejected(Engine engine, byte[] document, RejectedException rejection) {
    checkPlace(rejection, document.length);
    if (!UNKNOWN_TO_THE_ORACLE.contains(rejection.reason()) && oracleIsRight(document)) {
      assertWithMessage("%s: %s", rejection.reason(), rejection.getMessage())
          .that(oracle(engine, document))
          .isEmpty();
    }
  }

  static void checkPlace(RejectedException rejection, long length) {
    assertThat(rejection).hasMessageThat().isNotEmpty();
    assertThat(rejection.recordNumber()).isAtLeast(0);
    Position position = rejection.position();
    assertThat(position).isNotNull();
    assertThat(position.line()).isAtLeast(1);
    assertThat(position.column()).isAtLeast(1);
    assertThat(position.byteOffset()).isAtLeast(0);
    assertThat(position.byteOffset()).isAtMost(length);
  }

  /** What the oracle finds, if it takes the document. */
  private static Optional<List<OracleRecord>> oracle(Engine engine, byte[] document) {
    try {
      return Optional.of(DomOracle.read(text(document), engine.mapping()));
    } catch (OracleRejection | RejectedException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /**
   * The document as the JDK decodes it. Its XML parser isn't given the bytes: it knows fewer
   * encodings, and puts replacement characters where bytes are wrong.
   */
  private static String text(byte[] document) throws RejectedException, CharacterCodingException {
    Encoding encoding =
        Encoding.detect(Arrays.copyOf(document, Math.min(document.length, Encoding.HEAD_LENGTH)));
    int mark = encoding.byteOrderMarkLength();
    ByteBuffer bytes = ByteBuffer.wrap(document, mark, document.length - mark);
    return encoding.charset().newDecoder().decode(bytes).toString();
  }

  /**
   * Whether the oracle's word counts. We skip a DOCTYPE, and the JDK's parser reads it: it may find
   * it broken, and may normalize attributes by it. And it takes some good documents of XML 1.1 for
   * broken ones.
   */
  private static boolean oracleIsRight(byte[] document) {
    try {
      String text = text(document);
      return !text.contains("<!DOCTYPE") && !declaration(text).contains("1.1");
    } catch (RejectedException | CharacterCodingException e) {
      return true;
    }
  }

  private static String declaration(String text) {
    return text.startsWith("<?xml") ? text.substring(0, Math.max(0, text.indexOf("?>"))) : "";
  }
}
