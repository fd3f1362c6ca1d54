package io.xmltobigquery.flow.find;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.xmltobigquery.files.OwnFiles;
import io.xmltobigquery.files.VersionId;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.options.InputPattern;
import io.xmltobigquery.outcome.JsonLine;
import io.xmltobigquery.outcome.Metrics;
import io.xmltobigquery.outcome.NotificationResult;
import io.xmltobigquery.pubsub.MalformedNotificationException;
import io.xmltobigquery.pubsub.Notification;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Takes from Pub/Sub's messages which file versions are new. A version's timestamp is the time of
 * its event.
 *
 * <p>PubsubIO could take that time from the attribute {@code eventTime} itself, but fails the job
 * for ever on the first message that lacks it.
 */
final class ReadNotifications extends PTransform<PCollection<PubsubMessage>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  /** The versions that are there and wanted, as often as they are told. */
  static final TupleTag<VersionId> VERSIONS = new TupleTag<>() {};

  /** What isn't a notification, as JSON lines. */
  static final TupleTag<byte[]> MALFORMED = new TupleTag<>() {};

  private final @Nullable InputPattern input;
  private final OwnFiles ownFiles;

  private ReadNotifications(@Nullable InputPattern input, OwnFiles ownFiles) {
    this.input = input;
    this.ownFiles = ownFiles;
  }

  /**
   * Reads notifications.
   *
   * @param input the objects that are wanted, or null for all
   * @param ownFiles those that never are
   */
  static ReadNotifications of(@Nullable InputPattern input, OwnFiles ownFiles) {
    return new ReadNotifications(input, ownFiles);
  }

  @Override
  public PCollectionTuple expand(PCollection<PubsubMessage> messages) {
    return messages.apply(
        "Read",
        ParDo.of(new ReadFn(input, ownFiles)).withOutputTags(VERSIONS, TupleTagList.of(MALFORMED)));
  }

  private static final class ReadFn extends DoFn<PubsubMessage, VersionId> {
    private static final long serialVersionUID = 1L;
    private static final JobLog LOG = JobLog.of(ReadNotifications.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final java.time.Duration QUIET = java.time.Duration.ofMinutes(1);

    private final @Nullable InputPattern input;
    private final OwnFiles ownFiles;

    /** When each cause was logged last, by {@link System#nanoTime}. There are few causes. */
    private transient Map<String, Long> logged;

    ReadFn(@Nullable InputPattern input, OwnFiles ownFiles) {
      this.input = input;
      this.ownFiles = ownFiles;
    }

    @Setup
    public void setUp() {
      logged = new HashMap<>();
    }

    /** An event is before its message, which may come with any delay. */
    @Override
    @SuppressWarnings("deprecation") // Beam has nothing that would replace it.
    public Duration getAllowedTimestampSkew() {
      return Duration.millis(Long.MAX_VALUE);
    }

    @ProcessElement
    public void read(
        @Element PubsubMessage message, @Timestamp Instant published, MultiOutputReceiver out) {
      Map<String, String> attributes =
          message.getAttributeMap() == null ? Map.of() : message.getAttributeMap();
      try {
        Notification notification = Notification.parse(attributes);
        NotificationResult result = result(notification);
        Metrics.counter(Metrics.notifications(result)).inc();
        if (result == NotificationResult.WANTED) {
          VersionId version =
              new VersionId(notification.uri(), Long.toString(notification.generation()));
          out.get(VERSIONS).outputWithTimestamp(version, time(notification, published));
        }
      } catch (MalformedNotificationException e) {
        Metrics.counter(Metrics.notifications(NotificationResult.MALFORMED)).inc();
        logNowAndThen(e.getMessage());
        out.get(MALFORMED).output(line(message, attributes, published, e.getMessage()));
      }
    }

    private NotificationResult result(Notification notification) {
      if (!notification.eventType().equals(Notification.OBJECT_FINALIZE)) {
        return NotificationResult.OTHER_EVENT;
      } else if (ownFiles.contains(notification.uri())) {
        return NotificationResult.OWN_FILE;
      } else if (input != null && !input.matches(notification.uri())) {
        return NotificationResult.NOT_MATCHING;
      } else {
        return NotificationResult.WANTED;
      }
    }

    /** Whoever writes the attribute may write anything. */
    private static Instant time(Notification notification, Instant published) {
      java.time.Instant event = notification.eventTime();
      return event == null
              || event.isBefore(java.time.Instant.EPOCH)
              || event.isAfter(java.time.Instant.ofEpochMilli(published.getMillis()))
          ? published
          : Instant.ofEpochMilli(event.toEpochMilli());
    }

    private void logNowAndThen(String cause) {
      long now = System.nanoTime();
      Long last = logged.get(cause);
      if (last == null || now - last > QUIET.toNanos()) {
        logged.put(cause, now);
        LOG.warn(
            "a message isn't a notification of Cloud Storage: {}; such messages are kept in messages/ of the dead letter",
            cause);
      }
    }

    private static byte[] line(
        PubsubMessage message, Map<String, String> attributes, Instant published, String cause) {
      ObjectNode line =
          JSON.createObjectNode()
              .put("reason", NotificationResult.MALFORMED.name())
              .put("message", cause)
              .put("message_id", message.getMessageId())
              .put("published", published.toString());
      ObjectNode sorted = line.putObject("attributes");
      new TreeMap<>(attributes).forEach(sorted::put);
      return JsonLine.of(line.put("data", message.getPayload()));
    }
  }
}
