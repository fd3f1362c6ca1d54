package io.xmltobigquery.pubsub;

import com.google.api.core.ApiFutureCallback;
import com.google.api.core.ApiFutures;
import com.google.api.gax.batching.BatchingSettings;
import com.google.api.gax.batching.FlowControlSettings;
import com.google.api.gax.batching.FlowController.LimitExceededBehavior;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.cloud.pubsub.v1.Publisher;
import com.google.cloud.pubsub.v1.TopicAdminClient;
import com.google.pubsub.v1.PubsubMessage;
import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.ObjectListing;
import io.xmltobigquery.files.ObjectName;
import io.xmltobigquery.options.InputPattern;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.jspecify.annotations.Nullable;

/**
 * Tells a topic of objects that are there already, as Cloud Storage tells of new ones: a running
 * job then loads those that it hasn't loaded yet. Memory doesn't grow with their number.
 */
public final class Notifier {

  /** As many messages as a request may have; each is of 400 bytes or so. */
  private static final BatchingSettings BATCHES =
      BatchingSettings.newBuilder()
          .setElementCountThreshold(Publisher.getApiMaxRequestElementCount())
          .setRequestByteThreshold(1_000_000L)
          .setDelayThresholdDuration(Duration.ofMillis(50))
          .setFlowControlSettings(
              FlowControlSettings.newBuilder()
                  .setMaxOutstandingElementCount(20_000L)
                  .setMaxOutstandingRequestBytes(20_000_000L)
                  .setLimitExceededBehavior(LimitExceededBehavior.Block)
                  .build())
          .build();

  /** The client's own would go on for ten minutes. */
  private static final RetrySettings RETRIES =
      RetrySettings.newBuilder()
          .setInitialRetryDelayDuration(Duration.ofMillis(100))
          .setRetryDelayMultiplier(2)
          .setMaxRetryDelayDuration(Duration.ofSeconds(5))
          .setInitialRpcTimeoutDuration(Duration.ofSeconds(15))
          .setMaxRpcTimeoutDuration(Duration.ofSeconds(15))
          .setTotalTimeoutDuration(Duration.ofSeconds(30))
          .build();

  private final PubsubOptions options;
  private final PubsubAccess pubsub;
  private final String pattern;
  private final String topic;

  private final AtomicLong published = new AtomicLong();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private Notifier(PubsubOptions options, String pattern, String topic) {
    this.options = options;
    this.pubsub = PubsubAccess.of(options);
    this.pattern = pattern;
    this.topic = topic;
  }

  /** What is wrong with the options, without asking anybody. */
  public static List<String> problems(
      PubsubOptions options, @Nullable String pattern, @Nullable String topic) {
    List<String> problems = new ArrayList<>();
    if (pattern != null) {
      String problem = InputPattern.problem(pattern);
      if (problem != null) {
        problems.add(problem);
      }
    }
    if (topic == null || topic.isBlank()) {
      problems.add("--topic is missing: give the topic that the job's subscription belongs to");
    } else if (!PubsubAccess.isTopic(topic)) {
      problems.add("--topic: " + topic + " is no topic; give projects/PROJECT/topics/NAME");
    }
    String addressProblem = PubsubAccess.problem(options);
    if (addressProblem != null) {
      problems.add(addressProblem);
    }
    return problems;
  }

  /**
   * Publishes a notification for each object that matches now. An object whose name is the pattern
   * itself is the only one.
   *
   * @param options how to reach Cloud Storage and Pub/Sub, free of problems
   * @return how many; all of them are in the hands of Pub/Sub
   * @throws IOException if it isn't sure of all of them, with a message for the user. Some may have
   *     been published; to repeat it does no harm
   */
  public static long publish(PubsubOptions options, String pattern, String topic)
      throws IOException {
    Notifier notifier = new Notifier(options, pattern, topic);
    notifier.findTopic();
    notifier.publish();
    return notifier.published.get();
  }

  /** So that a topic that isn't there is told at once: the publisher tries for longer. */
  private void findTopic() throws IOException {
    try (TopicAdminClient client = pubsub.topics()) {
      var unused = client.getTopic(topic);
    } catch (PermissionDeniedException e) {
      // Whoever may publish may not look at it, usually.
    } catch (ApiException e) {
      throw failure(e);
    }
  }

  private void publish() throws IOException {
    try {
      publishAll();
      checkFailure();
    } catch (IOException e) {
      long done = published.get();
      throw done == 0
          ? e
          : new IOException(
              e.getMessage() + "; " + done + " notifications were published before", e);
    }
  }

  private void publishAll() throws IOException {
    Publisher publisher =
        pubsub.publisher(topic).setBatchingSettings(BATCHES).setRetrySettings(RETRIES).build();
    try {
      visitObjects(object -> publish(object, publisher));
    } finally {
      // It waits for all that is under way.
      publisher.shutdown();
    }
  }

  private void visitObjects(ObjectListing.Visitor visitor) throws IOException {
    FileVersion named = find(pattern);
    if (named != null) {
      visitor.visit(named);
    } else if (InputPattern.isPattern(pattern)) {
      InputPattern matching = new InputPattern(pattern);
      ObjectListing.of(options.as(GcsOptions.class))
          .visit(
              InputPattern.beforeWildcard(pattern),
              object -> {
                if (matching.matches(object.uri())) {
                  visitor.visit(object);
                }
              });
    } else {
      throw new IOException("there is no object " + pattern);
    }
  }

  private @Nullable FileVersion find(String uri) throws IOException {
    try {
      return FileStore.of(options).find(uri);
    } catch (FileGoneException e) {
      return null;
    }
  }

  private void publish(FileVersion object, Publisher publisher) throws IOException {
    if (object.isPlaceholder()) {
      return;
    }
    checkFailure();
    PubsubMessage message =
        PubsubMessage.newBuilder().putAllAttributes(notification(object).attributes()).build();
    ApiFutures.addCallback(publisher.publish(message), new Answer(), Runnable::run);
  }

  private static Notification notification(FileVersion object) {
    ObjectName name = ObjectName.of(object.uri());
    return new Notification(
        Notification.OBJECT_FINALIZE,
        name.bucket(),
        name.object(),
        Long.parseLong(object.generation()),
        object.created());
  }

  private void checkFailure() throws IOException {
    Throwable thrown = failure.get();
    if (thrown instanceof ApiException e) {
      throw failure(e);
    } else if (thrown != null) {
      throw new IOException("publishing to " + topic + " has failed: " + thrown, thrown);
    }
  }

  private IOException failure(ApiException e) {
    String message;
    if (e instanceof NotFoundException) {
      message = "there is no topic " + topic;
    } else if (e instanceof PermissionDeniedException) {
      message =
          "no permission to publish to "
              + topic
              + "; grant this account the role roles/pubsub.publisher on it";
    } else {
      message = pubsub.problem(e);
    }
    return new IOException(message, e);
  }

  private final class Answer implements ApiFutureCallback<String> {

    @Override
    public void onSuccess(String id) {
      published.incrementAndGet();
    }

    @Override
    public void onFailure(Throwable thrown) {
      failure.compareAndSet(null, thrown);
    }
  }
}
