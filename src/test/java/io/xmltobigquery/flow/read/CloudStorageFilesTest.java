package io.xmltobigquery.flow.read;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.Collected;
import io.xmltobigquery.Documents;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FakeCloudStorage.Kind;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.settle.CleanUp;
import io.xmltobigquery.flow.settle.InvalidRecordLines;
import io.xmltobigquery.flow.write.jsonl.JsonLines;
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
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both passes over objects of Cloud Storage, which others overwrite and delete meanwhile. */
final class CloudStorageFilesTest {

  private static final String URI = "gs://bucket/in/a [1]#%41*.xml";
  private static final String STAGING = "gs://bucket/temp/job-1-";
  private static final long CHUNK_BYTES = 50_000;

  /** More than a file may have to be held in memory. */
  private static final int MANY_ORDERS = 1_200;

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

  private record Inspected(List<FileChunk> chunks, FileOutcome outcome) {}

  @Test
  void aLargeObjectIsReadInRangesOfOneCopy() {
    Inspected inspected = inspect(storage.put(URI, ORDERS));
    int downloads = storage.requests(Kind.MEDIA);

    assertAccepted(inspected.outcome());
    int chunks = inspected.chunks().size();
    assertThat(chunks).isGreaterThan(5);
    assertThat(parse(inspected.chunks())).hasSize(MANY_ORDERS);
    assertThat(storage.requests(Kind.REWRITE)).isEqualTo(1);
    assertThat(storage.requests(Kind.BEGIN_UPLOAD)).isEqualTo(0);
    assertThat(storage.requests(Kind.METADATA)).isEqualTo(chunks);
    assertThat(storage.requests(Kind.MEDIA)).isEqualTo(downloads + chunks);
  }

  @Test
  void aSmallObjectIsReadOnce() {
    Inspected inspected = inspect(storage.put(URI, Documents.utf8(Documents.orders(2))));
    storage.delete(URI);

    assertThat(parse(inspected.chunks())).hasSize(2);
    assertThat(storage.requests(Kind.MEDIA)).isEqualTo(1);
    assertThat(storage.requests(Kind.METADATA)).isEqualTo(0);
    assertThat(storage.requests(Kind.REWRITE)).isEqualTo(0);
  }

  @Test
  void anObjectThatGivesNoRowsIsNotCopied() {
    FileVersion bad =
        storage.put(
            "gs://bucket/in/bad.xml", Documents.utf8(Documents.orders(MANY_ORDERS) + "more"));
    FileVersion empty =
        storage.put(
            "gs://bucket/in/empty.xml",
            Documents.utf8("<Root><Orders/></Root>" + " ".repeat(600_000)));

    assertThat(inspect(bad).outcome().outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(inspect(empty).outcome().outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(storage.objects()).containsExactly(bad.uri(), empty.uri());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, MANY_ORDERS})
  void anObjectOverwrittenBeforeInspectionIsSuperseded(int orders) {
    FileVersion file = storage.put(URI, Documents.utf8(Documents.orders(orders)));
    storage.put(URI, OTHER_ORDERS);

    assertGone(inspect(file), Outcome.SUPERSEDED);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, MANY_ORDERS})
  void anObjectDeletedBeforeInspectionIsMissing(int orders) {
    FileVersion file = storage.put(URI, Documents.utf8(Documents.orders(orders)));
    storage.delete(URI);

    assertGone(inspect(file), Outcome.MISSING);
  }

  @Test
  void anObjectOverwrittenDuringInspectionIsSuperseded() {
    FileVersion file = storage.put(URI, ORDERS);
    // The first request is for the two bytes that tell whether it is compressed.
    storage.cutDownload(2, 300_000);
    storage.before(Kind.MEDIA, 3, () -> storage.put(URI, OTHER_ORDERS));

    assertGone(inspect(file), Outcome.SUPERSEDED);
  }

  @Test
  void anObjectOverwrittenDuringDecompressionIsSuperseded() {
    FileVersion file = storage.put(URI, Documents.uncompressedGzip(ORDERS));
    storage.before(
        Kind.BEGIN_UPLOAD, 1, () -> storage.put(URI, Documents.uncompressedGzip(OTHER_ORDERS)));

    assertGone(inspect(file), Outcome.SUPERSEDED);
    assertThat(storage.objects()).containsExactly(URI);
  }

