package io.xmltobigquery.cli;

import io.xmltobigquery.options.Documents;
import io.xmltobigquery.options.OnInvalidRecord;
import io.xmltobigquery.xml.Limits;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * The options of {@code check}, those of a load among them by their names. Those of Google Cloud
 * are taken under their usual names.
 */
public interface CheckOptions extends PipelineOptions {

  @Description(
      "Mapping file: which elements become which tables. Without it: customers and orders.")
  String getMapping();

  void setMapping(String value);

  @Description(
      "What one invalid record does: reject-file, or dead-letter, which loads the rest of the file.")
  @Default.Enum("REJECT_FILE")
  OnInvalidRecord getOnInvalidRecord();

  void setOnInvalidRecord(OnInvalidRecord value);

  @Description("How many XML documents a file may have: one, or many, one after the other.")
  @Default.Enum("ONE")
  Documents getDocuments();

  void setDocuments(Documents value);

  @Description("Longest record, in bytes (1048576 to 536870912). A longer one rejects its file.")
  @Default.Long(Limits.DEFAULT_MAX_RECORD_BYTES)
  Long getMaxRecordBytes();

  void setMaxRecordBytes(Long value);

  @Description("Print JSON.")
  @Default.Boolean(false)
  Boolean getJson();

  void setJson(Boolean value);

  @Description("Show the logs of the clients, and stack traces.")
  @Default.Boolean(false)
  Boolean getDebug();

  void setDebug(Boolean value);
}
