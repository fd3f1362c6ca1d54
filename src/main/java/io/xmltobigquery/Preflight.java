package io.xmltobigquery;

import io.xmltobigquery.check.BucketAccess;
import io.xmltobigquery.check.BucketAccess.Need;
import io.xmltobigquery.check.CommitSize;
import io.xmltobigquery.check.OptionsCheck;
import io.xmltobigquery.files.ObjectName;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingWarnings;
import io.xmltobigquery.mapping.TableMapping;
import io.xmltobigquery.options.AcceptedInput;
import io.xmltobigquery.options.DatasetName;
import io.xmltobigquery.options.Directories;
import io.xmltobigquery.options.FileNames;
import io.xmltobigquery.options.InputPattern;
import io.xmltobigquery.options.OnDataflow;
import io.xmltobigquery.options.Problems;
import io.xmltobigquery.options.RejectedInput;
import io.xmltobigquery.options.Runner;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.jspecify.annotations.Nullable;

/**
 * What {@code --validateOnly} does: looks, before anything is launched, whether a job with these
 * options would find everything it needs, with the rights of the account that asks.
 */
public final class Preflight {

  /**
   * What it has found.
   *
   * @param problems what a job would fail of, each with its option and what to do
   * @param checked what was looked at and is right
   */
  public record Report(List<String> problems, List<String> checked) {}

  private static final JobLog LOG = JobLog.of(Preflight.class);

  private final XmlToBigQueryOptions options;
  private final Problems problems = new Problems();
  private final List<String> checked = new ArrayList<>();
  private final BucketAccess buckets;

  private Preflight(XmlToBigQueryOptions options) {
    this.options = options;
    this.buckets = BucketAccess.of(options.as(GcsOptions.class));
  }

  /** Checks everything, and changes nothing. */
  public static Report of(XmlToBigQueryOptions options) {
    Preflight preflight = new Preflight(options);
    preflight.all();
    return new Report(preflight.problems.lines(), List.copyOf(preflight.checked));
  }

  private void all() {
    OptionsCheck.Result read = OptionsCheck.of(options);
    problems.addAll(read.problems());
    boolean optionsAreRight = problems.count() == 0;
    if (optionsAreRight) {
      checked.add("options");
      CommitSize.warn(options);
    }
    boolean deletes =
        options.getRejectedInput() == RejectedInput.DELETE || !AcceptedInput.isKept(options);
    checkBucket("--input", options.getInput(), deletes ? Need.READ_AND_DELETE : Need.READ);
    checkBucket("--deadLetterDir", options.getDeadLetterDir(), Need.WRITE);
    checkBucket("--acceptedInput", AcceptedInput.moveTarget(options).orElse(null), Need.WRITE);
    if (Runner.of(options) == Runner.DATAFLOW) {
      checkBucket("--tempLocation", Directories.tempLocation(options), Need.WRITE_ON_DATAFLOW);
      checkBucket("--stagingLocation", OnDataflow.stagingLocation(options), Need.WRITE_ON_DATAFLOW);
    } else {
      checkBucket("--tempLocation", Directories.tempLocation(options), Need.WRITE);
    }
    if (read.mapping() != null) {
      checkMappingAndOutput(read.mapping());
    }
    if (optionsAreRight && XmlToBigQueryOptions.isStreaming(options)) {
      // It was asked for with the options, as before every launch.
      checked.add("--inputSubscription: " + options.getInputSubscription());
    }
  }

  /** What is wrong with a name, and all about local ones, is seen by {@link OptionsCheck}. */
  private void checkBucket(String option, @Nullable String name, Need need) {
    if (name == null || !ObjectName.is(name) || FileNames.problem(name) != null) {
      return;
    }
    Optional<String> problem = buckets.problem(InputPattern.beforeWildcard(name), need);
    if (problem.isPresent()) {
      problems.add(option, problem.get());
    } else {
      checked.add(need.text() + " in the bucket of " + option + ", " + name);
    }
  }

  private void checkMappingAndOutput(Mapping mapping) {
    String tables =
        mapping.tables().stream().map(TableMapping::table).collect(Collectors.joining(", "));
    checked.add("mapping: tables " + tables);
    MappingWarnings.of(mapping).forEach(LOG::warn);
    String output = options.getOutput();
    boolean intoBigQuery = output != null && DatasetName.parse(output).isPresent();
    int known = problems.count();
    checkBucket("--output", intoBigQuery ? null : output, Need.WRITE);
    if (output == null || problems.count() > known || FileNames.problem(output) != null) {
      return;
    }
    try {
      Outputs.of(options, mapping).check(options);
      if (intoBigQuery) {
        checked.add("--output: " + output);
      }
    } catch (IOException e) {
      problems.addAll(List.of(e.getMessage()));
    }
  }
}
