package io.xmltobigquery.pubsub;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.pubsub.v1.PubsubMessage;
import io.grpc.Status;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FakeCloudStorage.Kind;
import io.xmltobigquery.files.FileVersion;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NotifierTest {

  private static final String TOPIC = "projects/my-project/topics/landed";

  private FakeCloudStorage storage;
  private FakePubsub pubsub;
  private PubsubOptions options;

  @BeforeEach
  void start() throws IOException {
    storage = FakeCloudStorage.start("bucket");
    pubsub = FakePubsub.start();
    options = storage.options().as(PubsubOptions.class);
    options.setPubsubRootUrl(pubsub.options().getPubsubRootUrl());
  }

  @AfterEach
  void stop() {
    storage.close();
    pubsub.close();
  }

  @Test
  void tellsOfTheVersionThatIsThere() throws Exception {
    storage.put("gs://bucket/in/a.xml", new byte[1]);
    FileVersion a = storage.put("gs://bucket/in/a.xml", new byte[2]);

    assertThat(Notifier.publish(options, "gs://bucket/in/*.xml", TOPIC)).isEqualTo(1);

    PubsubMessage message = pubsub.published().get(0);
    assertThat(Notification.parse(message.getAttributesMap()))
        .isEqualTo(
            new Notification(
                "OBJECT_FINALIZE",
                "bucket",
                "in/a.xml",
                Long.parseLong(a.generation()),
                a.created()));
    assertThat(message.getAttributesMap()).containsEntry("payloadFormat", "NONE");
    assertThat(message.getData().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*.xml", "**.xml", "?.xml", "d/*", "d/**", "[ab].xml", "[!a].xml", "**/*", "*"})
  void tellsOfWhatABackfillWouldLoad(String pattern) throws Exception {
    for (String name : List.of("a.xml", "b.xml", "c.txt", "d/a.xml", "d/e/f.xml", "é.xml")) {
      storage.put("gs://bucket/in/" + name, new byte[1]);
    }
    storage.put("gs://bucket/out.xml", new byte[1]);
    FileSystems.setDefaultPipelineOptions(options);
    List<String> expected = new ArrayList<>();
    for (Metadata match : FileSystems.match("gs://bucket/in/" + pattern).metadata()) {
      expected.add(match.resourceId().toString());
    }
    assertThat(expected).isNotEmpty();

    long count = Notifier.publish(options, "gs://bucket/in/" + pattern, TOPIC);

    assertThat(told()).containsExactlyElementsIn(expected);
    assertThat(count).isEqualTo(expected.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.xml", "a[1].xml", "*.xml", "what?", "{a}", "a#b c/é😀"})
  void objectOfThatVeryNameIsTheOnlyOne(String name) throws Exception {
    storage.put("gs://bucket/" + name, new byte[1]);
    storage.put("gs://bucket/a1.xml", new byte[1]);
    storage.put("gs://bucket/whats", new byte[1]);

    assertThat(Notifier.publish(options, "gs://bucket/" + name, TOPIC)).isEqualTo(1);

    assertThat(told()).containsExactly("gs://bucket/" + name);
  }

  @Test
  void directoryPlaceholdersAreLeftOut() throws Exception {
    storage.put("gs://bucket/in/", new byte[0]);
    storage.put("gs://bucket/in/empty.xml", new byte[0]);

    assertThat(Notifier.publish(options, "gs://bucket/**", TOPIC)).isEqualTo(1);
    assertThat(Notifier.publish(options, "gs://bucket/in/", TOPIC)).isEqualTo(0);

    assertThat(told()).containsExactly("gs://bucket/in/empty.xml");
  }

  @Test
  void patternMayMatchNothing() throws IOException {
    assertThat(Notifier.publish(options, "gs://bucket/*.xml", TOPIC)).isEqualTo(0);

    assertThat(pubsub.published()).isEmpty();
  }

  @Test
  void manyObjectsAreToldInFewRequestsWithoutAskingForEach() throws Exception {
    for (int i = 0; i < 5_000; i++) {
      storage.put("gs://bucket/in/%04d.xml".formatted(i), new byte[1]);
    }

    assertThat(Notifier.publish(options, "gs://bucket/in/*.xml", TOPIC)).isEqualTo(5_000);

    assertThat(told()).containsExactlyElementsIn(storage.objects());
    assertThat(storage.requests(Kind.METADATA)).isEqualTo(1);
    assertThat(pubsub.requests("Publish")).isAtMost(100);
  }

  @Test
  void nameOfAnObjectThatIsNotThereIsAnError() {
    assertThat(failure("gs://bucket/a.xml")).isEqualTo("there is no object gs://bucket/a.xml");
    assertThat(failure("gs://no-bucket/*.xml"))
        .isEqualTo("gs://no-bucket/ can't be listed: there is no bucket no-bucket");
  }

  @Test
  void missingTopicIsToldBeforeAnythingIsListed() {
    pubsub.refuse("GetTopic", Status.NOT_FOUND);

    assertThat(failure("gs://bucket/*.xml")).isEqualTo("there is no topic " + TOPIC);

    assertThat(storage.requests(Kind.LIST)).isEqualTo(0);
  }

  @Test
  void whoeverMayPublishNeedNotSeeTheTopic() throws IOException {
    storage.put("gs://bucket/a.xml", new byte[1]);
    pubsub.refuse("GetTopic", Status.PERMISSION_DENIED);

    assertThat(Notifier.publish(options, "gs://bucket/*.xml", TOPIC)).isEqualTo(1);
  }

  @Test
  void missingPermissionToPublishIsNamed() {
    storage.put("gs://bucket/a.xml", new byte[1]);
    pubsub.refuse("Publish", Status.PERMISSION_DENIED);

    assertThat(failure("gs://bucket/*.xml"))
        .isEqualTo(
            "no permission to publish to "
                + TOPIC
                + "; grant this account the role roles/pubsub.publisher on it");
  }

  @Test
  void failureOnTheWayEndsIt() {
    for (int i = 0; i < 30_000; i++) {
      storage.put("gs://bucket/%05d.xml".formatted(i), new byte[1]);
    }
    storage.before(
        Kind.LIST,
        3,
        () -> pubsub.refuse("Publish", Status.FAILED_PRECONDITION.withDescription("full")));

    String message = failure("gs://bucket/*.xml");

    assertThat(message)
        .matches(
            "Pub/Sub refuses: FAILED_PRECONDITION: full; \\d+ notifications were published before");
    assertThat(message).contains("; " + pubsub.published().size() + " notifications");
    assertThat(storage.requests(Kind.LIST)).isLessThan(30);
  }

  @Test
  void failureOfTheListingSaysWhatWasPublishedBefore() {
    for (int i = 0; i < 1_001; i++) {
      storage.put("gs://bucket/%04d.xml".formatted(i), new byte[1]);
    }
    storage.refuse(Kind.LIST, 2, 403);

    assertThat(failure("gs://bucket/*.xml"))
        .isEqualTo(
            "no permission to list the objects of bucket; 1000 notifications were published before");
    assertThat(pubsub.published()).hasSize(1_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gs://bucket | gs://bucket is a bucket; name its objects, such as 'gs://bucket/**.xml'",
        "gs://bucket/ | gs://bucket/ is a bucket; name its objects, such as 'gs://bucket/**.xml'",
        "data/*.xml | data/*.xml matches no object of Cloud Storage; give a pattern such as"
            + " 'gs://bucket/data/**.xml'",
        "gs://b*/x | gs://b*/x matches no object of Cloud Storage; give a pattern such as"
            + " 'gs://bucket/data/**.xml'",
        "gs://bucket/[.xml | gs://bucket/[.xml isn't a pattern: Unclosed character class"
      })
  void whatCanMatchNoObjectIsAProblem(String pattern, String problem) {
    assertThat(Notifier.problems(options, pattern, TOPIC)).containsExactly(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"landed", "projects/my-project/subscriptions/landed", "projects/p/topics/landed"})
  void whatIsNoTopicIsAProblem(String topic) {
    assertThat(Notifier.problems(options, "gs://bucket/a", topic))
        .containsExactly("--topic: " + topic + " is no topic; give projects/PROJECT/topics/NAME");
  }

  @Test
  void allProblemsAreToldAtOnce() {
    options.setPubsubRootUrl("localhost");

    assertThat(Notifier.problems(options, "gs://bucket", null)).hasSize(3);
  }

  private List<String> told() throws MalformedNotificationException {
    List<String> uris = new ArrayList<>();
    for (PubsubMessage message : pubsub.published()) {
      uris.add(Notification.parse(message.getAttributesMap()).uri());
    }
    return uris;
  }

  private String failure(String pattern) {
    return assertThrows(IOException.class, () -> Notifier.publish(options, pattern, TOPIC))
        .getMessage();
  }
}
