package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class EngineDirectoryTest {

  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir Path directory;

  @Test
  void waitsUntilTheEngineHasClearedUp() throws Exception {
    Path engine = Files.createDirectory(directory.resolve("minicluster_1"));
    Thread waiting = new Thread(() -> EngineDirectory.awaitEngine(directory, LONG));
    waiting.start();
    waiting.join(SHORT.toMillis());
    assertThat(waiting.isAlive()).isTrue();

    Files.delete(engine);

    waiting.join();
  }

  @Test
  void goesOnWithoutAnEngineThatStays() throws Exception {
    Path engine = Files.createDirectory(directory.resolve("minicluster_1"));

    EngineDirectory.awaitEngine(directory, SHORT);

    assertThat(Files.exists(engine)).isTrue();
  }

  @Test
  void waitsForNothingElse() throws Exception {
    Files.createFile(directory.resolve("lock"));

    EngineDirectory.awaitEngine(directory, LONG);
    EngineDirectory.awaitEngine(directory.resolve("deleted"), LONG);
  }
}
