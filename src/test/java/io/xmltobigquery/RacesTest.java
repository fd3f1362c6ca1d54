package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.Races.Content;
import io.xmltobigquery.Races.Scenario;
import io.xmltobigquery.audit.Outcome;
import io.xmltobigquery.storage.FakeCloudStorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Objects are overwritten, deleted and made anew before every single request that a backfill makes
 * about them.
 */
final class RacesTest {

  private static final int FEW_ORDERS = 3;

  /** With a comment each that makes two chunks of a file. */
  private static final int LONG_ORDERS = 50;

  private static final String LONG_COMMENT = "x".repeat(22_000);

  @TempDir Path dir;

  @Test
  void acceptedFilesThatAreKept() throws Exception {
    race(
        "keep",
        races -> {
          races.addAll(small(2));
          races.addAll(large(11));
          races.addAll(gzip(14));
          races.addAll(smallGzip(11));
          races.addAll(bad(7));
          races.addAll(largeBad(10));
        });
  }

  @Test
  void acceptedFilesThatAreDeleted() throws Exception {
    race(
        "delete",
        races -> {
          races.addAll(small(3));
          races.addAll(large(12));
          races.addAll(bad(7));
        });
  }

  @Test
  void acceptedFilesThatAreMoved() throws Exception {
    race(
        "move:" + Races.MOVED,
        races -> {
          races.addAll(small(4));
          races.addAll(large(13));
          races.addAll(bad(7));
        });
  }

  /** Large files are downloaded once to see whether they are compressed, and then to be read. */
  @Test
  void downloadsThatBreak() throws Exception {
    race(
        "keep",
        races -> {
          races.addAllWithBrokenDownload(large(12), 3);
          races.addAllWithBrokenDownload(largeBad(11), 3);
          races.addAllWithBrokenDownload(gzip(15), 3);
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
      assertThat(outcomes.keySet()).containsExactlyElementsIn(Outcome.values());
      assertThat(outcomes.values().stream().mapToInt(n -> n).sum()).isEqualTo(races.count());
    }
  }

  private static Scenario small(int requests) {
    return good("small", FEW_ORDERS, "", bytes -> bytes, requests);
  }

  private static Scenario large(int requests) {
    return good("large", LONG_ORDERS, LONG_COMMENT, bytes -> bytes, requests);
  }

  private static Scenario gzip(int requests) {
    return good("gzip", LONG_ORDERS, LONG_COMMENT, RacesTest::uncompressedGzip, requests);
  }

  private static Scenario smallGzip(int requests) {
    return good("small-gzip", LONG_ORDERS, LONG_COMMENT, Documents::gzip, requests);
  }

  private static Scenario bad(int requests) {
    return bad("bad", FEW_ORDERS, "", requests);
  }

  private static Scenario largeBad(int requests) {
    return bad("large-bad", LONG_ORDERS, LONG_COMMENT, requests);
  }

  private static Scenario good(
      String name, int orders, String comment, UnaryOperator<byte[]> compression, int requests) {
    return new Scenario(
        name,
        content("KØBEN", orders, true, comment, compression),
        content("ODENSE", orders, true, comment, compression),
        content("ÅRHUS", orders, false, comment, compression),
        requests);
  }

  private static Scenario bad(String name, int orders, String comment, int requests) {
    return new Scenario(
        name,
        content("KØBEN", orders, false, comment, bytes -> bytes),
        content("ODENSE", orders, false, comment, bytes -> bytes),
        content("ÅRHUS", orders, true, comment, bytes -> bytes),
        requests);
  }

  private static Content content(
      String customer,
      int orders,
      boolean good,
      String comment,
      UnaryOperator<byte[]> compression) {
    byte[] document =
        Documents.utf8(Races.document(customer, orders, comment) + (good ? " " : "!"));
    return new Content(compression.apply(document), customer, good ? orders : 0);
  }

  /** Gzip that isn't smaller than what is in it. */
  private static byte[] uncompressedGzip(byte[] content) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out =
        new GZIPOutputStream(compressed) {
          {
            def.setLevel(Deflater.NO_COMPRESSION);
          }
        }) {
      out.write(content);
    } catch (IOException e) {
      throw new AssertionError("memory can always be written", e);
    }
    return compressed.toByteArray();
  }
}
