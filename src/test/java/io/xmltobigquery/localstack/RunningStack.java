package io.xmltobigquery.localstack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/**
 * The one stack of all tests of this JVM: Cloud Storage, BigQuery, and Pub/Sub if its emulator is
 * there. It is started by the first test that needs it and ended by JUnit after the last. It also
 * ends when this JVM does, however that comes: the stack watches the pipe between them.
 */
final class RunningStack implements AutoCloseable {

  private static final Path PROJECT = Path.of("").toAbsolutePath();

  /** The option to leave Pub/Sub out, which the stack proposes where its emulator is missing. */
  private static final String WITHOUT_PUBSUB = "--without-pubsub";

  private final Process process;
  private final JsonNode description;
  private final String whyNoPubsub;

  private RunningStack(Process process, JsonNode description, String whyNoPubsub) {
    this.process = process;
    this.description = description;
    this.whyNoPubsub = whyNoPubsub;
  }

  static RunningStack of(ExtensionContext context) {
    return context
        .getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(RunningStack.class))
        .getOrComputeIfAbsent("stack", key -> start(), RunningStack.class);
  }

  /** What {@code bin/local-stack env --json} says. */
  JsonNode description() {
    return description;
  }

  /** Why there is no Pub/Sub; empty if there is. */
  String whyNoPubsub() {
    return whyNoPubsub;
  }

  @Override
  public void close() {
    end(process);
  }

  private static RunningStack start() {
    try {
      Path state =
          Files.createTempDirectory(
              Files.createDirectories(PROJECT.resolve("target")), "local-stack-");
      return start(state, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RunningStack start(Path state, String whyNoPubsub) throws IOException {
    List<String> up = new ArrayList<>(List.of("up", "--foreground"));
    if (!whyNoPubsub.isEmpty()) {
      up.add(WITHOUT_PUBSUB);
    }
    Process process = command(state, up);
    try {
      String line = process.inputReader(StandardCharsets.UTF_8).readLine();
      if (line == null || !line.contains("is up")) {
        String problem = Files.readString(state.resolve("up.err"));
        if (whyNoPubsub.isEmpty() && problem.contains(WITHOUT_PUBSUB)) {
          end(process);
          return start(state, problem);
        }
        throw new IOException(problem);
      }
      Process env = command(state, List.of("env", "--json"));
      // All of it: a parser stops at the last brace, and who writes the line feed finds a broken
      // pipe.
      byte[] said = env.getInputStream().readAllBytes();
      if (env.onExit().join().exitValue() != 0) {
        throw new IOException(Files.readString(state.resolve("env.err")));
      }
      JsonNode description = new JsonMapper().readTree(said);
      return new RunningStack(process, description, whyNoPubsub);
    } catch (IOException e) {
      end(process);
      throw e;
    }
  }

  private static Process command(Path state, List<String> words) throws IOException {
    List<String> command = new ArrayList<>(List.of("bin/local-stack", "--state=" + state));
    command.addAll(words);
    return new ProcessBuilder(command)
        .directory(PROJECT.toFile())
        .redirectError(state.resolve(words.get(0) + ".err").toFile())
        .start();
  }

  private static void end(Process process) {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    process.onExit().orTimeout(1, TimeUnit.MINUTES).join();
  }
}
