package io.xmltobigquery.flow.settle;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.Collected;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FakeCloudStorage.Kind;
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
  private static final CleanUp STAGED = CleanUp.create();
  private static final CleanUp REJECTED = STAGED.deletingRejected(DEAD_LETTER);
  private static final CleanUp DELETE = STAGED.deletingAccepted();
  private static final CleanUp MOVE = STAGED.movingAccepted("gs://archive/loaded/");

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
  void stagedCopiesAreDeleted() {
    FileVersion loaded = put("in/a.xml", "a");
    FileVersion staged = put("temp/a.staged", "a");

    cleanUp(STAGED, staged(loaded, staged), staged(loaded, staged));

    assertThat(storage.objects()).containsExactly("gs://bucket/in/a.xml");
  }

  @Test
  void aStagedCopyThatMayNotBeDeletedStaysAndFailsNothing() {
    FileVersion staged = put("temp/a.staged", "a");
    FileVersion other = put("temp/b.staged", "b");
    storage.refuse(Kind.DELETE, 1, 403);

    cleanUp(STAGED, staged(staged, staged));
    cleanUp(STAGED, staged(other, other));

    assertThat(storage.objects()).containsExactly("gs://bucket/temp/a.staged");
  }

  private FileVersion put(String name, String content) {
    return storage.put("gs://bucket/" + name, content.getBytes(UTF_8));
  }

  private static FileOutcome accepted(FileVersion file) {
    return FileOutcome.accepted(file, List.of(), 1, null, NOW, NOW);
  }

  private static FileOutcome staged(FileVersion file, FileVersion copy) {
    return FileOutcome.accepted(file, List.of(), 1, copy.uri(), NOW, NOW);
  }

  private static FileOutcome rejected(FileVersion file) {
    Rejection rejection = new Rejection(RejectionReason.NOT_XML, "no XML", null, 0);
    return FileOutcome.rejected(file, rejection, NOW, NOW);
  }
}
