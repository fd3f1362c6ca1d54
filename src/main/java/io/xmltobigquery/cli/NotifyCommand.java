package io.xmltobigquery.cli;

import io.xmltobigquery.pubsub.Notifier;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubOptions;
import org.jspecify.annotations.Nullable;

/**
 * {@code xml-to-bigquery notify PATTERN}: tells a running job of objects that were there before it,
 * or whose notifications were lost.
 */
final class NotifyCommand {

  /** The argument that chooses it. */
  static final String NAME = "notify";

  private final PrintStream out;
  private final PrintStream err;

  NotifyCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Runs it.
   *
   * @param arguments those after its name
   * @return the exit status
   */
  int run(List<String> arguments) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      Help.printNotify(out);
      return CommandLine.OK;
    }
    List<String> problems = new ArrayList<>();
    List<String> patterns = arguments.stream().filter(word -> !word.startsWith("-")).toList();
    if (patterns.isEmpty()) {
      problems.add("the pattern is missing: give the objects, such as 'gs://bucket/data/**.xml'");
    } else if (patterns.size() > 1) {
      problems.add("there are " + patterns.size() + " patterns; give one, in quotes");
    }
    Arguments<NotifyOptions> parsed =
        Arguments.parse(
            arguments.stream().filter(word -> word.startsWith("-")).toList(), NotifyOptions.class);
    problems.addAll(parsed.problems());
    PubsubOptions options = parsed.options().as(PubsubOptions.class);
    String topic = parsed.options().getTopic();
    @Nullable String pattern = patterns.size() == 1 ? patterns.get(0) : null;
    problems.addAll(Notifier.problems(options, pattern, topic));
    if (pattern == null || !problems.isEmpty()) {
      problems.forEach(problem -> err.println("xml-to-bigquery: " + problem));
      err.println("Try notify --help for all options.");
      return CommandLine.WRONG_USAGE;
    }
    return publish(options, pattern, topic, parsed.options().getDebug());
  }

  private int publish(PubsubOptions options, String pattern, String topic, boolean debug) {
    long published;
    try {
      published = Notifier.publish(options, pattern, topic);
    } catch (IOException | RuntimeException e) {
      // The border of the program: a bug is shown to the user, too.
      err.println(
          "xml-to-bigquery: failed: " + (e instanceof IOException ? e.getMessage() : e.toString()));
      if (debug) {
        e.printStackTrace(err);
      } else {
        err.println("Add --debug for the stack trace.");
      }
      return CommandLine.FAILED;
    }
    if (published == 0) {
      err.println("xml-to-bigquery: warning: no file matches " + pattern);
    }
    out.println("notifications published  " + published);
    return CommandLine.OK;
  }
}
