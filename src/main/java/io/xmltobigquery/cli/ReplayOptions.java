package io.xmltobigquery.cli;

import io.xmltobigquery.xml.Limits;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/**
 * The options of {@code replay}, those of a load among them by their names. Those of Google Cloud
 * are taken under their usual names.
 */
public interface ReplayOptions extends PipelineOptions {

  @Description("Directory, local or gs://, that loads have as their --deadLetterDir.")
  @Validation.Required
  String getDeadLetterDir();

  void setDeadLetterDir(String value);

  @Description(
      "Only what is there for these reasons, with commas between them, such as INVALID_VALUE,REFUSED.")
  String getReason();

  void setReason(String value);

  @Description(
      "Only what came since: so long ago, such as 12h, or a time, such as 2026-11-30 or 2026-11-30T06:00Z.")
  String getSince();

  void setSince(String value);

  @Description(
      "BigQuery dataset or directory that rows and records are loaded into, as loads have it. Without it: files only.")
  String getOutput();

  void setOutput(String value);

  @Description("Mapping file by which records become rows. Without it: customers and orders.")
  String getMapping();

  void setMapping(String value);

  @Description("Add to every row where it is from, as loads do: _file RECORD.")
  @Default.Boolean(false)
  Boolean getLineage();

  void setLineage(Boolean value);

  @Description(
      "What loads do with a file once its rows are safe. Unless it is keep, a file that a killed replay may have brought back isn't brought back again.")
  @Default.String("keep")
  String getAcceptedInput();

  void setAcceptedInput(String value);

  @Description("Longest record, in bytes (1048576 to 536870912).")
  @Default.Long(Limits.DEFAULT_MAX_RECORD_BYTES)
  Long getMaxRecordBytes();

  void setMaxRecordBytes(Long value);

  @Description("Tell what would be done, and do nothing.")
  @Default.Boolean(false)
  Boolean getDryRun();

  void setDryRun(Boolean value);

  @Description("Show the logs of the clients, and stack traces.")
  @Default.Boolean(false)
  Boolean getDebug();

  void setDebug(Boolean value);
}
