package io.xmltobigquery.cli;

import io.xmltobigquery.explore.LeftOut;
import io.xmltobigquery.explore.NamedFiles;
import io.xmltobigquery.files.ObjectName;
import io.xmltobigquery.log.JobLog;
import io.xmltobigquery.options.FileNames;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A command that starts no job. Here is what all of them do alike: show help, say all that is wrong
 * with the arguments at once, and show a failure.
 */
abstract class Command {

  /** What may fail. */
  @FunctionalInterface
  interface Work<T, E extends Exception> {
    T run() throws IOException, E;
  }

  private static final String INPUT = "--input=";

  private final String name;
  final PrintStream out;
  final PrintStream err;
  private final boolean showProgress;

  /**
   * @param name the argument that chooses it
   * @param showProgress whether err is a terminal
   */
  Command(String name, PrintStream out, PrintStream err, boolean showProgress) {
    this.name = name;
    this.out = out;
    this.err = err;
    this.showProgress = showProgress;
  }

  final String name() {
    return name;
  }

  abstract void printHelp();

  /** Whether it is about files that are named, which may be named as those of a load are. */
  boolean takesFiles() {
    return false;
  }

  /**
   * Does what was asked for.
   *
   * @param words arguments that don't begin with "-", such as files
   * @param options the others
   * @return the exit status
   */
  abstract int run(List<String> words, List<String> options) throws IOException;

  /**
   * Runs it.
   *
   * @param arguments those after its name
   * @return the exit status
   */
  final int run(List<String> arguments) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      printHelp();
      return CommandLine.OK;
    }
    List<String> words =
        takesFiles() ? arguments.stream().map(Command::withoutInput).toList() : arguments;
    try {
      return run(
          words.stream().filter(word -> !word.startsWith("-")).toList(),
          words.stream().filter(word -> word.startsWith("-")).toList());
    } catch (IOException | RuntimeException e) {
      // The border of the program: a bug is shown to the user, too.
      // The messages of FileSystemExceptions may be file names and no more.
      boolean isSentence = e instanceof IOException && !(e instanceof FileSystemException);
      say("failed: " + (isSentence ? e.getMessage() : e.toString()));
      if (Stream.of("--debug", "--debug=true").anyMatch(arguments::contains)) {
        e.printStackTrace(err);
      } else {
        err.println("Add --debug for the stack trace.");
      }
      return CommandLine.FAILED;
    }
  }

  private static String withoutInput(String argument) {
    return argument.startsWith(INPUT) ? argument.substring(INPUT.length()) : argument;
  }

  /** Says what is wrong with the arguments; returns the exit status. */
  final int refuse(List<String> problems) {
    problems.forEach(this::say);
    err.println("Try " + name + " --help for all options.");
    return CommandLine.WRONG_USAGE;
  }

  /** Says something that isn't what was asked for. */
  final void say(String message) {
    err.println("xml-to-bigquery: " + message);
  }

  /** Names files that don't count, and says why. */
  final void sayFiles(String what, List<LeftOut> named, long count) {
    named.forEach(file -> say(what + " " + JobLog.oneLine(file.sentence())));
    if (count > named.size()) {
      say(what + " " + (count - named.size()) + " more files");
    }
  }

  /** Does something that takes time. */
  final <T, E extends Exception> T showingProgress(Work<T, E> work) throws IOException, E {
    return showing(() -> ProgressLine.on(err), work);
  }

  /**
   * Does something that takes time.
   *
   * @param progress how far it is
   */
  final <T, E extends Exception> T showingProgress(Supplier<String> progress, Work<T, E> work)
      throws IOException, E {
    return showing(() -> ProgressLine.on(err, progress), work);
  }

  private <T, E extends Exception> T showing(Supplier<ProgressLine> line, Work<T, E> work)
      throws IOException, E {
    if (!showProgress) {
      return work.run();
    }
    ProgressLine progress = line.get();
    try {
      return work.run();
    } finally {
      progress.close();
    }
  }

  /** What is wrong with the files that were named, if all of them are needed. */
  static List<String> problems(NamedFiles files) {
    return Stream.concat(
            files.problems().stream(),
            files.unmatched().stream().map(pattern -> "no file matches " + pattern))
        .toList();
  }

  /**
   * What is wrong with the name of a file to write.
   *
   * @param example what it may look like
   */
  static @Nullable String fileProblem(String file, String example) {
    if (!ObjectName.is(file)) {
      return Files.isDirectory(Path.of(file))
          ? file + " is a directory; name a file in it, such as " + file + "/" + example
          : FileNames.problem(file) == null ? null : file + FileNames.problem(file);
    }
    ObjectName object = ObjectName.of(file);
    return object.bucket().isEmpty() || object.object().isEmpty()
        ? file + " is no object of Cloud Storage; give a name such as gs://bucket/" + example
        : null;
  }
}
