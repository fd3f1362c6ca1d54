package io.xmltobigquery.flink;

import java.io.IOException;
import java.time.Duration;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;

/** A job without an end, on a Flink cluster in the test's own process. */
public final class EmbeddedJob {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private EmbeddedJob() {}

  /** What a test does while the job runs. */
  public interface Meanwhile {
    void run() throws Exception;
  }

  /**
   * Runs the job until the test has done what it does meanwhile.
   *
   * @param pipeline with {@code attachedMode=false} among its options
   */
  public static void run(Pipeline pipeline, Meanwhile meanwhile) throws Exception {
    PipelineResult job = pipeline.run();
    try {
      meanwhile.run();
    } finally {
      end(job);
    }
  }

  /** Whether the job has ended, by itself or not. */
  public static boolean hasEnded(PipelineResult job) {
    try {
      return job.getState().isTerminal();
    } catch (RuntimeException e) {
      return true; // The cluster ends with its job, and has no other way to say so.
    }
  }

  /** Cancels the job, unless it has ended, and waits for its end. */
  public static void end(PipelineResult job) throws IOException {
    if (hasEnded(job)) {
      return;
    }
    try {
      job.cancel();
      job.waitUntilFinish(org.joda.time.Duration.millis(LIMIT.toMillis()));
    } catch (RuntimeException e) {
      if (!hasEnded(job)) {
        throw e;
      }
    }
  }
}
