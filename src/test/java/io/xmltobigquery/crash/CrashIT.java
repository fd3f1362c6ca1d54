package io.xmltobigquery.crash;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import com.google.common.collect.Multisets;
import com.google.common.collect.Sets;
import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.outcome.FileLoads;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A backfill that is killed, and run again. What is left after the kill, and what is there after
 * the second run, must be what the runbook says. {@code make crash} is the same with 100 kills;
 * {@code -Dcrash.seed=SEED -Dcrash.kills=1} repeats one of them, but for the exact moment.
 */
class CrashIT {

  private static final int KILLS = Integer.getInteger("crash.kills", 0);
  private static final long SEED = Long.getLong("crash.seed", System.nanoTime());

  private static final List<String> TABLES = List.of("customers", "orders");

  /** What was found after the kills, and after the second runs: how often. */
  private static final Map<String, Integer> HISTOGRAM = new TreeMap<>();

  /** How long the last run took that wasn't killed; at first a guess. */
  private static Duration usualDuration = Duration.ofSeconds(6);

  private static final long STARTED = System.nanoTime();

  @RegisterExtension final LocalStack stack = new LocalStack();

  @TempDir Path dir;

  private Path in;
  private Path out;
  private Path temp;
  private Path moved;
  private DeadLetter deadLetter;

  private Scenario scenario;
  private List<InputFile> files;

  static Stream<Scenario> scenarios() {
    return KILLS == 0
        ? Scenario.CHOSEN.stream()
        : LongStream.range(SEED, SEED + KILLS).mapToObj(Scenario::random);
  }

