package io.xmltobigquery.localstack;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A topic of its own and a subscription to it, in the emulator of Pub/Sub. All names are full ones:
 * {@code projects/PROJECT/topics/NAME}.
 *
 * <p>A message that is received and not acknowledged comes again after ten seconds.
 */
public final class LocalPubsub {

  private static final JsonMapper JSON = new JsonMapper();

  /** The topic that uploads are told to. */
  private static final String UPLOADS = "landed-files";

  private static final int ACK_DEADLINE_SECONDS = 10;
  private static final int PULLED_MESSAGES = 1_000;

  /** How long the service keeps the oldest message of a snapshot. */
  private static final Duration SNAPSHOT_LIFE = Duration.ofDays(7);

  /** What a subscriber gets, with the data as UTF-8. */
  public record Message(Map<String, String> attributes, String data) {}

  private final RestApi api;
  private final String project;
  private final String name;
  private final List<String> created = new ArrayList<>();

  private LocalPubsub(RestApi api, String project, String name) {
    this.api = api;
    this.project = project;
    this.name = name;
  }

  /**
   * Creates a topic and its subscription.
   *
   * @param name of both, at least three characters long
   */
  static LocalPubsub create(String address, String project, String name) throws IOException {
    LocalPubsub pubsub =
        new LocalPubsub(new RestApi("http://" + address + "/v1/"), "projects/" + project, name);
    pubsub.createResource(pubsub.topic(), JSON.createObjectNode());
    pubsub.createSubscription(pubsub.subscription(), pubsub.topic(), Map.of());
    return pubsub;
  }

  public String topic() {
    return project + "/topics/" + name;
  }

  private String uploads() {
    return project + "/topics/" + UPLOADS;
  }

  /** The subscription to {@link #topic}. */
  public String subscription() {
    return project + "/subscriptions/" + name;
  }

  /**
   * Creates one more subscription to {@link #topic}.
   *
   * @param settings fields of a subscription, as the REST API has them
   * @return its name
   */
  public String subscribe(Map<String, JsonNode> settings) throws IOException {
    String subscription = subscription() + "-" + created.size();
    createSubscription(subscription, topic(), settings);
    return subscription;
  }

  /**
   * Creates a subscription to the notifications of what is uploaded from now on, by all tests:
   * those of an earlier one may still come.
   *
   * @return its name
   */
  public String subscribeToUploads() throws IOException {
    String subscription = subscription() + "-uploads-" + created.size();
    createSubscription(subscription, uploads(), Map.of());
    return subscription;
  }

  /** Publishes a message to {@link #topic}. */
  public void publish(Map<String, String> attributes, byte[] data) throws IOException {
    publish(topic(), attributes, data);
  }

  /** Publishes a message to where uploads are told, as if Cloud Storage had done it. */
  public void publishUpload(Map<String, String> attributes, byte[] data) throws IOException {
    publish(uploads(), attributes, data);
  }

  private void publish(String topic, Map<String, String> attributes, byte[] data)
      throws IOException {
    ObjectNode request = JSON.createObjectNode();
    ObjectNode message = request.putArray("messages").addObject();
    message.put("data", Base64.getEncoder().encodeToString(data));
    message.set("attributes", JSON.valueToTree(attributes));
    api.send("POST", topic + ":publish", request);
  }

  /**
   * Whether there is a message that wasn't acknowledged, also where a subscriber has it at the
   * moment. A snapshot tells, without taking messages from anybody: it lives as long as the oldest
   * of them.
   */
  public boolean hasUnacknowledged(String subscription) throws IOException {
    ObjectNode request = JSON.createObjectNode().put("subscription", subscription);
    String snapshot = project + "/snapshots/" + name;
    Instant before;
    Instant oldest;
    do {
      before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      String end = api.send("PUT", snapshot, request).get("expireTime").textValue();
      oldest = Instant.parse(end).minus(SNAPSHOT_LIFE).truncatedTo(ChronoUnit.MILLIS);
      api.send("DELETE", snapshot, null);
    } while (oldest.equals(before)); // Nobody can say which was first.
    return oldest.isBefore(before);
  }

  /**
   * Receives and acknowledges all messages that weren't acknowledged. It waits for those that a
   * subscriber has at the moment.
   *
   * @param least how many have to come; those of {@link #publish} are there when it returns, those
   *     of an upload come a moment later
   * @throws IOException if they don't come within a minute
   */
  public List<Message> receiveAll(String subscription, int least) throws IOException {
    List<Message> messages = new ArrayList<>();
    ObjectNode request = JSON.createObjectNode().put("maxMessages", PULLED_MESSAGES);
    while (messages.size() < least || hasUnacknowledged(subscription)) {
      ObjectNode acknowledgement = JSON.createObjectNode();
      ArrayNode ids = acknowledgement.putArray("ackIds");
      // The emulator waits for more than a minute before it answers that there is nothing.
      JsonNode answer = api.send("POST", subscription + ":pull", request);
      for (JsonNode received : answer.path("receivedMessages")) {
        messages.add(message(received.get("message")));
        ids.add(received.get("ackId"));
      }
      if (ids.isEmpty()) {
        throw new IOException(subscription + ": no more came than " + messages);
      }
      api.send("POST", subscription + ":acknowledge", acknowledgement);
    }
    return messages;
  }

  /**
   * Receives what is told of an upload. All else is acknowledged and forgotten.
   *
   * @param subscription one of {@link #subscribeToUploads}
   * @param object the name of the object in its bucket
   * @throws IOException if it doesn't come within a minute
   */
  public Message receiveUpload(String subscription, String object) throws IOException {
    while (true) {
      for (Message message : receiveAll(subscription, 1)) {
        if (object.equals(message.attributes().get("objectId"))) {
          return message;
        }
      }
    }
  }

  private static Message message(JsonNode json) {
    Map<String, String> attributes = new HashMap<>();
    json.path("attributes")
        .properties()
        .forEach(attribute -> attributes.put(attribute.getKey(), attribute.getValue().textValue()));
    byte[] data = Base64.getDecoder().decode(json.path("data").asText());
    return new Message(Map.copyOf(attributes), new String(data, UTF_8));
  }

  private void createSubscription(String subscription, String topic, Map<String, JsonNode> settings)
      throws IOException {
    ObjectNode resource = JSON.createObjectNode();
    resource.put("topic", topic).put("ackDeadlineSeconds", ACK_DEADLINE_SECONDS);
    resource.setAll(settings);
    createResource(subscription, resource);
  }

  private void createResource(String resource, JsonNode settings) throws IOException {
    api.send("PUT", resource, settings);
    created.add(resource);
  }

  /** Deletes all that was created, the last first. */
  void deleteAll() throws IOException {
    while (!created.isEmpty()) {
      api.send("DELETE", created.remove(created.size() - 1), null);
    }
  }
}
