package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import io.xmltobigquery.oracle.DomOracle;
import io.xmltobigquery.oracle.OracleRecord;
import io.xmltobigquery.oracle.OracleRejection;
import io.xmltobigquery.xml.DamagedSample.Form;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The sample file, cut and damaged: it is accepted only if the oracle accepts it, and then with the
 * oracle's rows.
 *
 * <p>{@code make damage} damages every byte. {@link TruncationTest} does it with a smaller file.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES)
class DamagedSampleTest {

  /** An odd number, so that both bytes of UTF-16's characters are damaged. */
  private static final int EVERY = Integer.getInteger("damage.every", 149);

  /** Reading in 27 parts takes as many threads, so not each of them is. */
  private static final int IN_PARTS_EVERY = 5;

  private static final Engine ENGINE = Engine.withDefaultMapping();

  @ParameterizedTest
  @EnumSource(Form.class)
  void theSampleIsGood(Form form) throws Exception {
    Optional<List<OracleRecord>> rows = engine(form.content(), form != Form.GZIP);
    assertThat(rows).isEqualTo(oracle(Form.PLAIN.content()));
    assertThat(rows.orElseThrow()).hasSize(26);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GZIP")
  void whatTheOracleAcceptsIsAccepted(Form form) {
    long[] tried = new long[2];
    DamagedSample.all(form, EVERY)
        .forEach(
            sample -> {
              Optional<List<OracleRecord>> rows =
                  engine(sample.bytes(), sample.at() % IN_PARTS_EVERY == 0);
              tried[rows.isPresent() ? 1 : 0]++;
              assertWithMessage("%s", sample).that(rows).isEqualTo(oracle(sample.bytes()));
            });
    System.out.printf("%s: %d rejected, %d accepted%n", form, tried[0], tried[1]);
    assertThat(tried[0]).isGreaterThan(tried[1]);
    assertThat(tried[1]).isAtLeast(1);
  }

  /** There is less of it, so more of its bytes are damaged. */
  @Test
  void compressedItHasTheSameRowsOrNone() {
    long[] tried = new long[2];
    DamagedSample.all(Form.GZIP, Math.min(EVERY, 5))
        .forEach(
            sample -> {
              // A compressed file is never entered in its middle.
              Optional<List<OracleRecord>> rows = engine(sample.bytes(), false);
              tried[rows.isPresent() ? 1 : 0]++;
              // RFC 1952 wants more errors to be found than the JDK finds.
              if (rows.isPresent()) {
                assertWithMessage("%s", sample).that(rows).isEqualTo(oracle(sample.document()));
              }
            });
    System.out.printf("%s: %d rejected, %d accepted%n", Form.GZIP, tried[0], tried[1]);
    assertThat(tried[0]).isGreaterThan(tried[1]);
  }

  private static Optional<List<OracleRecord>> engine(byte[] document, boolean inParts) {
    XmlSource stored = Engine.source(document);
    XmlSource xml =
        Packing.of(document) == Packing.GZIP
            ? new DecompressedSource(Compression.GZIP, stored)
            : stored;
    try {
      InParts sample = new InParts(ENGINE, xml, false);
      if (inParts) {
        sample.check();
      }
      sample.rejection().ifPresent(rejection -> assertThat(rejection.position()).isNotNull());
      return sample.whole().map(HeldRecords::records);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<List<OracleRecord>> oracle(byte[] document) {
    try {
      return Optional.of(DomOracle.read(document, ENGINE.mapping()));
    } catch (OracleRejection e) {
      return Optional.empty();
    }
  }
}
