package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.cloud.storage.Blob;
import io.xmltobigquery.benchmark.GenerateOrders;
import io.xmltobigquery.benchmark.GenerateOrders.Counts;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.localstack.LocalPubsub;
import io.xmltobigquery.localstack.LocalPubsub.Message;
import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The streaming job from the upload of an object to its rows, with emulators of all three services.
 */
class StreamingIT {

  /** What the names that look like patterns would match. */
  private static final List<String> LOOKALIKES = List.of("d1.xml", "eX.xml", "fX.xml", "g.xml");

  /** Of several chunks. */
  private static final long LARGE_BYTES = 20_000_000;

  /** So much that small files are through before it. */
  private static final long SLOW_BYTES = 100_000_000;

  private static final int FILES = 200;

  private static final String OBJECT = "objectId";
  private static final String EVENT = "eventType";
  private static final JsonMapper JSON = new JsonMapper();

  @RegisterExtension final LocalStack stack = new LocalStack();

  @TempDir Path dir;

  /** A message, with its data as Base64. */
  private record Poison(Map<String, String> attributes, String data) {}

  @Test
  void everyVersionIsLoadedOnceIntoBigQuery() throws Exception {
    loadAllKinds(stack.output(), Tables.of(stack.bigQuery()));
  }

  @Test
  void everyVersionIsLoadedOnceIntoJsonLines() throws Exception {
    Path out = dir.resolve("out");
    loadAllKinds(out.toString(), Tables.in(out));
  }

  private void loadAllKinds(String output, Tables tables) throws Exception {
    LocalPubsub pubsub = stack.pubsub();
    String subscription = pubsub.subscribeToUploads();
    String witness = pubsub.subscribeToUploads();
    Uploads uploads = new Uploads(stack);
    String input = "--input=" + stack.input() + "/in/**";
    try (StreamingJob job = start(subscription, input, "--output=" + output)) {
      uploadAllKinds(uploads);
      List<Message> notifications = notifications(witness, uploads.count());
      for (Message notification : notifications) {
        pubsub.publishUpload(notification.attributes(), notification.data().getBytes(UTF_8));
      }
      for (Message notification : notifications.subList(0, 20)) {
        for (String event : List.of("OBJECT_DELETE", "OBJECT_METADATA_UPDATE", "OBJECT_ARCHIVE")) {
          pubsub.publishUpload(with(notification.attributes(), EVENT, event), new byte[0]);
        }
      }
      List<Poison> poison = poison(notifications.get(0).attributes());
      for (Poison message : poison) {
        pubsub.publishUpload(message.attributes(), Base64.getDecoder().decode(message.data()));
      }
      job.await("each version is loaded or rejected", () -> uploads.areLoaded(tables));
      job.await("all is acknowledged", () -> !pubsub.hasUnacknowledged(subscription));
      // What comes again by mistake is there before this is.
      uploads.good("in/last.xml");
      job.await("the last version is loaded", () -> uploads.areLoaded(tables));
      job.await("all bad messages are kept", () -> keptMessages().size() >= poison.size());
      job.await(
          "rejected files are deleted",
          () -> uploads.remaining().containsAll(stack.names("landing")));

      assertThat(keptMessages()).containsExactlyElementsIn(poison);
    }
    assertThat(stack.names("landing")).containsExactlyElementsIn(uploads.remaining());
    uploads.assertLoaded(tables);
  }

