package io.xmltobigquery.cli;

import io.xmltobigquery.Preflight;
import io.xmltobigquery.XmlToBigQuery;
import io.xmltobigquery.check.OptionsCheck;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import io.xmltobigquery.outcome.ProgramVersion;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.beam.runners.dataflow.DataflowPipelineJob;
import org.apache.beam.runners.dataflow.util.DataflowTemplateJob;
import org.apache.beam.sdk.PipelineResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The command {@code bin/xml-to-bigquery}: options in, a summary or clear errors out. */
public final class CommandLine {

  static final int OK = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  /** Of {@code check} and {@code replay}: it did its work, and there is more to do. */
  static final int NOT_ALL = 3;

  private final PrintStream out;
  private final PrintStream err;

  private final boolean showProgress;

  CommandLine(PrintStream out, PrintStream err, boolean showProgress) {
    this.out = out;
    this.err = err;
    this.showProgress = showProgress;
  }

  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    if (Arrays.stream(args).anyMatch(List.of("--debug", "--debug=true")::contains)) {
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "info");
    }
    // Google's clients log by java.util.logging.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    boolean terminal = Boolean.getBoolean("xml-to-bigquery.terminal");
    if (Arrays.stream(args).noneMatch(argument -> argument.startsWith("--runner"))) {
      FewOptionKinds.begin();
    }
    CommandLine commandLine = new CommandLine(out, err, terminal);
    if (args.length > 0 && commandLine.command(args[0]).isPresent()) {
      // They start no engine.
      System.exit(commandLine.run(args));
    }
    try {
      EngineDirectory.open();
    } catch (IOException e) {
      err.println("xml-to-bigquery: failed: no temporary directory: " + e);
      System.exit(FAILED);
    }
    int status = commandLine.run(args);
    EngineDirectory.awaitEngine();
    // The in-process cluster may leave threads behind; the work is done.
    System.exit(status);
  }

  private Optional<Command> command(String name) {
    return Stream.of(
            new ExploreCommand(out, err, showProgress),
            new ProposeCommand(out, err, showProgress),
            new CheckCommand(out, err, showProgress),
            new ReplayCommand(out, err, showProgress),
            new SchemaCommand(out, err),
            new NotifyCommand(out, err))
        .filter(command -> command.name().equals(name))
        .findFirst();
  }

  int run(String... args) {
    List<String> arguments = Arrays.asList(args);
    Optional<Command> command = args.length == 0 ? Optional.empty() : command(args[0]);
    if (command.isPresent()) {
      return command.get().run(arguments.subList(1, args.length));
    }
    if (arguments.contains("--help") || arguments.contains("-h")) {
      if (arguments.contains(Help.MAPPING)) {
        Help.printMapping(out);
      } else {
        Help.print(out);
      }
      return OK;
    }
    if (arguments.contains("--version")) {
      out.println("xml-to-bigquery " + ProgramVersion.current());
      return OK;
    }
    Arguments<XmlToBigQueryOptions> parsed = Arguments.parse(arguments);
    XmlToBigQueryOptions options = parsed.options();
    List<String> problems = new ArrayList<>(parsed.problems());
    if (options.getValidateOnly()) {
      return validate(options, problems);
    }
    OptionsCheck.Result checked = OptionsCheck.of(options);
    problems.addAll(checked.problems());
    return problems.isEmpty() ? load(options, checked.mapping()) : refuse(problems);
  }

  private int refuse(List<String> problems) {
    problems.forEach(problem -> err.println("xml-to-bigquery: " + problem));
    err.println("Try --help for all options.");
    return WRONG_USAGE;
  }

  private int validate(XmlToBigQueryOptions options, List<String> problems) {
    Preflight.Report report = Preflight.of(options);
    report.checked().forEach(checked -> out.println("ok  " + checked));
    problems.addAll(report.problems());
    if (!problems.isEmpty()) {
      return refuse(problems);
    }
    out.println("no problems found; nothing was loaded");
    return OK;
  }

  private int load(XmlToBigQueryOptions options, Mapping mapping) {
    long started = System.nanoTime();
    if (XmlToBigQueryOptions.isStreaming(options)) {
      err.println(
          "xml-to-bigquery: loading every new object announced on "
              + options.getInputSubscription()
              + " until the job is stopped");
    }
    PipelineResult result;
    ProgressLine progress = showProgress ? ProgressLine.on(err) : null;
    try {
      result = XmlToBigQuery.run(options, mapping);
      if (result instanceof DataflowTemplateJob) {
        DataflowMessages.template(out, options);
        return OK;
      }
      if (result instanceof DataflowPipelineJob job) {
        closeIfShown(progress); // It knows of the work in this process only.
        DataflowMessages.launched(err, job);
      }
      // Some runners throw what has ended the job, and some only say that it has.
      PipelineResult.State state = result.waitUntilFinish();
      if (state == null) {
        throw new IOException("lost track of the job; it may still be running");
      }
      if (state == PipelineResult.State.UPDATED) {
        out.println("the job was updated; its replacement is running");
        return OK;
      }
      if (state != PipelineResult.State.DONE) {
        throw new IOException("the job ended as " + state + "; the runner's own log says why");
      }
    } catch (IOException | RuntimeException e) {
      // The border of the program: whatever has ended the job is shown to the user, bugs included.
      err.println("xml-to-bigquery: failed: " + rootMessage(e));
      if (options.getDebug()) {
        e.printStackTrace(err);
      } else {
        err.println("Add --debug for the stack trace.");
      }
      return FAILED;
    } finally {
      closeIfShown(progress);
    }
    Summary summary = new Summary(result, mapping, (System.nanoTime() - started) / 1e9);
    if (summary.files() == 0 && !XmlToBigQueryOptions.isStreaming(options)) {
      err.println(
          "xml-to-bigquery: warning: "
              + (result instanceof DataflowPipelineJob
                  ? "the job's counters report no files; check file_loads"
                  : "no file matches --input=" + options.getInput()));
    }
    summary.print(out, options.getDeadLetterDir());
    return OK;
  }

  private static void closeIfShown(@Nullable ProgressLine progress) {
    if (progress != null) {
      progress.close();
    }
  }

  /** The innermost cause says what happened; those around it say in which step of the engine. */
  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    boolean isSentence = root instanceof IOException && !message.isEmpty();
    // The messages of FileSystemExceptions may be file names and no more.
    return isSentence && !(root instanceof FileSystemException)
        ? message
        : root.getClass().getSimpleName() + ": " + message;
  }
}
