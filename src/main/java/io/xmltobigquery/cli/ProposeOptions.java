package io.xmltobigquery.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.Validation;

/** The options of {@code propose}. Those of Google Cloud are taken under their usual names. */
public interface ProposeOptions extends PipelineOptions {

  /** How types are chosen: {@code --types}. */
  enum Types {
    /** In doubt STRING. */
    @JsonProperty("safe")
    SAFE,
    /** STRING only. */
    @JsonProperty("string")
    STRING
  }

  @Description(
      "Mapping file to write, local or gs://; it must not be there yet. The report goes beside it, to ….report.json.")
  @Validation.Required
  String getOutput();

  void setOutput(String value);

  @Description(
      "Path of the elements that become rows, as explore shows it, such as /Batch/Invoice; may be repeated, for several tables. Without it: what is likeliest.")
  List<String> getRecord();

  void setRecord(List<String> value);

  @Description("safe, which takes a type that all values fit, and STRING in doubt; or string.")
  @Default.Enum("SAFE")
  Types getTypes();

  void setTypes(Types value);

  @Description("Show the logs of the clients, and stack traces.")
  @Default.Boolean(false)
  Boolean getDebug();

  void setDebug(Boolean value);
}
