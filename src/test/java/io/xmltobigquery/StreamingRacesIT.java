package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.localstack.LocalPubsub;
import io.xmltobigquery.localstack.LocalStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Objects are overwritten, deleted and made anew before every single request that a streaming job
 * makes about them. It is told of each version when that is put there, as by Cloud Storage.
 */
final class StreamingRacesIT {

  @RegisterExtension final LocalStack stack = new LocalStack();

  @TempDir Path dir;

  @Test
  void eachVersionIsLoadedOnceOrItsEndIsTold() throws Exception {
    LocalPubsub pubsub = stack.pubsub();
    Path out = dir.resolve("out");
    Tables tables = Tables.in(out);
    try (FakeCloudStorage storage = FakeCloudStorage.start("bucket")) {
      Races races = new Races(storage, version -> tell(pubsub, version));
      races.addAll(Races.small(2));
      races.addAll(Races.large(12));
      races.addAll(Races.bad(7));
      for (FileVersion version : races.versions()) {
        tell(pubsub, version);
      }
      // What takes their place is newer than the job, which so may find it before it is told.
      storage.createFrom(Instant.now().plusSeconds(600));
      try (StreamingJob job =
          StreamingJob.start(
              stack,
              dir.resolve("checkpoints"),
              pubsub.subscription(),
              "--input=" + Races.INPUT + "**",
              "--output=" + out,
              "--deadLetterDir=" + Races.DEAD_LETTER,
              "--tempLocation=" + Races.TEMP,
              "--chunkSizeMb=1",
              "--lineage=true",
              "--gcsEndpoint=" + storage.endpoint())) {
        job.await("each version has an outcome", () -> races.allHaveOutcomes(tables));
        job.await("all is acknowledged", () -> !pubsub.hasUnacknowledged(pubsub.subscription()));
        job.await("nothing is left to delete", () -> races.isTidy(tables, false));
      }
      assertThat(races.check(tables, false).keySet())
          .containsExactlyElementsIn(Races.possibleOutcomes());
    }
  }

  private static void tell(LocalPubsub pubsub, FileVersion version) {
    String[] parts = version.uri().split("/", 4);
    try {
      pubsub.publish(
          Map.of(
              "eventType",
              "OBJECT_FINALIZE",
              "bucketId",
              parts[2],
              "objectId",
              parts[3],
              "objectGeneration",
              version.generation()),
          new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
