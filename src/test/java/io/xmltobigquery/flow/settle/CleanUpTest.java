package io.xmltobigquery.flow.settle;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.Collected;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FakeCloudStorage.Kind;
import io.xmltobigquery.files.FileGoneException;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.FileOutcome.Rejection;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CleanUpTest {

  private static final Instant NOW = Instant.EPOCH;
  private static final String DEAD_LETTER = "gs://archive/dead/";
  private static final CleanUp HELD = CleanUp.create();
  private static final CleanUp REJECTED = HELD.deletingRejected(DEAD_LETTER);
  private static final CleanUp DELETE = HELD.deletingAccepted();
  private static final CleanUp MOVE = HELD.movingAccepted("gs://archive/loaded/");

  private FakeCloudStorage storage;

  @BeforeEach
  void start() throws IOException {
    storage = FakeCloudStorage.start("bucket", "archive");
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  @Test
  void deletesWhatWasLoadedAndNothingElse() {
    FileVersion loaded = put("in/loaded.xml", "a");
    FileVersion rejected = put("in/rejected.xml", "b");
    put("in/other.xml", "c");

    cleanUp(DELETE, accepted(loaded), rejected(rejected));

    assertThat(storage.objects())
        .containsExactly("gs://bucket/in/other.xml", "gs://bucket/in/rejected.xml");
  }

  @Test
  void movesByPathAndGeneration() {
    FileVersion loaded = put("in/a [1]*.xml", "a");

    cleanUp(MOVE, accepted(loaded));

    String moved = "gs://archive/loaded/bucket/in/a [1]*.xml#" + loaded.generation();
    assertThat(storage.objects()).containsExactly(moved);
    assertThat(new String(storage.content(moved), UTF_8)).isEqualTo("a");
  }

  @Test
  void aNewerVersionStays() {
    FileVersion loaded = put("in/a.xml", "old");
    put("in/a.xml", "new");

    cleanUp(DELETE, accepted(loaded));
    cleanUp(MOVE, accepted(loaded));

    assertThat(storage.objects()).containsExactly("gs://bucket/in/a.xml");
    assertThat(new String(storage.content("gs://bucket/in/a.xml"), UTF_8)).isEqualTo("new");
  }

  @Test
  void aVersionThatComesBetweenCopyAndDeleteStays() {
    FileVersion loaded = put("in/a.xml", "old");
    storage.before(Kind.DELETE, 1, () -> put("in/a.xml", "new"));

    cleanUp(MOVE, accepted(loaded));

    assertThat(storage.objects()).hasSize(2);
    assertThat(new String(storage.content("gs://bucket/in/a.xml"), UTF_8)).isEqualTo("new");
  }

  @Test
  void whatIsDoneAgainComesOutTheSame() {
    FileVersion loaded = put("in/a.xml", "a");

    cleanUp(MOVE, accepted(loaded), accepted(loaded));

    assertThat(storage.objects()).hasSize(1);
  }

  @Test
  void aFileThatMayNotBeDeletedStaysAndFailsNothing() {
    FileVersion loaded = put("in/a.xml", "a");
    storage.refuse(Kind.DELETE, 1, 403);

    cleanUp(DELETE, accepted(loaded));

    assertThat(storage.objects()).containsExactly("gs://bucket/in/a.xml");
  }

  private void cleanUp(CleanUp cleanUp, FileOutcome... outcomes) {
    TestPipeline pipeline = Collected.pipeline(storage.options());
    pipeline.apply(Create.of(Arrays.asList(outcomes))).apply(cleanUp);
    pipeline.run();
  }

  @Test
  void rejectedFilesAreDeletedIfTheirCopiesAreThere() {
    FileVersion copied = put("in/copied.xml", "a");
    FileVersion lost = put("in/lost.xml", "b");
    FileVersion loaded = put("in/loaded.xml", "c");
    String copy = KeepRejectedFiles.copyName(DEAD_LETTER, copied);
    storage.put(copy, "a".getBytes(UTF_8));

    cleanUp(REJECTED, rejected(copied), rejected(lost), accepted(loaded));

    assertThat(storage.objects())
        .containsExactly(copy, "gs://bucket/in/loaded.xml", "gs://bucket/in/lost.xml");
  }

  @Test
  void aDeadLetterThatMayNotBeReadDeletesNothingAndFailsNothing() {
    FileVersion rejected = put("in/a.xml", "a");
    storage.refuseObject(KeepRejectedFiles.copyName(DEAD_LETTER, rejected), 403);

    cleanUp(REJECTED, rejected(rejected));

    assertThat(storage.objects()).containsExactly("gs://bucket/in/a.xml");
  }

  @Test
  void heldRowsOfAllAttemptsAreDeletedWhateverTheOutcome() {
    FileVersion loaded = put("in/a.xml", "a");
    put("temp/job-1-a-1.held", "first attempt");
    put("temp/job-1-a-2.held", "second attempt");
    put("temp/job-1-b-1.held", "of another file");
    FileVersion gone = new FileVersion("gs://bucket/in/c.xml", "1", 1);
    put("temp/job-1-c-1.held", "of a file that was overwritten");
    FileOutcome superseded =
        FileOutcome.gone(gone, FileGoneException.superseded(gone.id()), NOW, NOW);

    cleanUp(
        HELD,
        held(loaded, "temp/job-1-a-"),
        held(loaded, "temp/job-1-a-"),
        superseded.holding("gs://bucket/temp/job-1-c-"));

    assertThat(storage.objects())
        .containsExactly("gs://bucket/in/a.xml", "gs://bucket/temp/job-1-b-1.held");
  }

  @Test
  void heldRowsThatMayNotBeDeletedStayAndFailNothing() {
    FileVersion loaded = put("in/a.xml", "a");
    put("temp/a-1.held", "a");
    put("temp/b-1.held", "b");
    storage.refuse(Kind.DELETE, 1, 403);

    cleanUp(HELD, held(loaded, "temp/a-"));
    cleanUp(HELD, held(loaded, "temp/b-"));

    assertThat(storage.objects())
        .containsExactly("gs://bucket/in/a.xml", "gs://bucket/temp/a-1.held");
  }

  private FileVersion put(String name, String content) {
    return storage.put("gs://bucket/" + name, content.getBytes(UTF_8));
  }

  private static FileOutcome accepted(FileVersion file) {
    return FileOutcome.accepted(file, List.of(), List.of(), 1, NOW, NOW);
  }

  private static FileOutcome held(FileVersion file, String prefix) {
    return accepted(file).holding("gs://bucket/" + prefix);
  }

  private static FileOutcome rejected(FileVersion file) {
    Rejection rejection = new Rejection(RejectionReason.NOT_XML, "no XML", null, 0);
    return FileOutcome.rejected(file, rejection, NOW, NOW);
  }
}
