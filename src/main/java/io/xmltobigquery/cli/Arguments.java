package io.xmltobigquery.cli;

import io.xmltobigquery.options.Choices;
import io.xmltobigquery.options.Runner;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;

/**
 * The command's arguments as options. Beam stops at the first argument that it doesn't take; here
 * each is tried by itself, so that all problems show at once.
 *
 * @param options those that were taken
 */
record Arguments<O extends PipelineOptions>(O options, List<String> problems) {

  private static final String LOCAL = "--flinkMaster=[local]";

  /** How the names of clusters in this process begin, such as {@code [local]}. */
  private static final String IN_PROCESS = "--flinkMaster=[";

  /** The engine, unless the user names another one. */
  private static final List<String> ENGINE =
      List.of("--appName=xml-to-bigquery", "--runner=FlinkRunner", LOCAL);

  /** Steps hand elements on without copying them: nobody changes one. */
  private static final String WITHOUT_COPIES = "--fasterCopy=true";

  /**
   * The same in a streaming job, where state must still be copied: a checkpoint is written while
   * the job goes on. See docs/adr/0011-checkpoints-of-their-moment.md.
   */
  private static final String STREAMING_WITHOUT_COPIES = "--objectReuse=true";

  /** All of this machine; a cluster has settings of its own. */
  private static final String LOCAL_PARALLELISM =
      "--parallelism=" + Runtime.getRuntime().availableProcessors();

  /**
   * As many parts of the state as there are threads to have one. By itself Flink makes 128, for
   * jobs that go on with more threads than they began with. Each checkpoint goes over all of them,
   * for each step's state, and they are nearly all empty.
   */
  private static final String LOCAL_STATE_PARTS = "--maxParallelism=";

  /**
   * A day, in milliseconds. A checkpoint waits while a file is read, and when Flink gives it up,
   * after ten minutes by itself, the job begins again and reads the file again.
   */
  private static final String CHECKPOINT_TIMEOUT = "--checkpointTimeoutMillis=86400000";

  /**
   * What a streaming job needs besides. Rows are seen when a checkpoint is complete; a checkpoint
   * may not be held in memory, where 5 MB would be the most. By itself Flink would begin again for
   * ever, and nobody would see why nothing comes.
   */
  private static final List<String> LOCAL_STREAMING =
      List.of(
          "--checkpointingInterval=1000",
          CHECKPOINT_TIMEOUT,
          "--numberOfExecutionRetries=3",
          "--executionRetryDelay=1000",
          "--stateBackend=filesystem",
          // They end with the process: there is no way to go on from them. To Flink a blank is a
          // blank, and no %20.
          "--stateBackendStoragePath=file://"
              + System.getProperty("java.io.tmpdir")
              + "/xml-to-bigquery-checkpoints");

  /** On a Flink cluster; by itself Beam makes none, and nothing would ever be written. */
  private static final List<String> CLUSTER_STREAMING =
      List.of("--checkpointingInterval=5000", CHECKPOINT_TIMEOUT);

  private static final Pattern UNKNOWN_OPTION =
      Pattern.compile("missing a property named '([^']*)'(?:\\. Did you mean '([^']*)'\\?)?");

  /** The options of a job, with those of the local engine where no runner is named. */
  static Arguments<XmlToBigQueryOptions> parse(List<String> arguments) {
    return parse(arguments, XmlToBigQueryOptions.class, Arguments::addEngine);
  }

  /** Options of some kind, and those of Beam. */
  static <O extends PipelineOptions> Arguments<O> parse(List<String> arguments, Class<O> kind) {
    return parse(arguments, kind, (byName, problems) -> {});
  }

  private static <O extends PipelineOptions> Arguments<O> parse(
      List<String> arguments,
      Class<O> kind,
      BiConsumer<Map<String, List<String>>, List<String>> complete) {
    Arguments<O> parsed = parseAsKnown(arguments, kind, complete);
    if (FewOptionKinds.end() && !parsed.problems().isEmpty()) {
      PipelineOptionsFactory.resetCache(); // One of the others may take what these don't.
      return parseAsKnown(arguments, kind, complete);
    }
    return parsed;
  }

