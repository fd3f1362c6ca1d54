package io.xmltobigquery.flow.find;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.ObjectListing;
import io.xmltobigquery.files.ObjectName;
import io.xmltobigquery.files.OwnFiles;
import io.xmltobigquery.files.UnreadableFileException;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.options.InputPattern;
import java.io.IOException;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.state.StateSpecs;
import org.apache.beam.sdk.state.TimeDomain;
import org.apache.beam.sdk.state.Timer;
import org.apache.beam.sdk.state.TimerSpec;
import org.apache.beam.sdk.state.TimerSpecs;
import org.apache.beam.sdk.state.ValueState;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.joda.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Finds the versions of all objects that match patterns now, if they are recent. Not by FileIO,
 * which holds all of a listing in memory, and in a bucket that grows for ever that is too much.
 */
final class ListVersions extends PTransform<PCollection<String>, PCollection<Sighting>> {

  private static final long serialVersionUID = 1L;

  private final Recent recent;
  private final OwnFiles ownFiles;

  private ListVersions(Recent recent, OwnFiles ownFiles) {
    this.recent = recent;
    this.ownFiles = ownFiles;
  }

  /**
   * Lists what matches. A pattern that comes while it is being listed isn't listed again.
   *
   * @param ownFiles objects that are left out
   */
  static ListVersions of(Recent recent, OwnFiles ownFiles) {
    return new ListVersions(recent, ownFiles);
  }

  @Override
  public PCollection<Sighting> expand(PCollection<String> patterns) {
    return patterns
        .apply(
            "By themselves",
            WithKeys.<String, String>of(pattern -> pattern).withKeyType(TypeDescriptors.strings()))
        .apply("List", ParDo.of(new ListFn(recent, ownFiles)));
  }

  /**
   * Lists a pattern in pieces: a runner holds all that one call gives until it is done, and
   * Dataflow takes no more than some 180 MB. The next piece isn't a splittable function's, since
   * then a listing that takes longer than the interval would have others beside it, more and more.
   */
  static final class ListFn extends DoFn<KV<String, String>, Sighting> {
    private static final long serialVersionUID = 1L;
    private static final JobLog LOG = JobLog.of(ListVersions.class);
    private static final String NEXT = "next";
    private static final String PIECE = "piece";

    /** A sighting takes a few KB at most: a name has up to 1,024 bytes, and stands there thrice. */
    private static final int MOST_SIGHTINGS = 2_000;

    /** So that a piece is done in seconds where nothing is recent; twenty requests. */
    private static final int MOST_OBJECTS = 20_000;

    /** The name at which the next piece begins, while there is one. */
    @StateId(NEXT)
    private final StateSpec<ValueState<String>> nextSpec = StateSpecs.value(StringUtf8Coder.of());

    @TimerId(PIECE)
    private final TimerSpec pieceSpec = TimerSpecs.timer(TimeDomain.PROCESSING_TIME);

    private final Recent recent;
    private final OwnFiles ownFiles;
    private transient ObjectListing objects;

    ListFn(Recent recent, OwnFiles ownFiles) {
      this.recent = recent;
      this.ownFiles = ownFiles;
    }

    @Setup
    public void setUp(PipelineOptions options) {
      objects = ObjectListing.of(options.as(GcsOptions.class));
    }

    @ProcessElement
    public void begin(
        @Element KV<String, String> pattern,
        @StateId(NEXT) ValueState<String> next,
        @TimerId(PIECE) Timer piece,
        OutputReceiver<Sighting> out)
        throws IOException {
      if (next.read() != null) {
        LOG.warn(
            "{} is still being listed; a longer --reconcileInterval would do", pattern.getKey());
        return;
      }
      goOnAt(list(pattern.getKey(), "", out), next, piece);
    }

    @OnTimer(PIECE)
    public void goOn(
        @Key String pattern,
        @StateId(NEXT) ValueState<String> next,
        @TimerId(PIECE) Timer piece,
        OutputReceiver<Sighting> out)
        throws IOException {
      goOnAt(list(pattern, next.read(), out), next, piece);
    }

    private static void goOnAt(@Nullable String name, ValueState<String> next, Timer piece) {
      if (name == null) {
        next.clear();
        return;
      }
      next.write(name);
      piece.offset(Duration.ZERO).setRelative();
    }

    /**
     * Lists a piece from a name on, and returns where the next begins, or null if it is the last.
     */
    @Nullable String list(String text, String from, OutputReceiver<Sighting> out)
        throws IOException {
      Piece piece = new Piece(new InputPattern(text), out);
      try {
        objects.visit(InputPattern.beforeWildcard(text), from, piece);
      } catch (UnreadableFileException e) {
        LOG.warn("{}; give the job the right to, or leave --reconcileInterval out", e.getMessage());
      }
      return piece.next;
    }

    private final class Piece implements ObjectListing.StoppingVisitor {
      private final InputPattern pattern;
      private final OutputReceiver<Sighting> out;
      private int seen;
      private int sightings;
      private @Nullable String next;

      Piece(InputPattern pattern, OutputReceiver<Sighting> out) {
        this.pattern = pattern;
        this.out = out;
      }

      @Override
      public boolean visit(FileVersion file) {
        if (sightings == MOST_SIGHTINGS || seen == MOST_OBJECTS) {
          next = ObjectName.of(file.uri()).object();
          return false;
        }
        seen++;
        if (recent.includes(file)
            && pattern.matches(file.uri())
            && !ownFiles.contains(file.uri())) {
          sightings++;
          out.output(new Sighting(file, null, false));
        }
        return true;
      }
    }
  }
}
