package io.xmltobigquery.options;

import static com.google.common.truth.Truth.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xmltobigquery.XmlToBigQuery;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;

class ChoicesTest {

  @Test
  void valuesAreThoseOfTheCommandLine() {
    XmlToBigQueryOptions options =
        PipelineOptionsFactory.fromArgs("--writeMode=at-least-once", "--rejectedInput=keep")
            .as(XmlToBigQueryOptions.class);

    assertThat(options.getWriteMode()).isEqualTo(WriteMode.AT_LEAST_ONCE);
    assertThat(options.getRejectedInput()).isEqualTo(RejectedInput.KEEP);
    assertThat(options.getOnInvalidRecord()).isEqualTo(OnInvalidRecord.REJECT_FILE);
    assertThat(Choices.text(OnInvalidRecord.DEAD_LETTER)).isEqualTo("dead-letter");
  }

  @Test
  void aTemplatesLauncherIsToldWhichOptionIsWrong() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> XmlToBigQuery.main(new String[] {"--input=a", "--onInvalidRecord=twice"}));

    assertThat(e)
        .hasMessageThat()
        .isEqualTo("--onInvalidRecord: twice is not a valid value; use reject-file or dead-letter");
  }

  @Test
  void whatElseIsWrongIsLeftToBeam() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> XmlToBigQuery.main(new String[] {"--chunkSizeMb=many"}));

    assertThat(e).hasMessageThat().contains("many");
  }
}
