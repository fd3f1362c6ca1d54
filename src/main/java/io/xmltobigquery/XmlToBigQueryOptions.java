package io.xmltobigquery;

import io.xmltobigquery.xml.Limits;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/**
 * The options of our own. Everything else is an option of Beam's or of the runner's, under its
 * usual name.
 */
public interface XmlToBigQueryOptions extends PipelineOptions {

  @Description("Files to load, as a pattern: gs://bucket/data/**.xml, or a local one. Quote it.")
  @Validation.Required
  String getInput();

  void setInput(String value);

  @Description(
      "BigQuery dataset, as PROJECT:DATASET, or a directory, local or gs://, for JSON Lines files.")
  @Validation.Required
  String getOutput();

  void setOutput(String value);

  @Description("Directory, local or gs://, for rejected files and records.")
  @Validation.Required
  String getDeadLetterDir();

  void setDeadLetterDir(String value);

  @Description(
      "Mapping file: which elements become which tables. Without it: customers and orders.")
  String getMapping();

  void setMapping(String value);

  @Description(
      "How often a row gets into BigQuery: exactly-once, or at-least-once, which is cheaper and may repeat rows.")
  @Default.String("exactly-once")
  String getWriteMode();

  void setWriteMode(String value);

  @Description("Add to every row where it is from: _file RECORD {uri, generation, record}.")
  @Default.Boolean(false)
  Boolean getLineage();

  void setLineage(Boolean value);

  @Description(
      "What one invalid record does: reject-file, or dead-letter, which loads the rest of the file.")
  @Default.String("reject-file")
  String getOnInvalidRecord();

  void setOnInvalidRecord(String value);

  @Description(
      "What happens to a rejected file once its copy and its outcome are safe: delete or keep.")
  @Default.String("delete")
  String getRejectedInput();

  void setRejectedInput(String value);

  @Description("Size of the pieces that one file is parsed in, in MB (1 to 1024).")
  @Default.Integer(8)
  Integer getChunkSizeMb();

  void setChunkSizeMb(Integer value);

  @Description("Longest record, in bytes (1048576 to 536870912). A longer one rejects its file.")
  @Default.Long(Limits.DEFAULT_MAX_RECORD_BYTES)
  Long getMaxRecordBytes();

  void setMaxRecordBytes(Long value);

  @Description("Show the logs of Beam and the runner, and stack traces.")
  @Default.Boolean(false)
  Boolean getDebug();

  void setDebug(Boolean value);
}
