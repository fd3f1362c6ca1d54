package io.xmltobigquery;

import io.xmltobigquery.flink.EmbeddedJob;
import io.xmltobigquery.flink.Eventually;
import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.mapping.MappingException;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * A streaming job with the local stack, on embedded Flink in this process: as the command runs it,
 * but for what goes wrong, which ends it at once.
 */
final class StreamingJob implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  /** The runner tells nobody else. */
  private static final String WHY =
      "-Dorg.slf4j.simpleLogger.log.org.apache.flink.runtime.taskmanager.Task=warn shows why";

  private final PipelineResult result;

  private StreamingJob(PipelineResult result) {
    this.result = result;
  }

  /**
   * Starts a job that goes on until it is closed.
   *
   * @param checkpoints a directory
   * @param more options, also instead of those that lead to the local stack
   */
  static StreamingJob start(LocalStack stack, Path checkpoints, String subscription, String... more)
      throws IOException, MappingException {
    List<String> arguments = new ArrayList<>(stack.options());
    arguments.addAll(
        List.of(
            "--inputSubscription=" + subscription,
            "--deadLetterDir=" + stack.deadLetter(),
            "--runner=FlinkRunner",
            "--flinkMaster=[local]",
            "--attachedMode=false",
            "--jobCheckIntervalInSecs=1",
            "--parallelism=2",
            "--objectReuse=true",
            "--checkpointingInterval=1000",
            "--numberOfExecutionRetries=0",
            "--stateBackend=filesystem",
            "--stateBackendStoragePath=file://" + checkpoints));
    Set<String> given = Arrays.stream(more).map(StreamingJob::name).collect(Collectors.toSet());
    arguments.removeIf(argument -> given.contains(name(argument)));
    arguments.addAll(Arrays.asList(more));
    return new StreamingJob(
        Job.start(
            PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
                .as(XmlToBigQueryOptions.class)));
  }

  private static String name(String option) {
    return option.split("=", 2)[0];
  }

  /**
   * Waits until something is so, as long as the job runs.
   *
   * @param what it is, for the message if it doesn't come
   */
  void await(String what, Callable<Boolean> condition) throws Exception {
    Eventually.await(
        what,
        LIMIT,
        () -> {
          if (EmbeddedJob.hasEnded(result)) {
            throw new AssertionError("the job has ended before this: " + what + "; " + WHY);
          }
          return condition.call();
        });
  }

  /** Ends the job and waits for its end. */
  @Override
  public void close() throws IOException {
    EmbeddedJob.end(result);
  }
}
