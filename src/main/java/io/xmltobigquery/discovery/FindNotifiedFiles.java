package io.xmltobigquery.discovery;

import io.xmltobigquery.audit.Metrics;
import io.xmltobigquery.audit.NotificationResult;
import io.xmltobigquery.discovery.CurrentVersions.Recent;
import io.xmltobigquery.storage.VersionId;
import java.io.Serializable;
import java.time.Duration;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.transforms.Deduplicate;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the file versions that notifications tell of, each once.
 *
 * <p>A notification's own version is looked up at its generation, whatever the object has become.
 * The object's name is matched as well: if another version has taken its place, that one is loaded
 * though its own notification may be late or lost.
 */
final class FindNotifiedFiles extends PTransform<PCollection<PubsubMessage>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  private final @Nullable InputPattern input;
  private final OwnFiles ownFiles;
  private final Recent recent;
  private final Duration deduplicationWindow;
  private final transient @Nullable PCollection<String> listings;

  private FindNotifiedFiles(
      @Nullable InputPattern input,
      OwnFiles ownFiles,
      Recent recent,
      Duration deduplicationWindow,
      @Nullable PCollection<String> listings) {
    this.input = input;
    this.ownFiles = ownFiles;
    this.recent = recent;
    this.deduplicationWindow = deduplicationWindow;
    this.listings = listings;
  }

  /**
   * Finds files by notifications.
   *
   * @param input the objects that are wanted, or null for all
   * @param ownFiles those that never are
   * @param recent which versions are loaded without a notification of their own
   * @param deduplicationWindow how long a version is remembered
   */
  static FindNotifiedFiles of(
      @Nullable InputPattern input,
      OwnFiles ownFiles,
      Recent recent,
      Duration deduplicationWindow) {
    return new FindNotifiedFiles(input, ownFiles, recent, deduplicationWindow, null);
  }

  /**
   * The same, which also lists what matches patterns.
   *
   * @param listings a pattern for each time that it is to be listed
   */
  FindNotifiedFiles andListing(PCollection<String> listings) {
    return new FindNotifiedFiles(input, ownFiles, recent, deduplicationWindow, listings);
  }

  @Override
  public PCollectionTuple expand(PCollection<PubsubMessage> messages) {
    PCollectionTuple read =
        messages.apply("Read notifications", ReadNotifications.of(input, ownFiles));
    PCollection<VersionId> notified = read.get(ReadNotifications.VERSIONS);
    PCollection<VersionId> current =
        notified
            .apply("Names", MapElements.into(TypeDescriptors.strings()).via(VersionId::uri))
            // There is no way to ask for a name that looks like a pattern.
            .apply("Ordinary names", Filter.by(name -> !FindFiles.isPattern(name)))
            .apply("Current versions", CurrentVersions.of(recent, ownFiles));
    PCollectionList<Sighting> sightings =
        PCollectionList.of(notified.apply("Notified", ParDo.of(new SightFn(true))))
            .and(current.apply("Current", ParDo.of(new SightFn(false))));
    if (listings != null) {
      sightings =
          sightings.and(
              listings
                  .apply("Listed versions", CurrentVersions.of(recent, ownFiles))
                  .apply("Listed", ParDo.of(new SightFn(false))));
    }
    PCollectionTuple found =
        sightings
            .apply("All sightings", Flatten.pCollections())
            .setCoder(SerializableCoder.of(Sighting.class))
            .apply(
                "Deduplicate",
                Deduplicate.<Sighting, String>withRepresentativeValueFn(
                        sighting -> sighting.version().toString())
                    .withRepresentativeCoder(StringUtf8Coder.of())
                    .withDuration(org.joda.time.Duration.millis(deduplicationWindow.toMillis())))
            .apply("First sightings", ParDo.of(new FirstFn()))
            .setCoder(SerializableCoder.of(VersionId.class))
            .apply("Pin", Pin.versions());
    return PCollectionTuple.of(FindFiles.FILES, found.get(FindFiles.FILES))
        .and(FindFiles.OUTCOMES, found.get(FindFiles.OUTCOMES))
        .and(FindFiles.MALFORMED_MESSAGES, read.get(ReadNotifications.MALFORMED));
  }

  /**
   * A version was seen.
   *
   * @param notified whether by its own notification
   */
  private record Sighting(VersionId version, boolean notified) implements Serializable {}

  private static final class SightFn extends DoFn<VersionId, Sighting> {
    private static final long serialVersionUID = 1L;

    private final boolean notified;

    SightFn(boolean notified) {
      this.notified = notified;
    }

    @ProcessElement
    public void see(@Element VersionId version, OutputReceiver<Sighting> out) {
      if (notified) {
        // Deduplicate doesn't tell what it drops, but what it lets pass.
        Metrics.counter(Metrics.notifications(NotificationResult.DUPLICATE)).inc();
      }
      out.output(new Sighting(version, notified));
    }
  }

  private static final class FirstFn extends DoFn<Sighting, VersionId> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void pass(@Element Sighting first, OutputReceiver<VersionId> out) {
      if (first.notified()) {
        Metrics.counter(Metrics.notifications(NotificationResult.DUPLICATE)).dec();
      } else {
        Metrics.counter(Metrics.FILES_WITHOUT_NOTIFICATION).inc();
      }
      out.output(first.version());
    }
  }
}
