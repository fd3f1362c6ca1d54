package io.xmltobigquery.replay;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.flow.settle.KeepRejectedFiles;
import io.xmltobigquery.options.InputPattern;
import io.xmltobigquery.replay.KilledStore.KilledException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplayFilesTest {

  private static final Instant NIGHT = Instant.parse("2026-11-30T02:00:00Z");
  private static final int MOST_CHANGES = 100;

  @TempDir Path temp;

  private @Nullable FakeCloudStorage storage;
  private FileStore files = FileStore.of(PipelineOptionsFactory.create());
  private String input;
  private String deadLetter;

  /** Where the files are. */
  private void in(boolean cloud) throws IOException {
    if (cloud) {
      storage = FakeCloudStorage.start("landing", "dead");
      files = FileStore.of(storage.options());
      input = "gs://landing/";
      deadLetter = "gs://dead/letter/";
    } else {
      input = temp + "/in/";
      deadLetter = temp + "/dead/";
    }
  }

  @AfterEach
  void stop() {
    if (storage != null) {
      storage.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void filesGoBackToTheirPlacesAndLeaveATrace(boolean cloud) throws Exception {
    in(cloud);
    String name = input + "a/b c.xml";
    FileVersion rejected = reject(name, "<a/>", "INVALID_VALUE", NIGHT);

    Replayed replayed = replay(Selection.ALL);

    assertThat(replayed.files()).isEqualTo(1);
    assertThat(replayed.staying()).isEmpty();
    assertThat(read(name)).isEqualTo("<a/>");
    String copy = KeepRejectedFiles.copyName("", rejected);
    assertThat(names(deadLetter)).containsExactly("replayed/" + copy + ".json");
    JsonNode trace = new ObjectMapper().readTree(read(deadLetter + "replayed/" + copy + ".json"));
    assertThat(trace.get("uri").textValue()).isEqualTo(name);
    assertThat(trace.get("generation").textValue()).isEqualTo(rejected.generation());
    assertThat(trace.get("reason").textValue()).isEqualTo("INVALID_VALUE");
    assertThat(Instant.parse(trace.get("replayed").textValue())).isGreaterThan(NIGHT);
    assertThat(replay(Selection.ALL).files()).isEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReplayThatIsKilledAnywhereAndRepeatedComesOutTheSame(boolean cloud) throws Exception {
    in(cloud);
    for (boolean behind : List.of(false, true)) {
      int last = 1;
      boolean killed = true;
      while (killed) {
        String ownName = behind + "" + last + ".xml";
        String name = input + ownName;
        reject(name, "<a/>", "INVALID_VALUE", NIGHT);
        KilledStore mortal = new KilledStore(files, last, behind);
        try {
          replay(mortal, Selection.ALL, true, false);
        } catch (KilledException e) {
          // It is repeated.
        }
        killed = mortal.wasKilled();
        replay(Selection.ALL);

        assertWithMessage("%s change %s", behind ? "behind" : "before", last)
            .that(read(name))
            .isEqualTo("<a/>");
        assertThat(names(deadLetter).stream().filter(n -> !n.startsWith("replayed/files/")))
            .isEmpty();
        assertThat(names(deadLetter).stream().filter(n -> n.endsWith(".begun.json"))).isEmpty();
        assertThat(names(deadLetter).stream().filter(n -> n.contains(ownName))).hasSize(1);
        assertThat(++last).isLessThan(MOST_CHANGES);
      }
      assertThat(last).isAtLeast(6);
    }
  }

  /** Who takes files away once they are loaded is what nobody can tell from a file never there. */
  @Test
  void aFileThatIsLoadedAndTakenAwayMeanwhileIsNotBroughtBackTwice() throws Exception {
    in(false);
    for (boolean behind : List.of(false, true)) {
      for (int last = 1; last < 8; last++) {
        String name = input + behind + last + ".xml";
        reject(name, "<a/>", "INVALID_VALUE", NIGHT);
        try {
          replay(new KilledStore(files, last, behind), Selection.ALL, false, false);
        } catch (KilledException e) {
          // It is repeated.
        }
        int loads = loadAndTakeAway(name);
        Replayed repeated = replay(files, Selection.ALL, false, false);
        loads += loadAndTakeAway(name);

        assertWithMessage("%s %s", last, behind).that(loads).isAtMost(1);
        if (loads == 0) {
          assertThat(repeated.staying().get(0)).contains("look into file_loads");
          replay(files, Selection.ALL, true, false);
          assertThat(loadAndTakeAway(name)).isEqualTo(1);
        }
        clear();
      }
    }
  }

  private void clear() throws IOException {
    files.visit(deadLetter, file -> files.delete(files.find(file.uri())));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNewerVersionIsNeverReplaced(boolean cloud) throws Exception {
    in(cloud);
    String name = input + "a.xml";
    reject(name, "<a/>", "INVALID_VALUE", NIGHT);
    write(name, "<mended/>");

    Replayed replayed = replay(Selection.ALL);

    assertThat(replayed.files()).isEqualTo(0);
    assertThat(replayed.filesStaying()).isEqualTo(1);
    assertThat(replayed.staying().get(0)).endsWith(": there is a newer version in its place");
    assertThat(read(name)).isEqualTo("<mended/>");
    assertThat(names(deadLetter)).hasSize(2);
  }

  @Test
  void aNewerVersionThatComesInTheLastMomentIsNeverReplaced() throws Exception {
    in(true);
    String name = input + "a.xml";
    reject(name, "<a/>", "INVALID_VALUE", NIGHT);
    storage.before(
        FakeCloudStorage.Kind.REWRITE, 2, () -> storage.put(name, "<mended/>".getBytes(UTF_8)));

    Replayed replayed = replay(Selection.ALL);

    assertThat(replayed.files()).isEqualTo(0);
    assertThat(replayed.staying().get(0)).endsWith(": there is a newer version in its place");
    assertThat(read(name)).isEqualTo("<mended/>");
    assertThat(replay(Selection.ALL).filesStaying()).isEqualTo(1);
  }

  @Test
  void ofSeveralRejectedVersionsTheNewestGoesBack() throws Exception {
    in(false);
    String name = input + "a.xml";
    reject(name, "<old/>", "INVALID_VALUE", NIGHT);
    reject(name, "<newer/>", "INVALID_VALUE", NIGHT.plusSeconds(60));

    Replayed replayed = replay(Selection.ALL);

    assertThat(replayed.files()).isEqualTo(1);
    assertThat(read(name)).isEqualTo("<newer/>");
    assertThat(replayed.staying().get(0)).endsWith(": a newer version of it was rejected, too");
  }

  @Test
  void aVersionThatIsInItsPlaceStillStays() throws Exception {
    in(false);
    String name = input + "a.xml";
    reject(name, "<a/>", "INVALID_VALUE", NIGHT, true);

    assertThat(replay(Selection.ALL).staying().get(0)).contains("in its place still");
  }

  @Test
  void reasonTimeAndPatternChoose() throws Exception {
    in(false);
    reject(input + "a/1.xml", "<a/>", "INVALID_VALUE", NIGHT);
    reject(input + "a/2.xml", "<a/>", "TRUNCATED", NIGHT);
    reject(input + "b/3.xml", "<a/>", "INVALID_VALUE", NIGHT);
    reject(input + "a/4.xml", "<a/>", "INVALID_VALUE", NIGHT.minusSeconds(1));
    Selection selection =
        new Selection(Set.of("INVALID_VALUE"), NIGHT, new InputPattern(input + "a/*.xml"));

    Replayed dry = replay(files, selection, true, true);
    assertThat(dry.names()).containsExactly(input + "a/1.xml");
    assertThat(names(input)).isEmpty();

    assertThat(replay(selection).files()).isEqualTo(1);
    assertThat(names(input)).containsExactly("a/1.xml");
    assertThat(replay(Selection.ALL).files()).isEqualTo(3);
  }

  @Test
  void aDryRunChangesNothing() throws Exception {
    in(false);
    reject(input + "a.xml", "<a/>", "INVALID_VALUE", NIGHT);
    List<String> before = names(temp + "/");

    assertThat(replay(files, Selection.ALL, true, true).files()).isEqualTo(1);

    assertThat(names(temp + "/")).isEqualTo(before);
  }

  @Test
  void archivesThatAreLoadedInPartAndFilesWithoutACopyStay() throws Exception {
    in(false);
    FileVersion archive = reject(input + "a.zip", "PK", "INVALID_VALUE", NIGHT);
    replaceInReport(archive, "\"copied\":true", "\"copied\":true,\"entries\":[{\"uri\":\"x\"}]");
    FileVersion unreadable = reject(input + "b.xml", "<a/>", "UNREADABLE", NIGHT);
    replaceInReport(unreadable, "\"copied\":true", "\"copied\":false");
    write(deadLetter + "files/notes#1.error.json", "to do");

    Replayed replayed = replay(Selection.ALL);

    assertThat(replayed.files()).isEqualTo(0);
    assertThat(replayed.filesStaying()).isEqualTo(3);
    assertThat(String.join("\n", replayed.staying())).contains("other files of this archive");
    assertThat(String.join("\n", replayed.staying())).contains("has no copy of it");
    assertThat(String.join("\n", replayed.staying())).contains("is no report");
    assertThat(names(input)).isEmpty();
  }

  private void replaceInReport(FileVersion file, String text, String by) throws IOException {
    String report = KeepRejectedFiles.copyName(deadLetter, file) + ".error.json";
    write(report, read(report).replace(text, by));
  }

  private Replayed replay(Selection selection) throws IOException {
    return replay(files, selection, true, false);
  }

  private Replayed replay(
      FileStore store, Selection selection, boolean acceptedStay, boolean dryRun)
      throws IOException {
    return new Replay(deadLetter, selection, acceptedStay, null, dryRun).run(store);
  }

  private FileVersion reject(String name, String content, String reason, Instant finished)
      throws IOException {
    return reject(name, content, reason, finished, false);
  }

  /** As a load leaves it. */
  private FileVersion reject(
      String name, String content, String reason, Instant finished, boolean kept)
      throws IOException {
    write(name, content);
    FileVersion version = files.find(name);
    String copy = KeepRejectedFiles.copyName(deadLetter, version);
    files.copy(version, copy);
    write(
        copy + KeepRejectedFiles.REPORT_SUFFIX,
        "{\"uri\":\"%s\",\"generation\":\"%s\",\"reason\":\"%s\",\"finished\":\"%s\",\"copied\":true}"
            .formatted(name, version.generation(), reason, finished));
    if (!kept) {
      files.delete(version);
    }
    return version;
  }

  private int loadAndTakeAway(String name) throws IOException {
    if (!files.exists(name)) {
      return 0;
    }
    files.delete(files.find(name));
    return 1;
  }

  private void write(String name, String content) throws IOException {
    files.replace(name, out -> out.write(content.getBytes(UTF_8)));
  }

  private String read(String name) throws IOException {
    try (var in = files.open(files.find(name), 0)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private List<String> names(String directory) throws IOException {
    List<String> names = new ArrayList<>();
    files.visit(directory, file -> names.add(file.uri().substring(directory.length())));
    return names;
  }
}
