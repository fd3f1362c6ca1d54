package io.xmltobigquery.options;

import org.apache.beam.runners.dataflow.DataflowRunner;
import org.apache.beam.sdk.options.PipelineOptions;

/** Who runs a job, as far as it makes a difference. */
public enum Runner {
  /** It writes down what has passed a shuffle, and its workers see no file of this machine. */
  DATAFLOW,
  /** It goes back to a checkpoint when a worker dies. */
  FLINK,
  /** Any other one, such as that of tests. */
  OTHER;

  /** By name: its class is only there where a job runs on Flink, so not in Dataflow's images. */
  private static final String FLINK_RUNNER = "org.apache.beam.runners.flink.FlinkRunner";

  /** The one that the options name. */
  public static Runner of(PipelineOptions options) {
    Class<?> runner = options.getRunner();
    if (DataflowRunner.class.equals(runner)) {
      return DATAFLOW;
    }
    return FLINK_RUNNER.equals(runner.getName()) ? FLINK : OTHER;
  }
}
