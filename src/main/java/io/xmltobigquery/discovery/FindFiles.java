package io.xmltobigquery.discovery;

import io.xmltobigquery.audit.FileOutcome;
import io.xmltobigquery.storage.FileGoneException;
import io.xmltobigquery.storage.FileStore;
import io.xmltobigquery.storage.FileVersion;
import io.xmltobigquery.storage.UnreadableFileException;
import java.io.IOException;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Finds the file versions to load: those that match a pattern now. Files of the dead letter are
 * never input.
 *
 * <p>A streaming job will find them by notifications instead, and join here.
 */
public final class FindFiles extends PTransform<PBegin, PCollectionTuple> {

  private static final long serialVersionUID = 1L;

  /** The file versions to load. */
  public static final TupleTag<FileVersion> FILES = new TupleTag<>() {};

  /** The files that were gone before their version could be found out, or that we may not read. */
  public static final TupleTag<FileOutcome> OUTCOMES = new TupleTag<>() {};

  /** Beam's own test of a pattern, for which no match is fine, leaves out {@code [ab]}. */
  private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

  private final String pattern;
  private final String deadLetterDir;

  private FindFiles(String pattern, String deadLetterDir) {
    this.pattern = pattern;
    this.deadLetterDir = deadLetterDir;
  }

  /**
   * Finds the files that match a pattern.
   *
   * @param pattern a file pattern as {@link FileIO} takes it
   * @param deadLetterDir the directory whose files are left out
   */
  public static FindFiles matching(String pattern, String deadLetterDir) {
    return new FindFiles(pattern, deadLetterDir);
  }

  /** Whether this is a pattern, which may match nothing, or else names one file. */
  public static boolean isPattern(String input) {
    return WILDCARD.matcher(input).find();
  }

  /** The part of a pattern that stands for itself. */
  public static String beforeWildcard(String input) {
    Matcher wildcard = WILDCARD.matcher(input);
    return wildcard.find() ? input.substring(0, wildcard.start()) : input;
  }

  @Override
  public PCollectionTuple expand(PBegin input) {
    EmptyMatchTreatment emptyMatch =
        isPattern(pattern) ? EmptyMatchTreatment.ALLOW : EmptyMatchTreatment.DISALLOW;
    PCollectionTuple found =
        input
            .apply("Pattern", Create.of(pattern))
            .apply("Match", FileIO.matchAll().withEmptyMatchTreatment(emptyMatch))
            .apply(
                "Pin",
                ParDo.of(new PinFn(deadLetterDir))
                    .withOutputTags(FILES, TupleTagList.of(OUTCOMES)));
    found.get(FILES).setCoder(SerializableCoder.of(FileVersion.class));
    found.get(OUTCOMES).setCoder(SerializableCoder.of(FileOutcome.class));
    return found;
  }

  /** Finds out which version of a file was matched. */
  private static final class PinFn extends DoFn<Metadata, FileVersion> {
    private static final long serialVersionUID = 1L;

    private final String deadLetterDir;
    private transient FileStore files;

    PinFn(String deadLetterDir) {
      this.deadLetterDir = FileSystems.matchNewResource(deadLetterDir, true).toString();
    }

    @Setup
    public void setUp(PipelineOptions options) {
      files = FileStore.of(options);
    }

    @ProcessElement
    public void pin(@Element Metadata file, MultiOutputReceiver out) throws IOException {
      String uri = file.resourceId().toString();
      if (uri.startsWith(deadLetterDir)) {
        return;
      }
      try {
        out.get(FILES).output(files.find(uri));
      } catch (FileGoneException e) {
        Instant now = Instant.now();
        out.get(OUTCOMES).output(FileOutcome.gone(unknownVersion(file), e, now, now));
      } catch (UnreadableFileException e) {
        Instant now = Instant.now();
        out.get(OUTCOMES).output(FileOutcome.unreadable(unknownVersion(file), e, now, now));
      }
    }

    private static FileVersion unknownVersion(Metadata file) {
      return new FileVersion(file.resourceId().toString(), "", file.sizeBytes());
    }
  }
}
