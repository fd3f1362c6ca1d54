package io.xmltobigquery.pubsub;

import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode;
import com.google.auth.Credentials;
import com.google.cloud.pubsub.v1.Publisher;
import com.google.cloud.pubsub.v1.SubscriptionAdminClient;
import com.google.cloud.pubsub.v1.SubscriptionAdminSettings;
import com.google.cloud.pubsub.v1.TopicAdminClient;
import com.google.cloud.pubsub.v1.TopicAdminSettings;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Pub/Sub, for what Beam's own IO doesn't do: as {@code --pubsubRootUrl} and the
 * options' credential say. Each client has a connection of its own, and is closed by whoever asked
 * for it.
 */
public final class PubsubAccess {

  /**
   * Questions are answered within this time, or nobody is there. The first one of a process on a
   * busy machine takes seconds.
   */
  private static final RetrySettings QUESTION =
      RetrySettings.newBuilder()
          .setInitialRetryDelayDuration(Duration.ofMillis(200))
          .setRetryDelayMultiplier(2)
          .setMaxRetryDelayDuration(Duration.ofSeconds(1))
          .setInitialRpcTimeoutDuration(Duration.ofSeconds(10))
          .setMaxRpcTimeoutDuration(Duration.ofSeconds(10))
          .setTotalTimeoutDuration(Duration.ofSeconds(20))
          .setMaxAttempts(3)
          .build();

  private static final String PROJECT = "projects/[a-z][-a-z0-9:.]{4,61}[a-z0-9]/";
  private static final String NAME = "/(?!goog)[a-zA-Z][-a-zA-Z0-9._~%+]{2,254}";
  private static final Pattern SUBSCRIPTION = Pattern.compile(PROJECT + "subscriptions" + NAME);
  private static final Pattern TOPIC = Pattern.compile(PROJECT + "topics" + NAME);

  private final String rootUrl;
  private final InstantiatingGrpcChannelProvider channels;
  private final CredentialsProvider credentials;

  private PubsubAccess(
      String rootUrl, InstantiatingGrpcChannelProvider channels, CredentialsProvider credentials) {
    this.rootUrl = rootUrl;
    this.channels = channels;
    this.credentials = credentials;
  }

  /**
   * Access by the options.
   *
   * @param options free of what {@link #problem} tells
   */
  public static PubsubAccess of(PubsubOptions options) {
    String rootUrl = options.getPubsubRootUrl();
    URI url = URI.create(rootUrl);
    boolean plaintext = url.getScheme().equals("http");
    int defaultPort = plaintext ? 80 : 443;
    int port = url.getPort() < 0 ? defaultPort : url.getPort();
    InstantiatingGrpcChannelProvider.Builder channels =
        InstantiatingGrpcChannelProvider.newBuilder().setEndpoint(url.getHost() + ":" + port);
    if (plaintext) {
      channels.setChannelConfigurator(channel -> channel.usePlaintext());
    }
    // A credential isn't for everybody on the way to read.
    Credentials credential = plaintext ? null : options.getGcpCredential();
    return new PubsubAccess(
        rootUrl,
        channels.build(),
        credential == null
            ? NoCredentialsProvider.create()
            : FixedCredentialsProvider.create(credential));
  }

  /** What is wrong with the address of Pub/Sub, or null. */
  public static @Nullable String problem(PubsubOptions options) {
    String rootUrl = options.getPubsubRootUrl();
    try {
      URI url = new URI(rootUrl);
      if (url.getHost() != null
          && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
        return null;
      }
    } catch (URISyntaxException e) {
      // It isn't an address either.
    }
    return "--pubsubRootUrl: "
        + rootUrl
        + " is no address; give one such as https://pubsub.googleapis.com, or leave it out";
  }

  /** Whether this can be the name of a subscription, {@code projects/P/subscriptions/S}. */
  public static boolean isSubscription(String name) {
    return SUBSCRIPTION.matcher(name).matches();
  }

  /** Whether this can be the name of a topic, {@code projects/P/topics/T}. */
  static boolean isTopic(String name) {
    return TOPIC.matcher(name).matches();
  }

  public SubscriptionAdminClient subscriptions() throws IOException {
    SubscriptionAdminSettings.Builder settings =
        SubscriptionAdminSettings.newBuilder()
            .setTransportChannelProvider(channels)
            .setCredentialsProvider(credentials);
    settings.getSubscriptionSettings().setRetrySettings(QUESTION);
    return SubscriptionAdminClient.create(settings.build());
  }

  TopicAdminClient topics() throws IOException {
    TopicAdminSettings.Builder settings =
        TopicAdminSettings.newBuilder()
            .setTransportChannelProvider(channels)
            .setCredentialsProvider(credentials);
    settings.getTopicSettings().setRetrySettings(QUESTION);
    return TopicAdminClient.create(settings.build());
  }

  Publisher.Builder publisher(String topic) {
    return Publisher.newBuilder(topic)
        .setChannelProvider(channels)
        .setCredentialsProvider(credentials);
  }

  /** Why a request has failed, whatever it was about, and what to do. */
  public String problem(ApiException e) {
    StatusCode.Code code = e.getStatusCode().getCode();
    if (code == StatusCode.Code.UNAVAILABLE) {
      return "Pub/Sub can't be reached at "
          + rootUrl
          + " ("
          + rootMessage(e)
          + "); check the network and --pubsubRootUrl";
    } else if (code == StatusCode.Code.DEADLINE_EXCEEDED) {
      return "Pub/Sub doesn't answer at " + rootUrl + "; check the network and --pubsubRootUrl";
    } else if (code == StatusCode.Code.UNAUTHENTICATED) {
      return "Pub/Sub rejected the credentials; run 'gcloud auth application-default login', or name a key file in GOOGLE_APPLICATION_CREDENTIALS; for --impersonateServiceAccount it needs roles/iam.serviceAccountTokenCreator on that account";
    } else {
      return "Pub/Sub refuses: " + rootMessage(e);
    }
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
  }
}
