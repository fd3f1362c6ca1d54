package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.mapping.MappingFuzzer;
import io.xmltobigquery.xml.GzipFuzzer;
import io.xmltobigquery.xml.PartsFuzzer;
import io.xmltobigquery.xml.ReaderFuzzer;
import io.xmltobigquery.xml.ValuesFuzzer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The short form of {@code make fuzz}: each fuzzer with the inputs that are kept, among them
 * everything that was ever found, and with random edits of these.
 *
 * <p>{@code -Dfuzz.mutations=100000} tries more, {@code -Dfuzz.seed=7} others.
 */
class FuzzersTest {

  private static final Path INPUTS = Path.of("src/test/resources/io/xmltobigquery/fuzz");
  private static final int MUTATIONS = Integer.getInteger("fuzz.mutations", 1_000);
  private static final long SEED = Long.getLong("fuzz.seed", 1);

  private enum Fuzzer {
    READER,
    PARTS,
    MAPPING,
    VALUES,
    GZIP;

    void run(byte[] input) {
      byte[] copy = input.clone();
      try {
        switch (this) {
          case READER -> ReaderFuzzer.fuzzerTestOneInput(copy);
          case PARTS -> PartsFuzzer.fuzzerTestOneInput(copy);
          case MAPPING -> MappingFuzzer.fuzzerTestOneInput(copy);
          case VALUES -> ValuesFuzzer.fuzzerTestOneInput(copy);
          case GZIP -> GzipFuzzer.fuzzerTestOneInput(copy);
        }
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError(this + " " + Base64.getEncoder().encodeToString(input), e);
      }
    }

    List<byte[]> inputs() throws IOException {
      List<byte[]> inputs = new ArrayList<>();
      Path directory = INPUTS.resolve(name().toLowerCase(Locale.ROOT));
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.sorted().toList()) {
          inputs.add(Files.readAllBytes(file));
        }
      }
      return inputs;
    }
  }

  @ParameterizedTest
  @EnumSource(Fuzzer.class)
  void findNothingInWhatIsKeptNorNearIt(Fuzzer fuzzer) throws Exception {
    List<byte[]> inputs = fuzzer.inputs();
    assertThat(inputs).isNotEmpty();
    inputs.forEach(fuzzer::run);
    Mutations mutations = new Mutations(inputs, SEED);
    for (int i = 0; i < MUTATIONS; i++) {
      fuzzer.run(mutations.next());
    }
  }
}
