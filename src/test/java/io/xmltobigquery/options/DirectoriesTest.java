package io.xmltobigquery.options;

import static com.google.common.truth.Truth.assertThat;

import io.xmltobigquery.files.OwnFiles;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

final class DirectoriesTest {

  @Test
  void aStreamingJobLoadsNothingOfItsOwn() {
    OwnFiles own =
        ownFiles(
            "--inputSubscription=projects/p/subscriptions/s",
            "--mapping=gs://bucket/mapping.json",
            "--stagingLocation=gs://bucket/staging");

    assertThat(own.contains("gs://bucket/dead/files/a.xml")).isTrue();
    assertThat(own.contains("gs://bucket/temp/staging/library.jar")).isTrue();
    assertThat(own.contains("gs://bucket/staging/library.jar")).isTrue();
    assertThat(own.contains("gs://bucket/mapping.json")).isTrue();
    assertThat(own.contains("gs://bucket/mapping.json.xml")).isFalse();
    assertThat(own.contains("gs://bucket/out/orders-1.jsonl")).isTrue();
    assertThat(own.contains("gs://bucket/out/orders.xml")).isFalse();
    assertThat(own.contains("gs://bucket/in/a.xml")).isFalse();
  }

  @Test
  void aBackfillMayLoadWhatIsAmongItsTemporaryFiles() {
    OwnFiles own = ownFiles("--input=gs://bucket/**.xml");

    assertThat(own.contains("gs://bucket/temp/in/a.xml")).isFalse();
    assertThat(own.contains("gs://bucket/temp/job-1-0123456789abcdef-1.held")).isTrue();
    assertThat(own.contains("gs://bucket/dead/files/a.xml")).isTrue();
  }

  private static OwnFiles ownFiles(String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--output=gs://bucket/out");
    arguments.add("--deadLetterDir=gs://bucket/dead");
    arguments.add("--tempLocation=gs://bucket/temp");
    arguments.add(
        "--credentialFactoryClass=org.apache.beam.sdk.extensions.gcp.auth.NoopCredentialFactory");
    XmlToBigQueryOptions options =
        PipelineOptionsFactory.fromArgs(arguments.toArray(new String[0]))
            .as(XmlToBigQueryOptions.class);
    FileSystems.setDefaultPipelineOptions(options);
    return Directories.of(options).ownFiles(options);
  }
}
