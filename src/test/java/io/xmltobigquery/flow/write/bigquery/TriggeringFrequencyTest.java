package io.xmltobigquery.flow.write.bigquery;

import static com.google.common.truth.Truth.assertThat;

import org.apache.beam.runners.dataflow.DataflowRunner;
import org.apache.beam.runners.direct.DirectRunner;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.joda.time.Duration;
import org.junit.jupiter.api.Test;

/** docs/OPTIONS.md, the runbook and metadata.json say so, too. */
final class TriggeringFrequencyTest {

  @Test
  void isSecondsOnDataflowAndOneElsewhere() {
    PipelineOptions options = PipelineOptionsFactory.create();

    options.setRunner(DirectRunner.class);
    assertThat(BigQueryOutput.triggeringFrequency(options)).isEqualTo(Duration.standardSeconds(1));
    options.setRunner(DataflowRunner.class);
    assertThat(BigQueryOutput.triggeringFrequency(options)).isEqualTo(Duration.standardSeconds(5));
  }
}
