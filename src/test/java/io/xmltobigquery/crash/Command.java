package io.xmltobigquery.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** {@code bin/xml-to-bigquery} with some arguments, in a process of its own. */
final class Command {

  private static final Path PROGRAM = Path.of("bin/xml-to-bigquery").toAbsolutePath();
  private static final Duration LIMIT = Duration.ofMinutes(8);

  private final Path directory;
  private final Map<String, String> environment;
  private final List<String> arguments;

  /**
   * @param directory where it is started and where its messages go
   * @param environment variables besides those of this process
   */
  Command(Path directory, Map<String, String> environment, List<String> arguments) {
    this.directory = directory;
    this.environment = environment;
    this.arguments = arguments;
  }

  /**
   * A run that has ended.
   *
   * @param status the exit status; 137 if it was killed
   */
  record Ended(int status, String messages, Duration duration) {}

  /** Runs it to its end. */
  Ended run() throws Exception {
    return runAndKill(() -> false);
  }

  /** Runs it until something is so, and kills it then, unless it has ended before. */
  Ended runAndKill(Callable<Boolean> isMoment) throws Exception {
    Path messages = directory.resolve("messages.txt");
    List<String> words = new ArrayList<>(List.of(PROGRAM.toString()));
    words.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(messages.toFile());
    builder.environment().putAll(environment);
    long started = System.nanoTime();
    Process process = builder.start();
    try {
      while (process.isAlive() && !isMoment.call()) {
        if (System.nanoTime() - started > LIMIT.toNanos()) {
          throw new IOException("it hangs: " + Files.readString(messages));
        }
        process.waitFor(5, TimeUnit.MILLISECONDS);
      }
    } finally {
      kill(process);
    }
    int status = process.waitFor();
    Duration duration = Duration.ofNanos(System.nanoTime() - started);
    return new Ended(status, Files.readString(messages), duration);
  }

  private static void kill(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
