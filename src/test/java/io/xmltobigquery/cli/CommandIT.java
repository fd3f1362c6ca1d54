package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.benchmark.GenerateOrders;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a user starts it, on embedded Flink, in a process of its own. */
class CommandIT {

  private static final Path PROJECT = Path.of("").toAbsolutePath();
  private static final Path COMMAND = PROJECT.resolve("bin/xml-to-bigquery");

  private record Finished(int status, String out, String err) {}

  @TempDir Path temp;
  private Path directory = Path.of("");

  /** Compiling with full effort doesn't pay in so short a time. */
  private String javaOptions = "-XX:TieredStopAtLevel=1";

  @BeforeEach
  void startInADirectoryWithABlank() throws IOException {
    directory = Files.createDirectory(temp.resolve("a directory"));
  }

  @Test
  void sampleDataIsLoadedAndSummedUp() throws Exception {
    Path classes = temp.resolve("classes");
    javaOptions += " -Xlog:class+load:file=" + classes;

    Finished run =
        run(
            COMMAND,
            "--input=" + PROJECT + "/sample-data/*.xml",
            "--output=out",
            "--deadLetterDir=dead letter",
            "--rejectedInput=keep");

    assertWithMessage(run.err()).that(run.status()).isEqualTo(0);
    assertThat(run.out()).containsMatch("files accepted +4\n");
    assertThat(run.out()).containsMatch("files rejected +2, kept in dead letter/files\n");
    assertThat(run.out()).containsMatch("rows of customers +8\n");
    assertThat(run.out()).containsMatch("rows of orders +32\n");
    assertThat(run.out()).containsMatch("input +[0-9.]+ MB in [0-9.]+ s");
    assertThat(lines("customers")).hasSize(8);
    assertThat(lines("orders")).hasSize(32);
    assertThat(lines("file_loads")).hasSize(6);
    assertThat(run.err()).contains("headers_only.xml");
    assertThat(run.err()).doesNotContain("INFO");
    assertThat(Files.exists(PROJECT.resolve("sample-data/invalid.xml"))).isTrue();
    // Java's archive takes none from a path with a blank, and none as old as Joda-Time's.
    if (!PROJECT.toString().contains(" ")) {
      try (Stream<String> lines = Files.lines(classes)) {
        assertThat(
                lines
                    .filter(
                        line -> line.contains(" source: file:") && !line.contains("/joda-time-"))
                    .count())
            .isLessThan(50);
      }
    }
  }

