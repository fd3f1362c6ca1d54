package io.xmltobigquery.flow.settle;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xmltobigquery.Collected;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FakeCloudStorage.Kind;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.KeptNames;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.FileOutcome.Rejection;
import io.xmltobigquery.outcome.FileOutcome.TableRows;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.outcome.ProgramVersion;
import io.xmltobigquery.xml.Position;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeepRejectedFilesTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final boolean DELETE = true;
  private static final boolean KEEP = false;
  private static final Instant STARTED = Instant.parse("2026-01-02T03:04:05.123456789Z");
  private static final Instant FINISHED = Instant.parse("2026-01-02T03:04:06Z");

  @TempDir Path dir;

  @Test
  void copiesTheFileAndDeletesTheSource() throws IOException {
    FileVersion file = file("in/a.xml", "content");

    keep(DELETE, rejected(file));

    assertThat(Files.exists(Path.of(file.uri()))).isFalse();
    assertThat(Files.readString(copyOf(file))).isEqualTo("content");
    assertThat(files("dead")).containsExactly(copyOf(file), reportOf(file));
  }

  @Test
  void keepsTheSourceIfTold() throws IOException {
    FileVersion file = file("in/a.xml", "content");

    keep(KEEP, rejected(file));

    assertThat(Files.readString(Path.of(file.uri()))).isEqualTo("content");
    assertThat(Files.readString(copyOf(file))).isEqualTo("content");
  }

  @Test
  void reportsWhatIsWrongAndWhere() throws IOException {
    FileVersion file = file("in/Größe #1.xml", "content");

    keep(DELETE, rejected(file));

    assertThat(report(file).toString())
        .isEqualTo(
            JSON.createObjectNode()
                .put("uri", file.uri())
                .put("generation", file.generation())
                .put("size", 7)
                .put("outcome", "REJECTED")
                .<com.fasterxml.jackson.databind.node.ObjectNode>set(
                    "tables", JSON.createArrayNode())
                .put("reason", "INVALID_VALUE")
                .put("message", "ShipVia is no \"integer\"")
                .put("line", 3)
                .put("column", 14)
                .put("byte_offset", 159)
                .put("record", 2)
                .put("started", "2026-01-02T03:04:05.123456Z")
                .put("finished", "2026-01-02T03:04:06Z")
                .put("copied", true)
                .put("version", ProgramVersion.current())
                .toString());
  }

  @Test
  void passesAllOutcomesThroughAndKeepsOnlyRejectedFiles() throws IOException {
    FileVersion accepted = file("in/accepted.xml", "good");
    FileVersion superseded = file("in/superseded.xml", "newer");
    FileOutcome[] outcomes = {
      FileOutcome.accepted(
          accepted, List.of(new TableRows("orders", 1, 0)), List.of(), 1, STARTED, FINISHED),
      new FileOutcome(
          superseded, Outcome.SUPERSEDED, List.of(), List.of(), null, 0, null, STARTED, FINISHED),
      rejected(file("in/rejected.xml", "bad"))
    };

    assertThat(keep(DELETE, outcomes)).containsExactlyElementsIn(outcomes);

    assertThat(files("in")).containsExactly(path("in/accepted.xml"), path("in/superseded.xml"));
    assertThat(files("dead")).hasSize(2);
  }

  @Test
  void filesOfOneNameInTwoDirectoriesDoNotMeet() throws IOException {
    FileVersion one = file("in/1/a.xml", "one");
    FileVersion two = file("in/2/a.xml", "two");

    keep(DELETE, rejected(one), rejected(two));

    assertThat(Files.readString(copyOf(one))).isEqualTo("one");
    assertThat(Files.readString(copyOf(two))).isEqualTo("two");
    assertThat(files("dead")).hasSize(4);
  }

  @Test
  void twoVersionsOfOneFileDoNotMeet() throws IOException {
    FileVersion older = file("in/a.xml", "older");
    keep(DELETE, rejected(older));
    FileVersion newer = file("in/a.xml", "newest");
    keep(DELETE, rejected(newer));

    assertThat(Files.readString(copyOf(older))).isEqualTo("older");
    assertThat(Files.readString(copyOf(newer))).isEqualTo("newest");
  }

  @Test
  void doingItAgainComesOutTheSame() throws IOException {
    for (boolean delete : new boolean[] {KEEP, DELETE}) {
      FileVersion file = file("in/a.xml", "content " + delete);
      keep(delete, rejected(file));
      Map<Path, String> once = contents("dead");

      keep(delete, rejected(file));

      assertThat(contents("dead")).isEqualTo(once);
    }
  }

  @Test
  void doingItAgainAfterACrashInBetweenComesOutTheSame() throws IOException {
    FileVersion file = file("in/a.xml", "content");
    keep(KEEP, rejected(file));
    Map<Path, String> whole = contents("dead");
    Files.delete(reportOf(file));

    keep(DELETE, rejected(file));

    assertThat(contents("dead")).isEqualTo(whole);
    assertThat(Files.exists(Path.of(file.uri()))).isFalse();
  }

  @Test
  void anotherRunsReportTakesThePlaceOfTheFirst() throws IOException {
    FileVersion file = file("in/a.xml", "content");
    keep(KEEP, rejected(file));
    Rejection other = new Rejection(RejectionReason.UNKNOWN_ENTITY, "another mapping", null, 0);

    keep(KEEP, FileOutcome.rejected(file, other, STARTED, FINISHED));

    assertThat(report(file).get("reason").asText()).isEqualTo("UNKNOWN_ENTITY");
  }

  /** As when the worker was lost before it could tell that the file is kept. */
  @Test
  void doingItAgainNeedsNoRightToOverwrite() throws IOException {
    try (FakeCloudStorage storage = FakeCloudStorage.start("bucket", "dead-letter")) {
      FileVersion file = storage.put("gs://bucket/in/a.xml", "content".getBytes(UTF_8));
      storage.retain("dead-letter");

      for (int attempt = 1; attempt <= 2; attempt++) {
        keep(Collected.pipeline(storage.options()), "gs://dead-letter/", KEEP, rejected(file));
      }

      String copy = KeepRejectedFiles.copyName("gs://dead-letter/", file);
      assertThat(storage.objects()).containsExactly(file.uri(), copy, copy + ".error.json");
      assertThat(storage.content(copy)).isEqualTo("content".getBytes(UTF_8));
    }
  }

  @Test
  void aDeadLetterThatMayNotBeWrittenToFails() throws IOException {
    try (FakeCloudStorage storage = FakeCloudStorage.start("bucket", "dead-letter")) {
      FileVersion file = storage.put("gs://bucket/in/a.xml", "content".getBytes(UTF_8));
      storage.refuse(Kind.BEGIN_UPLOAD, 1, 403);
      TestPipeline pipeline = Collected.pipeline(storage.options());

      Exception e =
          assertThrows(
              Exception.class, () -> keep(pipeline, "gs://dead-letter/", KEEP, rejected(file)));

      assertThat(e).hasCauseThat().hasMessageThat().contains(".error.json can't be written: ");
    }
  }

  @Test
  void aSourceOverwrittenSinceIsNeitherCopiedNorDeleted() throws IOException {
    FileVersion file = file("in/a.xml", "old");
    FileOutcome outcome = rejected(file);
    file("in/a.xml", "newer");

    keep(DELETE, outcome);

    assertThat(Files.readString(path("in/a.xml"))).isEqualTo("newer");
    assertThat(files("dead")).containsExactly(reportOf(file));
    assertThat(report(file).get("copied").asBoolean()).isFalse();
  }

  @Test
  void aSourceDeletedSinceGetsAReportOnly() throws IOException {
    FileVersion file = file("in/a.xml", "old");
    FileOutcome outcome = rejected(file);
    Files.delete(path("in/a.xml"));

    keep(DELETE, outcome);

    assertThat(files("dead")).containsExactly(reportOf(file));
    assertThat(report(file).get("copied").asBoolean()).isFalse();
    assertThat(report(file).get("reason").asText()).isEqualTo("INVALID_VALUE");
  }

  @Test
  void anUnreadableFileGetsAReportOnly() throws IOException {
    Files.createDirectories(path("in/a.xml"));
    FileVersion file = version(path("in/a.xml"));
    Rejection unreadable = new Rejection(RejectionReason.UNREADABLE, "a directory", null, 0);

    keep(DELETE, FileOutcome.rejected(file, unreadable, STARTED, FINISHED));

    assertThat(Files.isDirectory(path("in/a.xml"))).isTrue();
    assertThat(files("dead")).containsExactly(reportOf(file));
    JsonNode report = report(file);
    assertThat(report.get("copied").asBoolean()).isFalse();
    assertThat(report.get("reason").asText()).isEqualTo("UNREADABLE");
    assertThat(report.has("line")).isFalse();
    assertThat(report.has("record")).isFalse();
  }

  @Test
  void namesMayHaveAnyCharacterAndAnyLength() throws IOException {
    List<FileVersion> files = new ArrayList<>();
    for (String name :
        List.of(
            "a b.xml",
            "#1.xml",
            "a#1#2.xml",
            "100%.xml",
            "%23.xml",
            "Größe.xml",
            "日本.xml",
            "a[1].xml",
            "a*.xml",
            "a?.xml",
            "{a}.xml",
            "a\\b.xml",
            "line\nfeed.xml",
            "x".repeat(251) + ".xml",
            "x".repeat(251) + ".htm",
            "日".repeat(84),
            "😀".repeat(62))) {
      files.add(file("in/" + name, name));
    }

    keep(DELETE, files.stream().map(KeepRejectedFilesTest::rejected).toArray(FileOutcome[]::new));

    assertThat(files("in")).isEmpty();
    assertThat(files("dead")).hasSize(2 * files.size());
    for (FileVersion file : files) {
      String name = Path.of(file.uri()).getFileName().toString();
      assertThat(Files.readString(copyOf(file))).isEqualTo(name);
      assertThat(report(file).get("uri").asText()).isEqualTo(file.uri());
    }
  }

  @Test
  void aPathOfManyLongNamesIsKeptToo() throws IOException {
    String path = "in" + ("/" + "x".repeat(200)).repeat(20) + "/a.xml";
    FileVersion file = file(path, "content");

    keep(DELETE, rejected(file));

    assertThat(files("in")).isEmpty();
    assertThat(Files.readString(copyOf(file))).isEqualTo("content");
  }

  private List<FileOutcome> keep(boolean delete, FileOutcome... outcomes) {
    return keep(Collected.pipeline(), dir + "/dead/", delete, outcomes);
  }

  private static List<FileOutcome> keep(
      TestPipeline pipeline, String deadLetterDir, boolean delete, FileOutcome... outcomes) {
    PCollection<FileOutcome> safe =
        pipeline
            .apply(Create.of(Arrays.asList(outcomes)))
            .apply(KeepRejectedFiles.in(deadLetterDir));
    Collected<FileOutcome> kept = Collected.of(safe);
    if (delete) {
      safe.apply(CleanUp.create().deletingRejected(deadLetterDir));
    }
    pipeline.run();
    return kept.elements();
  }

  private static FileOutcome rejected(FileVersion file) {
    Rejection rejection =
        new Rejection(
            RejectionReason.INVALID_VALUE,
            "ShipVia is no \"integer\"",
            new Position(3, 14, 159),
            2);
    return FileOutcome.rejected(file, rejection, STARTED, FINISHED);
  }

  private Path copyOf(FileVersion file) {
    return path("dead/files/" + KeptNames.path(file));
  }

  private Path reportOf(FileVersion file) {
    return path("dead/files/" + KeptNames.path(file) + ".error.json");
  }

  private JsonNode report(FileVersion file) throws IOException {
    return JSON.readTree(Files.readAllBytes(reportOf(file)));
  }

  private FileVersion file(String name, String content) throws IOException {
    Files.createDirectories(path(name).getParent());
    return version(Files.writeString(path(name), content));
  }

  private static FileVersion version(Path file) throws IOException {
    return FileStore.of(PipelineOptionsFactory.create()).find(file.toString());
  }

  private Path path(String name) {
    return dir.resolve(name);
  }

  private List<Path> files(String directory) throws IOException {
    try (Stream<Path> files = Files.walk(path(directory))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private Map<Path, String> contents(String directory) throws IOException {
    Map<Path, String> contents = new TreeMap<>();
    for (Path file : files(directory)) {
      contents.put(file, Files.readString(file));
    }
    return contents;
  }
}
