package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.Documents;
import io.xmltobigquery.oracle.OracleRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all compressions have in common; {@link DecompressedSourceTest} has the rest. */
class CompressionTest {

  private static final Engine ENGINE =
      Engine.of("/l/r", "error", "{'name': 'x', 'type': 'STRING'}");

  private static final byte[] SMALL =
      "<l><r><x>1</x></r><r><x>one and one more</x></r></l>".getBytes(UTF_8);

  /** Longer than any block, of text that compresses badly. */
  private static final byte[] LARGE = large();

  private static byte[] large() {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder("<l>");
    for (int i = 0; i < 20_000; i++) {
      text.append("<r><x>").append(Long.toHexString(random.nextLong())).append("</x></r>\n");
    }
    return text.append("</l>").toString().getBytes(UTF_8);
  }

  private static XmlSource source(Compression compression, byte[] compressed) {
    assertThat(Packing.of(compressed).compression()).isEqualTo(compression);
    return new DecompressedSource(compression, Engine.source(compressed));
  }

  private static byte[] concatenated(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @EnumSource
  void severalStreamsAreOneDocument(Compression compression) throws Exception {
    byte[] compressed =
        concatenated(
            Documents.compress(compression, Arrays.copyOfRange(LARGE, 0, 5)),
            Documents.compress(compression, new byte[0]),
            Documents.compress(compression, Arrays.copyOfRange(LARGE, 5, LARGE.length)));

    assertThat(ENGINE.records(source(compression, compressed)))
        .isEqualTo(ENGINE.records(Engine.source(LARGE)));
  }

  @ParameterizedTest
  @EnumSource
  void whatIsCutIsNamedAsDamaged(Compression compression) {
    byte[] compressed = Documents.compress(compression, SMALL);
    for (int length = 6; length < compressed.length; length++) {
      RejectedException e =
          ENGINE.rejection(
              new DecompressedSource(
                  compression, Engine.source(Arrays.copyOf(compressed, length))));

      assertWithMessage("%s bytes", length).that(e.reason()).isEqualTo(compression.corrupt());
      assertThat(e)
          .hasMessageThat()
          .startsWith("the " + compression + " data is damaged or ends too early");
      assertThat(e).hasMessageThat().doesNotContain("null");
      assertThat(e.position()).isNotNull();
    }
  }

  /** The end of the first one is in the buffer with all that is left of the second. */
  @ParameterizedTest
  @EnumSource
  void aCutSecondStreamIsNeverTakenForTheEnd(Compression compression) throws Exception {
    byte[] first = Documents.compress(compression, SMALL);
    byte[] second = Documents.compress(compression, "<!-- the end -->\n".getBytes(UTF_8));
    byte[] compressed = concatenated(first, second);
    for (int length = first.length + 1; length < compressed.length; length++) {
      assertWithMessage("%s of %s bytes", length, compressed.length)
          .that(ENGINE.rejection(source(compression, Arrays.copyOf(compressed, length))).reason())
          .isEqualTo(compression.corrupt());
    }
    assertThat(ENGINE.records(source(compression, compressed))).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsDamagedHasTheSameRowsOrNone(Compression compression) throws Exception {
    byte[] compressed = Documents.compress(compression, SMALL);
    List<OracleRecord> rows = ENGINE.records(Engine.source(SMALL));
    int rejected = 0;
    int tried = 0;
    for (int i = 0; i < compressed.length; i++) {
      for (int damage : new int[] {0x01, 0x08, 0x10, 0x80, 0xFF}) {
        byte[] damaged = compressed.clone();
        damaged[i] ^= (byte) damage;
        tried++;
        try {
          assertWithMessage("byte %s changed by %s", i, damage)
              .that(ENGINE.records(new DecompressedSource(compression, Engine.source(damaged))))
              .isEqualTo(rows);
        } catch (RejectedException e) {
          rejected++;
          // Of bzip2, what was made of damaged data is seen before its checksum.
          assertWithMessage("byte %s changed by %s", i, damage)
              .that(e.reason())
              .isAnyOf(
                  compression.corrupt(), RejectionReason.LIMIT_EXCEEDED, RejectionReason.NOT_XML);
        }
      }
    }
    // What is accepted is damaged where nothing has a meaning, such as the time in a gzip header.
    assertThat(rejected).isAtLeast(tried * 3 / 4);
  }

  @ParameterizedTest
  @EnumSource
  void aFailureToReadIsNoFaultOfTheFile(Compression compression) {
    byte[] compressed = Documents.compress(compression, LARGE);
    for (int good = 0; good < compressed.length; good += 1 + good / 2) {
      XmlSource source =
          new DecompressedSource(compression, FailingStream.source(compressed, good));

      IOException failure = assertThrows(IOException.class, () -> ENGINE.records(source));

      assertThat(failure).hasMessageThat().isEqualTo(FailingStream.MESSAGE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void expandsOnlySoFar(Compression compression) {
    byte[] compressed =
        Documents.compress(compression, ("<l>" + " ".repeat(500_000) + "</l>").getBytes(UTF_8));

    RejectedException e =
        ENGINE.rejection(
            new DecompressedSource(compression, Engine.source(compressed), 100_000, 20, 1 << 20));

    assertThat(e.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(e)
        .hasMessageThat()
        .startsWith("the " + compression + " data expands to more than 20 times its size");
  }

  @ParameterizedTest
  @EnumSource
  void faultsAreLocatedInTheUncompressedBytes(Compression compression) {
    String document = new String(LARGE, UTF_8).replace("</l>", "<k/></l>");

    RejectedException e =
        ENGINE.rejection(
            source(compression, Documents.compress(compression, document.getBytes(UTF_8))));

    assertThat(e.position()).isEqualTo(new Position(20_001, 1, document.indexOf("<k/>")));
  }

  @ParameterizedTest
  @EnumSource
  void onlyOneCompressionIsTakenAway(Compression compression) {
    byte[] twice = Documents.compress(Compression.GZIP, Documents.compress(compression, SMALL));

    RejectedException e = ENGINE.rejection(source(Compression.GZIP, twice));

    assertThat(e.reason()).isEqualTo(RejectionReason.NOT_XML);
    assertThat(e).hasMessageThat().startsWith("this is " + compression + " data inside of");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PK\3\4", "7z\274\257\47\34", "Rar!\32\7", "\37\235\220"})
  void whatIsNotReadIsNamed(String head) {
    byte[] bytes = head.getBytes(ISO_8859_1);

    RejectedException e = ENGINE.rejection(bytes);

    assertThat(e.reason()).isEqualTo(RejectionReason.NOT_XML);
    assertThat(e).hasMessageThat().startsWith("this is " + Packing.of(bytes).description());
  }

  @Test
  void xzMayTakeALargeDictionaryAtAnyPlace() throws Exception {
    byte[] compressed =
        concatenated(
            xz(Arrays.copyOf(LARGE, 300_000), 1),
            // Its dictionary of 16 MiB, and what comes on top.
            xz(Arrays.copyOfRange(LARGE, 300_000, LARGE.length), 7));

    assertThat(ENGINE.records(source(Compression.XZ, compressed)))
        .isEqualTo(ENGINE.records(Engine.source(LARGE)));
  }

  private static byte[] xz(byte[] content, int level) throws IOException {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = new XZCompressorOutputStream(compressed, level)) {
      out.write(content);
    }
    return compressed.toByteArray();
  }

  /** A frame that wants a window of 256 MiB, and has an empty block. */
  @Test
  void zstdMayNotTakeAnyMemory() {
    byte[] frame = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) 0x90, 1, 0, 0};

    RejectedException e = ENGINE.rejection(source(Compression.ZSTD, frame));

    assertThat(e.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(e).hasMessageThat().contains("takes more memory");
  }

  @Test
  void zstdMayBeginWithAFrameToSkip() throws Exception {
    byte[] skipped = {0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0, 1, 2, 3, 4};
    byte[] compressed = concatenated(skipped, Documents.compress(Compression.ZSTD, SMALL));

    assertThat(ENGINE.records(source(Compression.ZSTD, compressed))).hasSize(2);
  }
}
