package io.xmltobigquery.flow.read;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.xmltobigquery.Collected;
import io.xmltobigquery.Documents;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.settle.CleanUp;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.FileOutcome.TableRows;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.RejectionReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InspectTest {

  private static final long LARGE_CHUNKS = 1 << 30;

  /** More than a file may have to be held in memory. */
  private static final int MANY_ORDERS = 1_200;

  @TempDir Path dir;

  private record Inspected(List<FileChunk> chunks, List<FileOutcome> outcomes) {

    FileOutcome outcome() {
      assertThat(outcomes).hasSize(1);
      return outcomes.get(0);
    }
  }

  @Test
  void aSmallFileTravelsInItsChunk() throws IOException {
    String document = Documents.orders(3);
    FileVersion file = file("a.xml", document);

    Inspected inspected = inspect(file);

    assertAccepted(inspected.outcome(), file, 0, 3);
    FileChunk chunk = inspected.chunks().get(0);
    assertThat(inspected.chunks()).hasSize(1);
    assertThat(chunk.file()).isEqualTo(file);
    assertThat(chunk.chunk().records()).isEqualTo(3);
    assertThat(((FileContent.Inline) chunk.content()).bytes()).isEqualTo(Documents.utf8(document));
  }

  @Test
  void aLargeFileIsCutIntoChunks() throws IOException {
    FileVersion file = file("a.xml", Documents.orders(MANY_ORDERS));
    assertThat(file.size()).isGreaterThan(512 * 1024);

    Inspected inspected = inspect(100_000, file);

    assertAccepted(inspected.outcome(), file, 0, MANY_ORDERS);
    assertThat(inspected.chunks().size()).isGreaterThan(3);
    assertThat(inspected.chunks().stream().mapToLong(chunk -> chunk.chunk().records()).sum())
        .isEqualTo(MANY_ORDERS);
    for (FileChunk chunk : inspected.chunks()) {
      assertThat(chunk.content()).isEqualTo(new FileContent.Stored(file));
    }
  }

  @Test
  void countsTheRowsOfEveryTable() throws IOException {
    FileVersion file = sample("customer-orders.xml");

    Inspected inspected = inspect(file);

    assertAccepted(inspected.outcome(), file, 4, 22);
    assertThat(inspected.outcome().started()).isAtMost(inspected.outcome().finished());
  }

  @Test
  void aFileWithoutRecordsIsAcceptedWithoutChunks() throws IOException {
    FileVersion file = sample("empty_data.xml");

    Inspected inspected = inspect(file);

    assertAccepted(inspected.outcome(), file, 0, 0);
    assertThat(inspected.chunks()).isEmpty();
  }

  @Test
  void countsInvalidRecordsWhereTheyAreAllowed() throws IOException {
    String bad = Documents.order(2).replace("<ShipVia>2<", "<ShipVia>two<");
    FileVersion file =
        file("a.xml", Documents.ordersOf(Documents.order(1) + bad + Documents.order(3)));

    Inspected rejected = inspect(file);
    Inspected allowed = run(new Settings(LARGE_CHUNKS, true), file);

    assertRejected(rejected, file, RejectionReason.INVALID_VALUE);
    assertThat(rejected.outcome().rejection().recordNumber()).isEqualTo(2);
    assertThat(allowed.outcome().outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(allowed.outcome().tables())
        .containsExactly(new TableRows("customers", 0, 0), new TableRows("orders", 2, 1))
        .inOrder();
    assertThat(allowed.chunks()).hasSize(1);
  }

  @Test
  void brokenXmlRejectsTheFileAlsoWhereInvalidRecordsAreAllowed() throws IOException {
    FileVersion file = file("a.xml", Documents.orders(3).replace("</Root>", ""));

    assertRejected(run(new Settings(LARGE_CHUNKS, true), file), file, RejectionReason.TRUNCATED);
  }

  @Test
  void everyKindOfBadFileIsRejectedWithItsReason() throws IOException {
    Map<FileVersion, RejectionReason> expected = new HashMap<>();
    badDocuments()
        .forEach(
            (reason, contents) -> {
              for (byte[] content : contents) {
                expected.put(file(reason + "-" + expected.size() + ".xml", content), reason);
              }
            });
    Set<RejectionReason> covered = EnumSet.copyOf(expected.values());
    assertThat(EnumSet.complementOf(EnumSet.copyOf(covered)))
        .containsExactly(RejectionReason.UNREADABLE);

    Inspected inspected =
        run(new Settings(LARGE_CHUNKS, false), expected.keySet().toArray(new FileVersion[0]));

    assertThat(inspected.chunks()).isEmpty();
    assertThat(inspected.outcomes()).hasSize(expected.size());
    for (FileOutcome outcome : inspected.outcomes()) {
      assertWithMessage("%s", outcome)
          .that(outcome.rejection().reason())
          .isEqualTo(expected.get(outcome.file()));
      assertThat(outcome.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(outcome.tables()).isEmpty();
      assertWithMessage("%s", outcome).that(outcome.rejection().position()).isNotNull();
      assertThat(outcome.rejection().message()).isNotEmpty();
    }
  }

  private static Map<RejectionReason, List<byte[]>> badDocuments() throws IOException {
    Map<RejectionReason, List<byte[]>> documents = new HashMap<>();
    String good = Documents.orders(2);
    byte[] zipped = Documents.gzip(Documents.utf8(Documents.orders(20)));
    documents.put(RejectionReason.EMPTY_FILE, List.of(new byte[0], Documents.gzip(new byte[0])));
    documents.put(
        RejectionReason.NOT_XML,
        List.of(
            Documents.utf8("hello world"), Files.readAllBytes(Path.of("sample-data/invalid.xml"))));
    documents.put(
        RejectionReason.TRUNCATED,
        List.of(Documents.utf8(good.substring(0, 300)), Documents.gzip(Documents.utf8("<Root><"))));
    documents.put(
        RejectionReason.CONTENT_AFTER_ROOT,
        List.of(Documents.utf8(good + "more"), Documents.utf8(good + good)));
    documents.put(
        RejectionReason.NOT_WELL_FORMED, List.of(Documents.utf8("<Root><Orders></Root>")));
    documents.put(
        RejectionReason.INVALID_ENCODING,
        List.of(
            good.getBytes(ISO_8859_1),
            Documents.utf8("<?xml version='1.0' encoding='x'?>" + good)));
    documents.put(
        RejectionReason.UNKNOWN_ENTITY,
        List.of(Documents.utf8("<!DOCTYPE Root [<!ENTITY e 'x'>]>" + good.replace("Gade", "&e;"))));
    documents.put(
        RejectionReason.CORRUPT_GZIP,
        List.of(
            Arrays.copyOf(zipped, 1 + zipped.length / 2),
            Arrays.copyOf(zipped, zipped.length - 1),
            withLastByteChanged(zipped),
            concat(zipped, Documents.utf8("no gzip"))));
    documents.put(
        RejectionReason.LIMIT_EXCEEDED,
        List.of(Documents.utf8("<Root a='" + "x".repeat(2_000_000) + "'/>")));
    documents.put(
        RejectionReason.NO_SECTION,
        List.of(Documents.utf8("<Root/>"), Documents.gzip(Documents.utf8("<Root></Root>"))));
    documents.put(
        RejectionReason.UNKNOWN_ELEMENT,
        List.of(
            Documents.utf8(good.replace("ShipCity>", "ShipTown>")),
            Documents.utf8("<Root><Invoices/></Root>"),
            Documents.utf8("<html/>")));
    documents.put(
        RejectionReason.UNKNOWN_ATTRIBUTE,
        List.of(
            Documents.utf8(good.replace("<Order>", "<Order id='1'>")),
            Documents.utf8(good.replace("<Root>", "<Root id='1'>"))));
    documents.put(
        RejectionReason.UNEXPECTED_TEXT,
        List.of(
            Documents.utf8(good.replace("<Order>", "<Order>text")),
            Documents.utf8(good.replace("<Orders>", "<Orders>text"))));
    documents.put(
        RejectionReason.MISSING_FIELD,
        List.of(Documents.utf8(good.replace("<ShipRegion>H</ShipRegion>", ""))));
    documents.put(
        RejectionReason.REPEATED_FIELD,
        List.of(
            Documents.utf8(
                good.replace("<ShipVia>2</ShipVia>", "<ShipVia>2</ShipVia>".repeat(2)))));
    documents.put(
        RejectionReason.INVALID_VALUE,
        List.of(Documents.utf8(good.replace("<ShipVia>2<", "<ShipVia>two<"))));
    return documents;
  }

  @Test
  void aFaultAtTheEndOfALargeFileRejectsAllOfIt() throws IOException {
    String document = Documents.orders(MANY_ORDERS);
    FileVersion plain = file("a.xml", document.replace("</Root>", ""));
    FileVersion zipped = file("a.xml.gz", Documents.gzip(Documents.utf8(document + "more")));

    assertRejected(inspect(10_000, plain), plain, RejectionReason.TRUNCATED);
    assertRejected(inspect(10_000, zipped), zipped, RejectionReason.CONTENT_AFTER_ROOT);
    assertThat(staged()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 10, 12})
  void gzipDataThatIsCutOffEarlyRejectsTheFile(int length) throws IOException {
    byte[] zipped = Documents.gzip(Documents.utf8(Documents.orders(1)));
    FileVersion file = file("a.xml.gz", Arrays.copyOf(zipped, length));

    assertRejected(inspect(file), file, RejectionReason.CORRUPT_GZIP);
  }

  @Test
  void aDirectoryIsUnreadable() throws IOException {
    Files.createDirectory(dir.resolve("in.xml"));
    FileVersion file = version(dir.resolve("in.xml"));

    Inspected inspected = inspect(file);

    assertRejected(inspected, file, RejectionReason.UNREADABLE);
    assertThat(inspected.outcome().rejection().position()).isNull();
    assertThat(inspected.outcome().rejection().message()).contains("is a directory");
  }

  @Test
  void aFileThatWasDeletedIsMissing() throws IOException {
    FileVersion small = file("small.xml", Documents.orders(1));
    FileVersion large = file("large.xml", Documents.orders(MANY_ORDERS));
    Files.delete(Path.of(small.uri()));
    Files.delete(Path.of(large.uri()));

    assertGone(inspect(small), small, Outcome.MISSING);
    assertGone(inspect(large), large, Outcome.MISSING);
  }

  @Test
  void aFileThatWasOverwrittenIsSuperseded() throws IOException {
    FileVersion small = file("small.xml", Documents.orders(1));
    FileVersion large = file("large.xml", Documents.orders(MANY_ORDERS));
    FileVersion broken = file("broken.xml", "<Root>");
    file("small.xml", Documents.orders(2));
    file("large.xml", Documents.orders(1));
    file("broken.xml", "<Root><");

    assertGone(inspect(small), small, Outcome.SUPERSEDED);
    assertGone(inspect(large), large, Outcome.SUPERSEDED);
    assertGone(inspect(broken), broken, Outcome.SUPERSEDED);
  }

  @Test
  void aSmallGzipFileTravelsUncompressedInItsChunk() throws IOException {
    byte[] document = Documents.utf8(Documents.orders(3));
    FileVersion file = file("named-as-if-plain.xml", Documents.gzip(document));

    Inspected inspected = inspect(file);

    assertAccepted(inspected.outcome(), file, 0, 3);
    FileContent.Inline content = (FileContent.Inline) inspected.chunks().get(0).content();
    assertThat(content.bytes()).isEqualTo(document);
    assertThat(staged()).isEmpty();
  }

  @Test
  void aLargeGzipFileIsStagedOnceForAllItsChunks() throws IOException {
    byte[] document = Documents.utf8(Documents.orders(MANY_ORDERS));
    FileVersion file = file("a.xml.gz", Documents.gzip(document));
    assertThat(file.size()).isLessThan(100_000);

    Inspected inspected = inspect(100_000, file);

    assertAccepted(inspected.outcome(), file, 0, MANY_ORDERS);
    assertThat(inspected.chunks().size()).isGreaterThan(3);
    String staged = inspected.outcome().stagedFile();
    for (FileChunk chunk : inspected.chunks()) {
      assertThat(chunk.content()).isEqualTo(new FileContent.Staged(staged));
    }
    assertThat(staged()).containsExactly(Path.of(staged));
    assertThat(Files.readAllBytes(Path.of(staged))).isEqualTo(document);

    TestPipeline pipeline = Collected.pipeline();
    pipeline.apply(Create.of(inspected.outcomes())).apply(CleanUp.create());
    pipeline.run();
    assertThat(staged()).isEmpty();
  }

  @Test
  void whatFollowsTheLastRecordOfAGzipFileIsNeverHeldInMemory() throws IOException {
    byte[] comment = new byte[3_000_000];
    Arrays.fill(comment, (byte) ' ');
    FileVersion withRecord =
        file("a.xml.gz", Documents.gzip(concat(Documents.utf8(Documents.orders(1)), comment)));
    FileVersion withoutRecord =
        file("b.xml.gz", Documents.gzip(concat(Documents.utf8("<Root><Orders/></Root>"), comment)));

    Inspected inspected = inspect(1, withRecord);
    assertAccepted(inspected.outcome(), withRecord, 0, 1);
    FileContent.Inline content = (FileContent.Inline) inspected.chunks().get(0).content();
    assertThat(content.bytes().length).isAtMost(512 * 1024);

    Inspected empty = inspect(withoutRecord);
    assertAccepted(empty.outcome(), withoutRecord, 0, 0);
    assertThat(empty.chunks()).isEmpty();
    assertThat(staged()).isEmpty();
  }

  private static void assertAccepted(
      FileOutcome outcome, FileVersion file, long customers, long orders) {
    assertThat(outcome.file()).isEqualTo(file);
    assertWithMessage("%s", outcome).that(outcome.outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(outcome.rejection()).isNull();
    assertThat(outcome.tables())
        .containsExactly(
            new TableRows("customers", customers, 0), new TableRows("orders", orders, 0))
        .inOrder();
  }

  private static void assertRejected(
      Inspected inspected, FileVersion file, RejectionReason reason) {
    assertThat(inspected.chunks()).isEmpty();
    assertThat(inspected.outcome().file()).isEqualTo(file);
    assertThat(inspected.outcome().outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(inspected.outcome().rejection().reason()).isEqualTo(reason);
    assertThat(inspected.outcome().tables()).isEmpty();
  }

  private static void assertGone(Inspected inspected, FileVersion file, Outcome outcome) {
    assertThat(inspected.chunks()).isEmpty();
    assertThat(inspected.outcome().file()).isEqualTo(file);
    assertThat(inspected.outcome().outcome()).isEqualTo(outcome);
    assertThat(inspected.outcome().rejection()).isNull();
  }

  private record Settings(long chunkBytes, boolean allowInvalidRecords) {}

  private Inspected inspect(FileVersion file) throws IOException {
    return inspect(LARGE_CHUNKS, file);
  }

  private Inspected inspect(long chunkBytes, FileVersion file) throws IOException {
    return run(new Settings(chunkBytes, false), file);
  }

  private Inspected run(Settings settings, FileVersion... files) throws IOException {
    TestPipeline pipeline = Collected.pipeline();
    PCollectionTuple inspected =
        pipeline
            .apply(Create.of(Arrays.asList(files)))
            .apply(
                Inspect.with(
                    MappingReader.defaultMapping(),
                    new Limits(Limits.DEFAULT_MAX_RECORD_BYTES),
                    settings.chunkBytes(),
                    settings.allowInvalidRecords(),
                    dir + "/staging/"));
    Collected<FileChunk> chunks = Collected.of(inspected.get(Inspect.CHUNKS));
    Collected<FileOutcome> outcomes = Collected.of(inspected.get(Inspect.OUTCOMES));
    pipeline.run();
    return new Inspected(chunks.elements(), outcomes.elements());
  }

  private List<Path> staged() throws IOException {
    List<Path> staged = new ArrayList<>();
    if (Files.isDirectory(dir.resolve("staging"))) {
      try (var files = Files.list(dir.resolve("staging"))) {
        files.forEach(staged::add);
      }
    }
    return staged;
  }

  private static byte[] withLastByteChanged(byte[] content) {
    byte[] changed = content.clone();
    changed[changed.length - 1]++;
    return changed;
  }

  private static byte[] concat(byte[] first, byte[] second) {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.writeBytes(first);
    both.writeBytes(second);
    return both.toByteArray();
  }

  private FileVersion file(String name, String document) {
    return file(name, Documents.utf8(document));
  }

  private FileVersion file(String name, byte[] content) {
    try {
      return version(Files.write(dir.resolve(name), content));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static FileVersion sample(String name) throws IOException {
    return version(Path.of("sample-data", name).toAbsolutePath());
  }

  private static FileVersion version(Path file) throws IOException {
    return FileStore.of(PipelineOptionsFactory.create()).find(file.toString());
  }
}
