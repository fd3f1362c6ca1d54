package io.xmltobigquery.options;

import static com.google.common.truth.Truth.assertThat;

import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

final class RunnerTest {

  @Test
  void flinkIsToldToEndBundlesBeforeCheckpoints() {
    PipelineOptions options = PipelineOptionsFactory.create();
    Runner.endBundlesBeforeCheckpoints(options);

    assertThat(options.as(FlinkPipelineOptions.class).getFinishBundleBeforeCheckpointing())
        .isTrue();
  }
}
