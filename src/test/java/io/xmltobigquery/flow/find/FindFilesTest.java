package io.xmltobigquery.flow.find;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.Collected;
import io.xmltobigquery.Documents;
import io.xmltobigquery.files.FakeCloudStorage;
import io.xmltobigquery.files.FakeCloudStorage.Kind;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.files.OwnFiles;
import io.xmltobigquery.outcome.FileOutcome;
import io.xmltobigquery.outcome.Outcome;
import io.xmltobigquery.xml.RejectionReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.TestPipeline;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FindFilesTest {

  @TempDir Path dir;

  @Test
  void findsTheFilesThatThePatternMatches() throws IOException {
    String a = file("in/a.xml");
    String b = file("in/deep/er/b.xml");
    file("in/c.txt");

    assertThat(uris(find(dir + "/in/**.xml"))).containsExactly(a, b);
    assertThat(uris(find(dir + "/in/*.xml"))).containsExactly(a);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*.xml", "a?.xml", "a[12].xml", "a[!3].xml", "{a1,a2}.xml", "**a?.xml", "*"})
  void findsFilesByAnyKindOfWildcard(String pattern) throws IOException {
    String one = file("in/a1.xml");
    String two = file("in/a2.xml");

    assertThat(uris(find(dir + "/in/" + pattern))).containsExactly(one, two);
    assertThat(uris(find(dir + "/*/" + pattern))).containsExactly(one, two);
    assertThat(uris(find(dir + "/i[n]/" + pattern))).containsExactly(one, two);
  }

  @Test
  void findsAFilesVersionAndSize() throws IOException {
    String a = file("a.xml");

    FileVersion found = find(a).get(0);

    assertThat(found).isEqualTo(FileStore.of(PipelineOptionsFactory.create()).find(a));
    assertThat(found.size()).isEqualTo(Files.size(Path.of(a)));
    assertThat(found.generation()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*.xml", "**.xml", "no/**.xml", "?.xml", "[ab].xml", "{a,b}.xml"})
  void aWildcardThatMatchesNothingFindsNothing(String pattern) {
    assertThat(find(dir + "/" + pattern)).isEmpty();
  }

  @Test
  void filesInTheDeadLetterAreNeverInput() throws IOException {
    String input = file("data/a.xml");
    String namesake = file("dead-letters/a.xml");
    file("dead/files/data/a.xml");
    file("dead/rows/a.xml");

    assertThat(uris(find(dir + "/**.xml"))).containsExactly(input, namesake);
  }

  @Test
  void filesInTheDeadLetterAreNeverInputHoweverTheirDirectoryIsNamed() throws IOException {
    String input = file("data/a.xml");
    file("dead/a.xml");

    assertThat(uris(find(dir + "/data/../**.xml", dir + "/dead"))).containsExactly(input);
    assertThat(uris(find(dir + "/*/*.xml", dir + "/data/.././dead/"))).containsExactly(input);
  }

  @Test
  void namesMayHaveAnyCharacter() throws IOException {
    List<String> files =
        List.of(
            file("in/with blank.xml"),
            file("in/a#1.xml"),
            file("in/100%.xml"),
            file("in/%20.xml"),
            file("in/Größe.xml"),
            file("in/日本.xml"),
            file("in/😀.xml"),
            file("in/a+b&c=d;e.xml"),
            file("in/a:b.xml"),
            file("in/a\"b'c.xml"),
            file("in/a\\b.xml"),
            file("in/[1].xml"),
            file("in/{1}.xml"),
            file("in/a*.xml"),
            file("in/line\nfeed.xml"));

    assertThat(uris(find(dir + "/in/*"))).containsExactlyElementsIn(files);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"with blank.xml", "a#1.xml", "100%.xml", "Größe.xml", "a[1].xml", "a{1}.xml"})
  void findsANamedFile(String name) throws IOException {
    String file = file(name);
    file("a1.xml");

    assertThat(uris(find(file))).containsExactly(file);
  }

  @Test
  void findsObjectsOfAnyNameAtTheirGenerations() throws IOException {
    try (FakeCloudStorage storage = FakeCloudStorage.start("bucket")) {
      List<FileVersion> objects = new ArrayList<>();
      for (String name :
          List.of(
              "a b", "a#1", "100%", "%41", "a[1]", "a1", "a*", "{a}", "a+b&c=d", "Größe", "文")) {
        objects.add(storage.put("gs://bucket/in/" + name + ".xml", Documents.utf8(name)));
      }
      storage.put("gs://bucket/in/deeper/a.xml", Documents.utf8("deeper"));
      storage.put("gs://bucket/in/dead/a.xml", Documents.utf8("dead"));

      Found found = find(storage, "gs://bucket/in/*.xml");

      assertThat(found.files()).containsExactlyElementsIn(objects);
      assertThat(found.outcomes()).isEmpty();
    }
  }

  @Test
  void anObjectThatGoesWhileItIsFoundIsMissing() throws IOException {
    try (FakeCloudStorage storage = FakeCloudStorage.start("bucket")) {
      FileVersion object = storage.put("gs://bucket/in/a.xml", Documents.utf8("a"));
      storage.before(Kind.METADATA, 1, () -> storage.delete(object.uri()));

      FileOutcome outcome = find(storage, "gs://bucket/in/*").outcomes().get(0);

      assertThat(outcome.outcome()).isEqualTo(Outcome.MISSING);
      assertThat(outcome.file()).isEqualTo(new FileVersion(object.uri(), "", 0));
    }
  }

  @Test
  void anObjectWhoseVersionMayNotBeAskedForIsRejected() throws IOException {
    try (FakeCloudStorage storage = FakeCloudStorage.start("bucket")) {
      FileVersion object = storage.put("gs://bucket/in/a.xml", Documents.utf8("a"));
      storage.refuseObject(object.uri(), 403);

      FileOutcome outcome = find(storage, "gs://bucket/in/*").outcomes().get(0);

      assertThat(outcome.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(outcome.file()).isEqualTo(new FileVersion(object.uri(), "", 0));
      assertThat(outcome.rejection().reason()).isEqualTo(RejectionReason.UNREADABLE);
      assertThat(outcome.rejection().message())
          .isEqualTo(
              "no permission to read gs://bucket/in/a.xml; give the job the right to read it, or"
                  + " leave it out of --input");
    }
  }

  private record Found(List<FileVersion> files, List<FileOutcome> outcomes) {}

  private List<FileVersion> find(String pattern) {
    return find(pattern, dir + "/dead/");
  }

  private static List<FileVersion> find(String pattern, String deadLetterDir) {
    Found found = find(Collected.pipeline(), pattern, deadLetterDir);
    assertThat(found.outcomes()).isEmpty();
    return found.files();
  }

  private static Found find(FakeCloudStorage storage, String pattern) {
    return find(Collected.pipeline(storage.options()), pattern, "gs://bucket/in/dead/");
  }

  private static Found find(TestPipeline pipeline, String pattern, String deadLetterDir) {
    PCollectionTuple found =
        pipeline.apply("Find", FindFiles.matching(pattern, own(deadLetterDir)));
    Collected<FileVersion> files = Collected.of(found.get(FindFiles.FILES));
    Collected<FileOutcome> outcomes = Collected.of(found.get(FindFiles.OUTCOMES));
    pipeline.run();
    return new Found(files.elements(), outcomes.elements());
  }

  private static OwnFiles own(String deadLetterDir) {
    String full = FileSystems.matchNewResource(deadLetterDir, true).toString();
    return new OwnFiles(List.of(full), List.of(), "/temp/", "");
  }

  private static List<String> uris(List<FileVersion> files) {
    return files.stream().map(FileVersion::uri).toList();
  }

  private String file(String name) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, file.toString()).toString();
  }
}
