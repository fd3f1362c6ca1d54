package io.xmltobigquery.files;

import java.time.Duration;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.StreamingOptions;

/**
 * How long a request waits for a bucket that refuses everybody's, as when a right was taken away by
 * mistake: the job's own tries are few, and on Flink each begins the whole job again.
 *
 * @param most how long in all
 * @param firstPause between two requests; each pause is twice as long as the one before, up to a
 *     minute
 */
record Patience(Duration most, Duration firstPause) {

  private static final Patience STREAMING =
      new Patience(Duration.ofMinutes(15), Duration.ofSeconds(1));

  /** A backfill has somebody who waits for it and starts it again. */
  private static final Patience NONE = new Patience(Duration.ZERO, Duration.ZERO);

  static Patience of(PipelineOptions options) {
    return options.as(StreamingOptions.class).isStreaming() ? STREAMING : NONE;
  }
}