  @Test
  void linkedCommandFindsItsProject() throws Exception {
    Path link = Files.createSymbolicLink(temp.resolve("linked command"), COMMAND);

    Finished run = run(link, "--version");

    assertThat(run.status()).isEqualTo(0);
    assertThat(run.out()).matches("xml-to-bigquery \\d+\\.\\d+\\.\\d+\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void aBadFileIsMovedAndASecondRunReplacesTheFilesOfTheFirst() throws Exception {
    Files.copy(PROJECT.resolve("sample-data/orders.xml"), directory.resolve("orders.xml"));
    Path bad = Files.writeString(directory.resolve("bad.xml"), "<Root><Customers>");
    String[] arguments = {"--input=*.xml", "--output=out", "--deadLetterDir=dead-letter"};

    Finished first = run(COMMAND, arguments);

    assertWithMessage(first.err()).that(first.status()).isEqualTo(0);
    assertThat(first.err()).contains("TRUNCATED");
    assertThat(first.err()).contains("line 1, column 18 (byte 17)");
    assertThat(Files.exists(bad)).isFalse();
    Files.createFile(directory.resolve("out/orders-00007-of-00009.jsonl"));

    Finished second = run(COMMAND, arguments);

    assertWithMessage(second.err()).that(second.status()).isEqualTo(0);
    assertThat(lines("orders")).hasSize(10);
    assertThat(Files.exists(directory.resolve("out/orders-00007-of-00009.jsonl"))).isFalse();
  }

  @Test
  void recordsOfTheGreatestLengthFitTheDefaultHeap() throws Exception {
    String sample = Files.readString(PROJECT.resolve("sample-data/customers.xml"));
    String name = "é".repeat(9_900_000);
    for (int i = 0; i < 4; i++) {
      Files.writeString(
          directory.resolve("long" + i + ".xml"),
          sample.replaceFirst("<CompanyName>[^<]*", "<CompanyName>" + name));
    }

    Finished run = run(COMMAND, "--input=long*.xml", "--output=out", "--deadLetterDir=dead");

    assertWithMessage(run.err()).that(run.status()).isEqualTo(0);
    assertThat(run.out()).containsMatch("files accepted +4\n");
  }

  @Test
  void wrongOptionsAreAllNamed() throws Exception {
    Finished run = run(COMMAND, "--inptu=x", "--rejectedInput=burn", "--chunkSizeMb=0");

    assertThat(run.status()).isEqualTo(2);
    for (String option :
        List.of(
            "--inptu",
            "--input",
            "--output",
            "--deadLetterDir",
            "--rejectedInput",
            "--chunkSizeMb")) {
      assertThat(run.err()).contains(option);
    }
  }

  @Test
  void notifyIsACommandOfItsOwn() throws Exception {
    Finished run = run(COMMAND, "notify", "data/*.xml", "--topic=projects/my-project/topics/xml");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("xml-to-bigquery: data/*.xml matches no object of Cloud Storage; ");
  }

  @Test
  void largeFilesPlainAndCompressedComeOutAlikeInTheDefaultHeap() throws Exception {
    Path plain = directory.resolve("plain.xml");
    try (OutputStream out = Files.newOutputStream(plain)) {
      GenerateOrders.writeTo(out, 30_000_000, 7);
    }
    Path compressed = directory.resolve("compressed.xml.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      Files.copy(plain, out);
    }
    Path staging = Files.createDirectory(temp.resolve("staging"));

    Finished first = run(COMMAND, "--input=plain.xml", "--output=out", "--deadLetterDir=dl");
    assertWithMessage(first.err()).that(first.status()).isEqualTo(0);
    List<String> expected = new ArrayList<>(lines("orders"));
    Finished second =
        run(
            COMMAND,
            "--input=compressed.xml.gz",
            "--output=out",
            "--deadLetterDir=dl",
            "--tempLocation=" + staging);

    assertWithMessage(second.err()).that(second.status()).isEqualTo(0);
    List<String> actual = new ArrayList<>(lines("orders"));
    expected.sort(null);
    actual.sort(null);
    assertThat(actual.equals(expected)).isTrue();
    assertWithMessage("staged files").that(files(staging)).isEmpty();
  }

  @Test
  void temporaryFilesEndWithTheProcessOrWhenTheNextOneStarts() throws Exception {
    Path system = Files.createDirectory(temp.resolve("temporary"));
    Path left = Files.createDirectories(system.resolve("xml-to-bigquery-engine-1/flink-io"));
    Files.createFile(left.resolveSibling("lock"));
    Path used = Files.createDirectories(system.resolve("xml-to-bigquery-engine-2/flink-io"));
    Path lock = Files.createFile(used.resolveSibling("lock"));
    javaOptions += " -Djava.io.tmpdir=" + system;

    try (FileChannel live = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      live.lock();
      Finished run = load("orders.xml");

      assertWithMessage(run.err()).that(run.status()).isEqualTo(0);
    }

    try (Stream<Path> paths = Files.walk(system)) {
      assertThat(paths.toList()).containsExactly(system, used.getParent(), used, lock);
    }
  }

  private Finished load(String sample) throws Exception {
    return run(
        COMMAND,
        "--input=" + PROJECT.resolve("sample-data").resolve(sample),
        "--output=out",
        "--deadLetterDir=dead-letter");
  }

  private Finished run(Path command, String... arguments) throws Exception {
    List<String> words = new ArrayList<>(List.of(command.toString()));
    words.addAll(List.of(arguments));
    Path out = temp.resolve("stdout");
    Path err = temp.resolve("stderr");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("JAVA_OPTS", javaOptions);
    Process process = builder.start();
    try {
      assertWithMessage("ended").that(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String messages = Files.readString(err, UTF_8);
    // The first start prepares the program.
    String own = messages.replaceAll("(?m)^xml-to-bigquery: (building|ready).*\n", "");
    return new Finished(process.exitValue(), Files.readString(out, UTF_8), own);
  }

  private List<String> lines(String table) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path file : files(directory.resolve("out"))) {
      if (file.getFileName().toString().matches(table + "-\\d{5}-of-\\d{5}\\.jsonl")) {
        lines.addAll(Files.readAllLines(file, UTF_8));
      }
    }
    return lines;
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.filter(Files::isRegularFile).toList();
    }
  }
}
