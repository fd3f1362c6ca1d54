package io.xmltobigquery.check;

import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.ObjectListing;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.options.DatasetName;
import io.xmltobigquery.options.InputPattern;
import io.xmltobigquery.options.Runner;
import io.xmltobigquery.options.WriteMode;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.IOException;
import java.util.Optional;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;

/**
 * Looks whether a backfill may have more rows than BigQuery takes in one commit. In batch,
 * BigQueryIO commits all rows of a table at once and at the end, so a job that is too large fails
 * when all its work is paid: <a href="https://github.com/apache/beam/issues/31872">Beam's issue
 * 31872</a>, with the limits, which are 1 TB of rows in a region and 10 TB in the multi-regions US
 * and EU.
 */
public final class CommitSize {

  private static final JobLog LOG = JobLog.of(CommitSize.class);

  /** Decimal, as the warning says it; in bytes. */
  private static final long MOST_BYTES = 1_000_000_000_000L;

  /** A hundred requests, so some seconds. More files are that many bytes by then, or are small. */
  private static final int MOST_OBJECTS = 100_000;

  private CommitSize() {}

  /** Logs a warning, if there is one. Only for Dataflow, where launching takes minutes anyway. */
  public static void warn(XmlToBigQueryOptions options) {
    if (Runner.of(options) == Runner.DATAFLOW) {
      warning(options, MOST_BYTES, MOST_OBJECTS).ifPresent(LOG::warn);
    }
  }

  /**
   * What there is to say about the bytes of {@code --input}, as they are stored: how many bytes of
   * rows become of them, and for which tables, only loading shows.
   *
   * @param options free of problems
   * @param mostObjects how many are listed, of any name; what comes after them isn't counted
   */
  static Optional<String> warning(XmlToBigQueryOptions options, long mostBytes, int mostObjects) {
    if (XmlToBigQueryOptions.isStreaming(options)
        || options.getWriteMode() != WriteMode.EXACTLY_ONCE
        || DatasetName.parse(options.getOutput()).isEmpty()) {
      return Optional.empty();
    }
    String input = options.getInput();
    if (InputPattern.problem(input) != null) {
      // The job says so when it matches it.
      return Optional.empty();
    }
    Sum sum = new Sum(new InputPattern(input), mostBytes, mostObjects);
    try {
      ObjectListing.of(options.as(GcsOptions.class))
          .visit(InputPattern.beforeWildcard(input), "", sum);
    } catch (IOException e) {
      return Optional.of(
          "not known whether --input is too large for one commit: " + e.getMessage());
    }
    return sum.bytes <= mostBytes
        ? Optional.empty()
        : Optional.of(
            input
                + " has more than "
                + mostBytes / 1_000_000_000
                + " GB; a table takes at most 1 TB of rows from one backfill (10 TB in the multi-regions US and EU), and with more the job fails at its very end and loads nothing. Split --input, as docs/RUNBOOK.md says under A large backfill");
  }

  private static final class Sum implements ObjectListing.StoppingVisitor {
    private final InputPattern pattern;
    private final long mostBytes;
    private final int mostObjects;
    private int seen;
    private long bytes;

    Sum(InputPattern pattern, long mostBytes, int mostObjects) {
      this.pattern = pattern;
      this.mostBytes = mostBytes;
      this.mostObjects = mostObjects;
    }

    @Override
    public boolean visit(FileVersion object) {
      seen++;
      if (pattern.matches(object.uri())) {
        bytes += object.size();
      }
      return bytes <= mostBytes && seen < mostObjects;
    }
  }
}
