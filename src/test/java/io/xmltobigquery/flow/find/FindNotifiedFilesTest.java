package io.xmltobigquery.flow.find;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.xmltobigquery.Collected;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FakeCloudStorage.Kind;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.OwnFiles;
import io.xmltobigquery.options.InputPattern;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.Metrics;
import io.xmltobigquery.outcome.NotificationResult;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessageWithAttributesAndMessageIdCoder;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TimestampedValue;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FindNotifiedFilesTest {

  private static final byte[] CONTENT = "<Root/>".getBytes(UTF_8);

  /** In the test's own messages: the pattern that is to be listed now. */
  private static final String LISTING = "listing";

  /** The objects of the fake are from 2023. */
  private static final Duration LONG = Duration.ofDays(20_000);

  private static final Recent EVERYTHING = Recent.of(Instant.EPOCH, LONG);
  private static final Recent NOTHING = Recent.of(Instant.parse("2100-01-01T00:00:00Z"), LONG);

  private FakeCloudStorage storage;
  private int messageIds;

  @BeforeEach
  void start() throws IOException {
    storage = FakeCloudStorage.start("bucket", "dead-letter");
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  @Test
  void findsTheVersionThatANotificationTellsOf() {
    FileVersion file = put("in/a.xml");

    assertThat(find(NOTHING, stream().add(finalized(file))).files()).containsExactly(file);
  }

  /** With reading it, that is two for each small object. */
  @Test
  void oneRequestFindsAVersionThatItsObjectStillHas() {
    FileVersion file = put("in/a.xml");

    assertThat(find(EVERYTHING, stream().add(finalized(file))).files()).containsExactly(file);
    assertThat(storage.requests(Kind.METADATA)).isEqualTo(1);
    assertThat(storage.requests(Kind.LIST)).isEqualTo(0);
  }

  @Test
  void findsAVersionOnceHoweverOftenItIsTold() {
    FileVersion a = put("in/a.xml");
    FileVersion b = put("in/b.xml");

    Found found =
        find(
            EVERYTHING,
            stream()
                .add(finalized(a), finalized(b), finalized(a))
                .add(finalized(a))
                .advance(Duration.ofDays(7))
                .add(finalized(b), finalized(a)));

    assertThat(found.files()).containsExactly(a, b);
    assertThat(found.outcomes()).isEmpty();
    assertThat(found.notifications(NotificationResult.WANTED)).isEqualTo(6);
    assertThat(found.notifications(NotificationResult.DUPLICATE)).isEqualTo(4);
  }

  @Test
  void forgetsAVersionWhenItsWindowIsOver() {
    FileVersion file = put("in/a.xml");
    FindNotifiedFiles find =
        FindNotifiedFiles.of(null, ownFiles(), NOTHING, Duration.ofMinutes(10));

    Stream within = stream().add(finalized(file)).advance(Duration.ofMinutes(9));
    assertThat(find(find, within.add(finalized(file))).files()).hasSize(1);
    Stream beyond = stream().add(finalized(file)).advance(Duration.ofMinutes(11));
    assertThat(find(find, beyond.add(finalized(file))).files()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void generationsMayComeInAnyOrder(boolean newestFirst) {
    FileVersion old = put("in/a.xml");
    FileVersion now = put("in/a.xml");

    Found found =
        find(
            EVERYTHING,
            newestFirst
                ? stream().add(finalized(now)).add(finalized(old))
                : stream().add(finalized(old)).add(finalized(now)));

    assertThat(found.files()).containsExactly(now);
    assertThat(found.outcomes().get(old.toString())).isEqualTo(Outcome.SUPERSEDED);
    assertThat(found.outcomes()).hasSize(1);
  }

  @Test
  void anOlderVersionIsFoundWhereTheBucketKeepsIt() {
    storage.keepVersions("bucket");
    FileVersion old = put("in/a.xml");
    FileVersion now = put("in/a.xml");

    Found found = find(EVERYTHING, stream().add(finalized(now), finalized(old)));

    assertThat(found.files()).containsExactly(old, now);
  }

  @Test
  void anObjectThatIsGoneIsMissing() {
    FileVersion file = put("in/a.xml");
    storage.delete(file.uri());

    Found found = find(EVERYTHING, stream().add(finalized(file)));

    assertThat(found.files()).isEmpty();
    assertThat(found.outcomes()).containsExactly(file.toString(), Outcome.MISSING);
  }

  @Test
  void aNewerVersionIsFoundThoughItsOwnNotificationIsLost() {
    FileVersion old = put("in/a.xml");
    FileVersion now = put("in/a.xml");

    Found found = find(EVERYTHING, stream().add(finalized(old)));

    assertThat(found.files()).containsExactly(now);
    assertThat(found.outcomes()).containsExactly(old.toString(), Outcome.SUPERSEDED);
    assertThat(found.counter(Metrics.FILES_WITHOUT_NOTIFICATION)).isEqualTo(1);
  }

  @Test
  void aNewerVersionThatAnEarlierJobMayHaveLoadedIsNotFoundByTheOlderOne() {
    FileVersion old = put("in/a.xml");
    put("in/a.xml");

    assertThat(find(NOTHING, stream().add(finalized(old))).files()).isEmpty();
  }

  /** 400 is for an object whose key only its owner has, for example. */
  @ParameterizedTest
  @ValueSource(ints = {400, 403})
  void anObjectThatWeMayNotReadIsRejected(int status) {
    FileVersion file = put("in/a.xml");
    storage.refuseObject(file.uri(), status);

    Found found = find(NOTHING, stream().add(finalized(file)));

    assertThat(found.files()).isEmpty();
    assertThat(found.rejections()).containsExactly(RejectionReason.UNREADABLE);
    assertThat(found.outcomes()).containsExactly(file.toString(), Outcome.REJECTED);
  }

  @Test
  void otherEventsAreIgnored() {
    FileVersion file = put("in/a.xml");

    Found found =
        find(
            EVERYTHING,
            stream()
                .add(
                    with(file, "eventType", "OBJECT_DELETE"),
                    with(file, "eventType", "OBJECT_ARCHIVE"),
                    with(file, "eventType", "OBJECT_METADATA_UPDATE")));

    assertThat(found.files()).isEmpty();
    assertThat(found.malformed()).isEmpty();
    assertThat(found.notifications(NotificationResult.OTHER_EVENT)).isEqualTo(3);
  }

  @Test
  void onlyObjectsThatMatchTheInputAreFound() {
    FileVersion a = put("in/a.xml");
    FileVersion deep = put("in/deep/er/b.xml");
    FileVersion lines = put("in/line\nfeed.xml");
    FileVersion text = put("in/c.txt");
    FileVersion other = put("other/a.xml");
    FileVersion otherBucket = storage.put("gs://dead-letter/in/a.xml", CONTENT);
    InputPattern input = new InputPattern("gs://bucket/in/**.xml");

    Found found =
        find(
            FindNotifiedFiles.of(input, ownFiles(), NOTHING, LONG),
            stream()
                .add(finalized(a), finalized(deep), finalized(lines))
                .add(finalized(text), finalized(other), finalized(otherBucket)));

    assertThat(found.files()).containsExactly(a, deep, lines);
    assertThat(found.notifications(NotificationResult.NOT_MATCHING)).isEqualTo(3);
  }

  @Test
  void theJobsOwnFilesAreNeverInput() {
    FileVersion deadLetter = storage.put("gs://bucket/dead/files/bucket/a.xml#1", CONTENT);
    FileVersion held = put("temp/job-12345678-0123456789abcdef-1.held");
    FileVersion rows = put("out/orders-1.jsonl");
    FileVersion file = put("temp/a.xml");

    Found found =
        find(
            EVERYTHING,
            stream().add(finalized(deadLetter), finalized(held), finalized(rows), finalized(file)));

    assertThat(found.files()).containsExactly(file);
    assertThat(found.notifications(NotificationResult.OWN_FILE)).isEqualTo(3);
  }

  @Test
  void namesAreNotPatterns() {
    List<String> names =
        List.of(
            "in/a[1].xml",
            "in/b*.xml",
            "in/c?.xml",
            "in/{d}.xml",
            "in/x[.xml",
            "in/x[z-a].xml",
            "in/e f#%.xml",
            "in/%41.xml",
            "in/日本😀.xml",
            "in/back\\slash.xml",
            "in/line\nfeed.xml",
            "in//double.xml");
    List<FileVersion> files = names.stream().map(this::put).toList();
    // What they would match.
    List.of("in/a1.xml", "in/bb.xml", "in/cc.xml", "in/A.xml").forEach(this::put);

    Stream stream = stream();
    files.forEach(file -> stream.add(finalized(file)));
    Found found = find(EVERYTHING, stream);

    assertThat(found.files()).containsExactlyElementsIn(files);
    assertThat(found.outcomes()).isEmpty();
  }

  @Test
  void directoryPlaceholdersAreIgnored() {
    FileVersion placeholder = storage.put("gs://bucket/in/", new byte[0]);
    FileVersion empty = storage.put("gs://bucket/in/empty.xml", new byte[0]);

    Found found = find(EVERYTHING, stream().add(finalized(placeholder), finalized(empty)));

    assertThat(found.files()).containsExactly(empty);
    assertThat(found.outcomes()).isEmpty();
  }

  @Test
  void bothPayloadFormatsAreRead() {
    FileVersion a = put("in/a.xml");
    FileVersion b = put("in/b.xml");
    PubsubMessage withPayload =
        message(
            attributes(a, Map.of("payloadFormat", "JSON_API_V1")),
            "{\"kind\": \"storage#object\", \"name\": \"in/a.xml\", \"size\": \"7\"}");
    PubsubMessage without = message(attributes(b, Map.of("payloadFormat", "NONE")), "");

    assertThat(find(NOTHING, stream().add(withPayload, without)).files()).containsExactly(a, b);
  }

  @Test
  void whatIsNoNotificationIsKeptAndHoldsNothingUp() throws IOException {
    FileVersion file = put("in/a.xml");

    Found found =
        find(
            EVERYTHING,
            stream()
                .add(message(Map.of(), "hello"))
                .add(with(file, "objectGeneration", "seven"))
                .add(with(file, "objectGeneration", "99999999999999999999"))
                .add(with(file, "objectId", ""))
                .add(with(file, "bucketId", "a/b"))
                .add(with(file, "bucketId", "My_Bucket!"))
                .add(with(file, "eventType", ""))
                .add(message(Map.of("eventType", "OBJECT_FINALIZE"), "\u0000\uFFFF"))
                .add(finalized(file)));

    assertThat(found.files()).containsExactly(file);
    assertThat(found.malformed()).hasSize(8);
    assertThat(found.notifications(NotificationResult.MALFORMED)).isEqualTo(8);
    JsonNode first =
        found.malformed().stream()
            .filter(line -> line.get("attributes").isEmpty())
            .findFirst()
            .orElseThrow();
    assertThat(first.get("message").asText()).isEqualTo("attribute objectGeneration is missing");
    assertThat(first.get("message_id").asText()).isNotEmpty();
    assertThat(first.get("data").binaryValue()).isEqualTo("hello".getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "2023-01-01T00:00:00.123456Z",
        "0001-01-01T00:00:00Z",
        "+999999999-12-31T23:59:59Z",
        "-999999999-01-01T00:00:00Z"
      })
  void anyEventTimeWillDo(String eventTime) {
    FileVersion file = put("in/a.xml");

    Found found = find(EVERYTHING, stream().add(with(file, "eventTime", eventTime)));

    assertThat(found.files()).containsExactly(file);
  }

  @Test
  void nothingIsTooLate() {
    FileVersion file = put("in/a.xml");
    Instant event = Instant.parse("2023-01-01T00:00:00Z");

    Found found =
        find(
            NOTHING,
            stream()
                .advanceWatermark(event.plus(Duration.ofDays(30)))
                .add(event, with(file, "eventTime", event.toString())));

    assertThat(found.files()).containsExactly(file);
  }

  @Test
  void listingFindsWhatALostNotificationMissedAndRepeatsNothing() {
    FileVersion told = put("in/told.xml");
    FileVersion lost = put("in/lost.xml");
    FileVersion toldLater = put("in/later.xml");
    put("in/no.txt");

    Found found =
        find(
            EVERYTHING,
            stream()
                .add(finalized(told))
                .advance(Duration.ofHours(1))
                .add(listing("gs://bucket/in/*.xml"))
                .add(finalized(toldLater))
                .advance(Duration.ofHours(1))
                .add(listing("gs://bucket/in/*.xml"), finalized(told)));

    assertThat(found.files()).containsExactly(told, lost, toldLater);
    assertThat(found.outcomes()).isEmpty();
  }

  @Test
  void listingDoesNotFindWhatAnEarlierJobMayHaveLoaded() {
    FileVersion before = put("in/before.xml");
    FileVersion after = put("in/after.xml");
    Recent recent = Recent.of(after.created(), LONG);

    Found found = find(recent, stream().add(listing("gs://bucket/in/*.xml")));

    assertThat(before.created()).isLessThan(after.created());
    assertThat(found.files()).containsExactly(after);
  }

  @Test
  void listingDoesNotFindWhatMayBeForgottenAlready() {
    put("in/a.xml");
    Recent recent = Recent.of(Instant.EPOCH, Duration.ofDays(14));

    assertThat(find(recent, stream().add(listing("gs://bucket/in/*.xml"))).files()).isEmpty();
  }

  @Test
  void listingThatIsForbiddenStopsNothing() {
    FileVersion file = put("in/a.xml");
    storage.refuse(Kind.LIST, 1, 403);

    Found found =
        find(EVERYTHING, stream().add(listing("gs://bucket/**.xml")).add(finalized(file)));

    assertThat(found.files()).containsExactly(file);
  }

  @Test
  void listingLeavesOutTheJobsOwnFiles() {
    storage.put("gs://bucket/dead/files/bucket/a.xml", CONTENT);
    FileVersion file = put("in/a.xml");

    assertThat(find(EVERYTHING, stream().add(listing("gs://bucket/**.xml"))).files())
        .containsExactly(file);
  }

  private record Found(
      List<FileVersion> files,
      Map<String, Outcome> outcomes,
      List<RejectionReason> rejections,
      List<JsonNode> malformed,
      PipelineResult result) {

    long notifications(NotificationResult of) {
      return counter(Metrics.notifications(of));
    }

    long counter(String name) {
      MetricsFilter filter =
          MetricsFilter.builder()
              .addNameFilter(MetricNameFilter.named(Metrics.NAMESPACE, name))
              .build();
      return StreamSupport.stream(
              result.metrics().queryMetrics(filter).getCounters().spliterator(), false)
          .mapToLong(counter -> counter.getAttempted())
          .sum();
    }
  }

  /** What happens to the job, in its order. */
  private static final class Stream {
    private TestStream.Builder<PubsubMessage> events =
        TestStream.create(PubsubMessageWithAttributesAndMessageIdCoder.of());

    Stream add(PubsubMessage first, PubsubMessage... more) {
      events = events.addElements(first, more);
      return this;
    }

    Stream add(Instant published, PubsubMessage message) {
      events =
          events.addElements(
              TimestampedValue.of(
                  message, org.joda.time.Instant.ofEpochMilli(published.toEpochMilli())));
      return this;
    }

    /** On the clock of the wall. */
    Stream advance(Duration by) {
      events = events.advanceProcessingTime(org.joda.time.Duration.millis(by.toMillis()));
      return this;
    }

    Stream advanceWatermark(Instant to) {
      events = events.advanceWatermarkTo(org.joda.time.Instant.ofEpochMilli(to.toEpochMilli()));
      return this;
    }
  }

  private static Stream stream() {
    return new Stream();
  }

  private Found find(Recent recent, Stream stream) {
    return find(FindNotifiedFiles.of(null, ownFiles(), recent, LONG), stream);
  }

  private Found find(FindNotifiedFiles find, Stream stream) {
    TestPipeline pipeline = Collected.pipeline(storage.options());
    PCollection<PubsubMessage> events =
        pipeline.apply("Events", stream.events.advanceWatermarkToInfinity());
    PCollection<String> listings =
        events
            .apply("Listings", Filter.by(event -> event.getAttribute(LISTING) != null))
            .apply(
                "Patterns",
                MapElements.into(TypeDescriptors.strings())
                    .via(event -> event.getAttribute(LISTING)));
    PCollectionTuple found =
        events
            .apply("Messages", Filter.by(event -> event.getAttribute(LISTING) == null))
            .apply("Find", find.andListing(listings));
    Collected<FileVersion> files = Collected.of(found.get(FindFiles.FILES));
    Collected<FileOutcome> outcomes = Collected.of(found.get(FindFiles.OUTCOMES));
    Collected<byte[]> malformed = Collected.of(found.get(FindFiles.MALFORMED_MESSAGES));

    PipelineResult result = pipeline.run();

    Map<String, Outcome> byVersion = new HashMap<>();
    for (FileOutcome outcome : outcomes.elements()) {
      assertThat(byVersion.put(outcome.file().toString(), outcome.outcome())).isNull();
    }
    return new Found(
        files.elements(),
        byVersion,
        outcomes.elements().stream()
            .filter(outcome -> outcome.rejection() != null)
            .map(outcome -> outcome.rejection().reason())
            .toList(),
        malformed.elements().stream().map(FindNotifiedFilesTest::json).toList(),
        result);
  }

  private static OwnFiles ownFiles() {
    return new OwnFiles(
        List.of("gs://bucket/dead/"), List.of(), "gs://bucket/temp/", "gs://bucket/out/");
  }

  private FileVersion put(String name) {
    return storage.put("gs://bucket/" + name, CONTENT);
  }

  private PubsubMessage finalized(FileVersion file) {
    return message(attributes(file, Map.of()), "");
  }

  private PubsubMessage with(FileVersion file, String attribute, String value) {
    return message(attributes(file, Map.of(attribute, value)), "");
  }

  private PubsubMessage listing(String pattern) {
    return message(Map.of(LISTING, pattern), "");
  }

  private PubsubMessage message(Map<String, String> attributes, String data) {
    return new PubsubMessage(data.getBytes(UTF_8), attributes, "message-" + messageIds++);
  }

  private static Map<String, String> attributes(FileVersion file, Map<String, String> more) {
    String[] parts = file.uri().split("/", 4);
    Map<String, String> attributes = new HashMap<>();
    attributes.put("eventType", "OBJECT_FINALIZE");
    attributes.put("bucketId", parts[2]);
    attributes.put("objectId", parts[3]);
    attributes.put("objectGeneration", file.generation());
    attributes.put("eventTime", "2023-11-14T22:13:20.000000Z");
    attributes.put("payloadFormat", "NONE");
    attributes.put("notificationConfig", "projects/_/buckets/bucket/notificationConfigs/1");
    attributes.putAll(more);
    return attributes;
  }

  private static JsonNode json(byte @Nullable [] line) {
    try {
      return new JsonMapper().readTree(line);
    } catch (IOException e) {
      throw new AssertionError(Arrays.toString(line), e);
    }
  }
}
