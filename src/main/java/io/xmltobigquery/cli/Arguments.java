package io.xmltobigquery.cli;

import io.xmltobigquery.XmlToBigQueryOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/**
 * The command's arguments as options. Beam stops at the first argument that it doesn't take; here
 * each is tried by itself, so that all problems show at once.
 *
 * @param options those that were taken, and the local engine's where no runner is named
 */
record Arguments(XmlToBigQueryOptions options, List<String> problems) {

  /** Those of them that the user doesn't give. */
  private static final List<String> LOCAL_ENGINE =
      List.of(
          "--appName=xml-to-bigquery",
          "--runner=FlinkRunner",
          "--flinkMaster=[local]",
          "--fasterCopy=true",
          "--parallelism=" + Runtime.getRuntime().availableProcessors());

  /**
   * What a streaming job needs besides. Rows are seen when a checkpoint is complete; a checkpoint
   * may not be held in memory, where 5 MB would be the most. By itself Flink would begin again for
   * ever, and nobody would see why nothing comes.
   */
  private static final List<String> LOCAL_STREAMING =
      List.of(
          "--checkpointingInterval=1000",
          "--numberOfExecutionRetries=3",
          "--executionRetryDelay=1000",
          "--stateBackend=filesystem",
          "--stateBackendStoragePath=" + LocalCheckpoints.DIRECTORY.toUri());

  private static final Pattern UNKNOWN_OPTION =
      Pattern.compile("missing a property named '([^']*)'(?:\\. Did you mean '([^']*)'\\?)?");

  static Arguments parse(List<String> arguments) {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (String argument : arguments) {
      String problem = problem(argument);
      if (problem == null) {
        byName.computeIfAbsent(name(argument), name -> new ArrayList<>()).add(argument);
      } else {
        problems.add(problem);
      }
    }
    byName.forEach(
        (name, repeated) -> {
          // Some of Beam's options are lists, and may be repeated.
          if (!areOptions(repeated)) {
            problems.add(name + " is given " + repeated.size() + " times; give it once");
            repeated.subList(1, repeated.size()).clear();
          }
        });
    if (!byName.containsKey("--runner")) {
      List<String> engine = new ArrayList<>(LOCAL_ENGINE);
      if (byName.containsKey("--inputSubscription")) {
        engine.addAll(LOCAL_STREAMING);
      }
      engine.forEach(option -> byName.putIfAbsent(name(option), List.of(option)));
    }
    List<String> taken = byName.values().stream().flatMap(List::stream).toList();
    return new Arguments(options(taken), List.copyOf(problems));
  }

  private static String name(String argument) {
    return argument.split("=", 2)[0];
  }

  private static boolean areOptions(List<String> arguments) {
    try {
      return options(arguments) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static @Nullable String problem(String argument) {
    if (!argument.startsWith("--")) {
      return argument
          + " isn't an option: options look like --name=value, and a pattern needs quotes";
    }
    try {
      options(List.of(argument));
      return null;
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      Matcher unknown = UNKNOWN_OPTION.matcher(message);
      if (!unknown.find()) {
        return message.startsWith("Cannot deserialize") || message.startsWith("Empty argument")
            ? argument + ": the value is of the wrong kind; see --help"
            : argument + ": " + message.lines().findFirst().orElse("");
      }
      String advice =
          unknown.group(2) == null ? "see --help" : "did you mean --" + unknown.group(2) + "?";
      return "--" + unknown.group(1) + " is no option: " + advice;
    }
  }

  private static XmlToBigQueryOptions options(List<String> arguments) {
    return PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
        .as(XmlToBigQueryOptions.class);
  }
}
