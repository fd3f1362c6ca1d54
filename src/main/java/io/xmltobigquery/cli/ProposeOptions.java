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

  /** What becomes of RECORDs that repeat: {@code --tables}. */
  enum Tables {
    /** They stay in their row. */
    @JsonProperty("nested")
    NESTED,
    /** Each is a table. */
    @JsonProperty("keys")
    KEYS
  }

  /** What is added that only the schema has: {@code --unseen}. */
  enum Unseen {
    @JsonProperty("none")
    NONE,
    @JsonProperty("leaves")
    LEAVES
  }

  @Description(
      "Mapping file to write, local or gs://; it must not be there yet. The report goes beside it, to ….report.json.")
  @Validation.Required
  String getOutput();

  void setOutput(String value);

  @Description(
      "Mapping to add to. Whatever is in it stays; columns and tables that the samples need besides are added, types become wider, and statements to change BigQuery's tables are printed.")
  String getMapping();

  void setMapping(String value);

  @Description(
      "Path of the elements that become rows, as explore shows it, such as /Batch/Invoice; may be repeated, for several tables. Without it: what is likeliest.")
  List<String> getRecord();

  void setRecord(List<String> value);

  @Description("safe, which takes a type that all values fit, and STRING in doubt; or string.")
  @Default.Enum("SAFE")
  Types getTypes();

  void setTypes(Types value);

  @Description(
      "nested, where what repeats in a row is an array in it; or keys, where it is a table of its own, whose rows have the key of that row.")
  @Default.Enum("NESTED")
  Tables getTables();

  void setTables(Tables value);

  @Description(
      "Whether each table has a column _rest, of type JSON, for what no other column takes: with it, files are accepted that have what no sample has.")
  @Default.Boolean(true)
  Boolean getRest();

  void setRest(Boolean value);

  @Description(
      "Also write a page for a browser, local or gs://: the tables as a picture, and what explore shows.")
  String getHtml();

  void setHtml(String value);

  @Description(
      "XML Schema (XSD 1.0) of the files, local: a file, or a folder with all that end in .xsd; may be repeated. Types and what repeats are then the schema's. Without samples, the mapping is made of the schema alone.")
  List<String> getXsd();

  void setXsd(List<String> value);

  @Description(
      "OASIS XML catalog, local, that says where schemas are which others import. Nothing is ever fetched.")
  String getCatalog();

  void setCatalog(String value);

  @Description(
      "Without samples: the root element, as name or {uri}name, where the schema has several that may be one; may be repeated.")
  List<String> getRoot();

  void setRoot(List<String> value);

  @Description(
      "none; or leaves, which adds what the schema has and no sample does: attributes, and elements with values, in elements that samples have.")
  @Default.Enum("NONE")
  Unseen getUnseen();

  void setUnseen(Unseen value);

  @Description(
      "Up to how many columns what no sample has is added. Without samples, what is deeper then stays XML, in one column each.")
  @Default.Integer(2_000)
  Integer getMaxColumns();

  void setMaxColumns(Integer value);

  @Description("Show the logs of the clients, and stack traces.")
  @Default.Boolean(false)
  Boolean getDebug();

  void setDebug(Boolean value);
}
