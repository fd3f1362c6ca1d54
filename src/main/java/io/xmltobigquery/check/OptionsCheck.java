package io.xmltobigquery.check;

import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.options.AcceptedInput;
import io.xmltobigquery.options.DatasetName;
import io.xmltobigquery.options.FileNames;
import io.xmltobigquery.options.InputPattern;
import io.xmltobigquery.options.OnDataflow;
import io.xmltobigquery.options.Problems;
import io.xmltobigquery.options.Runner;
import io.xmltobigquery.options.WriteMode;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.gcp.bigquery.BigQueryOptions;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.jspecify.annotations.Nullable;

/**
 * Checks the options before anything runs, and asks Cloud Storage and Pub/Sub where that takes
 * asking. Every problem names its option and says what to do.
 */
public final class OptionsCheck {

  private static final long MIN_RECORD_BYTES = 1 << 20;
  private static final long MAX_RECORD_BYTES = 512 << 20;

  /**
   * What was found.
   *
   * @param problems none if the job can be built
   * @param mapping the one that the options name, read once: who goes on with it goes on with what
   *     was checked; null if it can't be read, which is among the problems
   */
  public record Result(List<String> problems, @Nullable Mapping mapping) {}

  private final XmlToBigQueryOptions options;
  private final FileStore files;
  private final Problems problems = new Problems();

  private OptionsCheck(XmlToBigQueryOptions options) {
    this.options = options;
    this.files = FileStore.of(options);
  }

  /** Checks all options. Beam's file systems are set up by them. */
  public static Result of(XmlToBigQueryOptions options) {
    OptionsCheck check = new OptionsCheck(options);
    FileSystems.setDefaultPipelineOptions(options);
    Mapping mapping = check.all();
    return new Result(check.problems.lines(), mapping);
  }

  /** Checks those options that the schemas of the tables depend on. */
  public static Result ofSchemas(XmlToBigQueryOptions options) {
    OptionsCheck check = new OptionsCheck(options);
    FileSystems.setDefaultPipelineOptions(options);
    String output = options.getOutput();
    if (check.isGiven("--output", output, "a directory for the schemas")) {
      if (DatasetName.parse(output).isPresent()) {
        check.problems.add("--output", output + " is a dataset; give a directory for the schemas");
      } else {
        check.checkDirectory("--output", output);
      }
    }
    Mapping mapping =
        MappingCheck.read("--mapping", options.getMapping(), check.files, check.problems);
    return new Result(check.problems.lines(), mapping);
  }

  private @Nullable Mapping all() {
    if (XmlToBigQueryOptions.isStreaming(options)) {
      problems.addAll(StreamingOptionsCheck.problems(options));
      problems.addAll(
          SubscriptionCheck.problems(
              options.as(PubsubOptions.class),
              options.getInputSubscription(),
              StreamingOptionsCheck.deduplicationWindow(options)));
    } else if (isGiven(
        "--input",
        options.getInput(),
        "the files to load, such as 'data/*.xml', or --inputSubscription")) {
      problems.addAll(InputCheck.problems(options, files));
      checkNoStreamingOption();
    }
    if (isGiven("--output", options.getOutput(), "a dataset, as PROJECT:DATASET, or a directory")) {
      checkOutput(options.getOutput());
    }
    if (isGiven("--deadLetterDir", options.getDeadLetterDir(), "a directory for rejected files")) {
      checkDirectory("--deadLetterDir", options.getDeadLetterDir());
    }
    Mapping mapping = MappingCheck.read("--mapping", options.getMapping(), files, problems);
    if (mapping != null) {
      problems.addAll(WriteModeCheck.problems(options, mapping));
    }
    checkAcceptedInput();
    checkRange("--chunkSizeMb", options.getChunkSizeMb(), 1, 16, problems);
    checkMaxRecordBytes(options.getMaxRecordBytes(), problems);
    if (Runner.of(options) == Runner.DATAFLOW) {
      problems.addAll(OnDataflow.problems(options));
    }
    return mapping;
  }

  private void checkNoStreamingOption() {
    if (options.getReconcileInterval() != null) {
      problems.add(
          "--reconcileInterval", "a backfill lists --input once; it goes with --inputSubscription");
    }
  }

  private void checkAcceptedInput() {
    Optional<String> target = AcceptedInput.moveTarget(options);
    if (target.isEmpty()) {
      if (!AcceptedInput.isKept(options) && !AcceptedInput.isDeleted(options)) {
        problems.add(
            "--acceptedInput",
            options.getAcceptedInput() + " is not a valid value; use keep, delete or move:DIR");
      }
    } else if (target.get().isBlank()) {
      problems.add("--acceptedInput", "move: names no directory, such as move:gs://bucket/loaded");
    } else {
      checkDirectory("--acceptedInput", target.get());
    }
  }

  private boolean isGiven(String option, @Nullable String value, String meaning) {
    if (value == null || value.isBlank()) {
      problems.addMissing(option, meaning);
      return false;
    }
    return true;
  }

  private void checkOutput(String output) {
    if (DatasetName.parse(output).isPresent()) {
      checkBigQuery();
    } else if (output.contains(":") && !output.contains("/")) {
      problems.add(
          "--output",
          output
              + " is not a dataset (PROJECT:DATASET; letters, digits, underscores in DATASET). For a directory of that name, write ./"
              + output);
    } else if (InputPattern.isPattern(output)) {
      problems.add("--output", output + " looks like a pattern; give a directory without * ? [ {");
    } else if (FileNames.isRelative(output) && FileNames.areInPattern()) {
      problems.add("--output", "the current directory's name has one of * ? [ {; give another one");
    } else {
      checkDirectory("--output", output);
    }
  }

  private void checkBigQuery() {
    BigQueryOptions bigQuery = options.as(BigQueryOptions.class);
    if (options.getWriteMode() != WriteMode.AT_LEAST_ONCE
        && bigQuery.getUseStorageApiConnectionPool()) {
      problems.add(
          "--useStorageApiConnectionPool", "only --writeMode=at-least-once can share connections");
    }
    if (bigQuery.getStorageWriteApiTriggeringFrequencySec() != null
        && !XmlToBigQueryOptions.isStreaming(options)) {
      problems.add(
          "--storageWriteApiTriggeringFrequencySec",
          "a backfill doesn't wait for a trigger; leave it out");
    }
  }

  private boolean isName(String option, String name) {
    String problem = FileNames.problem(name);
    if (problem != null) {
      problems.add(option, name + problem);
    }
    return problem == null;
  }

  private void checkDirectory(String option, String name) {
    if (!isName(option, name) || name.contains("://")) {
      return;
    }
    Path existing = Path.of(name).toAbsolutePath();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      problems.add(option, existing + " is a file; give a directory");
    } else if (!Files.isWritable(existing)) {
      problems.add(option, "no permission to write to " + existing);
    }
  }

  /** Checks {@code --maxRecordBytes}. */
  public static void checkMaxRecordBytes(long bytes, Problems problems) {
    checkRange("--maxRecordBytes", bytes, MIN_RECORD_BYTES, MAX_RECORD_BYTES, problems);
  }

  private static void checkRange(
      String option, Number value, long least, long most, Problems problems) {
    if (value.longValue() < least || value.longValue() > most) {
      problems.add(option, value + " is out of range; choose from " + least + " to " + most);
    }
  }
}