  private static <O extends PipelineOptions> Arguments<O> parseAsKnown(
      List<String> arguments,
      Class<O> kind,
      BiConsumer<Map<String, List<String>>, List<String>> complete) {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    for (String argument : arguments) {
      String problem = problem(argument, kind);
      if (problem == null) {
        byName.computeIfAbsent(name(argument), name -> new ArrayList<>()).add(argument);
      } else {
        problems.add(problem);
      }
    }
    byName.forEach(
        (name, repeated) -> {
          // Some of Beam's options are lists, and may be repeated.
          if (!areOptions(repeated, kind)) {
            problems.add(name + " is given " + repeated.size() + " times; give it once");
            repeated.subList(1, repeated.size()).clear();
          }
        });
    complete.accept(byName, problems);
    List<String> taken = byName.values().stream().flatMap(List::stream).toList();
    return new Arguments<>(options(taken, kind), List.copyOf(problems));
  }

  private static void addEngine(Map<String, List<String>> byName, List<String> problems) {
    boolean streaming = byName.containsKey("--inputSubscription");
    String runner = given(byName, "--runner");
    String master = given(byName, "--flinkMaster");
    boolean cluster = master != null && !master.startsWith(IN_PROCESS);
    List<String> engine = new ArrayList<>();
    if (runner == null) {
      engine.addAll(ENGINE);
      engine.add(streaming ? STREAMING_WITHOUT_COPIES : WITHOUT_COPIES);
      if (!cluster) {
        engine.add(LOCAL_PARALLELISM);
      }
    }
    if (streaming && runner == null && !cluster) {
      engine.addAll(LOCAL_STREAMING);
      String threads =
          Objects.requireNonNullElse(given(byName, "--parallelism"), LOCAL_PARALLELISM);
      engine.add(LOCAL_STATE_PARTS + threads.substring(threads.indexOf('=') + 1));
    } else if (streaming
        && (runner == null
            || Runner.of(options(List.of(runner), XmlToBigQueryOptions.class)) == Runner.FLINK)) {
      engine.addAll(CLUSTER_STREAMING);
    }
    engine.forEach(option -> byName.putIfAbsent(name(option), List.of(option)));
    if (cluster && !byName.containsKey("--tempLocation")) {
      problems.add(
          "--tempLocation is missing: give a directory that all machines of the cluster see, on gs:// or shared");
    }
  }

  private static @Nullable String given(Map<String, List<String>> byName, String name) {
    List<String> arguments = byName.get(name);
    return arguments == null ? null : arguments.get(0);
  }

  private static String name(String argument) {
    return argument.split("=", 2)[0];
  }

  private static boolean areOptions(List<String> arguments, Class<? extends PipelineOptions> kind) {
    try {
      return options(arguments, kind) != null;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static @Nullable String problem(String argument, Class<? extends PipelineOptions> kind) {
    if (!argument.startsWith("--")) {
      return argument
          + " isn't an option: options look like --name=value, and a pattern needs quotes";
    }
    try {
      var unused = options(List.of(argument), kind);
      return null;
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      Optional<String> choice = Choices.problem(argument, e);
      if (choice.isPresent()) {
        return choice.get();
      }
      Matcher unknown = UNKNOWN_OPTION.matcher(message);
      if (!unknown.find()) {
        return message.startsWith("Cannot deserialize") || message.startsWith("Empty argument")
            ? argument + ": the value is of the wrong kind; see --help"
            : argument + ": " + message.lines().findFirst().orElse("");
      }
      String advice =
          unknown.group(2) == null ? "see --help" : "did you mean --" + unknown.group(2) + "?";
      return "--" + unknown.group(1) + " is not an option: " + advice;
    }
  }

  private static <O extends PipelineOptions> O options(List<String> arguments, Class<O> kind) {
    return PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0])).as(kind);
  }
}
