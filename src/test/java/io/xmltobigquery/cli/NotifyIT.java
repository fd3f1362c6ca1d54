package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.cloud.storage.Blob;
import io.xmltobigquery.localstack.LocalPubsub;
import io.xmltobigquery.localstack.LocalPubsub.Message;
import io.xmltobigquery.localstack.LocalStack;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command {@code notify} in this process, with the emulators. */
class NotifyIT {

  @RegisterExtension final LocalStack stack = new LocalStack();

  private record Ended(int status, String out, String err) {}

  private LocalPubsub pubsub;

  @BeforeEach
  void needPubsub() throws IOException {
    pubsub = stack.pubsub();
  }

  @Test
  void tellsWhatTheUploadTold() throws IOException {
    String uploads = pubsub.subscribeToUploads();
    Blob object = stack.upload("日本/a [1]#é😀.xml", new byte[1]);
    Map<String, String> told = pubsub.receiveUpload(uploads, object.getName()).attributes();

    Ended ended = run(stack.input() + "/**.xml", "--topic=" + pubsub.topic());

    assertWithMessage(ended.err()).that(ended.status()).isEqualTo(0);
    assertThat(ended.out()).isEqualTo("notifications published  1\n");
    assertThat(ended.err()).isEmpty();
    List<Message> messages = pubsub.receiveAll(pubsub.subscription(), 1);
    assertThat(messages).hasSize(1);
    Map<String, String> again = messages.get(0).attributes();
    for (String attribute : List.of("eventType", "bucketId", "objectId", "objectGeneration")) {
      assertWithMessage(attribute).that(again.get(attribute)).isEqualTo(told.get(attribute));
    }
    assertThat(again).containsEntry("payloadFormat", "NONE");
    assertThat(Instant.parse(again.get("eventTime")))
        .isEqualTo(object.getCreateTimeOffsetDateTime().toInstant());
  }

  @Test
  void tellsOfAllThatMatches() throws IOException {
    for (int i = 0; i < 50; i++) {
      stack.upload("many/" + i + ".xml", new byte[1]);
    }
    stack.upload("many/", new byte[0]);
    stack.upload("many/deep/er.xml", new byte[1]);
    stack.upload("other.xml", new byte[1]);

    Ended ended = run(stack.input() + "/many/*", "--topic=" + pubsub.topic());

    assertThat(ended.out()).isEqualTo("notifications published  50\n");
    assertThat(
            pubsub.receiveAll(pubsub.subscription(), 50).stream()
                .map(message -> message.attributes().get("objectId"))
                .distinct()
                .count())
        .isEqualTo(50);
  }

  @Test
  void noMatchIsAWarning() throws IOException {
    Ended ended = run(stack.input() + "/*.xml", "--topic=" + pubsub.topic());

    assertThat(ended.status()).isEqualTo(0);
    assertThat(ended.err())
        .isEqualTo("xml-to-bigquery: warning: no file matches " + stack.input() + "/*.xml\n");
    assertThat(ended.out()).isEqualTo("notifications published  0\n");
    assertThat(pubsub.hasUnacknowledged(pubsub.subscription())).isFalse();
  }

  @Test
  void missingTopicIsOneClearLine() {
    Ended ended = run(stack.input() + "/*.xml", "--topic=" + pubsub.topic() + "x");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err())
        .isEqualTo(
            "xml-to-bigquery: failed: there is no topic "
                + pubsub.topic()
                + "x\nAdd --debug for the stack trace.\n");
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void missingBucketIsOneClearLine() {
    Ended ended = run("gs://no-bucket/*.xml", "--topic=" + pubsub.topic());

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err())
        .startsWith(
            "xml-to-bigquery: failed: gs://no-bucket/ can't be listed: there is no bucket no-bucket\n");
  }

  @Test
  @Timeout(60)
  void deadPortIsOneClearLine() throws IOException {
    List<String> arguments = new ArrayList<>(stack.options());
    arguments.removeIf(option -> option.startsWith("--pubsubRootUrl="));
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      arguments.add("--pubsubRootUrl=http://127.0.0.1:" + socket.getLocalPort());
    }
    arguments.addAll(List.of("--topic=" + pubsub.topic(), stack.input() + "/*.xml"));

    Ended ended = run(arguments);

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err())
        .startsWith("xml-to-bigquery: failed: Pub/Sub can't be reached at http:");
    assertThat(ended.err().lines().count()).isEqualTo(2);
  }

  @Test
  void stackTraceComesWithDebug() {
    Ended ended = run(stack.input() + "/*.xml", "--topic=" + pubsub.topic() + "x", "--debug");

    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.err()).contains("\tat io.xmltobigquery.pubsub.Notifier");
    assertThat(ended.err()).doesNotContain("Add --debug");
  }

  private Ended run(String... more) {
    List<String> arguments = new ArrayList<>(stack.options());
    arguments.addAll(List.of(more));
    return run(arguments);
  }

  private static Ended run(List<String> arguments) {
    List<String> words = new ArrayList<>(List.of("notify"));
    words.addAll(arguments);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        new CommandLine(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), false)
            .run(words.toArray(new String[0]));
    return new Ended(status, out.toString(UTF_8), err.toString(UTF_8));
  }
}
