package io.xmltobigquery.propose;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.xmltobigquery.explore.Explorer;
import io.xmltobigquery.files.FileStore;
import io.xmltobigquery.files.FileVersion;
import io.xmltobigquery.mapping.Mapping;
import io.xmltobigquery.mapping.MappingReader;
import io.xmltobigquery.profile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Proposals for samples of the formats that people really have. */
final class RealFormatsTest {

  /**
   * Their mappings take elements on a condition, and elements of that name without it have what no
   * column takes; or text whose markup they don't ask for. That is told.
   */
  private static final Set<String> NOT_ALL = Set.of("atom", "dblp", "jats", "pubmed", "uniprot");

  private final FileStore store = FileStore.of(PipelineOptionsFactory.create());

  static List<Path> formats() throws IOException {
    try (Stream<Path> directories = Files.list(Path.of("src/test/resources/formats"))) {
      return directories.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void takesWhatItIsMadeOf(Path format) throws Exception {
    List<FileVersion> files = List.of(store.find(format.resolve("input.xml").toString()));
    if (format.endsWith("dblp")) {
      return; // Its entities are in its DTD, and nobody has told what they stand for.
    }
    Profile profile = Explorer.explore(files, store).profile();
    Proposal nested = Proposal.of(profile, List.of(), false);

    assertThat(SampleCheck.of(nested.read(), files, store).rejected()).isEmpty();
    Proposal keys = Proposal.withKeys(profile, List.of(), false);
    assertThat(SampleCheck.of(keys.read(), files, store).rejected()).isEmpty();
  }

  /** Of mappings that take a part and ignore the rest, all is missing if they may not ignore it. */
  @ParameterizedTest
  @MethodSource("formats")
  void addsAllThatAMappingLeavesOut(Path format) throws Exception {
    List<FileVersion> files = List.of(store.find(format.resolve("input.xml").toString()));
    String strict =
        Files.readString(format.resolve("mapping.json"))
            .replaceAll("\"unknown\": *\"ignore\"", "\"unknown\": \"error\"");
    Mapping old = MappingReader.read(strict.getBytes(UTF_8));
    Profile profile = Explorer.explore(files, store, old.entities()).profile();

    Additions additions =
        Additions.of(
            strict,
            old,
            profile,
            records -> Proposal.withoutKeys(profile, records, false),
            files,
            store);

    assertWithMessage(additions.mapping() + additions.trial().complaints())
        .that(additions.trial().takesAll())
        .isEqualTo(!NOT_ALL.contains(format.getFileName().toString()));
  }
}
