package io.xmltobigquery.explore;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.Documents;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.profile.Profile;
import io.xmltobigquery.xml.Position;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.extensions.gcp.options.GcsOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExplorerTest {

  private static final String GOOD = "<r><a>1</a></r>";

  @TempDir Path dir;

  private final GcsOptions options = PipelineOptionsFactory.as(GcsOptions.class);
  private final FileStore store = FileStore.of(options);

  @Test
  void addsUpAllFiles() throws IOException {
    write("a.xml", GOOD);
    write("b/c.xml", GOOD);

    Exploration exploration = explore(dir + "/**.xml");

    assertThat(exploration.profile().documents()).isEqualTo(2);
    assertThat(exploration.bytes()).isEqualTo(2 * GOOD.length());
    assertThat(exploration.leftOut()).isEmpty();
  }

  @Test
  void leavesBadFilesOutAsAWholeAndTellsWhere() throws IOException {
    write("a.xml", GOOD);
    write("b.xml", "<r>\n<a>x</b></r>");
    write("c.xml", "");

    Exploration exploration = explore(dir + "/*.xml");

    assertThat(exploration.profile()).isEqualTo(explore(dir + "/a.xml").profile());
    assertThat(exploration.leftOutFiles()).isEqualTo(2);
    LeftOut bad = exploration.leftOut().get(0);
    assertThat(bad.file()).isEqualTo(dir + "/b.xml");
    assertThat(bad.reason()).isEqualTo("NOT_WELL_FORMED");
    assertThat(bad.position()).isEqualTo(new Position(2, 7, 10));
    assertThat(bad.sentence()).startsWith(dir + "/b.xml, line 2, column 7 (byte 10): NOT_WELL_");
    assertThat(exploration.leftOut().get(1).reason()).isEqualTo("EMPTY_FILE");
  }

  @Test
  void gunzips() throws IOException {
    write("plain.xml", GOOD);
    Files.write(dir.resolve("small.gz"), gzip(GOOD));
    String large = Documents.orders(5_000);
    assertThat(large.length()).isGreaterThan(2_000_000);
    write("large.xml", large);
    Files.write(dir.resolve("large.gz"), gzip(large));

    assertThat(explore(dir + "/small.gz").profile())
        .isEqualTo(explore(dir + "/plain.xml").profile());
    assertThat(explore(dir + "/large.gz").profile())
        .isEqualTo(explore(dir + "/large.xml").profile());
  }

  @Test
  void aDamagedGzipFileIsLeftOut() throws IOException {
    byte[] whole = gzip(GOOD);
    Files.write(dir.resolve("a.gz"), Arrays.copyOf(whole, whole.length - 6));

    assertThat(explore(dir + "/a.gz").leftOut().get(0).reason()).isEqualTo("CORRUPT_GZIP");
  }

  @Test
  void theOrderOfFilesChangesNoByte() throws IOException {
    List<String> names = new ArrayList<>();
    Random random = new Random(5);
    for (int i = 0; i < 12; i++) {
      write(i + ".xml", Documents.orders(1 + random.nextInt(30)).replace("Gade", "Gade " + i));
      names.add(dir + "/" + i + ".xml");
    }
    write("bad.xml", "<");
    names.add(dir + "/bad.xml");
    String first = shown(names);

    for (int i = 0; i < 5; i++) {
      Collections.shuffle(names, random);
      assertWithMessage(names.toString()).that(shown(names)).isEqualTo(first);
    }
  }

  private String shown(List<String> names) throws IOException {
    Exploration exploration = explore(names.toArray(new String[0]));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ProfileJson.write(out, exploration);
    HtmlPage.write(out, exploration);
    TreeText.print(new PrintStream(out, true, UTF_8), exploration);
    return out.toString(UTF_8);
  }

  @Test
  void aFileThatSeveralNamesStandForCountsOnce() throws IOException {
    write("a.xml", GOOD);

    Profile profile =
        explore(
                dir + "/a.xml",
                dir + "/*.xml",
                dir + "/./a.xml",
                dir + "/../" + dir.getFileName() + "/a.xml")
            .profile();

    assertThat(profile.documents()).isEqualTo(1);
  }

  @Test
  void aNameMayLookLikeAPattern() throws IOException {
    write("a[1].xml", GOOD);

    assertThat(explore(dir + "/a[1].xml").profile().documents()).isEqualTo(1);
  }

  @Test
  void tellsAllThatIsWrongWithNames() throws IOException {
    NamedFiles found =
        NamedFiles.find(
            List.of(dir + "/no.xml", dir.toString(), "s3://b/o", "gs://bucket", dir + "/*.none"),
            store,
            () -> options);

    assertThat(found.problems())
        .containsExactly(
            "there is no file " + dir + "/no.xml",
            dir + " is a directory; name its files, such as '" + dir + "/*.xml'",
            "s3://b/o is on no file system known here; give a local path or gs://",
            "gs://bucket is a bucket; name its objects, such as 'gs://bucket/**.xml'")
        .inOrder();
    assertThat(found.unmatched()).containsExactly(dir + "/*.none");
    assertThat(found.files()).isEmpty();
  }

  @Test
  void readsCloudStorage() throws IOException {
    try (FakeCloudStorage storage = FakeCloudStorage.start("bucket")) {
      storage.put("gs://bucket/in/a.xml", GOOD.getBytes(UTF_8));
      storage.put("gs://bucket/in/deep/b.xml.gz", gzip(GOOD));
      storage.put("gs://bucket/in/deep/", new byte[0]);
      storage.put("gs://bucket/out/c.xml", GOOD.getBytes(UTF_8));
      GcsOptions cloud = storage.options().as(GcsOptions.class);
      FileStore objects = FileStore.of(cloud);

      NamedFiles found = NamedFiles.find(List.of("gs://bucket/in/**"), objects, () -> cloud);
      Exploration exploration = Explorer.explore(found.files(), objects);

      assertThat(found.problems()).isEmpty();
      assertThat(exploration.profile().documents()).isEqualTo(2);
      assertThat(exploration.leftOut()).isEmpty();
    }
  }

  @Test
  void whatIsGoneOrForbiddenIsLeftOut() throws IOException {
    try (FakeCloudStorage storage = FakeCloudStorage.start("bucket")) {
      storage.put("gs://bucket/a.xml", GOOD.getBytes(UTF_8));
      storage.put("gs://bucket/b.xml", GOOD.getBytes(UTF_8));
      storage.put("gs://bucket/c.xml", GOOD.getBytes(UTF_8));
      GcsOptions cloud = storage.options().as(GcsOptions.class);
      FileStore objects = FileStore.of(cloud);
      NamedFiles found = NamedFiles.find(List.of("gs://bucket/*"), objects, () -> cloud);
      storage.delete("gs://bucket/a.xml");
      storage.put("gs://bucket/b.xml", "<x/>".getBytes(UTF_8));
      storage.refuseObject("gs://bucket/c.xml", 403);

      Exploration exploration = Explorer.explore(found.files(), objects);

      assertThat(exploration.leftOut().stream().map(LeftOut::reason))
          .containsExactly("MISSING", "SUPERSEDED", "UNREADABLE")
          .inOrder();
      assertThat(exploration.profile().documents()).isEqualTo(0);
    }
  }

  @Test
  void aFailureToReadIsNoBadFile() throws IOException {
    try (FakeCloudStorage storage = FakeCloudStorage.start("bucket")) {
      storage.put("gs://bucket/a.xml", GOOD.getBytes(UTF_8));
      GcsOptions cloud = storage.options().as(GcsOptions.class);
      FileStore objects = FileStore.of(cloud);
      NamedFiles found = NamedFiles.find(List.of("gs://bucket/*"), objects, () -> cloud);
      storage.refuseAll("bucket", 400, "no");

      assertThrows(IOException.class, () -> Explorer.explore(found.files(), objects));
    }
  }

  private Exploration explore(String... names) throws IOException {
    NamedFiles found = NamedFiles.find(List.of(names), store, () -> options);
    assertThat(found.problems()).isEmpty();
    return Explorer.explore(found.files(), store);
  }

  private void write(String name, String content) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }
}
