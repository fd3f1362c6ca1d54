package io.xmltobigquery.files;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.auth.Credentials;
import io.xmltobigquery.Documents;
import io.xmltobigquery.files.FakeCloudStorage.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.extensions.gcp.auth.CredentialFactory;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CloudStorageFileStoreTest {

  private static final String URI = "gs://bucket/a.xml";
  private static final String COPY = "gs://dead-letter/files/a.xml";

  @TempDir Path dir;

  private FakeCloudStorage storage;
  private FileStore store;

  @BeforeEach
  void start() throws IOException {
    storage = FakeCloudStorage.start("bucket", "dead-letter");
    store = FileStore.of(storage.options());
  }

  private FileStore patient(Duration most) {
    return CloudStorageFileStore.of(
        storage.options().as(GcsOptions.class), new Patience(most, Duration.ofMillis(1)));
  }

  @AfterEach
  void stop() {
    storage.close();
  }

  @Test
  void aVersionIsAnObjectAtItsGeneration() throws IOException {
    FileVersion older = put("older");
    assertThat(store.find(URI)).isEqualTo(older);

    FileVersion newer = put("newer!");
    assertThat(store.find(URI)).isEqualTo(newer);

    assertThat(newer.uri()).isEqualTo(URI);
    assertThat(newer.size()).isEqualTo(6);
    assertThat(newer.generation()).isNotEqualTo(older.generation());
    assertThat(storage.requests(Kind.METADATA)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {URI, "gs://no-bucket/a.xml", "gs://bucket", "gs://bucket/"})
  void anObjectThatDoesNotExistIsMissing(String uri) throws IOException {
    assertMissing(assertThrows(FileGoneException.class, () -> store.find(uri)));
    assertThat(store.exists(uri)).isFalse();
  }

  @Test
  void readsFromAnyOffset() throws IOException {
    FileVersion file = put("one two");

    assertThat(read(file, 0)).isEqualTo("one two");
    assertThat(read(file, 4)).isEqualTo("two");
    assertThat(read(file, 7)).isEmpty();
    try (InputStream in = store.open(file, 6)) {
      assertThat(in.read()).isEqualTo('o');
      assertThat(in.read()).isEqualTo(-1);
    }
    assertThat(storage.requests(Kind.METADATA)).isEqualTo(0);
  }

  @Test
  void anEmptyObjectHasNoBytes() throws IOException {
    assertThat(read(put(""), 0)).isEmpty();
  }

  @Test
  void anOverwrittenVersionIsGone() throws IOException {
    FileVersion file = put("older");
    put("newer");

    assertSuperseded(assertThrows(FileGoneException.class, () -> read(file, 0)));
    assertSuperseded(assertThrows(FileGoneException.class, () -> read(file, 3)));
    assertSuperseded(assertThrows(FileGoneException.class, () -> store.copy(file, COPY)));
    assertSuperseded(assertThrows(FileGoneException.class, () -> store.copy(file, dir + "/a")));
    assertThat(storage.objects()).containsExactly(URI);
    assertThat(Files.exists(dir.resolve("a"))).isFalse();
  }

  @Test
  void aDeletedVersionIsGone() throws IOException {
    FileVersion file = put("older");
    storage.delete(URI);

    assertMissing(assertThrows(FileGoneException.class, () -> read(file, 0)));
    assertMissing(assertThrows(FileGoneException.class, () -> store.copy(file, COPY)));
    assertMissing(assertThrows(FileGoneException.class, () -> store.copy(file, dir + "/a")));
    assertThat(storage.objects()).isEmpty();
  }

  @Test
  void whereVersionsAreKeptAnOlderOneIsReadAndCopied() throws IOException {
    storage.keepVersions("bucket");
    FileVersion file = put("older");
    put("newer");
    assertThat(read(file, 0)).isEqualTo("older");

    storage.delete(URI);
    assertThat(read(file, 2)).isEqualTo("der");
    store.copy(file, COPY);
    assertThat(text(COPY)).isEqualTo("older");
  }

  @Test
  void aBrokenConnectionIsTakenUpAgain() throws IOException {
    byte[] content = random(3_000_000);
    FileVersion file = storage.put(URI, content);
    storage.cutDownload(1, 1_000_000);
    storage.cutDownload(2, 500_000);

    try (InputStream in = store.open(file, 0)) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }

    assertThat(storage.requests(Kind.MEDIA)).isEqualTo(3);
  }

  @Test
  void aBrokenConnectionIsNotTakenUpWithAnotherVersion() throws IOException {
    FileVersion file = storage.put(URI, random(3_000_000));
    storage.cutDownload(1, 1_000_000);
    storage.before(Kind.MEDIA, 2, () -> storage.put(URI, random(3_000_000)));

    try (InputStream in = store.open(file, 0)) {
      assertSuperseded(assertThrows(FileGoneException.class, in::readAllBytes));
    }
  }

  @Test
  void bytesThatEndTooEarlyAreAFailure() throws IOException {
    FileVersion file = put("one");
    FileVersion longer = new FileVersion(URI, file.generation(), 4);

    IOException e = assertThrows(IOException.class, () -> read(longer, 1));

    assertThat(e).hasMessageThat().isEqualTo(URI + " ended after 3 of its 4 bytes");
  }

  @Test
  void anObjectThatMayNotBeReadIsUnreadable() throws IOException {
    FileVersion file = put("one");
    storage.refuseObject(URI, 403);

    assertThrows(UnreadableFileException.class, () -> store.find(URI));
    UnreadableFileException e = assertThrows(UnreadableFileException.class, () -> read(file, 0));

    assertThat(e).hasMessageThat().isEqualTo("no permission to read " + URI);
  }

  /** As when a right was taken away by mistake, or the bucket is behind a perimeter. */
  @ParameterizedTest
  @ValueSource(ints = {400, 403})
  void aBucketThatRefusesEverythingIsNoFaultOfItsFiles(int status) throws IOException {
    FileVersion file = put("one");
    storage.refuseAll("bucket", status, "denied to all");

    for (Executable asked :
        List.<Executable>of(
            () -> store.find(URI), () -> store.find(file.id()), () -> read(file, 0))) {
      IOException e = assertThrows(IOException.class, asked);
      assertThat(e).isNotInstanceOf(UnreadableFileException.class);
      assertThat(e)
          .hasMessageThat()
          .isEqualTo(
              "gs://bucket refuses to be read: denied to all; nothing of it can be read now, such"
                  + " as "
                  + URI);
    }
  }

  @Test
  void aStreamingJobWaitsForABucketThatRefusesEverything() throws IOException {
    FileStore patient = patient(Duration.ofMinutes(1));
    FileVersion file = put("one two");
    storage.refuseAll("bucket", 403, "denied to all");
    storage.before(Kind.LIST, 3, () -> storage.answer("bucket"));
    assertThat(patient.find(URI)).isEqualTo(file);

    try (InputStream in = patient.open(file, 0)) {
      assertThat(new String(in.readNBytes(4), StandardCharsets.UTF_8)).isEqualTo("one ");
      in.transferTo(OutputStream.nullOutputStream());
    }
    storage.refuseAll("bucket", 403, "denied to all");
    storage.before(Kind.LIST, 6, () -> storage.answer("bucket"));
    try (InputStream in = patient.open(file, 4)) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("two");
    }
    assertThat(storage.requests(Kind.LIST)).isEqualTo(6);
  }

  @Test
  void nobodyWaitsForEver() throws IOException {
    FileStore patient = patient(Duration.ofMillis(20));
    storage.refuseAll("bucket", 403, "denied to all");

    IOException e = assertThrows(IOException.class, () -> patient.find(URI));

    assertThat(e).hasMessageThat().startsWith("gs://bucket refuses to be read: denied to all;");
    assertThat(storage.requests(Kind.LIST)).isGreaterThan(1);
  }

  @Test
  void aWaitEndsWithItsThread() {
    FileStore patient = patient(Duration.ofDays(1));
    storage.refuseAll("bucket", 403, "denied to all");
    Thread waiting = Thread.currentThread();
    storage.before(Kind.LIST, 3, waiting::interrupt);

    assertThrows(IOException.class, () -> patient.find(URI));

    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aRequesterPaysBucketIsNamed() throws IOException {
    FileVersion file = put("one");
    storage.refuseAll(
        "bucket", 400, "Bucket is a requester pays bucket but no user project provided.");

    assertThat(assertThrows(IOException.class, () -> read(file, 0)))
        .hasMessageThat()
        .startsWith(
            "gs://bucket is a requester pays bucket, for which this program doesn't pay; switch"
                + " that off for the bucket, or copy its files to another one");
  }

  @Test
  void aKeyOfTheBucketThatRefusesIsNoFaultOfItsFiles() throws IOException {
    storage.encrypt("bucket", "projects/p/locations/l/keyRings/r/cryptoKeys/k");
    FileVersion file = put("one");
    storage.disableKey("projects/p/locations/l/keyRings/r/cryptoKeys/k");

    IOException e = assertThrows(IOException.class, () -> read(file, 0));

    assertThat(e).isNotInstanceOf(UnreadableFileException.class);
    assertThat(e)
        .hasMessageThat()
        .startsWith("gs://bucket: its key refuses: Cloud KMS key is disabled; nothing of it");
    storage.deny("bucket", "storage.buckets.get");
    assertThrows(UnreadableFileException.class, () -> read(file, 0));
  }

  /** Otherwise whoever may write one object could stop a job. */
  @Test
  void aKeyOfTheObjectAloneIsItsOwnFault() throws IOException {
    storage.encrypt("bucket", "projects/p/locations/l/keyRings/r/cryptoKeys/k");
    FileVersion file =
        storage.put(
            URI, Documents.utf8("one"), null, "projects/x/cryptoKeys/own/cryptoKeyVersions/1");
    storage.disableKey("projects/x/cryptoKeys/own");

    UnreadableFileException e = assertThrows(UnreadableFileException.class, () -> read(file, 0));

    assertThat(e).hasMessageThat().isEqualTo(URI + " can't be read: Cloud KMS key is disabled");
  }

  @ParameterizedTest
  @EnumSource(names = {"METADATA", "MEDIA"})
  void aQuotaThatIsUsedUpIsNoLackOfRights(Kind kind) throws IOException {
    put("one");
    storage.refuse(kind, 1, 403, "rateLimitExceeded");

    IOException e = assertThrows(IOException.class, () -> read(store.find(URI), 0));

    assertThat(e).isNotInstanceOf(UnreadableFileException.class);
    assertThat(e).hasMessageThat().startsWith(URI + " can't be read now: ");
  }

  @Test
  void whatFailsForAMomentIsTriedAgain() throws IOException {
    FileVersion file = put("one");
    // The client's own choice is to leave the last two alone.
    for (Kind kind : new Kind[] {Kind.MEDIA, Kind.REWRITE, Kind.BEGIN_UPLOAD}) {
      storage.refuse(kind, 1, 503);
    }

    assertThat(read(file, 0)).isEqualTo("one");
    store.copy(file, COPY);
    write("gs://bucket/b.xml", "two");

    assertThat(storage.objects()).containsExactly(URI, "gs://bucket/b.xml", COPY);
  }

  @ParameterizedTest
  @EnumSource(names = {"METADATA", "MEDIA", "REWRITE", "BEGIN_UPLOAD", "UPLOAD", "DELETE"})
  void whatTheServiceRefusesIsAFailureToReadOrWrite(Kind kind) throws IOException {
    FileVersion file = put("one");
    for (int request = 1; request <= 3; request++) {
      storage.refuse(kind, request, 400);
    }

    IOException e =
        assertThrows(
            IOException.class,
            () -> {
              read(store.find(URI), 0);
              store.copy(file, COPY);
              write(COPY, "two");
              store.delete(file);
            });

    assertThat(e)
        .hasMessageThat()
        .matches(
            "gs://\\S+ can't be (read|written|deleted): (refused by the test|400 Bad Request)");
  }

  @Test
  void copiesWithoutReading() throws IOException {
    FileVersion file = put("one");

    store.copy(file, COPY);

    assertThat(text(COPY)).isEqualTo("one");
    assertThat(storage.requests(Kind.MEDIA)).isEqualTo(0);
  }

  /** Whatever forbids to write it again: a version's copy is there, and more isn't wanted. */
  @ParameterizedTest
  @ValueSource(strings = {"nothing", "retention", "no right to delete", "said as 403"})
  void whatIsThereAlreadyStays(String forbids) throws IOException {
    FileVersion file = put("one");
    byte[] large = random(3_000_000);
    storage.put(COPY, Documents.utf8("what is there"));
    switch (forbids) {
      case "retention" -> storage.retain("dead-letter");
      case "no right to delete" -> storage.deny("dead-letter", "storage.objects.delete");
      case "said as 403" -> {
        storage.refuse(Kind.REWRITE, 1, 403);
        storage.refuse(Kind.BEGIN_UPLOAD, 1, 403);
        storage.refuse(Kind.UPLOAD, 2, 403);
      }
      default -> {}
    }

    store.copy(file, COPY);
    store.write(COPY, out -> out.write('2'));
    store.write(COPY, out -> out.write(large));

    assertThat(text(COPY)).isEqualTo("what is there");
    store.copy(file, COPY + "-2");
    assertThat(text(COPY + "-2")).isEqualTo("one");
  }

  @Test
  void whatIsReplacedMustNotBeHeld() throws IOException {
    write(COPY, "one");
    store.replace(COPY, out -> out.write(Documents.utf8("two")));
    assertThat(text(COPY)).isEqualTo("two");
    storage.retain("dead-letter");

    NoPermissionException e =
        assertThrows(NoPermissionException.class, () -> store.replace(COPY, out -> out.write('3')));

    assertThat(e).hasMessageThat().startsWith(COPY + " can't be written: ");
  }

  @Test
  void aCopyThatTakesManyRequestsIsOfOneVersion() throws IOException {
    FileVersion file = put("one");
    storage.rewriteInTwoRequests();
    store.copy(file, COPY);
    assertThat(text(COPY)).isEqualTo("one");

    storage.before(Kind.REWRITE, 4, () -> put("two"));
    assertSuperseded(
        assertThrows(FileGoneException.class, () -> store.copy(file, COPY + "-again")));
    assertThat(storage.objects()).containsExactly(URI, COPY);
  }

  @Test
  void copiesToAndFromLocalFiles() throws IOException {
    FileVersion file = put("one");

    store.copy(file, dir + "/new/a.xml");
    store.copy(store.find(dir + "/new/a.xml"), COPY);

    assertThat(Files.readString(dir.resolve("new/a.xml"))).isEqualTo("one");
    assertThat(text(COPY)).isEqualTo("one");
  }

  @Test
  void aBucketToWriteToThatDoesNotExistIsNamed() throws IOException {
    FileVersion file = put("one");
    String target = "gs://no-bucket/a.xml";

    for (IOException e :
        new IOException[] {
          assertThrows(IOException.class, () -> store.copy(file, target)),
          assertThrows(IOException.class, () -> write(target, "one"))
        }) {
      assertThat(e).isNotInstanceOf(FileGoneException.class);
      assertThat(e)
          .hasMessageThat()
          .isEqualTo(target + " can't be written: there is no bucket no-bucket");
    }
  }

  @Test
  void aCopyThatMayNotBeWrittenIsNotAnUnreadableFile() throws IOException {
    FileVersion file = put("one");
    storage.refuse(Kind.REWRITE, 1, 403);

    IOException e = assertThrows(IOException.class, () -> store.copy(file, COPY));
    assertThat(e).hasMessageThat().startsWith(COPY + " can't be written: ");

    storage.refuseObject(URI, 403);
    assertThrows(UnreadableFileException.class, () -> store.copy(file, COPY));
  }

  @Test
  void deletesItsVersion() throws IOException {
    FileVersion file = put("one");

    assertThat(store.delete(file)).isTrue();
    assertThat(store.delete(file)).isFalse();
    assertThat(storage.objects()).isEmpty();
  }

  @Test
  void neverDeletesANewerVersion() throws IOException {
    FileVersion file = put("older");
    storage.before(Kind.DELETE, 1, () -> put("newer"));

    assertThat(store.delete(file)).isFalse();
    assertThat(text(URI)).isEqualTo("newer");
  }

  @Test
  void whereVersionsAreKeptADeletedOneStaysAmongThem() throws IOException {
    storage.keepVersions("bucket");
    FileVersion file = put("one");

    assertThat(store.delete(file)).isTrue();

    assertThat(store.exists(URI)).isFalse();
    assertThat(read(file, 0)).isEqualTo("one");
  }

  @Test
  void anObjectThatMayNotBeDeletedIsNotTriedForEver() throws IOException {
    FileVersion file = put("one");
    storage.refuse(Kind.DELETE, 1, 403);

    NoPermissionException e = assertThrows(NoPermissionException.class, () -> store.delete(file));

    assertThat(e)
        .hasMessageThat()
        .isEqualTo("no permission to delete " + URI + ": refused by the test");
  }

  @Test
  void replacesInParts() throws IOException {
    put("something else");
    byte[] content = random(3_000_000);

    store.replace(URI, out -> out.write(content));

    assertThat(storage.content(URI)).isEqualTo(content);
    assertThat(storage.requests(Kind.UPLOAD)).isEqualTo(3);
  }

  @Test
  void writesAnEmptyObject() throws IOException {
    write(URI, "");

    assertThat(store.find(URI).size()).isEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3_000_000})
  void anObjectIsWrittenWholeOrNotAtAll(int bytesBefore) {
    IOException e =
        assertThrows(
            IOException.class,
            () ->
                store.write(
                    URI,
                    out -> {
                      out.write(random(bytesBefore));
                      throw new IOException("the source is gone");
                    }));

    assertThat(e).hasMessageThat().isEqualTo("the source is gone");
    assertThat(storage.objects()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b.xml",
        "a#1.xml",
        "a%41.xml",
        "a[1].xml",
        "a*.xml",
        "a?.xml",
        "{a}.xml",
        "a+b&c=d.xml",
        "a\\b.xml",
        "Größe/文😀.xml",
        "a\nb.xml",
        "a\r\n.xml",
        "a//b/.xml",
        "gs://a.xml"
      })
  void namesAreExact(String name) throws IOException {
    String[] others = {
      "gs://bucket/a", "gs://bucket/a1.xml", "gs://bucket/aA.xml", "gs://bucket/ab.xml"
    };
    for (String other : others) {
      storage.put(other, Documents.utf8("another"));
    }
    String uri = "gs://bucket/" + name;
    String copy = "gs://dead-letter/files/" + name;

    write(uri, name);
    FileVersion file = store.find(uri);
    store.copy(file, copy);

    assertThat(file.uri()).isEqualTo(uri);
    assertThat(read(file, 0)).isEqualTo(name);
    assertThat(text(copy)).isEqualTo(name);
    assertThat(store.delete(file)).isTrue();
    assertThat(store.delete(store.find(copy))).isTrue();
    assertThat(storage.objects()).containsExactlyElementsIn(others);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bytesAreReadAsTheyAreStoredWhateverTheirEncodingIsCalled(boolean compressed)
      throws IOException {
    byte[] plain = random(100_000);
    byte[] content = compressed ? Documents.gzip(plain) : plain;
    FileVersion file = storage.put(URI, content, "gzip");

    assertThat(store.find(URI).size()).isEqualTo(content.length);
    for (int offset : new int[] {0, 50_000}) {
      try (InputStream in = store.open(file, offset)) {
        assertThat(in.readAllBytes())
            .isEqualTo(Arrays.copyOfRange(content, offset, content.length));
      }
    }
    store.copy(file, COPY);
    assertThat(storage.content(COPY)).isEqualTo(content);
  }

  @Test
  void localFilesNeedNoCredentials() throws IOException {
    GcpOptions options = PipelineOptionsFactory.as(GcpOptions.class);
    options.setCredentialFactoryClass(NoCredentialsHere.class);
    FileStore files = FileStore.of(options);

    files.write(dir + "/a.xml", out -> out.write('a'));
    assertThat(files.find(dir + "/a.xml").size()).isEqualTo(1);

    assertThrows(RuntimeException.class, () -> files.find(URI));
  }

  /** Has no credentials. */
  public static final class NoCredentialsHere implements CredentialFactory {

    public static NoCredentialsHere fromOptions(PipelineOptions options) {
      return new NoCredentialsHere();
    }

    @Override
    public Credentials getCredential() throws IOException {
      throw new IOException("asked for credentials");
    }
  }

  private static void assertSuperseded(FileGoneException e) {
    assertThat(e).hasMessageThat().contains(URI + " was overwritten");
    assertThat(e.isSuperseded()).isTrue();
  }

  private static void assertMissing(FileGoneException e) {
    assertThat(e).hasMessageThat().contains("doesn't exist any more");
    assertThat(e.isSuperseded()).isFalse();
  }

  private FileVersion put(String content) {
    return storage.put(URI, Documents.utf8(content));
  }

  private void write(String uri, String content) throws IOException {
    store.write(uri, out -> out.write(Documents.utf8(content)));
  }

  private String text(String uri) {
    return new String(storage.content(uri), StandardCharsets.UTF_8);
  }

  private String read(FileVersion file, long offset) throws IOException {
    try (InputStream in = store.open(file, offset)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
