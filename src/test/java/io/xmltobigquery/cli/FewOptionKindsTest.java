package io.xmltobigquery.cli;

import static com.google.common.truth.Truth.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.extensions.gcp.options.GcpOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link FewOptionKinds}, in the place that the command's process gives it. */
class FewOptionKindsTest {

  private static final List<String> USUAL =
      List.of("--input=*.xml", "--output=out", "--deadLetterDir=dead-letter");

  @BeforeEach
  void beginAsInANewProcess() {
    FewOptionKinds.begin();
    PipelineOptionsFactory.resetCache();
  }

  @AfterEach
  void endAsTheCommandDoes() {
    FewOptionKinds.end();
  }

  /** It takes seconds. */
  @AfterAll
  static void leaveAllToOtherTests() {
    PipelineOptionsFactory.resetCache();
  }

  @Test
  void aUsualLocalRunKnowsFewKinds() {
    Arguments<?> arguments = Arguments.parse(USUAL);

    assertThat(arguments.problems()).isEmpty();
    assertThat(arguments.options().getRunner().getSimpleName()).isEqualTo("FlinkRunner");
    assertThat(PipelineOptionsFactory.getRegisteredOptions().size()).isAtMost(3);
  }

  @Test
  void optionsOfOtherKindsAreTaken() {
    Arguments<?> arguments =
        Arguments.parse(Stream.concat(USUAL.stream(), Stream.of("--project=my-project")).toList());

    assertThat(arguments.problems()).isEmpty();
    PipelineOptions options = arguments.options();
    assertThat(options.as(GcpOptions.class).getProject()).isEqualTo("my-project");
    assertThat(PipelineOptionsFactory.getRegisteredOptions()).contains(GcpOptions.class);
  }

  @Test
  void mistakesAreExplainedByAllKinds() {
    assertThat(Arguments.parse(List.of("--projet=my-project")).problems())
        .containsExactly("--projet is not an option: did you mean --project?");
  }

  @Test
  void whatLooksForLibrariesAfterwardsFindsAll() {
    ClassLoader seen = Thread.currentThread().getContextClassLoader();

    var unused = Arguments.parse(USUAL);

    assertThat(Thread.currentThread().getContextClassLoader()).isEqualTo(seen.getParent());
  }
}
