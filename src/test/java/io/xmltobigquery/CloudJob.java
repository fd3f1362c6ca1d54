package io.xmltobigquery;

import io.xmltobigquery.flink.SharedFlink;
import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/** A backfill of the local stack's objects, on embedded Flink in this process. */
final class CloudJob {

  private CloudJob() {}

  /** Runs a job over all of a test's objects, unless told otherwise, to its end. */
  static PipelineResult run(LocalStack stack, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(stack.options());
    arguments.addAll(
        List.of(
            "--runner=FlinkRunner",
            "--flinkMaster=" + SharedFlink.MASTER,
            "--parallelism=2",
            "--fasterCopy=true",
            "--deadLetterDir=" + stack.deadLetter()));
    addUnlessGiven(arguments, "--input=" + stack.input() + "/**.xml", more);
    addUnlessGiven(arguments, "--output=" + stack.output(), more);
    arguments.addAll(Arrays.asList(more));
    return Job.run(
        PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
            .as(XmlToBigQueryOptions.class));
  }

  private static void addUnlessGiven(List<String> arguments, String option, String... given) {
    String name = option.substring(0, option.indexOf('=') + 1);
    if (Arrays.stream(given).noneMatch(argument -> argument.startsWith(name))) {
      arguments.add(option);
    }
  }
}
