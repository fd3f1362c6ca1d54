package io.xmltobigquery.flink;

import java.io.IOException;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.joda.time.Duration;

/** A job without an end, on a Flink cluster in the test's own process. */
public final class EmbeddedJob {

  private static final Duration LIMIT = Duration.standardMinutes(3);

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
      cancel(job);
    }
  }

  private static void cancel(PipelineResult job) throws IOException {
    try {
      job.cancel();
      job.waitUntilFinish(LIMIT);
    } catch (RuntimeException e) {
      // The cluster ends with its job, and has no other way to say so.
    }
  }
}
