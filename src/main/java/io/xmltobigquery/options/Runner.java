package io.xmltobigquery.options;

import org.apache.beam.runners.dataflow.DataflowRunner;
import org.apache.beam.sdk.options.Default;
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

  /** How the names of Flink's clusters begin that are in this process. */
  private static final String IN_PROCESS = "[";

  /** The option of Flink's runner, which can be asked for where its classes aren't. */
  public interface FlinkMasterOptions extends PipelineOptions {
    @Default.String("[auto]")
    String getFlinkMaster();

    void setFlinkMaster(String master);
  }

  /** The same for another one. */
  public interface FlinkBundleOptions extends PipelineOptions {
    @Default.Boolean(false)
    boolean getFinishBundleBeforeCheckpointing();

    void setFinishBundleBeforeCheckpointing(boolean finish);
  }

  /**
   * Has a streaming job on Flink end its bundles before a checkpoint. By itself Beam ends them in
   * the checkpoint, keeps what that emits, and hands it on when the step has its next element or
   * watermark, which may be a minute later.
   */
  public static void endBundlesBeforeCheckpoints(PipelineOptions options) {
    options.as(FlinkBundleOptions.class).setFinishBundleBeforeCheckpointing(true);
  }

  /** Whether a job has one process, in which threads share the work. */
  public static boolean isOneProcess(PipelineOptions options) {
    return of(options) == FLINK
        && options.as(FlinkMasterOptions.class).getFlinkMaster().startsWith(IN_PROCESS);
  }

  /** The one that the options name. */
  public static Runner of(PipelineOptions options) {
    Class<?> runner = options.getRunner();
    if (DataflowRunner.class.equals(runner)) {
      return DATAFLOW;
    }
    return FLINK_RUNNER.equals(runner.getName()) ? FLINK : OTHER;
  }
}