  /** The large one comes first, so that the small ones are loaded beside it. */
  private void uploadAllKinds(Uploads uploads) throws IOException {
    Path large = dir.resolve("large.xml");
    uploads.good("in/large.xml", large, generate(large, LARGE_BYTES));
    for (String name : Documents.ODD_NAMES) {
      uploads.good("in/good/" + name);
      uploads.bad("in/bad/" + name, RejectionReason.NO_SECTION, Documents.utf8("<Root/>"));
    }
    LOOKALIKES.forEach(name -> uploads.good("in/bad/" + name));
    for (int i = 0; i < 3; i++) {
      String directory = "in/" + i + "/";
      uploads
          .badDocuments()
          .forEach((reason, content) -> uploads.bad(directory + reason, reason, content));
    }
    uploads.truncated("in/truncated.xml", 3_000_000);
    uploads.unwanted("in/folder/", new byte[0]);
    uploads.unwanted("elsewhere/a.xml", Documents.utf8(Documents.orders(1)));
    for (int i = 0; i < 10; i++) {
      uploads.overwritten("in/overwritten/" + i);
      uploads.overwrittenByBad("in/overwritten-by-bad/" + i);
      uploads.compressed("in/compressed/" + i + ".gz", 20_000, null);
      uploads.compressed("in/encoded/" + i, 20_000, "gzip");
    }
    // Beyond what is held in memory, and of several chunks.
    uploads.good("in/more/1.xml", 700_000);
    uploads.compressed("in/more/2.xml", 10_000_000, "gzip");
    while (uploads.count() < FILES) {
      uploads.good("in/small/" + uploads.count() + ".xml");
    }
  }

