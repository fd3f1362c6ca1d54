package io.xmltobigquery.check;

import static com.google.common.truth.Truth.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.xmltobigquery.localstack.LocalPubsub;
import io.xmltobigquery.localstack.LocalStack;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same with the emulator; what it can't do is in {@code SubscriptionCheckTest}. */
class SubscriptionCheckIT {

  @RegisterExtension final LocalStack stack = new LocalStack();

  private LocalPubsub pubsub;

  @BeforeEach
  void needPubsub() throws IOException {
    pubsub = stack.pubsub();
  }

  @Test
  void goodSubscriptionHasNoProblem() throws IOException {
    assertThat(problems(pubsub.subscription(), Duration.ofDays(8))).isEmpty();
    assertThat(problems(pubsub.subscribeToUploads(), Duration.ofDays(8))).isEmpty();
  }

  @Test
  void missingSubscriptionIsNamed() {
    assertThat(problems(pubsub.subscription() + "x", Duration.ofDays(8)))
        .containsExactly(
            "--inputSubscription: there is no subscription "
                + pubsub.subscription()
                + "x; create it, for the topic of the notifications");
  }

  @Test
  void pushingSubscriptionIsRefused() throws IOException {
    JsonNode push =
        JsonNodeFactory.instance.objectNode().put("pushEndpoint", "http://127.0.0.1:9/push");
    String subscription = pubsub.subscribe(Map.of("pushConfig", push));

    assertThat(problems(subscription, Duration.ofDays(8)))
        .containsExactly(
            "--inputSubscription: "
                + subscription
                + " pushes its messages to http://127.0.0.1:9/push, but the job pulls them; give another subscription");
  }

  @Test
  void windowIsComparedWithTheRetention() throws IOException {
    String subscription =
        pubsub.subscribe(Map.of("messageRetentionDuration", TextNode.valueOf("3600s")));

    assertThat(problems(subscription, Duration.ofMinutes(61))).isEmpty();
    assertThat(problems(subscription, Duration.ofMinutes(60)))
        .containsExactly(
            "--deduplicationWindow: 1h must be longer than the message retention of "
                + subscription
                + " (1h), or a file could be loaded twice");
  }

  private List<String> problems(String subscription, Duration deduplicationWindow) {
    PubsubOptions options =
        PipelineOptionsFactory.fromArgs(stack.options().toArray(new String[0]))
            .as(PubsubOptions.class);
    return SubscriptionCheck.problems(options, subscription, deduplicationWindow);
  }
}