  @AfterAll
  static void printHistogram() {
    System.out.printf("crash: %d s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - STARTED));
    HISTOGRAM.forEach((what, times) -> System.out.printf("crash: %4d  %s%n", times, what));
  }

  @BeforeEach
  void makeDirectories() throws IOException {
    in = Files.createDirectory(dir.resolve("in"));
    temp = Files.createDirectory(dir.resolve("temp"));
    out = dir.resolve("out");
    moved = dir.resolve("moved");
    deadLetter = new DeadLetter(dir.resolve("dead"));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void whatIsLeftIsWhatTheRunbookSays(Scenario chosen) throws Exception {
    scenario = chosen;
    files = InputFile.write(in, scenario);

    Command.Ended killed = command().runAndKill(new KillAt());

    Found left = found();
    String state = state(left, killed);
    count("killed: " + state);
    System.out.printf("crash: %s: %s%n", scenario, state);
    assertLeft(left);
    if (scenario.intoBigQuery()) {
      runAgainIntoBigQuery(left);
    } else {
      runAgainIntoLines(left);
    }
    assertThat(deadLetter.records()).isAtLeast(invalidRecords());
    deadLetter.assertWhole(files);
    assertSources();
    assertNothingTemporaryIsLeft();
  }

  private void assertLeft(Found left) throws IOException {
    Multiset<LoadedRow> expected = rows(files);
    assertNone(
        "rows that no file has", Sets.difference(left.rows().elementSet(), expected.elementSet()));
    if (scenario.isExactlyOnce()) {
      assertNone("rows that are there twice", Multisets.difference(left.rows(), expected));
    }
    assertNone("outcomes", Multisets.difference(left.outcomes(), outcomes(files)));
    if (!left.outcomes().isEmpty()) {
      assertNone(
          "rows that are missing where outcomes are recorded",
          Multisets.difference(expected, left.rows()));
      assertThat(deadLetter.records()).isEqualTo(invalidRecords());
    }
    deadLetter.assertWhole(files);
    List<InputFile> gone = files.stream().filter(file -> !isThere(file)).toList();
    if (!gone.isEmpty()) {
      assertWithMessage("outcomes, of which all should be recorded before a source is cleared")
          .that(left.outcomes())
          .isEqualTo(outcomes(files));
      if (!scenario.intoBigQuery()) {
        for (String table : List.of("customers", "orders", FileLoads.TABLE)) {
          assertThat(OutputLines.isComplete(out, table)).isTrue();
        }
      }
    }
    for (InputFile file : gone) {
      assertCleared(file);
    }
  }

  private void assertCleared(InputFile file) throws IOException {
    if (!file.isGood()) {
      assertThat(scenario.deletesRejected()).isTrue();
      assertWithMessage("%s is kept", file.uri()).that(deadLetter.has(file)).isTrue();
    } else {
      assertThat(scenario.clearsAccepted()).isTrue();
      if (scenario.acceptedInput().equals("move")) {
        List<Path> copies =
            DeadLetter.visible(moved).stream()
                .filter(copy -> copy.toString().startsWith(moved + file.uri() + "#"))
                .toList();
        assertWithMessage("copies of %s", file.uri()).that(copies).hasSize(1);
        assertThat(file.isSameAs(copies.get(0))).isTrue();
      }
    }
  }

  private void runAgainIntoBigQuery(Found left) throws Exception {
    Found kept = left;
    if (scenario.deletesLeftRows() && hasTables()) {
      for (String table : TABLES) {
        stack.bigQuery().query(runbooksDeletion(table));
      }
      kept = found();
      assertSame(
          "rows that the runbook's statement leaves",
          kept.rows(),
          Multisets.filter(left.rows(), row -> isAccepted(row.uri(), left)));
    }
    Multiset<LoadedRow> expected = HashMultiset.create(kept.rows());
    List<InputFile> there = files.stream().filter(this::isThere).toList();
    expected.addAll(rows(there));
    Multiset<String> expectedOutcomes = HashMultiset.create(kept.outcomes());
    expectedOutcomes.addAll(outcomes(there));

    runToItsEnd();

    Found found = found();
    assertNone("rows that are missing", Multisets.difference(expected, found.rows()));
    if (scenario.isExactlyOnce()) {
      assertNone("rows that are there too often", Multisets.difference(found.rows(), expected));
      assertThat(found.outcomes()).isEqualTo(expectedOutcomes);
    }
    assertNone(
        "rows that no file has",
        Sets.difference(found.rows().elementSet(), rows(files).elementSet()));
    assertNone(
        "rows of files that are missing",
        Sets.difference(rows(files).elementSet(), found.rows().elementSet()));
    assertThat(found.outcomes().elementSet()).isEqualTo(outcomes(files).elementSet());
    count(
        "run again into BigQuery"
            + (scenario.deletesLeftRows() ? " after the deletion: " : ": ")
            + (found.rows().equals(rows(files)) ? "each row once" : "rows are there twice"));
  }

  private void runAgainIntoLines(Found left) throws Exception {
    Found kept = Found.nothing();
    if (scenario.clearsAccepted() && !left.outcomes().isEmpty()) {
      Command.Ended refused = command().run();
      assertWithMessage(refused.messages()).that(refused.status()).isEqualTo(1);
      assertThat(refused.messages()).contains("they may be the only copy");
      Found untouched = found();
      assertSame("rows after the refusal", untouched.rows(), left.rows());
      assertThat(untouched.outcomes()).isEqualTo(left.outcomes());
      for (Path lines : OutputLines.finished(out)) {
        Files.delete(lines);
      }
      kept = left;
    }
    List<InputFile> there = files.stream().filter(this::isThere).toList();

    runToItsEnd();

    Found found = found();
    assertSame("rows", found.rows(), rows(there));
    assertThat(found.outcomes()).isEqualTo(outcomes(there));
    Multiset<LoadedRow> all = HashMultiset.create(kept.rows());
    all.addAll(found.rows());
    assertNone(
        "rows of files that are missing",
        Sets.difference(rows(files).elementSet(), all.elementSet()));
    for (InputFile file : files) {
      assertWithMessage("%s has an outcome or a report", file.uri())
          .that(
              there.contains(file)
                  || kept.outcomes().contains(outcome(file))
                  || deadLetter.has(file))
          .isTrue();
    }
    count(
        "run again into JSON Lines: "
            + (kept.rows().isEmpty()
                ? "each row once"
                : "refused; then run without the old lines"));
  }

  private void runToItsEnd() throws Exception {
    Command.Ended run = command().run();
    assertWithMessage(run.messages()).that(run.status()).isEqualTo(0);
    usualDuration = run.duration();
  }

  /** After the second run. */
  private void assertSources() throws IOException {
    for (InputFile file : files) {
      boolean stays = file.isGood() ? !scenario.clearsAccepted() : !scenario.deletesRejected();
      assertWithMessage("%s is there", file.uri()).that(isThere(file)).isEqualTo(stays);
      if (!stays) {
        assertCleared(file);
      }
    }
  }

  private void assertNothingTemporaryIsLeft() throws IOException {
    try (Stream<Path> paths = Files.walk(dir)) {
      assertThat(
              paths
                  .filter(Files::isRegularFile)
                  .filter(file -> file.startsWith(temp) || file.toString().contains("/out/.temp"))
                  .toList())
          .isEmpty();
    }
  }

  private Command command() {
    Map<String, String> environment = new TreeMap<>(stack.environment());
    environment.put("JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Djava.io.tmpdir=" + temp);
    List<String> arguments = new ArrayList<>();
    if (scenario.intoBigQuery()) {
      arguments.addAll(stack.options());
      arguments.removeIf(option -> option.startsWith("--tempLocation="));
    }
    String accepted = scenario.acceptedInput();
    arguments.addAll(
        List.of(
            "--input=" + in + "/*",
            "--output=" + (scenario.intoBigQuery() ? stack.output() : out),
            "--deadLetterDir=" + dir.resolve("dead"),
            "--lineage",
            "--chunkSizeMb=1",
            "--writeMode=" + scenario.writeMode(),
            "--onInvalidRecord=" + scenario.onInvalidRecord(),
            "--rejectedInput=" + scenario.rejectedInput(),
            "--acceptedInput=" + (accepted.equals("move") ? "move:" + moved : accepted)));
    return new Command(dir, environment, arguments);
  }

  /** A little later than the scenario's moment. */
  private final class KillAt implements Callable<Boolean> {
    private final Random random = new Random(scenario.seed());
    private long kill = Long.MAX_VALUE;

    @Override
    public Boolean call() throws IOException {
      if (kill == Long.MAX_VALUE && isMoment()) {
        kill = System.nanoTime() + (long) (random.nextDouble() * mostDelay().toNanos());
      }
      return System.nanoTime() >= kill;
    }

    private Duration mostDelay() {
      return switch (scenario.moment()) {
        case ANY -> usualDuration;
        case READING, REJECTING, WRITING -> usualDuration.dividedBy(8);
        case ROWS_THERE, OUTCOMES_THERE, CLEARING -> Duration.ofMillis(30);
      };
    }

    private boolean isMoment() throws IOException {
      return switch (scenario.moment()) {
        case ANY -> true;
        case READING -> hasHeldRows();
        case REJECTING -> Files.exists(dir.resolve("dead/files"));
        case WRITING ->
            scenario.intoBigQuery() ? hasHeldRows() : hasFiles(out.resolve(".temp-beam"));
        case ROWS_THERE -> has("customers") || has("orders");
        case OUTCOMES_THERE -> has(FileLoads.TABLE);
        case CLEARING -> files.stream().anyMatch(file -> !isThere(file));
      };
    }

    private boolean has(String table) throws IOException {
      if (scenario.intoBigQuery()) {
        return hasTables() && number(table) > 0;
      }
      return OutputLines.finished(out).stream()
          .anyMatch(file -> file.getFileName().toString().startsWith(table + "-"));
    }
  }

  /** In a directory that may not be there, while files come and go. */
  private static boolean hasFiles(Path directory) {
    File[] found = directory.toFile().listFiles(File::isFile);
    return found != null && found.length > 0;
  }

  /** Whether rows are held, so that the run is reading a large file. */
  private boolean hasHeldRows() {
    File[] engines = temp.toFile().listFiles();
    return engines != null
        && Arrays.stream(engines)
            .flatMap(engine -> Stream.ofNullable(engine.list()).flatMap(Arrays::stream))
            .anyMatch(name -> name.endsWith(".held"));
  }

  private boolean hasTables() throws IOException {
    return stack.bigQuery().tables().contains(FileLoads.TABLE);
  }

  private long number(String table) throws IOException {
    String query = "SELECT COUNT(*) AS number FROM " + stack.bigQuery().dataset() + "." + table;
    return stack.bigQuery().query(query).get(0).get("number").asLong();
  }

  private Found found() throws IOException {
    if (!scenario.intoBigQuery()) {
      return OutputLines.read(out);
    }
    Found found = Found.nothing();
    if (!hasTables()) {
      return found;
    }
    for (String table : TABLES) {
      stack.bigQuery().rows(table, row -> found.rows().add(LoadedRow.of(table, row)));
    }
    for (ObjectNode load : stack.bigQuery().rows(FileLoads.TABLE)) {
      found.outcomes().add(load.get("uri").textValue() + " " + load.get("outcome").textValue());
    }
    return found;
  }

  /** How far the run had come, from what it has left. */
  private String state(Found left, Command.Ended killed) throws IOException {
    if (killed.status() == 0) {
      return "8 it had ended";
    }
    if (files.stream().anyMatch(file -> !isThere(file))) {
      return "7 sources cleared";
    }
    if (!left.outcomes().isEmpty()) {
      return left.outcomes().equals(outcomes(files)) ? "6 all outcomes" : "5 some outcomes";
    }
    if (!left.rows().isEmpty()) {
      return left.rows().containsAll(rows(files)) ? "4 all rows" : "3 some rows";
    }
    return deadLetter.isEmpty() ? "1 nothing" : "2 rejected files";
  }

  private static <T> void assertSame(String what, Multiset<T> found, Multiset<T> expected) {
    assertNone(what + ", missing", Multisets.difference(expected, found));
    assertNone(what + ", too many", Multisets.difference(found, expected));
  }

  private static void assertNone(String what, Collection<?> found) {
    assertWithMessage("%s: %s, such as %s", what, found.size(), found.stream().limit(3).toList())
        .that(found.isEmpty())
        .isTrue();
  }

  private static void count(String what) {
    HISTOGRAM.merge(what, 1, Integer::sum);
  }

  private boolean isThere(InputFile file) {
    return Files.exists(file.path());
  }

  private int invalidRecords() {
    return files.stream().mapToInt(InputFile::invalidRecords).sum();
  }

  private static Multiset<LoadedRow> rows(List<InputFile> files) {
    Multiset<LoadedRow> rows = HashMultiset.create();
    files.forEach(file -> rows.addAll(file.rows()));
    return rows;
  }

  private static Multiset<String> outcomes(List<InputFile> files) {
    Multiset<String> outcomes = HashMultiset.create();
    files.forEach(file -> outcomes.add(outcome(file)));
    return outcomes;
  }

  private static String outcome(InputFile file) {
    return file.uri() + (file.isGood() ? " ACCEPTED" : " REJECTED");
  }

  private static boolean isAccepted(String uri, Found found) {
    return found.outcomes().contains(uri + " ACCEPTED");
  }

  private String runbooksDeletion(String table) throws IOException {
    Matcher statement =
        Pattern.compile("```sql\\n(DELETE .*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/RUNBOOK.md")));
    assertThat(statement.find()).isTrue();
    return statement
        .group(1)
        .replace("demo.orders", "demo." + table)
        .replace("demo.", stack.bigQuery().dataset() + ".");
  }
}
