package io.xmltobigquery.check;

import io.xmltobigquery.options.AcceptedInput;
import io.xmltobigquery.options.Directories;
import io.xmltobigquery.options.FileNames;
import io.xmltobigquery.options.InputPattern;
import io.xmltobigquery.options.OptionDuration;
import io.xmltobigquery.options.Problems;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.time.Duration;
import java.util.List;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.PipelineOptions;
import org.jspecify.annotations.Nullable;

/** Checks the options that mean something else, or something at all, in a streaming job. */
final class StreamingOptionsCheck {

  private static final Duration ANY_LONG = Duration.ofDays(100_000);

  /** An option of Flink's runner, whose classes aren't there on Dataflow. */
  public interface FlinkCopies extends PipelineOptions {
    @Default.Boolean(false)
    Boolean getFasterCopy();

    void setFasterCopy(Boolean fasterCopy);
  }

  private final XmlToBigQueryOptions options;
  private final Problems problems = new Problems();

  private StreamingOptionsCheck(XmlToBigQueryOptions options) {
    this.options = options;
  }

  static List<String> problems(XmlToBigQueryOptions options) {
    StreamingOptionsCheck check = new StreamingOptionsCheck(options);
    check.all();
    return check.problems.lines();
  }

  /** The window, or any long one if the option isn't a duration, which is told elsewhere. */
  static Duration deduplicationWindow(XmlToBigQueryOptions options) {
    try {
      return OptionDuration.parse(options.getDeduplicationWindow());
    } catch (IllegalArgumentException e) {
      return ANY_LONG;
    }
  }

  private void all() {
    checkInput();
    checkTempLocation();
    Duration window = duration("--deduplicationWindow", options.getDeduplicationWindow());
    Duration interval =
        options.getReconcileInterval() == null
            ? null
            : duration("--reconcileInterval", options.getReconcileInterval());
    if (interval != null) {
      checkReconciliation(window, interval);
    }
    checkCopies();
    if (!AcceptedInput.isKept(options)) {
      problems.add(
          "--acceptedInput",
          "a streaming job can't know when a file's rows are safe; leave it at keep, or let a lifecycle rule of the bucket delete old files");
    }
  }

  private void checkInput() {
    String input = options.getInput();
    if (input == null) {
      return;
    }
    String problem = InputPattern.problem(input);
    if (problem != null) {
      problems.add("--input", problem);
      return;
    }
    if (FileNames.isIn(input, options.getDeadLetterDir())) {
      problems.add("--input", input + " is in --deadLetterDir, whose files are never loaded");
    }
    if (FileNames.isIn(input, Directories.tempLocation(options))) {
      problems.add("--input", input + " is in --tempLocation, whose files are never loaded");
    }
  }

  /** What is there is the job's own, see {@link Directories#ownFiles}. */
  private void checkTempLocation() {
    String temp = Directories.tempLocation(options);
    if (temp != null && InputPattern.isBucket(temp)) {
      problems.add(
          "--tempLocation",
          temp
              + " is a bucket, and what is there is never loaded; give a directory, such as "
              + temp.replaceFirst("/$", "")
              + "/temp");
    }
  }

  /** See docs/adr/0011-checkpoints-of-their-moment.md. */
  private void checkCopies() {
    if (options.as(FlinkCopies.class).getFasterCopy()) {
      problems.add(
          "--fasterCopy",
          "in a streaming job Flink's checkpoints would also have what came after them, and after a restart rows could be there twice; give --objectReuse=true instead");
    }
  }

  /** See {@code Recent} for why this is enough. */
  private void checkReconciliation(@Nullable Duration window, Duration interval) {
    if (options.getInput() == null) {
      problems.add(
          "--reconcileInterval",
          "there is no --input to list; give a pattern such as 'gs://bucket/data/**.xml'");
    }
    if (window != null && interval.multipliedBy(4).compareTo(window) > 0) {
      problems.add(
          "--reconcileInterval",
          options.getReconcileInterval()
              + " is more than a quarter of --deduplicationWindow ("
              + options.getDeduplicationWindow()
              + "); with that, files could be missed or loaded twice");
    }
  }

  private @Nullable Duration duration(String option, String text) {
    try {
      return OptionDuration.parse(text);
    } catch (IllegalArgumentException e) {
      problems.add(option, text + " is not a duration; give one such as 30m, 12h or 8d");
      return null;
    }
  }
}
