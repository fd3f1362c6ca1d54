package io.xmltobigquery.flow.find;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.ObjectName;
import io.xmltobigquery.files.OwnFiles;
import io.xmltobigquery.files.VersionId;
import io.xmltobigquery.flow.Overlap;
import io.xmltobigquery.options.InputPattern;
import io.xmltobigquery.outcome.FileOutcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubIO;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.PeriodicImpulse;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the file versions to load: a backfill's, which match a pattern now, or those that
 * notifications tell of, for ever. Files of the job's own are never input.
 */
public final class FindFiles extends PTransform<PBegin, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  /** The file versions to load. */
  public static final TupleTag<FileVersion> FILES = new TupleTag<>() {};

  /** The files that were gone before they could be looked up, or that we may not read. */
  public static final TupleTag<FileOutcome> OUTCOMES = new TupleTag<>() {};

  /** Messages that are no notifications, as JSON lines for the dead letter. Not in a backfill. */
  public static final TupleTag<byte[]> MALFORMED_MESSAGES = new TupleTag<>() {};

  /**
   * Where notifications come from.
   *
   * @param subscription {@code projects/PROJECT/subscriptions/NAME}
   * @param deduplicationWindow how long a version is remembered
   * @param launched when the job is launched
   * @param reconcileInterval how often the pattern is listed, or null for never
   */
  public record NotificationSource(
      String subscription,
      Duration deduplicationWindow,
      Instant launched,
      @Nullable Duration reconcileInterval) {}

  private final @Nullable String pattern;
  private final OwnFiles ownFiles;
  private final transient @Nullable NotificationSource notifications;

  private FindFiles(
      @Nullable String pattern, OwnFiles ownFiles, @Nullable NotificationSource notifications) {
    this.pattern = pattern;
    this.ownFiles = ownFiles;
    this.notifications = notifications;
  }

  /**
   * Finds the files that match a pattern.
   *
   * @param pattern a file pattern as {@link FileIO} takes it
   */
  public static FindFiles matching(String pattern, OwnFiles ownFiles) {
    return new FindFiles(pattern, ownFiles, null);
  }

  /**
   * Finds the objects that notifications tell of.
   *
   * @param pattern of the objects that are wanted, or null for all; not null if it is to be listed
   */
  public static FindFiles notified(
      NotificationSource notifications, @Nullable String pattern, OwnFiles ownFiles) {
    return new FindFiles(pattern, ownFiles, notifications);
  }

  @Override
  public PCollectionTuple expand(PBegin input) {
    return notifications == null ? match(input) : notified(input, notifications);
  }

  private PCollectionTuple match(PBegin input) {
    EmptyMatchTreatment emptyMatch =
        InputPattern.isPattern(pattern) ? EmptyMatchTreatment.ALLOW : EmptyMatchTreatment.DISALLOW;
    OwnFiles own = ownFiles;
    return input
        .apply("Pattern", Create.of(pattern))
        .apply("Match", FileIO.matchAll().withEmptyMatchTreatment(emptyMatch))
        .apply(
            "Names",
            MapElements.into(TypeDescriptors.strings()).via(file -> file.resourceId().toString()))
        .apply("Leave out own files", Filter.by(name -> !own.contains(name)))
        .apply("Look up", ParDo.of(new LookUpFn()))
        .apply("Files and outcomes", SplitSightings.create());
  }

  private PCollectionTuple notified(PBegin input, NotificationSource from) {
    PCollection<PubsubMessage> messages =
        input.apply(
            "Read messages",
            PubsubIO.readMessagesWithAttributesAndMessageId()
                .fromSubscription(from.subscription()));
    FindNotifiedFiles find =
        FindNotifiedFiles.of(
            pattern == null ? null : new InputPattern(pattern),
            ownFiles,
            Recent.of(from.launched(), from.deduplicationWindow()),
            from.deduplicationWindow());
    if (from.reconcileInterval() != null) {
      find = find.andListing(listings(input, from));
    }
    return messages.apply("Notified files", find);
  }

  private PCollection<String> listings(PBegin input, NotificationSource from) {
    long interval = from.reconcileInterval().toMillis();
    String listed = pattern;
    return input
        .apply(
            "Every interval",
            PeriodicImpulse.create()
                .startAt(org.joda.time.Instant.ofEpochMilli(from.launched().toEpochMilli()))
                .withInterval(org.joda.time.Duration.millis(interval)))
        // After an outage it makes up for every interval that was missed; the last one is enough.
        .apply("Now", Filter.by(time -> time.getMillis() > System.currentTimeMillis() - interval))
        .apply("Listing", MapElements.into(TypeDescriptors.strings()).via(time -> listed));
  }

  private static final class LookUpFn extends DoFn<String, Sighting> {
    private static final long serialVersionUID = 1L;

    private transient FileStore files;
    private transient Overlap<Sighting> sightings;

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
      sightings = Overlap.of(IsBounded.BOUNDED, options);
    }

    @StartBundle
    public void start() {
      sightings.begin();
    }

    @ProcessElement
    public void lookUp(
        @Element String name, @Timestamp org.joda.time.Instant found, OutputReceiver<Sighting> out)
        throws IOException {
      sightings.add(
          ObjectName.is(name),
          () -> Sighting.of(new VersionId(name, ""), files, false),
          found,
          out::outputWithTimestamp);
    }

    @FinishBundle
    public void finish(FinishBundleContext out) throws IOException {
      sightings.takeAll((sighting, time) -> out.output(sighting, time, GlobalWindow.INSTANCE));
    }

    @Teardown
    public void tearDown() {
      sightings.close();
    }
  }
}
