package io.xmltobigquery.options;

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

  /**
   * Whether the job runs until it is stopped. Not a property: Beam's own {@code streaming} is set
   * by it.
   */
  static boolean isStreaming(XmlToBigQueryOptions options) {
    return options.getInputSubscription() != null;
  }

  @Description(
      "Files to load, as a pattern: gs://bucket/data/**.xml, or a local one; quote it. With --inputSubscription it may be left out, and only notified objects that match are loaded.")
  String getInput();

  void setInput(String value);

  @Description(
      "Pub/Sub subscription with notifications of Cloud Storage, as projects/PROJECT/subscriptions/NAME: the job then goes on for ever and loads each new object.")
  String getInputSubscription();

  void setInputSubscription(String value);

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
      "How a row gets into BigQuery: exactly-once; at-least-once, which is cheaper and may repeat rows; or upsert, which replaces the row that has its primaryKey.")
  @Default.Enum("EXACTLY_ONCE")
  WriteMode getWriteMode();

  void setWriteMode(WriteMode value);

  @Description("Add to every row where it is from: _file RECORD {uri, generation, record}.")
  @Default.Boolean(false)
  Boolean getLineage();

  void setLineage(Boolean value);

  @Description(
      "What one invalid record does: reject-file, or dead-letter, which loads the rest of the file.")
  @Default.Enum("REJECT_FILE")
  OnInvalidRecord getOnInvalidRecord();

  void setOnInvalidRecord(OnInvalidRecord value);

  @Description(
      "What one bad file in a zip or tar archive does: whole, which rejects the archive, or entries, which loads the other files.")
  @Default.Enum("WHOLE")
  Archive getArchive();

  void setArchive(Archive value);

  @Description(
      "How many XML documents a file may have: one, or many, one after the other. Many are read by one thread, and loaded all or none.")
  @Default.Enum("ONE")
  Documents getDocuments();

  void setDocuments(Documents value);

  @Description("What happens to a rejected file once its copy is safe: delete or keep.")
  @Default.Enum("DELETE")
  RejectedInput getRejectedInput();

  void setRejectedInput(RejectedInput value);

  @Description(
      "What happens to a file once its rows are safe, in a backfill: keep, delete, or move:DIR.")
  @Default.String("keep")
  String getAcceptedInput();

  void setAcceptedInput(String value);

  @Description(
      "Streaming: how long a file version is remembered, so that it isn't loaded again; longer than the subscription keeps messages.")
  @Default.String("8d")
  String getDeduplicationWindow();

  void setDeduplicationWindow(String value);

  @Description(
      "Streaming: how often --input is listed to find new objects whose notification was lost, such as 1h. Without it: never.")
  String getReconcileInterval();

  void setReconcileInterval(String value);

  @Description(
      "Size of the pieces in which a file's rows are handed to the write, in MB (1 to 16).")
  @Default.Integer(8)
  Integer getChunkSizeMb();

  void setChunkSizeMb(Integer value);

  @Description("Longest record, in bytes (1048576 to 536870912). A longer one rejects its file.")
  @Default.Long(Limits.DEFAULT_MAX_RECORD_BYTES)
  Long getMaxRecordBytes();

  void setMaxRecordBytes(Long value);

  @Description(
      "Check the options, the mapping, and that buckets, subscription and dataset can be reached and used; report all problems and load nothing.")
  @Default.Boolean(false)
  Boolean getValidateOnly();

  void setValidateOnly(Boolean value);

  @Description("Show the logs of Beam and the runner, and stack traces.")
  @Default.Boolean(false)
  Boolean getDebug();

  void setDebug(Boolean value);
}
