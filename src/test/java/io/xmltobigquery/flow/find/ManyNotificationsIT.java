package io.xmltobigquery.flow.find;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.Collected;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.OwnFiles;
import io.xmltobigquery.flink.EmbeddedJob;
import io.xmltobigquery.flink.Eventually;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.pubsub.Notification;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessage;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubMessageWithAttributesCoder;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.junit.jupiter.api.Test;

/**
 * {@link FindNotifiedFiles} with many notifications and objects, on Flink; {@code make mass} has
 * more notifications.
 */
final class ManyNotificationsIT {

  private static final int NOTIFICATIONS = Integer.getInteger("mass.notifications", 2_000);
  private static final int VERSIONS = NOTIFICATIONS * 7 / 10;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @Test
  void eachVersionIsFoundOnceThoughManyAreToldAgain() throws Exception {
    try (FakeCloudStorage storage = FakeCloudStorage.start("bucket")) {
      List<FileVersion> versions = new ArrayList<>();
      for (int i = 0; i < VERSIONS; i++) {
        versions.add(storage.put("gs://bucket/in/" + i + ".xml", "<a/>".getBytes(UTF_8)));
      }
      Random random = new Random(1);
      List<FileVersion> told = new ArrayList<>(versions);
      while (told.size() < NOTIFICATIONS) {
        told.add(versions.get(random.nextInt(VERSIONS)));
      }
      Collections.shuffle(told, random);

      Pipeline pipeline = Pipeline.create(onFlink(storage.options()));
      Duration window = Duration.ofDays(20_000);
      PCollectionTuple found =
          pipeline
              .apply(
                  Create.of(told.stream().map(ManyNotificationsIT::message).toList())
                      .withCoder(PubsubMessageWithAttributesCoder.of()))
              .apply(
                  FindNotifiedFiles.of(
                      null,
                      new OwnFiles(List.of(), List.of(), "gs://bucket/temp/", ""),
                      Recent.of(Instant.EPOCH, window),
                      window));
      Collected<FileVersion> files = Collected.of(found.get(FindFiles.FILES));
      Collected<FileOutcome> outcomes = Collected.of(found.get(FindFiles.OUTCOMES));
      pipeline.run().waitUntilFinish();

      assertThat(files.elements()).hasSize(VERSIONS);
      Set<FileVersion> different = new HashSet<>(files.elements());
      assertThat(different).isEqualTo(Set.copyOf(versions));
      assertThat(outcomes.elements()).isEmpty();
      System.out.printf(
          "%d notifications: %d versions, each found once%n", NOTIFICATIONS, different.size());
    }
  }

  /**
   * The pattern comes twice, as when its interval is too short; it is listed once. The job has no
   * end: at the end of one, Beam drops what is left to a timer.
   */
  @Test
  void whatIsListedInPiecesIsFoundOnce() throws Exception {
    try (FakeCloudStorage storage = FakeCloudStorage.start("bucket")) {
      List<FileVersion> versions = new ArrayList<>();
      for (int i = 0; i < 4_500; i++) {
        versions.add(storage.put("gs://bucket/in/" + i + ".xml", "<a/>".getBytes(UTF_8)));
      }
      PipelineOptions options = onFlink(storage.options());
      options.as(FlinkPipelineOptions.class).setAttachedMode(false);
      Pipeline pipeline = Pipeline.create(options);
      Collected<Sighting> found =
          Collected.of(
              pipeline
                  .apply(
                      GenerateSequence.from(0).withRate(1, org.joda.time.Duration.standardDays(1)))
                  .apply(
                      FlatMapElements.into(TypeDescriptors.strings())
                          .via(number -> List.of("gs://bucket/in/*", "gs://bucket/in/*")))
                  .apply(
                      ListVersions.of(
                          Recent.of(Instant.EPOCH, Duration.ofDays(20_000)),
                          new OwnFiles(List.of(), List.of(), "gs://bucket/temp/", ""))));
      EmbeddedJob.run(
          pipeline,
          () ->
              Eventually.await(
                  "all is found", LIMIT, () -> found.elements().size() >= versions.size()));

      assertThat(found.elements().stream().map(Sighting::file).toList())
          .containsExactlyElementsIn(versions);
    }
  }

  private static PipelineOptions onFlink(PipelineOptions options) {
    options.setRunner(FlinkRunner.class);
    FlinkPipelineOptions flink = options.as(FlinkPipelineOptions.class);
    flink.setFlinkMaster("[local]");
    flink.setParallelism(2);
    flink.setStreaming(true);
    return options;
  }

  private static PubsubMessage message(FileVersion file) {
    String[] name = file.uri().substring("gs://".length()).split("/", 2);
    Notification notification =
        new Notification(
            Notification.OBJECT_FINALIZE,
            name[0],
            name[1],
            Long.parseLong(file.generation()),
            file.created());
    return new PubsubMessage(new byte[0], notification.attributes());
  }
}
