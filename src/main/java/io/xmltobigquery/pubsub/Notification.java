package io.xmltobigquery.pubsub;

import io.xmltobigquery.files.ObjectName;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A notification of Cloud Storage: something has happened to a file version. All of it is in the
 * message's attributes, so that both payload formats will do: <a
 * href="https://cloud.google.com/storage/docs/pubsub-notifications#attributes">attributes</a>.
 *
 * @param eventType what has happened, such as {@link #OBJECT_FINALIZE}
 * @param bucket the bucket's name
 * @param object the object's name; any characters may be in it
 * @param generation of the object
 * @param eventTime when it has happened, or null if the message doesn't say so
 */
public record Notification(
    String eventType, String bucket, String object, long generation, @Nullable Instant eventTime) {

  /** A new object, or a new generation of one, is there. */
  public static final String OBJECT_FINALIZE = "OBJECT_FINALIZE";

  private static final String EVENT_TYPE = "eventType";
  private static final String BUCKET = "bucketId";
  private static final String OBJECT = "objectId";
  private static final String GENERATION = "objectGeneration";
  private static final String EVENT_TIME = "eventTime";
  private static final String PAYLOAD_FORMAT = "payloadFormat";

  /**
   * Whatever else the service answers with an error that would come again for ever: <a
   * href="https://cloud.google.com/storage/docs/buckets#naming">naming</a>.
   */
  private static final Pattern BUCKET_NAME = Pattern.compile("[a-z0-9][-_.a-z0-9]{1,220}[a-z0-9]");

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  /**
   * Reads the attributes of a message.
   *
   * @throws MalformedNotificationException if they aren't those of a notification
   */
  public static Notification parse(Map<String, String> attributes)
      throws MalformedNotificationException {
    String generation = required(attributes, GENERATION);
    if (!NUMBER.matcher(generation).matches()) {
      throw new MalformedNotificationException("attribute " + GENERATION + " is no number");
    }
    String bucket = required(attributes, BUCKET);
    if (!BUCKET_NAME.matcher(bucket).matches()) {
      throw new MalformedNotificationException("attribute " + BUCKET + " is no bucket's name");
    }
    return new Notification(
        required(attributes, EVENT_TYPE),
        bucket,
        required(attributes, OBJECT),
        Long.parseLong(generation),
        time(attributes.get(EVENT_TIME)));
  }

  private static String required(Map<String, String> attributes, String name)
      throws MalformedNotificationException {
    String value = attributes.get(name);
    if (value == null || value.isEmpty()) {
      throw new MalformedNotificationException("attribute " + name + " is missing");
    }
    return value;
  }

  /** It is only used to measure, so that a message without it is as good. */
  private static @Nullable Instant time(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** The attributes of a message, without payload, that tells the same. */
  public Map<String, String> attributes() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put(EVENT_TYPE, eventType);
    attributes.put(BUCKET, bucket);
    attributes.put(OBJECT, object);
    attributes.put(GENERATION, Long.toString(generation));
    attributes.put(PAYLOAD_FORMAT, "NONE");
    if (eventTime != null) {
      attributes.put(EVENT_TIME, eventTime.toString());
    }
    return attributes;
  }

  /** The object's name, {@code gs://bucket/object}. */
  public String uri() {
    return new ObjectName(bucket, object).toString();
  }
}
