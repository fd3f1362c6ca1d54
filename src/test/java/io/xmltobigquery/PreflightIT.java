package io.xmltobigquery;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.localstack.LocalStack;
import io.xmltobigquery.options.XmlToBigQueryOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code --validateOnly} with emulators of all three services. */
final class PreflightIT {

  @RegisterExtension final LocalStack stack = new LocalStack();

  @Test
  void everythingIsFound() throws Exception {
    String subscription = stack.pubsub().subscribeToUploads();

    Preflight.Report report =
        preflight("--output=" + stack.output(), "--inputSubscription=" + subscription);

    assertThat(report.problems()).isEmpty();
    assertThat(report.checked()).contains("--output: " + stack.output());
    assertThat(report.checked()).contains("--inputSubscription: " + subscription);
    assertThat(stack.names("dead-letter")).isEmpty();
  }

  @Test
  void everythingThatIsMissingIsToldAtOnce() {
    Preflight.Report report =
        preflight(
            "--output=local-project:no_such_dataset",
            "--deadLetterDir=gs://no-such-bucket/dead-letter",
            "--inputSubscription=projects/local-project/subscriptions/no-such-subscription");

    assertThat(report.problems().toString()).contains("there is no subscription");
    assertThat(report.problems().toString()).contains("there is no bucket no-such-bucket");
    assertThat(report.problems().toString())
        .contains("there is no dataset local-project:no_such_dataset");
    assertThat(report.problems()).hasSize(3);
  }

  private Preflight.Report preflight(String... more) {
    List<String> arguments = new ArrayList<>(stack.options());
    arguments.add("--input=" + stack.input() + "/**.xml");
    List<String> added = Arrays.asList(more);
    if (added.stream().noneMatch(option -> option.startsWith("--deadLetterDir"))) {
      arguments.add("--deadLetterDir=" + stack.deadLetter());
    }
    arguments.addAll(added);
    return Preflight.of(
        PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
            .as(XmlToBigQueryOptions.class));
  }
}