  @Test
  void anObjectThatMayNotBeReadIsRejected() {
    FileVersion file = storage.put(URI, ORDERS);
    storage.refuseObject(URI, 403);

    FileOutcome outcome = inspect(file).outcome();

    assertThat(outcome.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(outcome.rejection().reason()).isEqualTo(RejectionReason.UNREADABLE);
  }

  @Test
  void anObjectOverwrittenBeforeItIsCopiedIsSuperseded() {
    FileVersion file = storage.put(URI, ORDERS);
    storage.before(Kind.REWRITE, 1, () -> storage.put(URI, OTHER_ORDERS));

    assertGone(inspect(file), Outcome.SUPERSEDED);
    assertThat(storage.objects()).containsExactly(URI);
  }

  @Test
  void anObjectDeletedBeforeItIsCopiedIsMissing() {
    FileVersion file = storage.put(URI, ORDERS);
    storage.before(Kind.REWRITE, 1, () -> storage.delete(URI));

    assertGone(inspect(file), Outcome.MISSING);
    assertThat(storage.objects()).isEmpty();
  }

  @Test
  void anObjectOverwrittenAfterInspectionGivesAllRowsOfTheAcceptedVersion() {
    Inspected inspected = inspect(storage.put(URI, ORDERS));
    storage.put(URI, OTHER_ORDERS);

    assertAccepted(inspected.outcome());
    assertAllOrders(parse(inspected.chunks()));
  }

  @Test
  void anObjectDeletedAfterInspectionGivesAllItsRows() {
    Inspected inspected = inspect(storage.put(URI, ORDERS));
    storage.delete(URI);

    assertAccepted(inspected.outcome());
    assertAllOrders(parse(inspected.chunks()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anInspectionThatIsRepeatedLeavesOneCopyForTheChunksOfBoth(boolean compressed) {
    FileVersion file = storage.put(URI, compressed ? Documents.uncompressedGzip(ORDERS) : ORDERS);
    Inspected first = inspect(file);
    Inspected second = inspect(file);

    assertAllOrders(parse(first.chunks()));
    assertAllOrders(parse(second.chunks()));
    assertThat(storage.objects()).containsExactly(URI, first.outcome().stagedFile());
    deleteStaged(second.outcome());
    assertThat(storage.objects()).containsExactly(URI);
  }

  @Test
  void anObjectIsCopiedIntoALocalTempLocation() throws IOException {
    Inspected inspected = inspect(storage.put(URI, ORDERS), dir + "/job-1-");
    storage.delete(URI);

    assertAccepted(inspected.outcome());
    assertThat(localFiles()).containsExactly(Path.of(inspected.outcome().stagedFile()));
    assertAllOrders(parse(inspected.chunks()));
    deleteStaged(inspected.outcome());
    assertThat(localFiles()).isEmpty();
  }

  @Test
  void anObjectOverwrittenWhileItIsCopiedIntoALocalTempLocationIsSuperseded() throws IOException {
    FileVersion file = storage.put(URI, ORDERS);
    deleteStaged(inspect(file, dir + "/job-1-").outcome());
    // Of all downloads, the last one is for the copy.
    int downloads = 2 * storage.requests(Kind.MEDIA);
    storage.cutDownload(downloads, 300_000);
    storage.before(Kind.MEDIA, downloads + 1, () -> storage.put(URI, OTHER_ORDERS));

    assertGone(inspect(file, dir + "/job-1-"), Outcome.SUPERSEDED);
    assertThat(storage.requests(Kind.MEDIA)).isEqualTo(downloads + 1);
    assertThat(localFiles()).isEmpty();
  }

  @Test
  void whereVersionsAreKeptAnObjectMayBeOverwrittenAtAnyTime() {
    storage.keepVersions("bucket");
    FileVersion file = storage.put(URI, ORDERS);
    storage.put(URI, OTHER_ORDERS);

    Inspected inspected = inspect(file);
    storage.delete(URI);

    assertAccepted(inspected.outcome());
    assertAllOrders(parse(inspected.chunks()));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, MANY_ORDERS})
  void bytesDecideWhatIsCompressedAndNotTheContentEncoding(int orders) {
    byte[] plain = Documents.utf8(Documents.orders(orders));
    byte[] compressed = Documents.gzip(plain);

    for (FileVersion file :
        List.of(
            storage.put("gs://bucket/in/named.xml", compressed, "gzip"),
            storage.put("gs://bucket/in/unnamed.xml", compressed),
            storage.put("gs://bucket/in/misnamed.xml", plain, "gzip"))) {
      Inspected inspected = inspect(file);

      assertThat(inspected.outcome().outcome()).isEqualTo(Outcome.ACCEPTED);
      assertThat(parse(inspected.chunks())).hasSize(orders);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStagedCopyIsDeletedInTheEnd(boolean compressed) {
    byte[] content = compressed ? Documents.uncompressedGzip(ORDERS) : ORDERS;
    FileOutcome outcome = inspect(storage.put(URI, content)).outcome();
    assertThat(storage.objects()).containsExactly(URI, outcome.stagedFile());
    assertThat(storage.content(outcome.stagedFile())).isEqualTo(ORDERS);

    for (int attempt = 1; attempt <= 2; attempt++) {
      deleteStaged(outcome);
    }

    assertThat(storage.objects()).containsExactly(URI);
  }

  private void deleteStaged(FileOutcome outcome) {
    TestPipeline pipeline = Collected.pipeline(storage.options());
    pipeline.apply(Create.of(outcome)).apply(CleanUp.create());
    pipeline.run();
  }

  private List<Path> localFiles() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.toList();
    }
  }

  private Inspected inspect(FileVersion file) {
    return inspect(file, STAGING);
  }

  private Inspected inspect(FileVersion file, String stagingPrefix) {
    TestPipeline pipeline = Collected.pipeline(storage.options());
    PCollectionTuple inspected =
        pipeline
            .apply(Create.of(file))
            .apply(
                Inspect.with(
                    mapping,
                    new Limits(Limits.DEFAULT_MAX_RECORD_BYTES),
                    CHUNK_BYTES,
                    false,
                    stagingPrefix));
    Collected<FileChunk> chunks = Collected.of(inspected.get(Inspect.CHUNKS));
    Collected<FileOutcome> outcomes = Collected.of(inspected.get(Inspect.OUTCOMES));
    pipeline.run();
    assertThat(outcomes.elements()).hasSize(1);
    return new Inspected(chunks.elements(), outcomes.elements().get(0));
  }

  private List<String> parse(List<FileChunk> chunks) {
    TestPipeline pipeline = Collected.pipeline(storage.options());
    Collected<KV<String, byte[]>> blocks = Collected.of(parse(pipeline, chunks));
    pipeline.run();
    return blocks.elements().stream()
        .flatMap(block -> Stream.of(new String(block.getValue(), UTF_8).split("\n")))
        .toList();
  }

  private PCollection<KV<String, byte[]>> parse(TestPipeline pipeline, List<FileChunk> chunks) {
    Parse<KV<String, byte[]>> parse =
        Parse.into(
            new JsonLines(false),
            mapping,
            new Limits(Limits.DEFAULT_MAX_RECORD_BYTES),
            false,
            new LargeInvalidRecords("none/", new InvalidRecordLines()));
    return pipeline.apply(Create.of(chunks)).apply(parse).get(parse.rows());
  }

  private static void assertAccepted(FileOutcome outcome) {
    assertThat(outcome.outcome()).isEqualTo(Outcome.ACCEPTED);
    assertThat(outcome.tables()).contains(new TableRows("orders", MANY_ORDERS, 0));
  }

  private static void assertAllOrders(List<String> rows) {
    assertThat(rows).hasSize(MANY_ORDERS);
    assertThat(String.join("\n", rows)).doesNotContain("ODENS");
  }

  private static void assertGone(Inspected inspected, Outcome outcome) {
    assertThat(inspected.outcome().outcome()).isEqualTo(outcome);
    assertThat(inspected.outcome().tables()).isEmpty();
    assertThat(inspected.chunks()).isEmpty();
  }
}