  private static Counts generate(Path file, long bytes) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      return GenerateOrders.writeTo(out, bytes, 1);
    }
  }

  /**
   * Receives what is told of the test's uploads.
   *
   * @param least how many have to come
   */
  private List<Message> notifications(String subscription, int least) throws IOException {
    String own = stack.input().substring("gs://landing/".length()) + "/in/";
    Map<String, Message> byVersion = new LinkedHashMap<>();
    while (byVersion.size() < least) {
      for (Message message : stack.pubsub().receiveAll(subscription, 1)) {
        Map<String, String> attributes = message.attributes();
        if (attributes.get(OBJECT).startsWith(own) && !attributes.get(OBJECT).endsWith("/")) {
          byVersion.put(attributes.get(OBJECT) + attributes.get("objectGeneration"), message);
        }
      }
    }
    return List.copyOf(byVersion.values());
  }

  /**
   * Messages that are no notifications.
   *
   * @param attributes of one that is
   */
  private static List<Poison> poison(Map<String, String> attributes) {
    Map<String, String> withoutObject = new HashMap<>(attributes);
    withoutObject.remove(OBJECT);
    return List.of(
        new Poison(Map.of(), base64(Documents.utf8("hello"))),
        new Poison(Map.of("日本", "😀"), base64(new byte[] {0, -1, -2})),
        new Poison(Map.of(EVENT, "OBJECT_FINALIZE"), ""),
        new Poison(withoutObject, base64(Documents.utf8("{}"))),
        new Poison(with(attributes, "objectGeneration", "seven"), ""));
  }

  private static String base64(byte[] data) {
    return Base64.getEncoder().encodeToString(data);
  }

  private static Map<String, String> with(
      Map<String, String> attributes, String name, String value) {
    Map<String, String> changed = new HashMap<>(attributes);
    changed.put(name, value);
    return changed;
  }

  private List<Poison> keptMessages() throws IOException {
    List<Poison> kept = new ArrayList<>();
    for (String name : stack.names("dead-letter")) {
      if (name.startsWith("messages/")) {
        for (String line : new String(stack.content("dead-letter", name), UTF_8).lines().toList()) {
          kept.add(poison(JSON.readTree(line)));
        }
      }
    }
    return kept;
  }

  private static Poison poison(JsonNode line) {
    assertThat(line.get("reason").textValue()).isEqualTo("MALFORMED");
    Map<String, String> attributes = new TreeMap<>();
    line.get("attributes")
        .properties()
        .forEach(attribute -> attributes.put(attribute.getKey(), attribute.getValue().textValue()));
    return new Poison(attributes, line.get("data").textValue());
  }

  @Test
  void smallFilesOvertakeALargeOne() throws Exception {
    Path out = dir.resolve("out");
    Path large = dir.resolve("large.xml");
    Counts counts = generate(large, SLOW_BYTES);
    Uploads uploads = new Uploads(stack);
    String subscription = stack.pubsub().subscribeToUploads();
    String input = "--input=" + stack.input() + "/**";
    try (StreamingJob job = start(subscription, input, "--output=" + out)) {
      uploads.good("first.xml");
      job.await("the job is at work", () -> uploads.areLoaded(Tables.in(out)));

      Blob object = uploads.good("large.xml", large, counts);
      List<Blob> small = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        small.add(uploads.good("small/" + i + ".xml"));
      }
      job.await("all is loaded", () -> uploads.areLoaded(Tables.in(out)));

      FileTime last = FileTime.fromMillis(0);
      for (Blob file : small) {
        for (FileTime written : timesOfRows(out, file)) {
          last = last.compareTo(written) > 0 ? last : written;
        }
      }
      for (FileTime written : timesOfRows(out, object)) {
        assertThat(written).isGreaterThan(last);
      }
    }
  }

  /** When the files with an object's rows were written. */
  private static List<FileTime> timesOfRows(Path directory, Blob object) throws IOException {
    String uri = "gs://" + object.getBucket() + "/" + object.getName();
    String digest = new FileVersion(uri, object.getGeneration().toString(), 0).digest();
    List<FileTime> times = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().contains("-" + digest + "-")).toList()) {
        times.add(Files.getLastModifiedTime(file));
      }
    }
    assertThat(times).isNotEmpty();
    return times;
  }

  @Test
  void whatNoNotificationTellsOfIsFoundByListing() throws Exception {
    LocalPubsub pubsub = stack.pubsub();
    Tables tables = Tables.of(stack.bigQuery());
    Uploads uploads = new Uploads(stack);
    uploads.unwanted("before-the-job.xml", Documents.utf8(Documents.orders(1)));
    try (StreamingJob job =
        start(
            pubsub.subscription(),
            "--input=" + stack.input() + "/**",
            "--output=" + stack.output(),
            "--reconcileInterval=2s",
            "--deduplicationWindow=1h")) {
      Blob lost = uploads.good("lost.xml");
      job.await("the object is found", () -> uploads.areLoaded(tables));

      // What is listed is told of later, and what is told of is listed later.
      tellOf(lost);
      tellOf(uploads.good("told.xml"));
      job.await("the object that was told of is loaded", () -> uploads.areLoaded(tables));
      job.await("all is acknowledged", () -> !pubsub.hasUnacknowledged(pubsub.subscription()));
      for (String name : List.of("later.xml", "last.xml")) {
        uploads.good(name);
        job.await(name + " is found", () -> uploads.areLoaded(tables));
      }
    }
    uploads.assertLoaded(tables);
    assertThat(stack.names("landing")).containsExactlyElementsIn(uploads.remaining());
  }

  private void tellOf(Blob object) throws IOException {
    Map<String, String> attributes =
        Map.of(
            EVENT,
            "OBJECT_FINALIZE",
            "bucketId",
            object.getBucket(),
            OBJECT,
            object.getName(),
            "objectGeneration",
            object.getGeneration().toString());
    stack.pubsub().publish(attributes, new byte[0]);
  }

  @Test
  void rowsArriveAtLeastOnceWhereThatIsEnough() throws Exception {
    String subscription = stack.pubsub().subscribeToUploads();
    Uploads uploads = new Uploads(stack);
    Tables tables = Tables.of(stack.bigQuery());
    try (StreamingJob job =
        start(
            subscription,
            "--input=" + stack.input() + "/**",
            "--output=" + stack.output(),
            "--writeMode=at-least-once")) {
      for (int i = 0; i < 10; i++) {
        uploads.good(i + ".xml");
      }
      uploads.truncated("truncated.xml", 5_000);
      job.await("each version is loaded or rejected", () -> uploads.areLoaded(tables));
    }
    // Nothing has failed, so that nothing had to be sent again.
    uploads.assertLoaded(tables);
  }

  private StreamingJob start(String subscription, String... more) throws Exception {
    return StreamingJob.start(stack, dir.resolve("checkpoints"), subscription, more);
  }
}
