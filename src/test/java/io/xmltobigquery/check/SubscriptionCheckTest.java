package io.xmltobigquery.check;

import static com.google.common.truth.Truth.assertThat;

import com.google.protobuf.util.Durations;
import com.google.pubsub.v1.BigQueryConfig;
import com.google.pubsub.v1.CloudStorageConfig;
import com.google.pubsub.v1.PushConfig;
import com.google.pubsub.v1.Subscription;
import io.grpc.Status;
import io.xmltobigquery.pubsub.FakePubsub;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SubscriptionCheckTest {

  private static final String NAME = "projects/my-project/subscriptions/xml";
  private static final Subscription GOOD =
      Subscription.newBuilder()
          .setName(NAME)
          .setTopic("projects/my-project/topics/landed")
          .setMessageRetentionDuration(Durations.fromDays(7))
          .build();

  private FakePubsub pubsub;

  @BeforeEach
  void start() throws IOException {
    pubsub = FakePubsub.start();
  }

  @AfterEach
  void stop() {
    pubsub.close();
  }

  @Test
  void goodSubscriptionHasNoProblem() {
    assertThat(problemsOf(GOOD)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "xml",
        "projects/my-project/topics/xml",
        "projects/my-project/subscriptions/xy",
        "projects/my-project/subscriptions/x/y",
        "projects/my-project/subscriptions/googly",
        "projects/my-project/subscriptions/1st",
        "projects/My-Project/subscriptions/xml",
        "//pubsub.googleapis.com/projects/my-project/subscriptions/xml"
      })
  void whatIsNoNameIsNotAskedFor(String name) {
    assertThat(problems(name))
        .containsExactly(
            "--inputSubscription: "
                + name
                + " is not a subscription; give projects/PROJECT/subscriptions/NAME");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "projects/my-project/subscriptions/a.b-c_d~e+f%20",
        "projects/example.com:my-project/subscriptions/xml"
      })
  void oddNamesAreAskedFor(String name) {
    assertThat(problems(name))
        .containsExactly(
            "--inputSubscription: there is no subscription "
                + name
                + "; create it, for the topic of the notifications");
  }

  @Test
  void missingPermissionIsNamed() {
    pubsub.refuse("GetSubscription", Status.PERMISSION_DENIED);

    assertThat(problemsOf(GOOD))
        .containsExactly(
            "--inputSubscription: no permission to look at "
                + NAME
                + "; check the name, or grant this account the role roles/pubsub.viewer on it");
  }

  @Test
  void missingCredentialsAreNamed() {
    pubsub.refuse("GetSubscription", Status.UNAUTHENTICATED);

    List<String> problems = problemsOf(GOOD);

    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).contains("gcloud auth application-default login");
  }

  @Test
  void whatNobodyExpectedIsToldAsPubsubSaysIt() {
    pubsub.refuse("GetSubscription", Status.FAILED_PRECONDITION.withDescription("no\nmoney"));

    assertThat(problemsOf(GOOD))
        .containsExactly("--inputSubscription: Pub/Sub refuses: FAILED_PRECONDITION: no");
  }

  @Test
  @Timeout(60)
  void deadPortIsOneLine() throws IOException {
    String url;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      url = "http://127.0.0.1:" + socket.getLocalPort();
    }

    List<String> problems =
        SubscriptionCheck.problems(FakePubsub.options(url), NAME, Duration.ofDays(8));

    assertThat(problems).hasSize(1);
    assertThat(problems.get(0))
        .matches(
            "--inputSubscription: Pub/Sub can't be reached at "
                + url
                + " \\(.*Connection refused.*\\); check the network and --pubsubRootUrl");
  }

  @Test
  @Timeout(60)
  void portThatDoesNotAnswerIsOneLine() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort();

      assertThat(SubscriptionCheck.problems(FakePubsub.options(url), NAME, Duration.ofDays(8)))
          .containsExactly(
              "--inputSubscription: Pub/Sub doesn't answer at "
                  + url
                  + "; check the network and --pubsubRootUrl");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:8085", "pubsub", "ftp://localhost", "http://a b", ""})
  void whatIsNoAddressIsNotAsked(String url) {
    List<String> problems =
        SubscriptionCheck.problems(FakePubsub.options(url), "xml", Duration.ofDays(8));

    assertThat(problems).hasSize(2);
    assertThat(problems.get(1))
        .isEqualTo(
            "--pubsubRootUrl: "
                + url
                + " is no address; give one such as https://pubsub.googleapis.com, or leave it out");
  }

  @Test
  void subscriptionMustBeForPulling() {
    Subscription.Builder push =
        GOOD.toBuilder()
            .setPushConfig(PushConfig.newBuilder().setPushEndpoint("https://example.com/x"));
    Subscription.Builder bigQuery =
        GOOD.toBuilder().setBigqueryConfig(BigQueryConfig.newBuilder().setTable("a.b.c"));
    Subscription.Builder cloudStorage =
        GOOD.toBuilder().setCloudStorageConfig(CloudStorageConfig.newBuilder().setBucket("b"));

    assertThat(problemsOf(push.build()))
        .containsExactly(
            "--inputSubscription: "
                + NAME
                + " pushes its messages to https://example.com/x, but the job pulls them; give another subscription");
    assertThat(problemsOf(bigQuery.build()))
        .containsExactly(
            "--inputSubscription: "
                + NAME
                + " writes its messages to BigQuery; give another subscription, for pulling");
    assertThat(problemsOf(cloudStorage.build()))
        .containsExactly(
            "--inputSubscription: "
                + NAME
                + " writes its messages to Cloud Storage; give another subscription, for pulling");
  }

  @Test
  void subscriptionMustHaveATopic() {
    assertThat(problemsOf(GOOD.toBuilder().setDetached(true).build()))
        .containsExactly(
            "--inputSubscription: "
                + NAME
                + " is detached from its topic, and gets no messages; give another subscription");
    assertThat(problemsOf(GOOD.toBuilder().setTopic("_deleted-topic_").build()))
        .containsExactly(
            "--inputSubscription: "
                + NAME
                + " gets no messages, since its topic was deleted; give another subscription");
  }

  @ParameterizedTest
  @ValueSource(strings = {"P7D", "P6D"})
  void windowMustBeLongerThanTheRetention(String window) {
    pubsub.add(GOOD);

    assertThat(SubscriptionCheck.problems(pubsub.options(), NAME, Duration.parse(window)))
        .containsExactly(
            "--deduplicationWindow: "
                + window.substring(1).toLowerCase(Locale.ROOT)
                + " must be longer than the message retention of "
                + NAME
                + " (7d), or a file could be loaded twice");
  }

  @Test
  void durationsAreToldInTheirOwnUnits() {
    pubsub.add(GOOD.toBuilder().setMessageRetentionDuration(Durations.fromMinutes(90)).build());

    assertThat(SubscriptionCheck.problems(pubsub.options(), NAME, Duration.ofHours(1)).get(0))
        .isEqualTo(tooShort("1h", "90m"));
    assertThat(SubscriptionCheck.problems(pubsub.options(), NAME, Duration.ofSeconds(61)).get(0))
        .isEqualTo(tooShort("61s", "90m"));
    assertThat(SubscriptionCheck.problems(pubsub.options(), NAME, Duration.ofMinutes(91)))
        .isEmpty();
  }

  private static String tooShort(String window, String retention) {
    return "--deduplicationWindow: %s must be longer than the message retention of %s (%s), or a file could be loaded twice"
        .formatted(window, NAME, retention);
  }

  @Test
  void retentionThatIsNotToldIsTheDefault() {
    pubsub.add(GOOD.toBuilder().clearMessageRetentionDuration().build());

    assertThat(SubscriptionCheck.problems(pubsub.options(), NAME, Duration.ofDays(7)).get(0))
        .isEqualTo(tooShort("7d", "7d"));
  }

  @Test
  void allProblemsAreToldAtOnce() {
    Subscription bad =
        GOOD.toBuilder()
            .setDetached(true)
            .setPushConfig(PushConfig.newBuilder().setPushEndpoint("https://example.com/x"))
            .setMessageRetentionDuration(Durations.fromDays(31))
            .build();

    assertThat(problemsOf(bad)).hasSize(3);
  }

  private List<String> problemsOf(Subscription subscription) {
    pubsub.add(subscription);
    return problems(NAME);
  }

  private List<String> problems(String name) {
    return SubscriptionCheck.problems(pubsub.options(), name, Duration.ofDays(8));
  }
}
