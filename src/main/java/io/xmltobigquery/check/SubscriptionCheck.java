package io.xmltobigquery.check;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.NotFoundException;
import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.cloud.pubsub.v1.SubscriptionAdminClient;
import com.google.pubsub.v1.Subscription;
import io.xmltobigquery.options.OptionDuration;
import io.xmltobigquery.pubsub.PubsubAccess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;

/**
 * Checks a subscription before a job reads from it. What is found here would otherwise be a job
 * that waits for ever, or loads files twice.
 */
public final class SubscriptionCheck {

  /** What a subscription says instead of the name of a topic that is gone. */
  private static final String DELETED_TOPIC = "_deleted-topic_";

  private static final Duration DEFAULT_RETENTION = Duration.ofDays(7);

  private final PubsubOptions options;
  private final String name;
  private final Duration deduplicationWindow;
  private final List<String> problems = new ArrayList<>();

  private SubscriptionCheck(PubsubOptions options, String name, Duration deduplicationWindow) {
    this.options = options;
    this.name = name;
    this.deduplicationWindow = deduplicationWindow;
  }

  /**
   * All problems of a subscription. It asks Pub/Sub, which takes some seconds if it isn't there.
   *
   * @param options how to reach Pub/Sub
   * @param subscription the value of {@code --inputSubscription}
   * @param deduplicationWindow how long the job remembers a file version
   */
  public static List<String> problems(
      PubsubOptions options, String subscription, Duration deduplicationWindow) {
    SubscriptionCheck check = new SubscriptionCheck(options, subscription, deduplicationWindow);
    check.all();
    return List.copyOf(check.problems);
  }

  private void all() {
    boolean isName = PubsubAccess.isSubscription(name);
    if (!isName) {
      add(name + " is not a subscription; give projects/PROJECT/subscriptions/NAME");
    }
    String addressProblem = PubsubAccess.problem(options);
    if (addressProblem != null) {
      problems.add(addressProblem);
    }
    if (problems.isEmpty()) {
      ask();
    }
  }

  private void ask() {
    PubsubAccess pubsub = PubsubAccess.of(options);
    try (SubscriptionAdminClient client = pubsub.subscriptions()) {
      check(client.getSubscription(name));
    } catch (NotFoundException e) {
      add("there is no subscription " + name + "; create it, for the topic of the notifications");
    } catch (PermissionDeniedException e) {
      add(
          "no permission to look at "
              + name
              + "; check the name, or grant this account the role roles/pubsub.viewer on it");
    } catch (ApiException e) {
      add(pubsub.problem(e));
    } catch (IOException e) {
      add("Pub/Sub can't be asked for " + name + ": " + e.getMessage());
    }
  }

  private void check(Subscription subscription) {
    if (!subscription.getPushConfig().getPushEndpoint().isEmpty()) {
      add(
          name
              + " pushes its messages to "
              + subscription.getPushConfig().getPushEndpoint()
              + ", but the job pulls them; give another subscription");
    }
    if (subscription.hasBigqueryConfig()) {
      add(name + " writes its messages to BigQuery; give another subscription, for pulling");
    }
    if (subscription.hasCloudStorageConfig()) {
      add(name + " writes its messages to Cloud Storage; give another subscription, for pulling");
    }
    if (subscription.getDetached()) {
      add(name + " is detached from its topic, and gets no messages; give another subscription");
    } else if (subscription.getTopic().equals(DELETED_TOPIC)) {
      add(name + " gets no messages, since its topic was deleted; give another subscription");
    }
    checkRetention(
        subscription.hasMessageRetentionDuration()
            ? Duration.ofSeconds(subscription.getMessageRetentionDuration().getSeconds())
            : DEFAULT_RETENTION);
  }

  private void checkRetention(Duration retention) {
    if (deduplicationWindow.compareTo(retention) <= 0) {
      problems.add(
          "--deduplicationWindow: "
              + OptionDuration.text(deduplicationWindow)
              + " must be longer than the message retention of "
              + name
              + " ("
              + OptionDuration.text(retention)
              + "), or a file could be loaded twice");
    }
  }

  private void add(String problem) {
    problems.add("--inputSubscription: " + problem);
  }
}
