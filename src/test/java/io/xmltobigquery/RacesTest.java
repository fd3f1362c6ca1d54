package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.outcome.Outcome;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Objects are overwritten, deleted and made anew before every single request that a backfill makes
 * about them.
 */
final class RacesTest {

  @TempDir Path dir;

  /**
   * Large files are downloaded once to see whether they are compressed, those that are again to see
   * what is in them, and then to be read. Some of these downloads break.
   */
  @Test
  void acceptedFilesThatAreKept() throws Exception {
    race(
        "keep",
        races -> {
          races.addAll(Races.small(2));
          races.addAll(Races.large(12));
          races.addAll(Races.gzip(13));
          races.addAll(Races.smallGzip(10));
          races.addAll(Races.bad(7));
          races.addAll(Races.largeBad(12));
          races.addAllWithBrokenDownload(Races.large(13), 3);
          races.addAllWithBrokenDownload(Races.largeBad(12), 3);
          races.addAllWithBrokenDownload(Races.gzip(14), 4);
        });
  }

  @Test
  void acceptedFilesThatAreDeleted() throws Exception {
    race(
        "delete",
        races -> {
          races.addAll(Races.small(3));
          races.addSome(Races.large(13));
          races.addAll(Races.bad(7));
        });
  }

  @Test
  void acceptedFilesThatAreMoved() throws Exception {
    race(
        "move:" + Races.MOVED,
        races -> {
          races.addAll(Races.small(4));
          races.addSome(Races.large(14));
          races.addAll(Races.bad(7));
        });
  }

  private void race(String acceptedInput, Consumer<Races> add) throws Exception {
    try (FakeCloudStorage storage = FakeCloudStorage.start("bucket")) {
      Races races = new Races(storage, version -> {});
      add.accept(races);
      Job job = new Job(dir);
      job.run(
          "--input=" + Races.INPUT + "**",
          "--deadLetterDir=" + Races.DEAD_LETTER,
          "--tempLocation=" + Races.TEMP,
          "--acceptedInput=" + acceptedInput,
          "--chunkSizeMb=1",
          "--lineage=true",
          "--gcsEndpoint=" + storage.endpoint(),
          "--credentialFactoryClass=" + NoopCredentialFactory.class.getName());
      Map<Outcome, Integer> outcomes =
          races.check(Tables.in(job.path("out")), !acceptedInput.equals("keep"));
      assertThat(outcomes.keySet()).containsExactlyElementsIn(Races.possibleOutcomes());
      assertThat(outcomes.values().stream().mapToInt(n -> n).sum()).isEqualTo(races.count());
    }
  }
}
