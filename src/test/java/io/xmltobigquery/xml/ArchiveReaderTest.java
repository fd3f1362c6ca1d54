package io.xmltobigquery.xml;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.Archives;
import io.xmltobigquery.Documents;
import io.xmltobigquery.xml.ArchiveReader.Bounds;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ArchiveReaderTest {

  private static final Engine ENGINE =
      Engine.of("/l/r", "error", "{'name': 'x', 'type': 'STRING'}");

  private static final Bounds USUAL = new Bounds(10_000, 100, 100L << 20, 200);

  private static final Map<String, byte[]> SMALL =
      Archives.files(
          "a.xml",
          "<l><r><x>1</x></r></l>",
          "b/c.XML",
          "<l><r><x>2</x></r><r><x>3</x></r></l>",
          "ä d",
          "\n <l/>");

  private enum Form {
    ZIP,
    STORED_ZIP,
    TAR,
    TAR_XZ;

    byte[] archive(Map<String, byte[]> files) {
      return switch (this) {
        case ZIP -> Archives.zip(files);
        case STORED_ZIP -> Archives.storedZip(files);
        case TAR -> Archives.tar(files);
        case TAR_XZ -> Documents.compress(Compression.XZ, Archives.tar(files));
      };
    }

    ArchiveReader reader(byte[] archive, Bounds bounds) {
      return switch (this) {
        case ZIP, STORED_ZIP ->
            new ArchiveReader(Packing.ZIP, Engine.source(archive), archive.length, bounds);
        case TAR -> new ArchiveReader(Packing.TAR, Engine.source(archive), 0, bounds);
        case TAR_XZ ->
            new ArchiveReader(
                Packing.TAR,
                new DecompressedSource(Compression.XZ, Engine.source(archive)),
                0,
                bounds);
      };
    }
  }

  /** What was in an archive, as far as it was read. */
  private static final class Found implements ArchiveReader.Visitor {
    private final List<String> documents = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private final List<ArchiveReader.Entry> entries = new ArrayList<>();
    private final List<RejectedException> rejected = new ArrayList<>();

    @Override
    public void document(ArchiveReader.Entry entry, XmlSource xml) throws IOException {
      entries.add(entry);
      try {
        documents.add(entry.name() + " " + ENGINE.rowCounts(xml).get(0));
      } catch (RejectedException e) {
        rejected.add(e);
        documents.add(entry.name() + " " + e.reason());
      }
    }

    @Override
    public void leftOut(ArchiveReader.Entry entry) {
      leftOut.add(entry.name() + " " + entry.size());
    }
  }

  /** What is in the files of an archive, read without a parser, which takes its time. */
  private static List<String> contents(Form form, byte[] archive)
      throws IOException, RejectedException {
    List<String> contents = new ArrayList<>();
    form.reader(archive, USUAL)
        .read(
            new ArchiveReader.Visitor() {
              @Override
              public void document(ArchiveReader.Entry entry, XmlSource xml) throws IOException {
                try (InputStream in = xml.open(0)) {
                  contents.add(new String(in.readAllBytes(), UTF_8));
                }
              }

              @Override
              public void leftOut(ArchiveReader.Entry entry) {
                contents.add("left out");
              }
            });
    return contents;
  }

  private static Found found(Form form, byte[] archive) throws IOException, RejectedException {
    Found found = new Found();
    form.reader(archive, USUAL).read(found);
    return found;
  }

  private static RejectedException rejection(Form form, byte[] archive) {
    return assertThrows(RejectedException.class, () -> found(form, archive));
  }

  private static String records(int count) {
    Random random = new Random(5);
    StringBuilder records = new StringBuilder();
    for (int i = 0; i < count; i++) {
      records.append("<r><x>").append(Long.toHexString(random.nextLong())).append("</x></r>\n");
    }
    return records.toString();
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
  void readsAllDocumentsInTheirOrder(Form form) throws Exception {
    Found found = found(form, form.archive(SMALL));

    assertThat(found.documents).containsExactly("a.xml 1", "b/c.XML 2", "ä d 0").inOrder();
    assertThat(found.entries.stream().map(ArchiveReader.Entry::size))
        .containsExactly(22L, 37L, 6L)
        .inOrder();
    assertThat(found.leftOut).isEmpty();
  }

  /** More than is read into memory, so that what is in front of the fault is read once more. */
  @ParameterizedTest
  @EnumSource
  void faultsInLargeFilesAreLocatedInThese(Form form) throws Exception {
    String records = records(25_000);
    String bad = "<l>" + records + "<k/>" + records + "</l>";
    Map<String, byte[]> files =
        Archives.files(
            "n".repeat(200) + "1.xml",
            "<l>" + records + "</l>",
            "n".repeat(200) + "2.xml",
            bad,
            "3.xml",
            bad.replace("<l>", "<l>\n"),
            "4.xml",
            "<l><r/></l>");

    Found found = found(form, form.archive(files));

    assertThat(found.documents.stream().map(text -> text.replaceAll("^.* ", "")))
        .containsExactly("25000", "UNKNOWN_ELEMENT", "UNKNOWN_ELEMENT", "1")
        .inOrder();
    assertThat(found.rejected.get(0).position())
        .isEqualTo(new Position(25_001, 1, bad.indexOf("<k/>")));
    assertThat(found.rejected.get(1).position())
        .isEqualTo(new Position(25_002, 1, bad.indexOf("<k/>") + 1));
    assertThat(found.entries.get(1).size()).isEqualTo(bad.length());
  }

  @ParameterizedTest
  @EnumSource
  void whatIsCutIsRejected(Form form) {
    byte[] archive = form.archive(SMALL);
    // Behind the first block of zeros nothing of a tar archive is missing.
    int length = form == Form.TAR ? archive.length - 512 : archive.length;
    for (int i = 4; i < length; i++) {
      byte[] cut = Arrays.copyOf(archive, i);
      RejectedException e = assertThrows(RejectedException.class, () -> contents(form, cut));

      assertWithMessage("%s of %s bytes: %s", i, archive.length, e.getMessage())
          .that(e.reason())
          .isAnyOf(RejectionReason.CORRUPT_ARCHIVE, RejectionReason.CORRUPT_XZ);
      assertThat(e).hasMessageThat().contains("damaged or ends too early");
    }
  }

  /** Names have no checksum in zip archives, and contents have none in tar archives. */
  @ParameterizedTest
  @EnumSource
  void whatIsDamagedLosesNothingUnseen(Form form) throws Exception {
    byte[] archive = form.archive(SMALL);
    List<String> good = contents(form, archive);
    int rejected = 0;
    int tried = 0;
    for (int i = 0; i < archive.length; i++) {
      for (int damage : new int[] {0x01, 0x43, 0xFF}) {
        byte[] damaged = archive.clone();
        damaged[i] ^= (byte) damage;
        tried++;
        try {
          List<String> contents = contents(form, damaged);
          String what = "byte %s changed by %s: %s".formatted(i, damage, contents);
          assertWithMessage(what).that(contents).hasSize(3);
          if (form != Form.TAR) {
            assertWithMessage(what).that(contents).isEqualTo(good);
          }
        } catch (RejectedException e) {
          rejected++;
          assertWithMessage("byte %s changed by %s: %s", i, damage, e.getMessage())
              .that(e.reason())
              .isAnyOf(
                  RejectionReason.CORRUPT_ARCHIVE,
                  RejectionReason.CORRUPT_XZ,
                  RejectionReason.LIMIT_EXCEEDED,
                  RejectionReason.NOT_XML);
        }
      }
    }
    assertThat(rejected).isAtLeast(tried / 4);
  }

  @ParameterizedTest
  @EnumSource
  void oneArchiveBehindAnotherIsRejected(Form form) {
    byte[] archive = form.archive(SMALL);

    RejectedException e = rejection(form, concatenated(archive, archive));

    assertThat(e.reason()).isEqualTo(RejectionReason.CORRUPT_ARCHIVE);
  }

  @ParameterizedTest
  @EnumSource
  void aFailureToReadIsNoFaultOfTheArchive(Form form) {
    byte[] archive = form.archive(SMALL);
    for (int good = 0; good < archive.length; good += 13) {
      XmlSource stored = FailingStream.source(archive, good);
      XmlSource source =
          form == Form.TAR_XZ ? new DecompressedSource(Compression.XZ, stored) : stored;
      Packing packing = form == Form.ZIP || form == Form.STORED_ZIP ? Packing.ZIP : Packing.TAR;
      ArchiveReader reader = new ArchiveReader(packing, source, archive.length);

      IOException failure = assertThrows(IOException.class, () -> reader.read(new Found()));

      assertThat(failure).hasMessageThat().isEqualTo(FailingStream.MESSAGE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotXmlIsLeftOutAndTold(Form form) throws Exception {
    Map<String, byte[]> files =
        Archives.files(
            "b/",
            "",
            "b/README.txt",
            "Read me.",
            "__MACOSX/b/._a.xml",
            "\0\5\26\7",
            "._a.xml",
            "\0\5\26\7",
            "_SUCCESS",
            "",
            "b/a.xml",
            "<l/>");

    Found found = found(form, form.archive(files));

    assertThat(found.documents).containsExactly("b/a.xml 0");
    assertThat(found.leftOut)
        .containsExactly("b/README.txt 8", "__MACOSX/b/._a.xml 4", "._a.xml 4", "_SUCCESS 0");
  }

  /** What may have XML in it, or should, is a document, and a bad one. */
  @ParameterizedTest
  @EnumSource
  void whatShouldBeXmlIsADocument(Form form) throws Exception {
    Map<String, byte[]> files = Archives.files("a.xml", "no", "b.xml", "", "c", "<l>");
    files.put("d.gz", Documents.gzip("<l/>".getBytes(UTF_8)));
    files.put("e", Archives.zip(SMALL));
    files.put("f", Archives.tar(SMALL));
    files.put("g", "<l/>".getBytes(UTF_16));

    Found found = found(form, form.archive(files));

    assertThat(found.documents)
        .containsExactly(
            "a.xml NOT_XML",
            "b.xml EMPTY_FILE",
            "c TRUNCATED",
            "d.gz NOT_XML",
            "e NOT_XML",
            "f NOT_XML",
            "g 0")
        .inOrder();
    assertThat(found.rejected.get(4))
        .hasMessageThat()
        .startsWith("this is a zip archive inside of what was unpacked already");
  }

  @ParameterizedTest
  @EnumSource
  void anArchiveWithoutXmlIsRejected(Form form) {
    for (Map<String, byte[]> files :
        List.of(Archives.files(), Archives.files("b/", ""), Archives.files("a.txt", "Hi."))) {
      RejectedException e = rejection(form, form.archive(files));

      assertThat(e.reason()).isEqualTo(RejectionReason.EMPTY_FILE);
      assertThat(e).hasMessageThat().startsWith("there is no XML in a ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "6, 1, is encrypted",
    "8, 14, is compressed by LZMA",
    "8, 200, is compressed by method 200",
  })
  void whatCannotBeReadInAZipArchiveIsNamed(int at, int value, String message) {
    byte[] archive = Archives.storedZip(SMALL);
    archive[at] = (byte) value;

    RejectedException e = rejection(Form.ZIP, archive);

    assertThat(e.reason()).isEqualTo(RejectionReason.NOT_XML);
    assertThat(e).hasMessageThat().startsWith("a.xml in the zip archive " + message);
  }

  @Test
  void aFileThatIsStoredWithItsSizeBehindItIsNamed() {
    byte[] archive = Archives.storedZip(SMALL);
    archive[6] |= 8;

    RejectedException e = rejection(Form.ZIP, archive);

    assertThat(e.reason()).isEqualTo(RejectionReason.NOT_XML);
    assertThat(e).hasMessageThat().contains("a.xml in the zip archive is stored");
  }

  @Test
  void linksAreLeftOut() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry link = new TarArchiveEntry("b.xml", TarConstants.LF_SYMLINK);
      link.setLinkName("../a.xml");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
      TarArchiveEntry file = new TarArchiveEntry("c.xml");
      file.setSize(4);
      tar.putArchiveEntry(file);
      tar.write("<l/>".getBytes(UTF_8));
      tar.closeArchiveEntry();
    }

    Found found = found(Form.TAR, bytes.toByteArray());

    assertThat(found.leftOut).containsExactly("b.xml 0");
    assertThat(found.documents).containsExactly("c.xml 0");
  }

  @ParameterizedTest
  @EnumSource(names = {"ZIP", "STORED_ZIP"})
  void twoFilesOfOneNameAreRejected(Form form) {
    byte[] archive = form.archive(Archives.files("a.xml", "<l/>", "b.xml", "<l/>"));
    byte[] renamed = new String(archive, ISO_8859_1).replace("b.xml", "a.xml").getBytes(ISO_8859_1);

    assertThat(rejection(form, renamed))
        .hasMessageThat()
        .startsWith("there are two files a.xml in the archive");
  }

  @ParameterizedTest
  @EnumSource
  void thereAreOnlySoManyEntries(Form form) throws Exception {
    byte[] archive = form.archive(SMALL);
    form.reader(archive, new Bounds(3, 100, 100L << 20, 200)).read(new Found());
    ArchiveReader reader = form.reader(archive, new Bounds(2, 100, 100L << 20, 200));

    RejectedException e = assertThrows(RejectedException.class, () -> reader.read(new Found()));

    assertThat(e.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(e).hasMessageThat().contains("more than 2 entries");
  }

  @ParameterizedTest
  @EnumSource
  void namesAreOnlySoLong(Form form) throws Exception {
    var unused = found(form, form.archive(Archives.files("n".repeat(1_024), "<l/>")));

    RejectedException e = rejection(form, form.archive(Archives.files("n".repeat(1_025), "<l/>")));

    assertThat(e.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
  }

  @Test
  void whatStandsInFrontOfAnEntryIsOnlySoLong() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry header = new TarArchiveEntry("x", TarConstants.LF_GNUTYPE_LONGNAME);
      header.setSize(2_000_000);
      tar.putArchiveEntry(header);
      tar.write(new byte[2_000_000]);
      tar.closeArchiveEntry();
    }

    RejectedException e = rejection(Form.TAR, bytes.toByteArray());

    assertThat(e.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(e).hasMessageThat().contains("headers of more than 1048576 bytes");
  }

  @Test
  void aZipArchiveExpandsOnlySoFar() throws Exception {
    byte[] archive =
        Archives.zip(Archives.files("a.xml", "<l>" + " ".repeat(500_000) + "</l>", "b", "<l/>"));
    ArchiveReader reader = Form.ZIP.reader(archive, new Bounds(10, 100, 100_000, 20));

    RejectedException e = assertThrows(RejectedException.class, () -> reader.read(new Found()));

    assertThat(e.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(e).hasMessageThat().contains("more than 20 times its size");
    assertThat(found(Form.ZIP, archive).documents).hasSize(2);
  }

  @Test
  void onlySoManyFaultsAreLookedForInLargeFiles() {
    String bad = "<l>" + " ".repeat(600_000) + "<k/></l>";
    byte[] archive = Form.TAR_XZ.archive(Archives.files("a", bad, "b", bad, "c", bad, "d", bad));
    ArchiveReader reader = Form.TAR_XZ.reader(archive, new Bounds(10, 2, 100L << 20, 10_000));

    RejectedException e = assertThrows(RejectedException.class, () -> reader.read(new Found()));

    assertThat(e.reason()).isEqualTo(RejectionReason.LIMIT_EXCEEDED);
    assertThat(e).hasMessageThat().contains("more than 2 large files");
  }

  /** A download that breaks while the place of a fault is looked for leaves none open. */
  @Test
  void whatIsOpenedForAFaultIsClosed() {
    String bad = "<l>" + " ".repeat(600_000) + "<k/></l>";
    byte[] archive = Form.TAR.archive(Archives.files("a", bad));
    AtomicInteger opened = new AtomicInteger();
    AtomicInteger open = new AtomicInteger();
    XmlSource source =
        offset -> {
          open.incrementAndGet();
          InputStream bytes =
              opened.incrementAndGet() == 1
                  ? Engine.source(archive).open(offset)
                  : FailingStream.source(archive, 100).open(0);
          return new FilterInputStream(bytes) {
            @Override
            public void close() throws IOException {
              open.decrementAndGet();
              super.close();
            }
          };
        };
    ArchiveReader reader = new ArchiveReader(Packing.TAR, source, 0);

    IOException failure = assertThrows(IOException.class, () -> reader.read(new Found()));

    assertThat(failure).hasMessageThat().isEqualTo(FailingStream.MESSAGE);
    assertThat(opened.get()).isEqualTo(2);
    assertThat(open.get()).isEqualTo(0);
  }
}
