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
final class NotifyCommand extends Command {

  NotifyCommand(PrintStream out, PrintStream err) {
    super("notify", out, err, false);
  }

  @Override
  void printHelp() {
    Help.printNotify(out);
  }

  @Override
  int run(List<String> patterns, List<String> arguments) throws IOException {
    List<String> problems = new ArrayList<>();
    if (patterns.isEmpty()) {
      problems.add("the pattern is missing: give the objects, such as 'gs://bucket/data/**.xml'");
    } else if (patterns.size() > 1) {
      problems.add("there are " + patterns.size() + " patterns; give one, in quotes");
    }
    Arguments<NotifyOptions> parsed = Arguments.parse(arguments, NotifyOptions.class);
    problems.addAll(parsed.problems());
    PubsubOptions options = parsed.options().as(PubsubOptions.class);
    String topic = parsed.options().getTopic();
    @Nullable String pattern = patterns.size() == 1 ? patterns.get(0) : null;
    problems.addAll(Notifier.problems(options, pattern, topic));
    if (pattern == null || !problems.isEmpty()) {
      return refuse(problems);
    }
    long published = Notifier.publish(options, pattern, topic);
    if (published == 0) {
      say("warning: no file matches " + pattern);
    }
    out.println("notifications published  " + published);
    return CommandLine.OK;
  }
}
