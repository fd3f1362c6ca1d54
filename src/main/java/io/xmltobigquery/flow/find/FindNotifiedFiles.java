package io.xmltobigquery.flow.find;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.ObjectName;
import io.xmltobigquery.files.OwnFiles;
import io.xmltobigquery.files.VersionId;
import io.xmltobigquery.flow.Overlap;
import io.xmltobigquery.options.InputPattern;
import io.xmltobigquery.outcome.Metrics;
import io.xmltobigquery.outcome.NotificationResult;
import io.xmltobigquery.outcome.Outcome;
import java.io.IOException;
import java.time.Duration;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Deduplicate;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.joda.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Finds the file versions that notifications tell of, each once.
 *
 * <p>Nearly always it is the version that its object has now, and one request tells so. If it
 * isn't, it is looked up at its generation, whatever the object has become, and the object's name
 * is matched: the version that has taken its place is loaded though its own notification may be
 * late or lost.
 */
final class FindNotifiedFiles extends PTransform<PCollection<PubsubMessage>, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  private static final TupleTag<Sighting> SIGHTINGS = new TupleTag<>() {};
  private static final TupleTag<String> NAMES = new TupleTag<>() {};

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
    PCollectionTuple notified =
        read.get(ReadNotifications.VERSIONS)
            .apply(
                "Look up versions",
                ParDo.of(new LookUpFn()).withOutputTags(SIGHTINGS, TupleTagList.of(NAMES)));
    PCollectionList<Sighting> sightings =
        PCollectionList.of(notified.get(SIGHTINGS))
            .and(notified.get(NAMES).apply("Current versions", LookUpCurrentVersions.of(recent)));
    if (listings != null) {
      sightings =
          sightings.and(listings.apply("Listed versions", ListVersions.of(recent, ownFiles)));
    }
    PCollectionTuple found =
        sightings
            .apply("All sightings", Flatten.pCollections())
            .apply(
                "Deduplicate",
                Deduplicate.<Sighting, String>withRepresentativeValueFn(
                        sighting -> sighting.id().toString())
                    .withRepresentativeCoder(StringUtf8Coder.of())
                    .withDuration(org.joda.time.Duration.millis(deduplicationWindow.toMillis())))
            .apply("Count", ParDo.of(new CountFn()))
            .apply("Files and outcomes", SplitSightings.create());
    return found.and(FindFiles.MALFORMED_MESSAGES, read.get(ReadNotifications.MALFORMED));
  }

  /**
   * What was seen of a notified version.
   *
   * @param isCurrent whether its object still has it
   */
  private record Found(VersionId version, Sighting sighting, boolean isCurrent) {

    static Found find(VersionId version, FileStore files) throws IOException {
      Sighting current = Sighting.of(new VersionId(version.uri(), ""), files, true);
      return current.id().equals(version)
          ? new Found(version, current, true)
          : new Found(version, Sighting.of(version, files, true), false);
    }

    /**
     * Whether the object's name is to be matched. There is no way to match a name that looks like a
     * pattern. And matching fails the job for ever on an object that we may not read.
     */
    boolean isToBeMatched() {
      boolean readable =
          sighting.outcome() == null || sighting.outcome().outcome() == Outcome.SUPERSEDED;
      return !isCurrent && readable && !InputPattern.isPattern(version.uri());
    }
  }

  private static final class LookUpFn extends DoFn<VersionId, Sighting> {
    private static final long serialVersionUID = 1L;

    private transient FileStore files;
    private transient Overlap<Found> found;

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
      found = Overlap.of(IsBounded.UNBOUNDED, options);
    }

    @StartBundle
    public void start() {
      found.begin();
    }

    @ProcessElement
    public void lookUp(
        @Element VersionId version, @Timestamp Instant event, MultiOutputReceiver out)
        throws IOException {
      // Deduplicate doesn't tell what it drops, but what it lets pass.
      Metrics.counter(Metrics.notifications(NotificationResult.DUPLICATE)).inc();
      found.add(
          ObjectName.is(version.uri()),
          () -> Found.find(version, files),
          event,
          (answer, time) -> {
            out.get(SIGHTINGS).outputWithTimestamp(answer.sighting(), time);
            if (answer.isToBeMatched()) {
              out.get(NAMES).outputWithTimestamp(answer.version().uri(), time);
            }
          });
    }

    @FinishBundle
    public void finish(FinishBundleContext out) throws IOException {
      found.takeAll(
          (answer, time) -> {
            out.output(SIGHTINGS, answer.sighting(), time, GlobalWindow.INSTANCE);
            if (answer.isToBeMatched()) {
              out.output(NAMES, answer.version().uri(), time, GlobalWindow.INSTANCE);
            }
          });
    }

    @Teardown
    public void tearDown() {
      found.close();
    }

    /** A version may be of an event before that of the next one, with which it is emitted. */
    @Override
    @SuppressWarnings("deprecation") // Beam has nothing that would replace it.
    public org.joda.time.Duration getAllowedTimestampSkew() {
      return org.joda.time.Duration.millis(Long.MAX_VALUE);
    }
  }

  private static final class CountFn extends DoFn<Sighting, Sighting> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void count(@Element Sighting first, OutputReceiver<Sighting> out) {
      if (first.notified()) {
        Metrics.counter(Metrics.notifications(NotificationResult.DUPLICATE)).dec();
      } else {
        Metrics.counter(Metrics.FILES_WITHOUT_NOTIFICATION).inc();
      }
      out.output(first);
    }
  }
}
