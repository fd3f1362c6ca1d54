package io.xmltobigquery.xml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.OperatingSystemMXBean;
import io.xmltobigquery.xml.LimitDocuments.LimitDocument;
import io.xmltobigquery.xml.LimitDocuments.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * Reads all {@link LimitDocuments}, the long ones with a gigabyte: one by one, then four at a time,
 * then as files through the command. Fails if any has another outcome than is expected, or takes
 * too long. To be run with the heap that the command has.
 */
final class LimitRun {

  private static final long HUGE = 1_000_000_000;

  /** Of all processors together, which other work on the machine doesn't change. */
  private static final double MAX_SECONDS = 120;

  private static final int THREADS = 4;

  /** Of files for the command: a little more than a record may have. */
  private static final long HUGE_FILE = 25_000_000;

  private final AtomicLong bytesInUse = new AtomicLong();
  private final List<String> problems = new ArrayList<>();

  private LimitRun() {}

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("limits");
    LimitRun run = new LimitRun();
    try (Untouchable untouchable = new Untouchable(directory)) {
      run.watchMemory();
      System.out.printf("heap of %d MB%n", Runtime.getRuntime().maxMemory() >> 20);
      List<LimitDocument> documents =
          LimitDocuments.all(untouchable.fileUri(), untouchable.httpUri(), HUGE);
      run.oneByOne(documents);
      run.severalAtOnce(documents);
      List<LimitDocument> files =
          LimitDocuments.all(untouchable.fileUri(), untouchable.httpUri(), HUGE_FILE);
      for (String mapping : List.of(LimitDocuments.MAPPING, LimitDocuments.PATHS)) {
        run.throughTheCommand(
            files.stream().filter(file -> file.mapping().equals(mapping)).toList(),
            mapping,
            Files.createTempDirectory(directory, "command"));
      }
      if (untouchable.isTouched()) {
        run.problems.add("the external file or server was opened");
      }
      System.out.println(
          untouchable.seesReading()
              ? "external file and server: not opened"
              : "external server: not opened; this file system doesn't tell of the file");
    } finally {
      MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }
    run.problems.forEach(problem -> System.out.println("WRONG: " + problem));
    System.exit(run.problems.isEmpty() ? 0 : 1);
  }

  /** The most that was in use after any collection. */
  private void watchMemory() {
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector)
          .addNotificationListener(
              (notification, handback) -> {
                GarbageCollectionNotificationInfo info =
                    GarbageCollectionNotificationInfo.from(
                        (CompositeData) notification.getUserData());
                long used = 0;
                for (var pool : info.getGcInfo().getMemoryUsageAfterGc().entrySet()) {
                  if (!pool.getKey().contains("Code") && !pool.getKey().contains("Meta")) {
                    used += pool.getValue().getUsed();
                  }
                }
                bytesInUse.accumulateAndGet(used, Math::max);
              },
              null,
              null);
    }
  }

  private void oneByOne(List<LimitDocument> documents) throws IOException {
    System.out.printf("%n%-50s %8s %8s  %s%n", "alone", "CPU s", "MB", "outcome");
    int rejected = 0;
    for (LimitDocument document : documents) {
      System.gc();
      bytesInUse.set(0);
      double start = processorSeconds();
      Outcome outcome = LimitDocuments.read(document);
      double seconds = processorSeconds() - start;
      System.out.printf(
          "%-50s %8.1f %8d  %s%n", document.name(), seconds, bytesInUse.get() >> 20, text(outcome));
      check(document, outcome, seconds);
      if (outcome.reason() != null) {
        rejected++;
      }
    }
    System.out.printf(
        "%d documents: %d rejected, %d accepted%n",
        documents.size(), rejected, documents.size() - rejected);
  }

  private static double processorSeconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  private void severalAtOnce(List<LimitDocument> documents)
      throws InterruptedException, ExecutionException {
    bytesInUse.set(0);
    long start = System.nanoTime();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Outcome>> outcomes = new ArrayList<>();
      for (LimitDocument document : documents) {
        outcomes.add(threads.submit(() -> LimitDocuments.read(document)));
      }
      for (int i = 0; i < documents.size(); i++) {
        check(documents.get(i), outcomes.get(i).get(), 0);
      }
    } finally {
      threads.shutdownNow();
    }
    System.out.printf(
        "%n%d at a time: all in %.0f s, at most %d MB in use%n",
        THREADS, (System.nanoTime() - start) / 1e9, bytesInUse.get() >> 20);
  }

  private void check(LimitDocument document, Outcome outcome, double seconds) {
    if (outcome.reason() != document.expected()) {
      problems.add(document.name() + ": " + text(outcome) + ", not " + document.expected());
    }
    if (seconds > MAX_SECONDS) {
      problems.add(document.name() + ": " + seconds + " s, not " + MAX_SECONDS + " at most");
    }
  }

  private static String text(Outcome outcome) {
    return outcome.reason() == null
        ? outcome.message()
        : outcome.reason() + ": " + outcome.message();
  }

  /** With a good file beside them, and the heap that the command gives itself. */
  private void throughTheCommand(List<LimitDocument> documents, String mappingText, Path directory)
      throws IOException, InterruptedException {
    Path input = Files.createDirectory(directory.resolve("input"));
    TreeMap<String, String> expected = new TreeMap<>();
    for (LimitDocument document : documents) {
      String name = "%02d.xml".formatted(expected.size() + 1);
      try (InputStream in = document.file().open(0)) {
        Files.copy(in, input.resolve(name));
      }
      expected.put(name, Objects.toString(document.expected(), "ACCEPTED"));
    }
    Files.writeString(input.resolve("good.xml"), "<l><r><x>good</x></r></l>");
    expected.put("good.xml", "ACCEPTED");
    Path mapping = directory.resolve("mapping.json");
    Files.writeString(mapping, mappingText.replace('\'', '"'));

    long start = System.nanoTime();
    ProcessBuilder command =
        new ProcessBuilder(
                "bin/xml-to-bigquery",
                "--input=" + input + "/*.xml",
                "--mapping=" + mapping,
                "--output=" + directory.resolve("out"),
                "--deadLetterDir=" + directory.resolve("dead-letter"),
                "--tempLocation=" + directory.resolve("temp"))
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(directory.resolve("messages").toFile());
    command.environment().remove("JAVA_OPTS");
    System.out.println("\nthrough the command:");
    int status = command.start().waitFor();
    System.out.printf("%d files in %.0f s%n", expected.size(), (System.nanoTime() - start) / 1e9);
    if (status != 0) {
      problems.add("the command ended with " + status);
      System.out.println(Files.readString(directory.resolve("messages")));
    }

    TreeMap<String, String> actual = new TreeMap<>();
    for (JsonNode load : rows(directory.resolve("out"), "file_loads-.*")) {
      String reason = load.path("reason").asText();
      actual.put(
          name(load), load.path("reason").isTextual() ? reason : load.path("outcome").asText());
    }
    if (!actual.equals(expected)) {
      problems.add("file_loads says " + actual + ", not " + expected);
    }
    TreeMap<String, String> kept = new TreeMap<>();
    for (JsonNode report : rows(directory.resolve("dead-letter"), ".*[.]error[.]json")) {
      kept.put(name(report), report.path("reason").asText());
    }
    expected.values().removeIf("ACCEPTED"::equals);
    if (!kept.equals(expected)) {
      problems.add("the dead letter holds " + kept + ", not " + expected);
    }
    System.out.printf("%d of them in the dead letter, each with its reason%n", kept.size());
  }

  private static String name(JsonNode row) {
    String uri = row.path("uri").asText();
    return uri.substring(uri.lastIndexOf('/') + 1);
  }

  private static List<JsonNode> rows(Path directory, String name) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<JsonNode> rows = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        if (path.getFileName().toString().matches(name)) {
          for (String line : Files.readAllLines(path)) {
            rows.add(json.readTree(line));
          }
        }
      }
    }
    return rows;
  }
}
