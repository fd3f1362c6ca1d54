package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.Documents;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecompressedSourceTest {

  private static final Engine ENGINE =
      Engine.of("/l/r", "error", "{'name': 'x', 'type': 'STRING'}");

  private static byte[] concatenated(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Text that compresses badly. */
  private static String records(int count) {
    Random random = new Random(3);
    StringBuilder records = new StringBuilder();
    for (int i = 0; i < count; i++) {
      records.append("<r><x>").append(Long.toHexString(random.nextLong())).append("</x></r>\n");
    }
    return records.toString();
  }

  @Test
  void readsAllMembersAsOneDocument() throws Exception {
    byte[] document = ("<l>" + records(9_000) + "</l>").getBytes(UTF_8);
    byte[] compressed =
        concatenated(
            Documents.gzip(Arrays.copyOfRange(document, 0, 5)),
            Documents.gzip(new byte[0]),
            Documents.gzip(Arrays.copyOfRange(document, 5, 200_000)),
            Documents.gzip(Arrays.copyOfRange(document, 200_000, document.length)));
    assertThat(ENGINE.records(new DecompressedSource(Compression.GZIP, Engine.source(compressed))))
        .isEqualTo(ENGINE.records(Engine.source(document)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 8_191, 8_192, 100_000, 191_000})
  void opensAnywhere(int offset) throws Exception {
    byte[] document = new byte[191_000];
    new Random(5).nextBytes(document);
    try (InputStream in =
        new DecompressedSource(Compression.GZIP, Engine.source(Documents.gzip(document)))
            .open(offset)) {
      assertThat(in.readAllBytes())
          .isEqualTo(Arrays.copyOfRange(document, offset, document.length));
    }
  }

  @Test
  void rejectsAnEmptyDocumentAsEmpty() {
    assertThat(
            ENGINE
                .rejection(
                    new DecompressedSource(
                        Compression.GZIP, Engine.source(Documents.gzip(new byte[0]))))
                .reason())
        .isEqualTo(RejectionReason.EMPTY_FILE);
  }

  @Test
  void anEndThatComesTooEarlyIsToldInWords() {
    byte[] compressed = Documents.gzip("<l><r><x>1</x></r></l>".getBytes(UTF_8));
    for (int length = 2; length < compressed.length; length++) {
      RejectedException e =
          ENGINE.rejection(
              new DecompressedSource(
                  Compression.GZIP, Engine.source(Arrays.copyOf(compressed, length))));

      assertThat(e).hasMessageThat().startsWith("the gzip data is damaged or ends too early");
      assertThat(e).hasMessageThat().doesNotContain("null");
    }
  }

  @Test
  void takesZerosBehindTheLastMember() throws Exception {
    byte[] compressed = Documents.gzip("<l><r><x>1</x></r></l>".getBytes(UTF_8));
    byte[] padded = Arrays.copyOf(compressed, 512);

    assertThat(ENGINE.rowCounts(new DecompressedSource(Compression.GZIP, Engine.source(padded))))
        .containsExactly(1L);

    byte[] followed = concatenated(padded, compressed);
    assertThat(
            ENGINE
                .rejection(new DecompressedSource(Compression.GZIP, Engine.source(followed)))
                .reason())
        .isEqualTo(RejectionReason.CORRUPT_GZIP);
  }

  @Test
  void rejectsWhatFollowsTheLastMember() {
    byte[] compressed =
        concatenated(Documents.gzip("<l/>".getBytes(UTF_8)), "rubbish".getBytes(UTF_8));
    assertThat(
            ENGINE
                .rejection(new DecompressedSource(Compression.GZIP, Engine.source(compressed)))
                .reason())
        .isEqualTo(RejectionReason.CORRUPT_GZIP);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 10_000, 60_000, 90_000})
  void tellsWhereCorruptDataShows(int bytesLost) throws Exception {
    byte[] compressed = Documents.gzip(("<l>" + records(9_000) + "</l>").getBytes(UTF_8));
    XmlSource source =
        new DecompressedSource(
            Compression.GZIP,
            Engine.source(Arrays.copyOf(compressed, compressed.length - bytesLost)));
    try (RecordReader reader = ENGINE.open(source)) {
      RejectedException rejection =
          assertThrows(
              RejectedException.class,
              () -> {
                while (reader.next()) {
                  // Known at every record, so that the fault is looked for from the last one on.
                  reader.recordEnd();
                }
              });
      assertThat(rejection.reason()).isEqualTo(RejectionReason.CORRUPT_GZIP);
      assertThat(rejection.position()).isNotNull();
    }
  }

  @Test
  void locatesFaultsInTheUncompressedBytes() {
    String document = "<l>" + records(9_000) + "<k/></l>";
    RejectedException rejection =
        ENGINE.rejection(
            new DecompressedSource(
                Compression.GZIP, Engine.source(Documents.gzip(document.getBytes(UTF_8)))));
    assertThat(rejection.position()).isEqualTo(new Position(9_001, 1, document.indexOf("<k/>")));
  }

  @Test
  void passesOnAFailureToRead() {
    byte[] compressed = Documents.gzip(("<l>" + records(9_000) + "</l>").getBytes(UTF_8));
    for (int good = 0; good < compressed.length; good += 1 + good / 3) {
      XmlSource source =
          new DecompressedSource(Compression.GZIP, FailingStream.source(compressed, good));
      IOException failure = assertThrows(IOException.class, () -> ENGINE.records(source));
      assertThat(failure).hasMessageThat().isEqualTo(FailingStream.MESSAGE);
    }
  }

  @Test
  void rejectsWhatExpandsMoreThanItMay() {
    byte[] document = ("<l>" + records(9_000) + "</l>").getBytes(UTF_8);
    byte[] compressed = Documents.gzip(document);
    assertThat(document.length).isGreaterThan(2 * compressed.length);
    RejectedException rejection =
        ENGINE.rejection(
            new DecompressedSource(
                Compression.GZIP, Engine.source(compressed), 64 * 1024, 2, 1 << 20));
    assertThat(rejection.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(rejection).hasMessageThat().contains("2 times");
    assertThat(rejection.position().byteOffset()).isEqualTo(64 * 1024);
  }

  @Test
  void readsWhatExpandsAsMuchAsItMay() throws Exception {
    byte[] compressed = Documents.gzip(("<l>" + records(9_000) + "</l>").getBytes(UTF_8));
    assertThat(
            ENGINE.rowCounts(
                new DecompressedSource(Compression.GZIP, Engine.source(compressed), 0, 3, 1 << 20)))
        .containsExactly(9_000L);
  }

  @Test
  void mayExpand200TimesBeyond100MebibytesByDefault() {
    DecompressedSource source =
        new DecompressedSource(Compression.GZIP, Engine.source(new byte[0]));
    assertThat(source.unsuspectedBytes).isEqualTo(100 << 20);
    assertThat(source.maxExpansion).isEqualTo(200);
  }

  @Test
  void countsWhatManySmallMembersExpandTo() {
    byte[] member = Documents.gzip(records(500).getBytes(UTF_8));
    // The gunzipper reads 8 KiB ahead for each of them.
    assertThat(member.length).isLessThan(8 * 1024);
    RejectedException rejection =
        ENGINE.rejection(
            new DecompressedSource(Compression.GZIP, document(member, 20), 64 * 1024, 2, 1 << 20));
    assertThat(rejection.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(rejection).hasMessageThat().contains("2 times");
  }

  @Test
  void readsALargeFileThatCompressesWell() throws Exception {
    String record = "<r><x>the same in each record</x></r>\n";
    byte[] member = Documents.gzip((records(500) + record.repeat(30_000)).getBytes(UTF_8));
    assertThat(ENGINE.rowCounts(new DecompressedSource(Compression.GZIP, document(member, 110))))
        .containsExactly(110 * 30_500L);
  }

  /** Opening it where the record is would gunzip all that comes before, for each of them. */
  @Test
  void findingInvalidRecordsTakesOneMoreReading() throws Exception {
    String comment = "<!-- " + records(10_000).replaceAll("[<>/rx]+", " ") + " -->";
    String records = (comment + "<r/>").repeat(3) + comment + "<r><k/></r>";
    byte[] member = Documents.gzip(records.getBytes(UTF_8));
    GeneratedFile file = document(member, 60);
    AtomicLong read = new AtomicLong();
    XmlSource counted =
        offset ->
            new FilterInputStream(file.open(offset)) {
              @Override
              public int read(byte[] target, int targetOffset, int length) throws IOException {
                int count = super.read(target, targetOffset, length);
                read.addAndGet(Math.max(0, count));
                return count;
              }
            };

    ReadDocument<HeldRecords> document =
        ENGINE.readAllowingInvalidRecords(
            new DecompressedSource(Compression.GZIP, counted), List.of());

    List<InvalidRecord> invalid = HeldRecords.invalidRecords(document);
    assertThat(invalid).hasSize(60);
    for (int i = 0; i < 60; i++) {
      assertThat(invalid.get(i).position().byteOffset())
          .isEqualTo("<l>".length() + (i + 1L) * records.length() - "<k/></r>".length());
    }
    // Once to learn the encoding, which takes a block or two.
    assertThat(read.get()).isLessThan(2 * file.size() + 1_000_000);
  }

  @Test
  void rejectsTooManyMembersWithoutText() {
    XmlSource source = document(Documents.gzip(new byte[0]), 2_000);
    RejectedException rejection =
        ENGINE.rejection(new DecompressedSource(Compression.GZIP, source, 1 << 20, 200, 16 * 1024));
    assertThat(rejection.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(rejection).hasMessageThat().contains("no text");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x08, 0x10})
  void rejectsALongHeader(int nameOrComment) {
    byte[] header = Arrays.copyOf(Documents.gzip(new byte[0]), 10);
    header[3] = (byte) nameOrComment;
    byte[] start = concatenated(header, "name".repeat(300_000).getBytes(UTF_8));
    RejectedException rejection =
        ENGINE.rejection(new DecompressedSource(Compression.GZIP, Engine.source(start)));
    assertThat(rejection.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(rejection).hasMessageThat().contains("no text");
  }

  /** A root element of many equal members. */
  private static GeneratedFile document(byte[] member, int times) {
    return GeneratedFile.of(Documents.gzip("<l>".getBytes(UTF_8)))
        .then(member, times)
        .then(Documents.gzip("</l>".getBytes(UTF_8)), 1);
  }
}
