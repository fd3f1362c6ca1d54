package io.xmltobigquery.flow.read;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.collect.Range;
import io.xmltobigquery.Archives;
import io.xmltobigquery.Collected;
import io.xmltobigquery.Documents;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.FileVersionCoder;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.HeldRowsException;
import io.xmltobigquery.flow.settle.CleanUp;
import io.xmltobigquery.flow.write.jsonl.DirectoryOutput;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.FileOutcome.EntryOutcome;
import io.xmltobigquery.outcome.FileOutcome.TableRows;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.xml.Compression;
import io.xmltobigquery.xml.InvalidRecord;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.Position;
import io.xmltobigquery.xml.RejectionReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReadTest {

  private static final long LARGE_RANGES = 1 << 30;

  /** More than is held in memory. */
  private static final int MANY_ORDERS = 6_000;

  private static final int ORDERS_IN_PARTS = 2_500;

  /** So that a file of as many orders is in a dozen parts. */
  private static final long PART_BYTES = 100_000;

  @TempDir Path dir;

  private record Found(List<HeldRange> ranges, List<FileOutcome> outcomes) {

    List<String> lines() throws IOException {
      List<String> lines = new ArrayList<>();
      for (HeldRange range : ranges) {
        if (!range.isOfInvalidRecords()) {
          range.visitRows(
              FileStore.of(PipelineOptionsFactory.create()),
              (record, bytes, start, length) -> lines.add(new String(bytes, start, length, UTF_8)));
        }
      }
      return lines;
    }

    /** By the number of their record in the file. */
    Map<Long, String> rows() throws IOException {
      Map<Long, String> rows = new HashMap<>();
      for (HeldRange range : ranges) {
        if (!range.isOfInvalidRecords()) {
          range.visitRows(
              FileStore.of(PipelineOptionsFactory.create()),
              (record, bytes, start, length) ->
                  assertThat(rows.put(record, new String(bytes, start, length, UTF_8))).isNull());
        }
      }
      return rows;
    }

    List<InvalidRecord> invalidRecords() throws IOException {
      List<InvalidRecord> records = new ArrayList<>();
      for (HeldRange range : ranges) {
        if (range.isOfInvalidRecords()) {
          range.visitInvalidRecords(FileStore.of(PipelineOptionsFactory.create()), records::add);
        }
      }
      return records;
    }

    FileOutcome outcome() {
      assertThat(outcomes).hasSize(1);
      return outcomes.get(0);
    }
  }

  @Test
  void theRowsOfASmallFileTravelInTheirRange() throws IOException {
    FileVersion file = file("a.xml", Documents.orders(3));

    Found found = read(file);

    assertAccepted(found.outcome(), file, 0, 3);
    assertThat(found.ranges()).hasSize(1);
    HeldRange range = found.ranges().get(0);
    assertThat(range.file()).isEqualTo(file);
    assertThat(range.rows()).isEqualTo(3);
    assertThat(range.firstRecord()).isEqualTo(1);
    assertThat(range.isStored()).isFalse();
    assertThat(found.outcome().ranges()).isEqualTo(1);
    assertThat(found.outcome().heldPrefix()).isNull();
    assertThat(found.lines()).hasSize(3);
    assertThat(held()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theRowsOfALargeFileAreHeldInAFile(boolean compressed) throws IOException {
    byte[] document = Documents.utf8(Documents.orders(MANY_ORDERS));
    FileVersion file = file("a.xml", compressed ? Documents.gzip(document) : document);

    Found found = read(400_000, file);

    assertAccepted(found.outcome(), file, 0, MANY_ORDERS);
    assertThat(found.ranges().size()).isGreaterThan(3);
    assertThat(found.outcome().ranges()).isEqualTo(found.ranges().size());
    assertThat(found.ranges().stream().mapToLong(HeldRange::rows).sum()).isEqualTo(MANY_ORDERS);
    long next = 1;
    for (HeldRange range : found.ranges()) {
      assertThat(range.isStored()).isTrue();
      assertThat(range.firstRecord()).isEqualTo(next);
      next += range.rows();
    }
    assertThat(found.lines()).containsNoDuplicates();
    assertThat(found.lines()).hasSize(MANY_ORDERS);
    assertThat(held()).hasSize(1);
    assertThat(held().get(0).toString()).startsWith(found.outcome().heldPrefix());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(held().get(0))))
        .isEqualTo("rw-------");

    cleanUp(found.outcome());
    assertThat(held()).isEmpty();
  }

  @Test
  void rowsAreTheSameHoweverTheyAreGrouped() throws IOException {
    FileVersion file = file("a.xml", Documents.orders(MANY_ORDERS));

    List<String> rows = read(file).lines();

    assertThat(read(1, file).lines()).containsExactlyElementsIn(rows).inOrder();
    assertThat(read(1, file).ranges().size()).isGreaterThan(3);
  }

  /** Whoever has no room for rows, or may not write there, has no bad file. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rowsThatCannotBeHeldFailTheAttempt(boolean broken) throws IOException {
    String document = Documents.orders(MANY_ORDERS);
    FileVersion file = file("a.xml", broken ? document + "more" : document);
    Files.writeString(dir.resolve("held"), "no directory");

    RuntimeException failure = assertThrows(RuntimeException.class, () -> read(file));

    assertThat(failure).hasCauseThat().isInstanceOf(HeldRowsException.class);
    assertThat(failure).hasMessageThat().contains("--tempLocation");
  }

  @Test
  void anAttemptThatFailsLeavesNothingToTheNextOne() throws IOException {
    FileVersion file = file("a.xml", Documents.orders(MANY_ORDERS));

    Found first = read(file);
    Found second = read(file);

    assertThat(held()).hasSize(2);
    assertThat(second.outcome().heldPrefix()).isEqualTo(first.outcome().heldPrefix());
    cleanUp(second.outcome());
    assertThat(held()).isEmpty();
  }

  @Test
  void countsTheRowsOfEveryTable() throws IOException {
    FileVersion file = sample("customer-orders.xml");

    Found found = read(file);

    assertAccepted(found.outcome(), file, 4, 22);
    assertThat(found.outcome().started()).isAtMost(found.outcome().finished());
  }

  @Test
  void aFileWithoutRecordsIsAcceptedWithoutRanges() throws IOException {
    FileVersion file = sample("empty_data.xml");

    Found found = read(file);

    assertAccepted(found.outcome(), file, 0, 0);
    assertThat(found.ranges()).isEmpty();
  }

  @Test
  void countsInvalidRecordsWhereTheyAreAllowed() throws IOException {
    String bad = Documents.order(2).replace("<ShipVia>2<", "<ShipVia>two<");
    FileVersion file =
        file("a.xml", Documents.ordersOf(Documents.order(1) + bad + Documents.order(3)));

    Found rejected = read(file);
    Found allowed = run(new Settings(LARGE_RANGES, true), file);

    assertRejected(rejected, file, RejectionReason.INVALID_VALUE);
    assertThat(rejected.outcome().rejection().recordNumber()).isEqualTo(2);
    assertThat(allowed.outcome().outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(allowed.outcome().tables())
        .containsExactly(new TableRows("customers", 0, 0), new TableRows("orders", 2, 1))
        .inOrder();
    assertThat(allowed.ranges()).hasSize(2);
  }

  @Test
  void brokenXmlRejectsTheFileAlsoWhereInvalidRecordsAreAllowed() throws IOException {
    FileVersion file = file("a.xml", Documents.orders(3).replace("</Root>", ""));

    assertRejected(run(new Settings(LARGE_RANGES, true), file), file, RejectionReason.TRUNCATED);
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
    // The default mapping takes no value from around a record.
    assertThat(EnumSet.complementOf(EnumSet.copyOf(covered)))
        .containsExactly(RejectionReason.UNREADABLE, RejectionReason.LATE_VALUE);

    Found found =
        run(new Settings(LARGE_RANGES, false), expected.keySet().toArray(new FileVersion[0]));

    assertThat(found.ranges()).isEmpty();
    assertThat(found.outcomes()).hasSize(expected.size());
    for (FileOutcome outcome : found.outcomes()) {
      assertWithMessage("%s", outcome)
          .that(outcome.rejection().reason())
          .isEqualTo(expected.get(outcome.file()));
      assertThat(outcome.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(outcome.tables()).isEmpty();
      if (outcome.rejection().reason() != RejectionReason.CORRUPT_ARCHIVE) {
        assertWithMessage("%s", outcome).that(outcome.rejection().position()).isNotNull();
      }
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
            Documents.utf8("hello world"),
            Files.readAllBytes(Path.of("sample-data/invalid.xml")),
            Documents.gzip(zipped)));
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
    documents.put(RejectionReason.CORRUPT_BZIP2, List.of(cut(Compression.BZIP2)));
    documents.put(RejectionReason.CORRUPT_XZ, List.of(cut(Compression.XZ)));
    documents.put(RejectionReason.CORRUPT_ZSTD, List.of(cut(Compression.ZSTD)));
    documents.put(
        RejectionReason.CORRUPT_ARCHIVE,
        List.of(Arrays.copyOf(Archives.zip(Archives.files("a.xml", good)), 300)));
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
        List.of(Documents.utf8(good.replace("<Order>", "<Order id='1'>"))));
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

  private static byte[] cut(Compression compression) {
    byte[] compressed = Documents.compress(compression, Documents.utf8(Documents.orders(2)));
    return Arrays.copyOf(compressed, compressed.length - 1);
  }

  @Test
  void bytesTellHowAFileIsCompressed() throws IOException {
    byte[] document = Documents.utf8(Documents.orders(3));
    FileVersion plain = file("plain.xml", document);
    List<FileVersion> files = new ArrayList<>(List.of(plain));
    for (Compression compression : Compression.values()) {
      files.add(file(compression + ".xml", Documents.compress(compression, document)));
    }

    Map<FileVersion, Found> found = readEach(new Settings(10_000, false), false, files);

    for (FileVersion file : files) {
      assertAccepted(found.get(file).outcome(), file, 0, 3);
      assertThat(found.get(file).lines()).isEqualTo(found.get(plain).lines());
    }
  }

  private static Map<String, byte[]> archived() {
    return Archives.files(
        "a.xml", Documents.orders(2), "b/README", "Hi.", "c.xml", Documents.orders(MANY_ORDERS));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anArchiveIsOneFileWhoseFilesHaveOutcomesOfTheirOwn(boolean zip) throws IOException {
    FileVersion archive =
        file("a.zip", zip ? Archives.zip(archived()) : Documents.gzip(Archives.tar(archived())));

    Found found = read(10_000, archive);

    FileOutcome outcome = found.outcome();
    assertThat(outcome.file()).isEqualTo(archive);
    assertThat(outcome.outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(outcome.ranges()).isEqualTo(found.ranges().size());
    assertThat(outcome.tables())
        .containsExactly(
            new TableRows("customers", 0, 0), new TableRows("orders", 2 + MANY_ORDERS, 0));
    assertThat(outcome.entries())
        .containsExactly(
            new EntryOutcome(
                "a.xml",
                Documents.utf8(Documents.orders(2)).length,
                Outcome.ACCEPTED,
                List.of(new TableRows("orders", 2, 0)),
                null),
            new EntryOutcome("b/README", 3, Outcome.LEFT_OUT, List.of(), null),
            new EntryOutcome(
                "c.xml",
                Documents.utf8(Documents.orders(MANY_ORDERS)).length,
                Outcome.ACCEPTED,
                List.of(new TableRows("orders", MANY_ORDERS, 0)),
                null))
        .inOrder();
    assertThat(found.ranges().stream().map(HeldRange::version).distinct())
        .containsExactly(archive.id());
    Map<String, Long> rows = new HashMap<>();
    for (HeldRange range : found.ranges()) {
      long[] visited = {0};
      range.visitRows(
          FileStore.of(PipelineOptionsFactory.create()),
          (record, bytes, start, length) -> visited[0]++);
      rows.merge(range.file().uri(), visited[0], Long::sum);
    }
    assertThat(rows)
        .containsExactly(
            archive.uri() + "!a.xml", 2L, archive.uri() + "!c.xml", (long) MANY_ORDERS);
    assertThat(held()).hasSize(1);
    cleanUp(outcome);
    assertThat(held()).isEmpty();
  }

  @Test
  void oneBadFileRejectsAnArchiveUnlessEntriesAreLoadedAlone() throws IOException {
    Map<String, byte[]> files = archived();
    files.put("d.xml", Documents.utf8("<Root><Orders>\n<Odd/></Orders></Root>"));
    files.put("e.xml", Documents.utf8(Documents.orders(1)));
    FileVersion archive = file("a.zip", Archives.zip(files));

    Found whole = read(10_000, archive);

    assertRejected(whole, archive, RejectionReason.UNKNOWN_ELEMENT);
    assertThat(whole.outcome().entries()).isEmpty();
    assertThat(whole.outcome().rejection().message()).startsWith("d.xml in the archive: ");
    assertThat(whole.outcome().rejection().position()).isEqualTo(new Position(2, 1, 15));
    assertThat(held()).isEmpty();

    Found entries = run(new Settings(10_000, false).entriesAlone(), archive);

    FileOutcome outcome = entries.outcome();
    assertThat(outcome.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(outcome.rejection().message())
        .startsWith(
            "1 of the files in the archive are bad, 3 are loaded; the first bad one is d.xml: ");
    assertThat(outcome.ranges()).isEqualTo(entries.ranges().size());
    assertThat(outcome.entries().stream().map(EntryOutcome::outcome))
        .containsExactly(
            Outcome.ACCEPTED,
            Outcome.LEFT_OUT,
            Outcome.ACCEPTED,
            Outcome.REJECTED,
            Outcome.ACCEPTED)
        .inOrder();
    assertThat(outcome.entries().get(3).rejection().position()).isEqualTo(new Position(2, 1, 15));
  }

  @Test
  void aFaultAtTheEndOfALargeFileRejectsAllOfIt() throws IOException {
    String document = Documents.orders(MANY_ORDERS);
    FileVersion plain = file("a.xml", document.replace("</Root>", ""));
    FileVersion zipped = file("a.xml.gz", Documents.gzip(Documents.utf8(document + "more")));

    Map<FileVersion, Found> found =
        readEach(new Settings(10_000, false), false, List.of(plain, zipped));

    assertRejected(found.get(plain), plain, RejectionReason.TRUNCATED);
    assertRejected(found.get(zipped), zipped, RejectionReason.CONTENT_AFTER_ROOT);
    assertThat(held()).isEmpty();
  }

  @Test
  void gzipDataThatIsCutOffEarlyRejectsTheFile() throws IOException {
    byte[] zipped = Documents.gzip(Documents.utf8(Documents.orders(1)));
    List<FileVersion> files = new ArrayList<>();
    for (int length : List.of(2, 5, 10, 12)) {
      files.add(file(length + ".xml.gz", Arrays.copyOf(zipped, length)));
    }

    readEach(new Settings(LARGE_RANGES, false), false, files)
        .forEach((file, found) -> assertRejected(found, file, RejectionReason.CORRUPT_GZIP));
  }

  @Test
  void aDirectoryIsUnreadable() throws IOException {
    Files.createDirectory(dir.resolve("in.xml"));
    FileVersion file = version(dir.resolve("in.xml"));

    Found found = read(file);

    assertRejected(found, file, RejectionReason.UNREADABLE);
    assertThat(found.outcome().rejection().position()).isNull();
    assertThat(found.outcome().rejection().message()).contains("is a directory");
  }

  @Test
  void aFileThatWasDeletedIsMissing() throws IOException {
    FileVersion small = file("small.xml", Documents.orders(1));
    FileVersion large = file("large.xml", Documents.orders(MANY_ORDERS));
    Files.delete(Path.of(small.uri()));
    Files.delete(Path.of(large.uri()));

    readEach(new Settings(LARGE_RANGES, false), false, List.of(small, large))
        .forEach((file, found) -> assertGone(found, file, Outcome.MISSING));
  }

  @Test
  void aFileThatWasOverwrittenIsSuperseded() throws IOException {
    FileVersion small = file("small.xml", Documents.orders(1));
    FileVersion large = file("large.xml", Documents.orders(MANY_ORDERS));
    FileVersion broken = file("broken.xml", "<Root>");
    file("small.xml", Documents.orders(2));
    file("large.xml", Documents.orders(1));
    file("broken.xml", "<Root><");

    readEach(new Settings(LARGE_RANGES, false), false, List.of(small, large, broken))
        .forEach((file, found) -> assertGone(found, file, Outcome.SUPERSEDED));
  }

  @Test
  void bytesTellThatAFileIsCompressed() throws IOException {
    byte[] document = Documents.utf8(Documents.orders(3));
    FileVersion file = file("named-as-if-plain.xml", Documents.gzip(document));

    Found found = read(file);

    assertAccepted(found.outcome(), file, 0, 3);
    assertThat(found.lines()).hasSize(3);
  }

  @Test
  void whatFollowsTheLastRecordOfAGzipFileIsNeverHeldInMemory() throws IOException {
    byte[] comment = new byte[3_000_000];
    Arrays.fill(comment, (byte) ' ');
    FileVersion withRecord =
        file("a.xml.gz", Documents.gzip(concat(Documents.utf8(Documents.orders(1)), comment)));
    FileVersion withoutRecord =
        file("b.xml.gz", Documents.gzip(concat(Documents.utf8("<Root><Orders/></Root>"), comment)));

    Found found = read(1, withRecord);
    assertAccepted(found.outcome(), withRecord, 0, 1);
    assertThat(found.lines()).hasSize(1);

    Found empty = read(withoutRecord);
    assertAccepted(empty.outcome(), withoutRecord, 0, 0);
    assertThat(empty.ranges()).isEmpty();
    assertThat(held()).isEmpty();
  }

  @Test
  void invalidRecordsComeWithTheirPlaceAndXml() throws IOException {
    String bad = Documents.order(2).replace("2024-05-06T", "6 May 2024 ").strip();
    FileVersion file =
        file("a.xml", Documents.ordersOf(Documents.order(1) + bad + Documents.order(3)));

    Found found = run(new Settings(LARGE_RANGES, true), file);

    assertThat(found.lines()).hasSize(2);
    assertThat(found.outcome().ranges()).isEqualTo(2);
    assertThat(found.invalidRecords()).hasSize(1);
    InvalidRecord invalid = found.invalidRecords().get(0);
    assertThat(invalid.number()).isEqualTo(2);
    assertThat(invalid.table()).isEqualTo("orders");
    assertThat(invalid.xml()).isEqualTo(bad);
    assertThat(invalid.position().line()).isEqualTo(3 + 11 + 2);
    assertThat(invalid.position().column()).isEqualTo(1);
  }

  /** Behind the first thread's part lines, columns and numbers are counted anew. */
  @Test
  void invalidRecordsOfALargeFileHaveTheirPlaceInTheWholeOfIt() throws IOException {
    int orders = 70_000;
    int wanted = orders - 10;
    String good = Documents.orders(orders);
    assertThat(good.length()).isGreaterThan(2 * 16_000_000);
    String order = Documents.order(wanted);
    String bad = order.replace("2024-05-06T", "6 May 2024 ");
    int at = good.indexOf(order);
    FileVersion file = file("a.xml", good.replace(order, bad));

    Found found = run(new Settings(LARGE_RANGES, true), file);

    assertThat(found.invalidRecords()).hasSize(1);
    InvalidRecord invalid = found.invalidRecords().get(0);
    assertThat(invalid.number()).isEqualTo(wanted);
    assertThat(invalid.xml()).isEqualTo(bad.strip());
    long linesBefore = good.substring(0, at).chars().filter(c -> c == '\n').count();
    assertThat(invalid.position().line()).isIn(Range.closed(linesBefore, linesBefore + 4));
    List<HeldRange> rows =
        found.ranges().stream().filter(range -> !range.isOfInvalidRecords()).toList();
    assertThat(rows.stream().mapToLong(HeldRange::rows).sum()).isEqualTo(orders - 1);
  }

  /** Right guesses, wrong ones, and none where one is wanted. */
  private List<String> documentsOfManyParts() {
    String orders = Documents.orders(ORDERS_IN_PARTS);
    String looksLikeOrders = Documents.order(7).repeat(2_000);
    String section = "<Orders>";
    int behind = orders.indexOf(section) + section.length();
    return List.of(
        orders,
        orders.replace("\n", "\r\n"),
        new StringBuilder(orders).insert(behind, "<!--" + looksLikeOrders + "-->").toString(),
        new StringBuilder(orders).insert(behind, "<?p " + "x".repeat(900_000) + "?>").toString(),
        orders + "<!--" + looksLikeOrders + "-->",
        orders + " ".repeat(900_000));
  }

  @Test
  void aFileThatIsSpreadIsReadAsAWhole() throws IOException {
    List<FileVersion> files = new ArrayList<>();
    for (String document : documentsOfManyParts()) {
      files.add(file(files.size() + ".xml", document));
    }
    Map<FileVersion, Found> whole = readEach(new Settings(10_000_000, false), false, files);
    Map<FileVersion, Map<Long, String>> rows = new HashMap<>();
    for (FileVersion file : files) {
      rows.put(file, whole.get(file).rows());
    }

    for (boolean streaming : List.of(false, true)) {
      Map<FileVersion, Found> spread = spread(streaming, files);

      for (FileVersion file : files) {
        Found found = spread.get(file);
        assertAccepted(found.outcome(), file, 0, ORDERS_IN_PARTS);
        assertThat(found.rows()).isEqualTo(rows.get(file));
        assertThat(found.outcome().ranges()).isEqualTo(found.ranges().size());
        assertThat(found.ranges().size()).isGreaterThan(whole.get(file).ranges().size());
      }
      cleanUp(outcomes(spread));
      assertThat(held()).isEmpty();
    }
  }

  @Test
  void whatIsWrongWithAFileThatIsSpreadIsToldAsOfTheWhole() throws IOException {
    String good = Documents.orders(ORDERS_IN_PARTS);
    String order = Documents.order(ORDERS_IN_PARTS / 2);
    List<FileVersion> files = new ArrayList<>();
    for (String bad :
        List.of(
            good.replace("</Root>", ""),
            good + "more",
            good.replace(order, order.replace("<ShipVia>2<", "<ShipVia>two<")),
            good.replace(order, order + "<Order>text</Order>"),
            good.replace(order, order.replace("</ShipVia>", "</ShipV>")))) {
      files.add(file(files.size() + ".xml", bad));
    }

    Map<FileVersion, Found> whole = readEach(new Settings(LARGE_RANGES, false), false, files);
    Map<FileVersion, Found> spread = spread(false, files);

    for (FileVersion file : files) {
      assertThat(whole.get(file).outcome().outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(spread.get(file).outcome().rejection())
          .isEqualTo(whole.get(file).outcome().rejection());
      assertThat(spread.get(file).ranges()).isEmpty();
    }
    cleanUp(outcomes(spread));
    assertThat(held()).isEmpty();
  }

  @Test
  void invalidRecordsOfAFileThatIsSpreadHaveTheirPlaceInTheWholeOfIt() throws IOException {
    String document = Documents.orders(ORDERS_IN_PARTS);
    for (int number : List.of(1, 1_000, 1_501, ORDERS_IN_PARTS)) {
      String order = Documents.order(number);
      document = document.replace(order, order.replace("2024-05-06T", "6 May 2024 "));
    }
    FileVersion file = file("a.xml", document);

    Found whole = run(new Settings(LARGE_RANGES, true), file);
    Found spread = run(new Settings(LARGE_RANGES, true, PART_BYTES), file);

    assertThat(whole.invalidRecords()).hasSize(4);
    assertThat(spread.invalidRecords()).containsExactlyElementsIn(whole.invalidRecords());
    assertThat(spread.rows()).isEqualTo(whole.rows());
  }

  @Test
  void whatCannotBeSpreadIsReadWhole() throws IOException {
    byte[] document = Documents.utf8(Documents.orders(ORDERS_IN_PARTS));
    FileVersion zipped = file("a.xml.gz", Documents.gzip(document));
    FileVersion noXml = file("b.xml", "hello ".repeat(100_000));
    FileVersion gone = file("c.xml", document);
    Files.delete(Path.of(gone.uri()));
    FileVersion overwritten = file("d.xml", document);
    file("d.xml", Documents.orders(ORDERS_IN_PARTS - 1));

    Map<FileVersion, Found> found = spread(false, List.of(zipped, noXml, gone, overwritten));

    assertAccepted(found.get(zipped).outcome(), zipped, 0, ORDERS_IN_PARTS);
    assertRejected(found.get(noXml), noXml, RejectionReason.NOT_XML);
    assertGone(found.get(gone), gone, Outcome.MISSING);
    assertGone(found.get(overwritten), overwritten, Outcome.SUPERSEDED);
  }

  private Map<FileVersion, Found> spread(boolean streaming, List<FileVersion> files)
      throws IOException {
    return readEach(new Settings(10_000_000, false, PART_BYTES), streaming, files);
  }

  private static FileOutcome[] outcomes(Map<FileVersion, Found> found) {
    return found.values().stream().map(Found::outcome).toArray(FileOutcome[]::new);
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

  private static void assertRejected(Found found, FileVersion file, RejectionReason reason) {
    assertThat(found.ranges()).isEmpty();
    assertThat(found.outcome().file()).isEqualTo(file);
    assertThat(found.outcome().outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(found.outcome().rejection().reason()).isEqualTo(reason);
    assertThat(found.outcome().tables()).isEmpty();
  }

  private static void assertGone(Found found, FileVersion file, Outcome outcome) {
    assertThat(found.ranges()).isEmpty();
    assertThat(found.outcome().file()).isEqualTo(file);
    assertThat(found.outcome().outcome()).isEqualTo(outcome);
    assertThat(found.outcome().rejection()).isNull();
  }

  private record Settings(
      long rangeBytes, boolean allowInvalidRecords, long partBytes, boolean loadsEntriesAlone) {
    Settings(long rangeBytes, boolean allowInvalidRecords) {
      this(rangeBytes, allowInvalidRecords, 0);
    }

    Settings(long rangeBytes, boolean allowInvalidRecords, long partBytes) {
      this(rangeBytes, allowInvalidRecords, partBytes, false);
    }

    Settings entriesAlone() {
      return new Settings(rangeBytes, allowInvalidRecords, partBytes, true);
    }
  }

  private Found read(FileVersion file) throws IOException {
    return read(LARGE_RANGES, file);
  }

  private Found read(long rangeBytes, FileVersion file) throws IOException {
    return run(new Settings(rangeBytes, false), file);
  }

  /** Reads files in one job, since most of what a job takes is its start, and finds each alone. */
  private Map<FileVersion, Found> readEach(
      Settings settings, boolean streaming, List<FileVersion> files) throws IOException {
    TestStream.Builder<FileVersion> stream = TestStream.create(FileVersionCoder.INSTANCE);
    for (FileVersion file : files) {
      stream = stream.addElements(file);
    }
    Found all =
        streaming
            ? run(settings, stream.advanceWatermarkToInfinity())
            : run(settings, Create.of(files));
    Map<FileVersion, Found> found = new LinkedHashMap<>();
    files.forEach(file -> found.put(file, new Found(new ArrayList<>(), new ArrayList<>())));
    all.ranges().forEach(range -> found.get(range.file()).ranges().add(range));
    all.outcomes().forEach(outcome -> found.get(outcome.file()).outcomes().add(outcome));
    return found;
  }

  private Found run(Settings settings, FileVersion... files) throws IOException {
    return run(settings, Create.of(Arrays.asList(files)));
  }

  private Found run(Settings settings, PTransform<PBegin, PCollection<FileVersion>> files)
      throws IOException {
    TestPipeline pipeline = Collected.pipeline();
    Read read =
        Read.with(
                MappingReader.defaultMapping(),
                new Limits(Limits.DEFAULT_MAX_RECORD_BYTES),
                new DirectoryOutput("", MappingReader.defaultMapping(), false, false).encoding(),
                settings.allowInvalidRecords(),
                dir + "/held/job-1-",
                settings.rangeBytes())
            .spreading(settings.partBytes());
    PCollectionTuple found =
        pipeline
            .apply(files)
            .apply(settings.loadsEntriesAlone() ? read.loadingEntriesAlone() : read);
    Collected<HeldRange> ranges = Collected.of(found.get(Read.RANGES));
    Collected<FileOutcome> outcomes = Collected.of(found.get(Read.OUTCOMES));
    pipeline.run();
    return new Found(ranges.elements(), outcomes.elements());
  }

  private static void cleanUp(FileOutcome... outcomes) {
    TestPipeline pipeline = Collected.pipeline();
    pipeline.apply(Create.of(Arrays.asList(outcomes))).apply(CleanUp.create());
    pipeline.run();
  }

  private List<Path> held() throws IOException {
    List<Path> held = new ArrayList<>();
    if (Files.isDirectory(dir.resolve("held"))) {
      try (var files = Files.list(dir.resolve("held"))) {
        files.forEach(held::add);
      }
    }
    return held;
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
