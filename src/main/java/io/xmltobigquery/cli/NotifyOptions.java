package io.xmltobigquery.cli;

import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** The options of {@code notify}. Those of Google Cloud are taken under their usual names. */
public interface NotifyOptions extends PipelineOptions {

  @Description(
      "Pub/Sub topic that the job's subscription belongs to, as projects/PROJECT/topics/NAME.")
  @Validation.Required
  String getTopic();

  void setTopic(String value);

  @Description("Show the logs of the clients, and stack traces.")
  @Default.Boolean(false)
  Boolean getDebug();

  void setDebug(Boolean value);
}
