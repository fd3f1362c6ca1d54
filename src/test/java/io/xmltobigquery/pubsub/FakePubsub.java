package io.xmltobigquery.pubsub;

import com.google.pubsub.v1.GetSubscriptionRequest;
import com.google.pubsub.v1.GetTopicRequest;
import com.google.pubsub.v1.PublishRequest;
import com.google.pubsub.v1.PublishResponse;
import com.google.pubsub.v1.PublisherGrpc.PublisherImplBase;
import com.google.pubsub.v1.PubsubMessage;
import com.google.pubsub.v1.SubscriberGrpc.SubscriberImplBase;
import com.google.pubsub.v1.Subscription;
import com.google.pubsub.v1.Topic;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/** Pub/Sub where it can be told what to refuse, which the emulator can't. */
public final class FakePubsub implements AutoCloseable {

  private final Server server;
  private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
  private final Map<String, Status> refusals = new ConcurrentHashMap<>();
  private final Map<String, Integer> requests = new ConcurrentHashMap<>();
  private final List<PubsubMessage> published = new ArrayList<>();

  private FakePubsub() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Subscriber())
            .addService(new Publisher())
            .build()
            .start();
  }

  public static FakePubsub start() throws IOException {
    return new FakePubsub();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  /** Options that lead to this server. */
  public PubsubOptions options() {
    return options("http://127.0.0.1:" + server.getPort());
  }

  public static PubsubOptions options(String rootUrl) {
    PubsubOptions options = PipelineOptionsFactory.as(PubsubOptions.class);
    options.setCredentialFactoryClass(NoopCredentialFactory.class);
    options.setPubsubRootUrl(rootUrl);
    return options;
  }

  public void add(Subscription subscription) {
    subscriptions.put(subscription.getName(), subscription);
  }

  /** From now on, requests of a kind such as {@code Publish} are refused. */
  public void refuse(String request, Status status) {
    refusals.put(request, status);
  }

  /** How many requests of a kind have come. */
  int requests(String request) {
    return requests.getOrDefault(request, 0);
  }

  synchronized List<PubsubMessage> published() {
    return List.copyOf(published);
  }

  /** Whether it isn't refused. */
  private <T> boolean answer(String request, @Nullable T answer, StreamObserver<T> observer) {
    requests.merge(request, 1, Integer::sum);
    Status refusal = refusals.getOrDefault(request, answer == null ? Status.NOT_FOUND : null);
    if (refusal != null) {
      observer.onError(refusal.asRuntimeException());
      return false;
    }
    observer.onNext(answer);
    observer.onCompleted();
    return true;
  }

  private final class Subscriber extends SubscriberImplBase {

    @Override
    public void getSubscription(
        GetSubscriptionRequest request, StreamObserver<Subscription> observer) {
      answer("GetSubscription", subscriptions.get(request.getSubscription()), observer);
    }
  }

  private final class Publisher extends PublisherImplBase {

    @Override
    public void getTopic(GetTopicRequest request, StreamObserver<Topic> observer) {
      answer("GetTopic", Topic.newBuilder().setName(request.getTopic()).build(), observer);
    }

    @Override
    public void publish(PublishRequest request, StreamObserver<PublishResponse> observer) {
      PublishResponse.Builder answer = PublishResponse.newBuilder();
      request.getMessagesList().forEach(message -> answer.addMessageIds("id"));
      // The client may ask what was published as soon as it has its answer.
      synchronized (FakePubsub.this) {
        if (answer("Publish", answer.build(), observer)) {
          published.addAll(request.getMessagesList());
        }
      }
    }
  }
}
