package io.xmltobigquery.flow.settle;

import io.xmltobigquery.outcome.FileLoads;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.JsonLine;
import io.xmltobigquery.outcome.Metrics;
import io.xmltobigquery.outcome.Outcome;
import java.util.List;
import org.apache.beam.sdk.transforms.SimpleFunction;
import org.apache.beam.sdk.values.KV;

/**
 * Outcomes as JSON lines of the {@code file_loads} table. This is the end of every file version, so
 * it counts them.
 */
public final class FileOutcomeLines extends SimpleFunction<FileOutcome, List<KV<String, byte[]>>> {

  private static final long serialVersionUID = 1L;

  private final String mapping;

  /**
   * Describes the lines.
   *
   * @param mapping the digest of the mapping by which the job reads
   */
  public FileOutcomeLines(String mapping) {
    this.mapping = mapping;
  }

  @Override
  public List<KV<String, byte[]>> apply(FileOutcome outcome) {
    Metrics.counter(Metrics.files(outcome.outcome())).inc();
    if (outcome.rejection() != null) {
      Metrics.counter(Metrics.filesRejected(outcome.rejection().reason())).inc();
    }
    long leftOut = outcome.entries().stream().filter(e -> e.outcome() == Outcome.LEFT_OUT).count();
    if (leftOut > 0) {
      Metrics.counter(Metrics.files(Outcome.LEFT_OUT)).inc(leftOut);
    }
    if (outcome.outcome() == Outcome.ACCEPTED || outcome.outcome() == Outcome.REJECTED) {
      Metrics.counter(Metrics.FILE_BYTES).inc(outcome.file().size());
    }
    return FileLoads.rows(outcome).stream()
        .map(row -> KV.of(FileLoads.TABLE, JsonLine.of(row.put("mapping", mapping))))
        .toList();
  }
}
