package io.xmltobigquery.flow.read;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.Collected;
import io.xmltobigquery.Documents;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FakeCloudStorage.Kind;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.held.HeldRange;
import io.xmltobigquery.flow.held.HeldRowsException;
import io.xmltobigquery.flow.settle.CleanUp;
import io.xmltobigquery.flow.write.jsonl.DirectoryOutput;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.FileOutcome.TableRows;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.xml.Limits;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading objects of Cloud Storage, which others overwrite and delete meanwhile. */
final class CloudStorageFilesTest {

  private static final String URI = "gs://bucket/in/a [1]#%41*.xml";
  private static final String HELD = "gs://bucket/temp/job-1-";
  private static final long RANGE_BYTES = 100_000;

  /** More than is held in memory. */
  private static final int MANY_ORDERS = 6_000;

  private static final byte[] ORDERS = Documents.utf8(Documents.orders(MANY_ORDERS));
  private static final byte[] OTHER_ORDERS =
      Documents.utf8(Documents.orders(MANY_ORDERS).replace("KØBEN", "ODENS"));

  private final Mapping mapping = MappingReader.defaultMapping();

  @TempDir Path dir;

  private FakeCloudStorage storage;

  @BeforeEach
  void start() throws IOException {
    storage = FakeCloudStorage.start("bucket");
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  private record Found(List<HeldRange> ranges, FileOutcome outcome) {}

  @Test
  void aLargeObjectIsReadOnceAndItsHeldRowsInRanges() throws IOException {
    Found found = read(storage.put(URI, ORDERS));

    assertAccepted(found.outcome());
    int ranges = found.ranges().size();
    assertThat(ranges).isGreaterThan(3);
    // Two bytes, to see whether it is compressed, the beginning, for its encoding, and all of it.
    assertThat(storage.requests(Kind.MEDIA)).isEqualTo(3);
    assertThat(storage.requests(Kind.METADATA)).isEqualTo(0);
    assertThat(storage.requests(Kind.BEGIN_UPLOAD)).isEqualTo(1);
    assertThat(release(found.ranges())).hasSize(MANY_ORDERS);
    assertThat(storage.requests(Kind.METADATA)).isEqualTo(ranges);
    assertThat(storage.requests(Kind.MEDIA)).isEqualTo(3 + ranges);
    assertThat(storage.requests(Kind.REWRITE)).isEqualTo(0);
  }

  @Test
  void aSmallObjectIsReadOnce() throws IOException {
    Found found = read(storage.put(URI, Documents.utf8(Documents.orders(2))));
    storage.delete(URI);

    assertThat(release(found.ranges())).hasSize(2);
    assertThat(storage.requests(Kind.MEDIA)).isEqualTo(1);
    assertThat(storage.requests(Kind.METADATA)).isEqualTo(0);
    assertThat(storage.requests(Kind.BEGIN_UPLOAD)).isEqualTo(0);
  }

  @Test
  void anObjectThatGivesNoRowsLeavesNothing() {
    FileVersion bad =
        storage.put(
            "gs://bucket/in/bad.xml", Documents.utf8(Documents.orders(MANY_ORDERS) + "more"));
    FileVersion empty =
        storage.put(
            "gs://bucket/in/empty.xml",
            Documents.utf8("<Root><Orders/></Root>" + " ".repeat(600_000)));

    assertThat(read(bad).outcome().outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(read(empty).outcome().outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(storage.objects()).containsExactly(bad.uri(), empty.uri());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, MANY_ORDERS})
  void anObjectOverwrittenBeforeItIsReadIsSuperseded(int orders) {
    FileVersion file = storage.put(URI, Documents.utf8(Documents.orders(orders)));
    storage.put(URI, OTHER_ORDERS);

    assertGone(read(file), Outcome.SUPERSEDED);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, MANY_ORDERS})
  void anObjectDeletedBeforeItIsReadIsMissing(int orders) {
    FileVersion file = storage.put(URI, Documents.utf8(Documents.orders(orders)));
    storage.delete(URI);

    assertGone(read(file), Outcome.MISSING);
  }

  @Test
  void anObjectOverwrittenWhileItIsReadIsSuperseded() {
    FileVersion file = storage.put(URI, ORDERS);
    // The first request is for the two bytes that tell whether it is compressed.
    storage.cutDownload(2, 300_000);
    storage.before(Kind.MEDIA, 3, () -> storage.put(URI, OTHER_ORDERS));

    assertGone(read(file), Outcome.SUPERSEDED);
  }

  @Test
  void anObjectOverwrittenWhileItsRowsAreHeldGivesAllRowsOfItsVersion() throws IOException {
    FileVersion file = storage.put(URI, Documents.uncompressedGzip(ORDERS));
    storage.before(
        Kind.BEGIN_UPLOAD, 1, () -> storage.put(URI, Documents.uncompressedGzip(OTHER_ORDERS)));

    Found found = read(file);

    // The download had begun, and a download is of one version.
    assertAccepted(found.outcome());
    assertAllOrders(release(found.ranges()));
  }

  @Test
  void anObjectThatMayNotBeReadIsRejected() {
    FileVersion file = storage.put(URI, ORDERS);
    storage.refuseObject(URI, 403);

    FileOutcome outcome = read(file).outcome();

    assertThat(outcome.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(outcome.rejection().reason()).isEqualTo(RejectionReason.UNREADABLE);
  }

  /** A fault of the place where rows are held is none of the file. */
  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  void rowsThatCannotBeHeldFailTheAttempt(int status) {
    FileVersion file = storage.put(URI, ORDERS);
    storage.refuse(Kind.BEGIN_UPLOAD, 1, status);

    RuntimeException failure = assertThrows(RuntimeException.class, () -> read(file));

    assertThat(failure).hasCauseThat().isInstanceOf(HeldRowsException.class);
  }

  @Test
  void anObjectOverwrittenAfterItWasReadGivesAllRowsOfTheAcceptedVersion() throws IOException {
    Found found = read(storage.put(URI, ORDERS));
    storage.put(URI, OTHER_ORDERS);

    assertAccepted(found.outcome());
    assertAllOrders(release(found.ranges()));
  }

  @Test
  void anObjectDeletedAfterItWasReadGivesAllItsRows() throws IOException {
    Found found = read(storage.put(URI, ORDERS));
    storage.delete(URI);

    assertAccepted(found.outcome());
    assertAllOrders(release(found.ranges()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReadingThatIsRepeatedHoldsRowsOfItsOwn(boolean compressed) throws IOException {
    FileVersion file = storage.put(URI, compressed ? Documents.uncompressedGzip(ORDERS) : ORDERS);
    Found first = read(file);
    Found second = read(file);

    assertThat(storage.objects()).hasSize(1 + 2);
    assertAllOrders(release(first.ranges()));
    assertAllOrders(release(second.ranges()));
    for (int attempt = 1; attempt <= 2; attempt++) {
      cleanUp(second.outcome());
      assertThat(storage.objects()).containsExactly(URI);
    }
  }

  @Test
  void rowsOfAnObjectAreHeldInALocalTempLocation() throws IOException {
    Found found = read(storage.put(URI, ORDERS), dir + "/job-1-");
    storage.delete(URI);

    assertAccepted(found.outcome());
    assertThat(localFiles()).hasSize(1);
    assertAllOrders(release(found.ranges()));
    cleanUp(found.outcome());
    assertThat(localFiles()).isEmpty();
  }

  @Test
  void heldRowsThatAreGoneAreNeverReadAgain() {
    Found found = read(storage.put(URI, ORDERS));
    cleanUp(found.outcome());

    HeldRowsException failure =
        assertThrows(HeldRowsException.class, () -> release(found.ranges()));

    assertThat(failure).hasMessageThat().startsWith(found.outcome().heldPrefix());
    assertThat(failure).hasMessageThat().contains("docs/RUNBOOK.md");
  }

  @Test
  void whereVersionsAreKeptAnObjectMayBeOverwrittenAtAnyTime() throws IOException {
    storage.keepVersions("bucket");
    FileVersion file = storage.put(URI, ORDERS);
    storage.put(URI, OTHER_ORDERS);

    Found found = read(file);
    storage.delete(URI);

    assertAccepted(found.outcome());
    assertAllOrders(release(found.ranges()));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, MANY_ORDERS})
  void bytesDecideWhatIsCompressedAndNotTheContentEncoding(int orders) throws IOException {
    byte[] plain = Documents.utf8(Documents.orders(orders));
    byte[] compressed = Documents.gzip(plain);

    for (FileVersion file :
        List.of(
            storage.put("gs://bucket/in/named.xml", compressed, "gzip"),
            storage.put("gs://bucket/in/unnamed.xml", compressed),
            storage.put("gs://bucket/in/misnamed.xml", plain, "gzip"))) {
      Found found = read(file);

      assertThat(found.outcome().outcome()).isEqualTo(Outcome.ACCEPTED);
      assertThat(release(found.ranges())).hasSize(orders);
    }
  }

  private void cleanUp(FileOutcome outcome) {
    TestPipeline pipeline = Collected.pipeline(storage.options());
    pipeline.apply(Create.of(outcome)).apply(CleanUp.create());
    pipeline.run();
  }

  private List<Path> localFiles() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.toList();
    }
  }

  private Found read(FileVersion file) {
    return read(file, HELD);
  }

  private Found read(FileVersion file, String heldPrefix) {
    TestPipeline pipeline = Collected.pipeline(storage.options());
    PCollectionTuple found =
        pipeline
            .apply(Create.of(file))
            .apply(
                Read.with(
                    mapping,
                    new Limits(Limits.DEFAULT_MAX_RECORD_BYTES),
                    new DirectoryOutput("", mapping, false, false).encoding(),
                    false,
                    heldPrefix,
                    RANGE_BYTES));
    Collected<HeldRange> ranges = Collected.of(found.get(Read.RANGES));
    Collected<FileOutcome> outcomes = Collected.of(found.get(Read.OUTCOMES));
    pipeline.run();
    assertThat(outcomes.elements()).hasSize(1);
    return new Found(ranges.elements(), outcomes.elements().get(0));
  }

  private List<String> release(List<HeldRange> ranges) throws IOException {
    List<String> rows = new ArrayList<>();
    FileStore files = FileStore.of(storage.options());
    for (HeldRange range : ranges) {
      range.visitRows(
          files,
          (record, bytes, start, length) -> rows.add(new String(bytes, start, length, UTF_8)));
    }
    return rows;
  }

  private static void assertAccepted(FileOutcome outcome) {
    assertThat(outcome.outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(outcome.tables()).contains(new TableRows("orders", MANY_ORDERS, 0));
  }

  private static void assertAllOrders(List<String> rows) {
    assertThat(rows).hasSize(MANY_ORDERS);
    assertThat(String.join("\n", rows)).doesNotContain("ODENS");
  }

  private static void assertGone(Found found, Outcome outcome) {
    assertThat(found.outcome().outcome()).isEqualTo(outcome);
    assertThat(found.outcome().tables()).isEmpty();
    assertThat(found.ranges()).isEmpty();
  }
}
